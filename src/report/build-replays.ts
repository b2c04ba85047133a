/** What replays counted, in the shape of the report. */
import { type LatencyHistogram, meanMs, percentilesMs } from '../conditions/latency-histogram.ts';
import type { Evaluation } from '../evaluate.ts';
import type { Replayed } from '../replay/replayed.ts';
import type { ReplayResult } from '../replay/result.ts';
import type { PricedSaving } from '../replay/savings.ts';
import { byText, sum } from '../units.ts';
import type { ReportReplay } from './contract.ts';
import { specInWords } from './spec-words.ts';

export const replaysOf = ({ replays, replay_savings }: Evaluation): ReportReplay[] =>
  [...replays].map(([strategy, replayed]): ReportReplay => {
    const { result, task_latency, other_caches } = replayed;
    return {
      ...replayFigures(strategy, result, replay_savings.get(strategy) ?? []),
      task_latency: task_latency === undefined ? null : spreadOf(task_latency),
      ...(other_caches === undefined ? {} : { other_caches }),
      assumed: assumedOf(replayed),
    };
  });

/** What a replay by itself tells, without the scenario's assumptions. */
export const replayFigures = (
  strategy: string,
  result: ReplayResult,
  savings: readonly PricedSaving[],
): ReportReplay => ({
  strategy,
  requests: result.requests,
  outcomes: { ...result.outcomes },
  reasons: { ...result.reasons },
  attempts: result.attempts,
  attempts_by: result.attempts_by.map((one) => ({ ...one })),
  served_after_failure: result.served_after_failure,
  billed_failures: result.billed_failures,
  duplicates: result.duplicates,
  unknown_latency: result.unknown_latency,
  latency: spreadOf(result.latency),
  first_token: spreadOf(result.first_token),
  task_latency: null,
  batch_latency: spreadOf(result.batch_latency),
  service_levels: result.service_levels.map(({ measure, within_ms, share_fraction, requests, missed }) => ({
    measure,
    within_ms,
    ...(share_fraction === undefined ? {} : { share_fraction }),
    requests,
    missed,
  })),
  savings: savings.map(({ saver, saved_usd, of_usd }) => {
    const { saved, of } = result.savings[saver];
    return {
      saver,
      requests: saved.requests,
      of_requests: of.requests,
      prompt_tokens: saved.prompt_tokens,
      of_prompt_tokens: of.prompt_tokens,
      saved_usd,
      of_usd,
    };
  }),
  assumed: [],
  batch_by_feature: batchByFeature(result),
});

const spreadOf = (histogram: LatencyHistogram): ReportReplay['latency'] =>
  histogram.requests === 0
    ? null
    : { ...percentilesMs(histogram), mean: meanMs(histogram), requests: histogram.requests };

function assumedOf({ stated, prompt_caches, lacksPrompts }: Replayed): ReportReplay['assumed'] {
  if (!lacksPrompts) return [];
  const shares = [
    ['hits of the response cache, of requests', stated.response_cache?.hit_share] as const,
    ...Object.entries(prompt_caches).flatMap(([seller, { read_share, write_share }]) => [
      [`prompt tokens read from the cache of ${seller}`, read_share] as const,
      [`prompt tokens written to the cache of ${seller}`, write_share] as const,
    ]),
  ];
  return shares.flatMap(([what, share]) => {
    if (share === undefined) return [];
    const range = share.spec.is === 'point' ? {} : { range: specInWords(share.spec) };
    return [{ what, share: share.central, ...range }];
  });
}

/** What went at the batch tier, of features that had any. */
function batchByFeature({ usage: { rows } }: ReplayResult): ReportReplay['batch_by_feature'] {
  const batched = rows.filter(({ tier }) => tier === 'batch');
  return [...new Set(batched.map(({ feature }) => feature))].sort(byText).map((feature) => ({
    feature,
    requests: sum(batched.filter((row) => row.feature === feature).map(({ requests }) => requests)),
    of_requests: sum(rows.filter((row) => row.feature === feature).map(({ requests }) => requests)),
  }));
}
