/**
 * What `tollgate replay` says: a table with a column for each strategy, or JSON with all that was counted. A row stands
 * where any strategy has something to say in it; shares stand beside what they are shares of.
 */
import { histogramToJson, type LatencyHistogram, percentilesMs } from '../conditions/latency-histogram.ts';
import { REQUEST_OUTCOMES } from '../replay/outcomes.ts';
import type { ReplayResult } from '../replay/result.ts';
import { terminalTable, usdShort } from './terminal-table.ts';

export interface ReplayedStrategy {
  readonly strategy: string;
  readonly result: ReplayResult;
  /** At list prices; null: something has none. */
  readonly cost_usd: number | null;
  /** What the response cache spared, at the first route's list prices. */
  readonly avoided_usd: number | null;
}

/** Reasons of failures that are told, the most frequent ones. */
const MOST_REASONS = 5;

export function replayInJson(found: readonly ReplayedStrategy[], source: string): string {
  const latencyOf = (histogram: LatencyHistogram) =>
    histogram.requests === 0 ? null : { ...percentilesMs(histogram), histogram: histogramToJson(histogram) };
  const strategies = found.map(({ result, ...rest }) => ({
    ...rest,
    ...result,
    usage: { ...result.usage, requests_per_minute: [...result.usage.requests_per_minute] },
    avoided: { ...result.avoided, requests_per_minute: [] },
    latency: latencyOf(result.latency),
    first_token: latencyOf(result.first_token),
    batch_latency: latencyOf(result.batch_latency),
  }));
  return `${JSON.stringify({ source, strategies }, undefined, 2)}\n`;
}

export async function replayInWords(found: readonly ReplayedStrategy[], source: string): Promise<string> {
  const table = await terminalTable(
    ['', ...found.map(({ strategy }) => strategy)],
    ['left', ...found.map(() => 'right' as const)],
  );
  const row = (label: string, cell: (result: ReplayResult) => string): void => {
    table.push([label, ...found.map(({ result }) => cell(result))]);
  };
  /** A row of counts, where there is any. */
  const counts = (label: string, count: (result: ReplayResult) => number, all?: (result: ReplayResult) => number) => {
    if (found.some(({ result }) => count(result) > 0))
      row(label, (result) => (all === undefined ? whole(count(result)) : part(count(result), all(result))));
  };

  row('Requests', ({ requests }) => whole(requests));
  for (const outcome of REQUEST_OUTCOMES)
    counts(
      `  ${outcome.replaceAll('_', ' ')}`,
      ({ outcomes }) => outcomes[outcome],
      ({ requests }) => requests,
    );
  const reasons = reasonsOf(found);
  for (const reason of reasons.slice(0, MOST_REASONS))
    row(`    ${reason.replaceAll('_', ' ')}`, (result) => whole(result.reasons[reason] ?? 0));
  if (reasons.length > MOST_REASONS)
    row(`    ${reasons.length - MOST_REASONS} other reasons`, (result) =>
      whole(reasons.slice(MOST_REASONS).reduce((total, reason) => total + (result.reasons[reason] ?? 0), 0)),
    );
  row('Attempts', ({ attempts }) => whole(attempts));
  counts('  answered after a failure', ({ served_after_failure }) => served_after_failure);
  counts('  failed and billed', ({ billed_failures }) => billed_failures);
  counts('  asked again by clients', ({ duplicates }) => duplicates);
  const shares = (label: string, count: (savings: ReplayResult['savings']) => readonly [number, number]): void => {
    if (found.some(({ result }) => count(result.savings)[0] > 0)) row(label, ({ savings }) => share(...count(savings)));
  };
  shares('Response cache, of all requests', ({ response_cache: { saved, of } }) => [saved.requests, of.requests]);
  shares('Prompt cache, of prompt tokens it saw', ({ prompt_cache: { saved, of } }) => [
    saved.prompt_tokens,
    of.prompt_tokens,
  ]);
  shares('Batch tier, of billed attempts', ({ batch: { saved, of } }) => [saved.requests, of.requests]);
  row('First token p50 / p95 / p99, ms', ({ first_token }) => percentiles(first_token));
  row('Answer p50 / p95 / p99, ms', ({ latency }) => percentiles(latency));
  if (found.some(({ result }) => result.batch_latency.requests > 0))
    row('Until the deadline p50 / p95 / p99, s', ({ batch_latency }) => percentiles(batch_latency, 1000));
  counts('Served, latency not known', ({ unknown_latency }) => unknown_latency);
  const levels = found[0]?.result.service_levels ?? [];
  levels.forEach(({ measure, within_ms, share_fraction }, i) => {
    const allowed = share_fraction === undefined ? '' : ` (at most ${percent(1 - share_fraction)})`;
    const of = measure === 'answer' ? 'Answer' : 'First token';
    row(`${of} after ${whole(Math.round(within_ms))} ms${allowed}`, ({ service_levels }) => {
      const { requests, missed } = service_levels[i]!;
      return requests === 0 ? 'not stated' : part(missed, requests);
    });
  });
  const money = (label: string, amount: (one: ReplayedStrategy) => number | null): void => {
    table.push([label, ...found.map((one) => inUsd(amount(one)))]);
  };
  money('Tokens at list prices, USD', ({ cost_usd }) => cost_usd);
  if (found.some(({ avoided_usd }) => avoided_usd !== 0))
    money('Spared by the response cache, USD', ({ avoided_usd }) => avoided_usd);
  return `${source}\n${table.toString()}\n`;
}

/** Of all strategies, the most frequent one first. */
function reasonsOf(found: readonly ReplayedStrategy[]): string[] {
  const totals = new Map<string, number>();
  for (const { result } of found)
    for (const [reason, requests] of Object.entries(result.reasons))
      totals.set(reason, (totals.get(reason) ?? 0) + requests);
  return [...totals].sort(([a, most], [b, less]) => less - most || (a < b ? -1 : 1)).map(([reason]) => reason);
}

function percentiles(histogram: LatencyHistogram, unit_ms = 1): string {
  if (histogram.requests === 0) return 'not stated';
  const { p50, p95, p99 } = percentilesMs(histogram);
  return [p50, p95, p99].map((ms) => whole(Math.round(ms / unit_ms))).join(' / ');
}

const whole = (count: number): string => count.toLocaleString('en-GB');
const percent = (fraction: number): string => `${(100 * fraction).toFixed(2)} %`;
const share = (of: number, all: number): string => (all === 0 ? '-' : percent(of / all));
const part = (count: number, all: number): string => `${whole(count)} (${share(count, all)})`;
const inUsd = (amount: number | null): string => (amount === null ? 'unpriced' : usdShort(amount));
