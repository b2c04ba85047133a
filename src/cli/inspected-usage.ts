/** The parts of an inspection that summed usage gives: its window, how requests arrive, its models, by whom costs can be told apart. */
import { LABEL_FIELDS } from '../trace/request.ts';
import { byText, sum } from '../units.ts';
import { arrivals, type Gaps } from '../usage/arrivals.ts';
import type { UsageTable } from '../usage/table.ts';
import type { TraceInspection } from './inspection-contract.ts';

const iso = (ms: number): string => new Date(ms).toISOString();

export const windowOf = ({ window }: UsageTable, clock: TraceInspection['clock']): TraceInspection['window'] =>
  window === undefined || clock === 'none' ? null : { from: iso(window.from_ms), until: iso(window.until_ms) };

export function arrivalsOf(
  usage: UsageTable,
  clock: TraceInspection['clock'],
  gaps: Gaps,
): TraceInspection['arrivals'] {
  const seen = arrivals(usage);
  if (seen === undefined || clock === 'none') return null;
  return {
    mean_requests_per_second: seen.mean_requests_per_second,
    peak_minute: { from: iso(seen.peak_minute.from_ms), requests: seen.peak_minute.requests },
    peak_to_mean: seen.peak_to_mean,
    gap_variation: gaps.variation() ?? null,
  };
}

export function attributionOf(usage: UsageTable): TraceInspection['attribution'] {
  const featured = usage.rows.filter(({ feature }) => feature !== '');
  return [
    {
      dimension: 'feature' as const,
      names: new Set(featured.map(({ feature }) => feature)).size,
      and_more: false,
      requests: sum(featured.map(({ requests }) => requests)),
    },
    ...LABEL_FIELDS.map((field) => {
      const { rows = [], beyond } = usage.labels?.[field] ?? {};
      return {
        dimension: field,
        names: new Set(rows.flatMap(({ label }) => label ?? [])).size,
        and_more: beyond !== undefined,
        requests: sum(rows.map(({ requests }) => requests)),
      };
    }),
  ];
}

/** Most requests first. */
export function modelsOf(usage: UsageTable): TraceInspection['models'] {
  const requests = new Map<string, number>();
  for (const row of usage.rows) requests.set(row.model, (requests.get(row.model) ?? 0) + row.requests);
  return [...requests]
    .map(([model, count]) => ({ model, requests: count }))
    .sort((a, b) => b.requests - a.requests || byText(a.model, b.model));
}
