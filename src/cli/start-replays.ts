/**
 * Starts the replay of several strategies before their traffic is read: in this thread, or in threads of their own. All
 * plans are made here first, so that what is wrong with any strategy is told before a row is read.
 */
import { inputError } from '../errors.ts';
import { HAS_WORKERS, type ReplayJob, ReplayWorkers } from '../io/replay-workers.ts';
import type { ColumnNames, ReplayBatch } from '../replay/columns.ts';
import { Replays } from '../replay/replays.ts';
import type { ReplayResult } from '../replay/result.ts';
import { replayPlans } from '../replay-plans.ts';
import { allOrProblems } from './all-or-problems.ts';
import { attemptSink } from './replay-attempts.ts';

export interface RunningReplays {
  readonly take: (batch: ReplayBatch) => void;
  readonly results: () => Promise<ReadonlyMap<string, ReplayResult>>;
  /** To be called whatever happened. */
  readonly end: () => Promise<void>;
}

/**
 * @param ids strategies that are replayed
 * @param column_names those of the traffic that is to come
 * @param attempts a file for the attempts of the only strategy, which is then replayed in this thread
 */
export function startReplays(
  job: ReplayJob,
  ids: readonly string[],
  column_names: ColumnNames,
  workers: number,
  attempts: string | undefined,
): RunningReplays {
  const { spec, seed, facts, strategies } = job;
  if (ids.length === 0) throw inputError('REPLAY_STRATEGY', 'replay.strategies', 'names no strategy to replay');
  const plans = new Map(
    allOrProblems(ids, (id) => [...replayPlans(spec, [id], strategies, { ...facts, column_names })]).flat(),
  );
  const threads = attempts === undefined && HAS_WORKERS ? Math.min(workers, ids.length) : 1;
  if (threads > 1) {
    const run = new ReplayWorkers(job, ids, column_names.names.toJson(), threads);
    return { take: (batch) => run.take(batch), results: () => run.results(), end: () => run.end() };
  }
  const sinks =
    attempts === undefined ? [] : [...plans].map(([id, plan]) => [id, attemptSink(attempts, plan)] as const);
  const run = new Replays(plans, seed, new Map(sinks.map(([id, { add }]) => [id, add])));
  return {
    take: (batch) => run.take(batch),
    results: async () => {
      for (const [, sink] of sinks) sink.end();
      return run.results();
    },
    end: async () => undefined,
  };
}
