/**
 * attribution.csv: what each model, feature, team, user and agent costs under each strategy over the horizon, RFC 4180.
 *
 * A file beside focus.csv, whose rows are charges of one route and month as a seller or gateway invoices them: usage is known by
 * one dimension at a time, so that a charge has no one team, user and feature. Rows of one dimension and strategy add up to its
 * token charges, fees, contracts and credits; rows of two dimensions are the same money and must not be added. Names that a
 * table sums stand as `(all others)`, what belongs to no single one as `(not attributed)`, an empty name is not stated.
 */
import type { AttributedCost, ReportAttribution } from './attribution-contract.ts';
import type { Report } from './contract.ts';
import { csvCell } from './csv.ts';

const HEADER = [
  'strategy',
  'dimension',
  'name',
  'requests',
  'tokens',
  'tokens_usd',
  'fees_usd',
  'share_fraction',
  'usd_per_1000_requests',
  'unpriced',
];

interface Told {
  readonly name: string | null;
  readonly requests: number | null;
  readonly tokens?: number | null | undefined;
  readonly costs: readonly AttributedCost[];
}

export function attributionCsv({ attribution, strategies }: Report): string {
  const lines = [HEADER.join(',')];
  for (const { id } of strategies)
    for (const dimension of attribution?.by ?? [])
      for (const { name, requests, tokens, costs } of namesOf(dimension))
        for (const cost of costs.filter(({ strategy }) => strategy === id))
          lines.push(
            [
              csvCell(id),
              dimension.dimension,
              csvCell(name ?? ''),
              requests,
              tokens,
              cost.tokens_usd,
              cost.fees_usd,
              cost.share_fraction,
              cost.usd_per_1000_requests,
              cost.unpriced,
            ]
              .map((cell) => cell ?? '')
              .join(','),
          );
  return `${lines.join('\r\n')}\r\n`;
}

const namesOf = ({ rows, others, not_attributed }: ReportAttribution['by'][number]): Told[] => [
  ...rows,
  ...(others === undefined ? [] : [{ ...others, name: '(all others)' }]),
  { name: '(not attributed)', requests: null, costs: not_attributed },
];
