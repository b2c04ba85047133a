/**
 * Replays one trace through several strategies at once: batches are read one time, in order of time, and each strategy
 * keeps its own state. Memory grows with what the states remember (names, buckets, cached answers), not with rows.
 *
 * Strategies share nothing, so that results are those of each replayed alone, whichever others run beside it. A trace is
 * never cut in time: a half that begins with empty caches, closed breakers and full buckets is another trace.
 */
import type { OnAttempt } from './attempt.ts';
import type { ReplayBatch } from './columns.ts';
import type { ReplayPlan } from './plan.ts';
import { Replay } from './replay.ts';
import type { ReplayResult } from './result.ts';

export class Replays {
  readonly #runs: ReadonlyMap<string, Replay>;

  /**
   * @param plans by strategy
   * @param onAttempt of strategies whose attempts are listened to
   */
  constructor(
    plans: ReadonlyMap<string, ReplayPlan>,
    seed: number,
    onAttempt: ReadonlyMap<string, OnAttempt> = new Map(),
  ) {
    this.#runs = new Map(
      [...plans].map(([strategy, plan]) => [strategy, new Replay(plan, seed, onAttempt.get(strategy))]),
    );
  }

  take(batch: ReplayBatch): void {
    for (const run of this.#runs.values()) run.take(batch);
  }

  /** By strategy, in the order of the plans. */
  results(): ReadonlyMap<string, ReplayResult> {
    return new Map([...this.#runs].map(([strategy, run]) => [strategy, run.result()]));
  }
}
