/** What a scenario says of draws, in the words of those who draw: how many, how, and which inputs go together. */
import { type Diagnostic, notice } from '../errors.ts';
import type { Scenario } from './schema.ts';

const METHODS = { latin_hypercube: 'latin-hypercube', plain: 'plain', sobol: 'sobol' } as const;
const CORRELATE_BY = { iman_conover: 'iman-conover', gaussian_copula: 'gaussian-copula' } as const;

export const drawsAskedFor = ({ uncertainty }: Pick<Scenario, 'uncertainty'>) => ({
  draws: uncertainty.draws,
  method: METHODS[uncertainty.method],
  incidents: uncertainty.incidents,
  sobol: uncertainty.sobol_indices ?? 0,
});

/** @param inputs paths of the inputs that costs depend on; a pair with another changes nothing, and that is told */
export function correlationsAskedFor({ correlations }: Pick<Scenario, 'correlations'>, inputs: Iterable<string>) {
  const known = new Set(inputs);
  const pairs = correlations?.pairs ?? [];
  const unread = (path: string): boolean => !known.has(path);
  const left_out: Diagnostic[] = pairs.flatMap(({ between }, i) =>
    between.some(unread)
      ? notice(
          'CORRELATION_LEFT_OUT',
          `correlations.pairs[${i}]`,
          `${between.filter(unread).join(' and ')}: no cost depends on it, so that this correlation changes nothing`,
        )
      : [],
  );
  return {
    correlations: pairs
      .filter(({ between }) => !between.some(unread))
      .map(({ between, rank }) => ({ between, rank_correlation: rank })),
    correlate_by: CORRELATE_BY[correlations?.method ?? 'iman_conover'],
    left_out,
  };
}
