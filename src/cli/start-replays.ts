/**
 * Starts the replay of several strategies before their traffic is read: in this thread, or in threads of their own. All
 * plans are made here first, so that what is wrong with any strategy is told before a row is read.
 *
 * Threads take a second to start, which short traffic is not worth: unless their number is given, the first batches are
 * held back, and only traffic that goes on starts any.
 */
import { availableParallelism } from 'node:os';
import { inputError } from '../errors.ts';
import { HAS_WORKERS, type ReplayJob, ReplayWorkers } from '../io/replay-workers.ts';
import type { ColumnNames, ReplayBatch } from '../replay/columns.ts';
import type { ReplayPlan } from '../replay/plan.ts';
import { Replays } from '../replay/replays.ts';
import type { ReplayResult } from '../replay/result.ts';
import { replayPlans } from '../replay-plans.ts';
import { attemptSink } from './replay-attempts.ts';

export interface RunningReplays {
  take(batch: ReplayBatch): void;
  results(): Promise<ReadonlyMap<string, ReplayResult>>;
  /** To be called whatever happened. */
  end(): Promise<void>;
}

/** Beside the one that reads; more of them would wait for it. */
const MOST_THREADS = 2;
/** Some 130,000 requests. */
export const HELD_BATCHES = 8;

/**
 * @param ids strategies that are replayed
 * @param column_names those of the traffic that is to come
 * @param workers how many threads; default: as traffic and machine have it
 * @param attempts a file for the attempts of the only strategy, which is then replayed in this thread
 */
export function startReplays(
  job: ReplayJob,
  ids: readonly string[],
  column_names: ColumnNames,
  workers: number | undefined,
  attempts: string | undefined,
): RunningReplays {
  const { spec, seed, facts, strategies } = job;
  if (ids.length === 0) throw inputError('REPLAY_STRATEGY', 'replay.strategies', 'names no strategy to replay');
  const plans = replayPlans(spec, ids, strategies, { ...facts, column_names });
  if (attempts !== undefined) return withAttempts(attempts, ids[0]!, plans, seed);
  const alone = (): RunningReplays => inThisThread(new Replays(plans, seed));
  const threads = Math.min(workers ?? Math.min(MOST_THREADS, availableParallelism()), ids.length);
  if (threads === 1 || !HAS_WORKERS) return alone();
  const sideBySide = (): RunningReplays => new ReplayWorkers(job, ids, column_names.names.toJson(), threads);
  return workers === undefined ? onceLong(alone, sideBySide) : sideBySide();
}

const inThisThread = (run: Replays): RunningReplays => ({
  take: (batch) => run.take(batch),
  results: async () => run.results(),
  end: async () => undefined,
});

function withAttempts(file: string, id: string, plans: ReadonlyMap<string, ReplayPlan>, seed: number): RunningReplays {
  const sink = attemptSink(file, plans.get(id)!);
  const run = inThisThread(new Replays(plans, seed, new Map([[id, sink.add]])));
  return {
    ...run,
    results: () => {
      sink.end();
      return run.results();
    },
  };
}

/** Holds the first batches back, and starts by whether more follow. */
export function onceLong(short: () => RunningReplays, long: () => RunningReplays): RunningReplays {
  let run: RunningReplays | undefined;
  let held: ReplayBatch[] = [];
  const start = (by: () => RunningReplays): RunningReplays => {
    run = by();
    for (const batch of held) run.take(batch);
    held = [];
    return run;
  };
  return {
    take: (batch) => {
      if (run !== undefined) run.take(batch);
      else if (held.push(batch) > HELD_BATCHES) start(long);
    },
    results: () => (run ?? start(short)).results(),
    end: async () => run?.end(),
  };
}
