/**
 * What `tollgate replay` says: the table of the report with a column for each strategy, what is to know beside it, or JSON with
 * all that was counted.
 */
import { histogramToJson, type LatencyHistogram, percentilesMs } from '../conditions/latency-histogram.ts';
import type { ReplayResult } from '../replay/result.ts';
import type { PricedSaving } from '../replay/savings.ts';
import { replayFigures } from '../report/build-replays.ts';
import { replayNotes, replayRows } from '../report/replay-words.ts';
import { terminalTable, usdShort } from './terminal-table.ts';

export interface ReplayedStrategy {
  readonly strategy: string;
  readonly result: ReplayResult;
  /** At list prices; null: something has none. */
  readonly cost_usd: number | null;
  /** What the response cache spared, at the first route's list prices. */
  readonly avoided_usd: number | null;
  readonly priced_savings: readonly PricedSaving[];
}

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
  const figures = found.map(({ strategy, result, priced_savings }) => replayFigures(strategy, result, priced_savings));
  const table = await terminalTable(
    ['', ...found.map(({ strategy }) => strategy)],
    ['left', ...found.map(() => 'right' as const)],
  );
  for (const { label, cells } of replayRows(figures)) table.push([label, ...cells]);
  table.push([
    'Tokens at list prices, USD',
    ...found.map(({ cost_usd }) => (cost_usd === null ? 'unpriced' : usdShort(cost_usd))),
  ]);
  return `${[source, table.toString(), ...figures.flatMap(replayNotes)].join('\n')}\n`;
}
