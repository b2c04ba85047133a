/**
 * Adds usage tables: parts of a trace, days added later, files read in parallel. Order and split do not matter.
 *
 * Tables whose band edges differ for a model do not add up: the same band would mean different prompt sizes.
 */
import { COUNT_METERS } from '../meters.ts';
import type { Window } from '../trace/request.ts';
import { exact } from './exact.ts';
import { mergeLabels } from './label-tables.ts';
import { risingMinutes } from './requests-per-minute.ts';
import { byKey } from './rollup.ts';
import type { Buckets, UsageRow, UsageTable } from './table.ts';

export function mergeUsage(a: UsageTable, b: UsageTable): UsageTable {
  checkSameEdges(a, b);
  const rows = new Map<string, UsageRow>();
  for (const row of [...a.rows, ...b.rows]) {
    const key = JSON.stringify([row.hour, row.model, row.feature, row.band, row.tier]);
    const other = rows.get(key);
    rows.set(key, other === undefined ? row : added(row, other));
  }
  const labels = mergeLabels(a.labels, b.labels);
  const minutes = new Map(a.requests_per_minute);
  for (const [minute, requests] of b.requests_per_minute) minutes.set(minute, (minutes.get(minute) ?? 0) + requests);
  return {
    edges: { ...a.edges, ...b.edges },
    rows: [...rows.values()].sort(byKey),
    window: hull(a.window, b.window),
    failed_requests: a.failed_requests + b.failed_requests,
    requests_per_minute: risingMinutes(minutes),
    ...bothBuckets(a.buckets, b.buckets),
    ...(labels === undefined ? {} : { labels }),
  };
}

function bothBuckets(a: Buckets | undefined, b: Buckets | undefined): { readonly buckets?: Buckets } {
  if (a === undefined || b === undefined) {
    const buckets = a ?? b;
    return buckets === undefined ? {} : { buckets };
  }
  return {
    buckets: {
      longest_ms: Math.max(a.longest_ms, b.longest_ms),
      lacks_requests: a.lacks_requests || b.lacks_requests,
      lacks_prompt_sizes: a.lacks_prompt_sizes || b.lacks_prompt_sizes,
    },
  };
}

function added(a: UsageRow, b: UsageRow): UsageRow {
  const counts = COUNT_METERS.map((meter) => [meter, exact(a[meter] + b[meter], meter)]);
  return { ...a, requests: a.requests + b.requests, ...Object.fromEntries(counts) };
}

const hull = (a: Window | undefined, b: Window | undefined): Window | undefined =>
  a === undefined || b === undefined
    ? (a ?? b)
    : { from_ms: Math.min(a.from_ms, b.from_ms), until_ms: Math.max(a.until_ms, b.until_ms) };

/** A table knows a model if it lists edges for it or has rows of it; then both must have the same edges for it. */
function checkSameEdges(a: UsageTable, b: UsageTable): void {
  const knows = (table: UsageTable): Set<string> =>
    new Set([...Object.keys(table.edges), ...table.rows.map(({ model }) => model)]);
  const inB = knows(b);
  for (const model of knows(a)) {
    if (!inB.has(model)) continue;
    const [left, right] = [a.edges[model] ?? [], b.edges[model] ?? []].map((edges) => edges.join(', ') || 'none');
    if (left !== right) throw new Error(`usage of ${model} cannot be added: band edges are ${left} and ${right}`);
  }
}
