/**
 * Calls that were made in rounds over all targets, round by round: what their times were, and how many were answered.
 *
 * A call that was not answered has no time; one that was refused for want of room (429) says nothing and is left out.
 */
import type { Evidence } from './contract.ts';
import { type Estimate, medianInterval, shareInterval } from './intervals.ts';

export interface TimedRound {
  readonly round: number;
  readonly started_at: string;
  readonly isAnswered: boolean;
  readonly first_token_ms: number | undefined;
  readonly total_ms: number | undefined;
}

export interface Latency {
  readonly target: string;
  readonly rounds: readonly TimedRound[];
  readonly first_token: Estimate | undefined;
  readonly total: Estimate | undefined;
  readonly errors: Estimate | undefined;
}

/** @param evidence in order of time */
export function latencyOf(target: string, evidence: readonly Evidence[]): Latency {
  const rounds = new Map<number, TimedRound>();
  for (const one of evidence) {
    if (one.target !== target || one.check !== 'latency' || one.round === null) continue;
    if (one.status === 429 || rounds.has(one.round)) continue;
    const isAnswered =
      one.end === 'whole' && one.status !== null && one.status < 300 && (!one.is_stream || one.first_token_ms !== null);
    rounds.set(one.round, {
      round: one.round,
      started_at: one.started_at,
      isAnswered,
      first_token_ms: isAnswered ? (one.first_token_ms ?? undefined) : undefined,
      total_ms: isAnswered ? (one.total_ms ?? undefined) : undefined,
    });
  }
  const inOrder = [...rounds.values()].sort((a, b) => a.round - b.round);
  return {
    target,
    rounds: inOrder,
    first_token: medianInterval(known(inOrder, 'first_token_ms')),
    total: medianInterval(known(inOrder, 'total_ms')),
    errors: shareInterval(inOrder.filter(({ isAnswered }) => !isAnswered).length, inOrder.length),
  };
}

export type TimeOfRound = 'first_token_ms' | 'total_ms';

export const known = (rounds: readonly TimedRound[], what: TimeOfRound): number[] =>
  rounds.map((one) => one[what]).filter((one) => one !== undefined);

/** Both in the same rounds, undefined where one has none. */
export function besides(
  own: Latency,
  baseline: Latency,
  what: TimeOfRound,
): readonly [readonly (number | undefined)[], readonly (number | undefined)[]] {
  const theirs = new Map(baseline.rounds.map((one) => [one.round, one[what]]));
  return [own.rounds.map((one) => one[what]), own.rounds.map(({ round }) => theirs.get(round))];
}
