/** Prompt sizes at which a scenario tells requests apart: bands start there when traffic is measured, rising. */
import type { Scenario } from './schema.ts';

export const promptSizes = ({ strategies }: Pick<Scenario, 'strategies'>): number[] => {
  const sizes = strategies.flatMap((strategy) =>
    strategy.kind !== 'hybrid'
      ? []
      : [
          ...(strategy.split?.at ?? []),
          ...strategy.rules.flatMap((rule) =>
            'via' in rule ? [rule.prompt_tokens?.from ?? 0, rule.prompt_tokens?.below ?? 0] : [],
          ),
        ],
  );
  return [...new Set(sizes)].filter((size) => size > 0).sort((a, b) => a - b);
};
