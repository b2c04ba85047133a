/**
 * Figures of a strategy's replay: how long answers took, how many were late and how many were lost. They were counted in the
 * measured traffic and are the same at any value of any input.
 *
 *   replayed_p50_ms, replayed_p95_ms   until the end of the answer [ms], of served requests that somebody waits for
 *   replayed_first_token_p95_ms        until its first token [ms], of the same
 *   late_fraction                      missed a service level / requests that it was asked of; the worst of several
 *   lost_fraction                      requests that ended without an answer / all requests
 *
 * Example: 1,000 requests, 970 served, 10 from the cache, 20 failed: lost are 20 / 1,000 = 0.02.
 * null: nothing of the kind was counted, because no latency or no service level is stated. Nothing is replayed here.
 */
import { percentilesMs } from '../conditions/latency-histogram.ts';
import type { ReplayResult } from '../replay/result.ts';

interface Percentiles {
  readonly p50: number;
  readonly p95: number;
}

export interface ReplayCounts {
  readonly requests: number;
  readonly outcomes: Readonly<Record<string, number>>;
  readonly latency: Percentiles | null;
  readonly first_token: Percentiles | null;
  readonly service_levels: readonly { readonly requests: number; readonly missed: number }[];
}

const ANSWERED = ['served', 'served_from_cache'];

const FIGURES: Readonly<Record<string, (counts: ReplayCounts) => number | null>> = {
  replayed_p50_ms: ({ latency }) => latency?.p50 ?? null,
  replayed_p95_ms: ({ latency }) => latency?.p95 ?? null,
  replayed_first_token_p95_ms: ({ first_token }) => first_token?.p95 ?? null,
  late_fraction: ({ service_levels }) => {
    const shares = service_levels.filter(({ requests }) => requests > 0).map((one) => one.missed / one.requests);
    return shares.length === 0 ? null : Math.max(...shares);
  },
  lost_fraction: ({ requests, outcomes }) =>
    requests === 0 ? null : 1 - ANSWERED.reduce((sum, outcome) => sum + (outcomes[outcome] ?? 0), 0) / requests,
};

export const isReplayedFigure = (head: string): boolean => Object.hasOwn(FIGURES, head);

/** @param counts undefined: the strategy is not replayed */
export const replayedFigure = (head: string, counts: ReplayCounts | undefined): number | null =>
  counts === undefined ? null : FIGURES[head]!(counts);

export const countsOf = ({ latency, first_token, ...result }: ReplayResult): ReplayCounts => ({
  ...result,
  latency: latency.requests === 0 ? null : percentilesMs(latency),
  first_token: first_token.requests === 0 ? null : percentilesMs(first_token),
});
