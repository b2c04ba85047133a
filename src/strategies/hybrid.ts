/**
 * A hybrid: rules send each part of the traffic over another strategy's channel. What any of its gateways brings counts as
 * brought for all of it: a gateway that is there can take over when the direct route fails.
 */
import type { Access, Channel } from '../costs/access.ts';
import type { UsageRow } from '../usage/table.ts';
import type { SpecOf, Strategy } from './strategy.ts';

type Rule = SpecOf<'hybrid'>['rules'][number];

export const hybrid: Strategy<'hybrid'> = {
  kind: 'hybrid',
  title: 'Hybrid',
  serve: (spec, { access }) => {
    const targets = [...new Set(spec.rules.map(targetOf))];
    const accesses = new Map(targets.map((id) => [id, access(id)]));
    const target = (row: UsageRow): string | undefined => {
      const rule = spec.rules.find((candidate) => matches(candidate, row));
      return rule === undefined ? undefined : targetOf(rule);
    };
    const channels = targets.flatMap((id) =>
      (accesses.get(id) as Access).channels.map(
        (channel): Channel => ({
          ...channel,
          hop: spec.hop_latency ?? channel.hop,
          takes: (row) => target(row) === id && channel.takes(row),
        }),
      ),
    );
    const all = [...accesses.values()];
    return {
      channels,
      brings: new Map(all.flatMap((one) => [...one.brings])),
      fallback:
        spec.policy?.kind === 'fallback'
          ? spec.policy.to
          : (all.find((one) => one.fallback.length > 0)?.fallback ?? []),
    };
  },
};

const targetOf = (rule: Rule): string => ('else' in rule ? rule.else : rule.via);

function matches(rule: Rule, row: UsageRow): boolean {
  if ('else' in rule) return true;
  return (
    (rule.model === undefined || rule.model === row.model) &&
    (rule.feature === undefined || rule.feature === row.feature)
  );
}
