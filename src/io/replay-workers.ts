/**
 * Replays strategies side by side in threads: the caller reads and builds batches, every worker gets each of them and
 * replays its share of the strategies. Work is split by strategy and never by time, so that results are those of one thread.
 *
 *   caller: batch -> wait while a worker holds as many as it may -> post columns, and names that are new since the last one
 *   worker: plans made from the contract (functions do not cross threads) with the caller's names -> Replays -> results
 *
 * Reading pushes rows and waits for nobody, so that `take` stops the calling thread until there is room: memory stays that
 * of a few batches. What goes wrong in a worker is thrown by `take` or `results` as what it was. Always call `end`.
 */
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { type Diagnostic, InputError } from '../errors.ts';
import type { ColumnNames, ReplayBatch } from '../replay/columns.ts';
import type { ReplayResult } from '../replay/result.ts';
import type { ReplayFacts } from '../replay/scenario-plan.ts';
import type { ReplaySpec } from '../replay/schema.ts';
import type { Dimension, NamesJson } from '../routing/names.ts';
import type { Scenario } from '../scenario/schema.ts';

/** What plans are made from. */
export interface ReplayJob {
  readonly spec: ReplaySpec;
  readonly seed: number;
  readonly facts: Omit<ReplayFacts, 'column_names'>;
  /** Those of the scenario, whose gateways stand in the way. */
  readonly strategies: Scenario['strategies'];
}

type NameLists = Readonly<Record<NameColumn, readonly string[]>>;
type NameColumn = Exclude<keyof ColumnNames, 'names'>;
const DIMENSIONS: Readonly<Record<NameColumn, Dimension>> = {
  models: 'model',
  features: 'feature',
  users: 'user',
  teams: 'team',
};
export const NAME_COLUMNS = Object.keys(DIMENSIONS) as readonly NameColumn[];

export interface WorkerStart {
  readonly job: ReplayJob;
  readonly ids: readonly string[];
  /** Of policies; batches go on numbering behind them. */
  readonly names: NamesJson;
  readonly port: MessagePort;
  readonly progress: Int32Array;
}

/** A batch with the names that are new in it, or `end`: give the results. */
export type ToReplay = { readonly batch: Omit<ReplayBatch, 'column_names'>; readonly names: NameLists } | 'end';

export type WorkerAnswer =
  | { readonly results: ReadonlyMap<string, ReplayResult> }
  | { readonly diagnostics: readonly Diagnostic[] }
  | { readonly bug: string };

/** Places in a worker's progress: batches that it is done with, and whether it has failed. */
export const DONE = 0;
export const FAILED = 1;

/** Batches that a worker may hold. */
const MOST_HELD = 4;
/** A batch takes a fraction of a second; a thread that is gone takes none. */
const STUCK_AFTER_MS = 60_000;

/** Whether there is a built worker to start: sources run in one thread. */
export const HAS_WORKERS = import.meta.url.endsWith('.js');

interface Thread {
  readonly worker: Worker;
  readonly port: MessagePort;
  readonly progress: Int32Array;
  posted: number;
}

/** Lists of names with those that have an index already. */
export const nameLists = (names: NamesJson, first: (column: NameColumn) => string): Record<NameColumn, string[]> =>
  Object.fromEntries(
    NAME_COLUMNS.map((column) => [column, [first(column), ...(names[DIMENSIONS[column]] ?? [])]]),
  ) as Record<NameColumn, string[]>;

export class ReplayWorkers {
  readonly #ids: readonly string[];
  readonly #threads: readonly Thread[];
  /** How many names of each column the workers know. */
  readonly #known: Record<NameColumn, number>;
  #broken: Error | undefined;

  /**
   * @param ids strategies that are replayed
   * @param names those that the plans of all strategies mention, before the first batch
   */
  constructor(job: ReplayJob, ids: readonly string[], names: NamesJson, workers: number) {
    this.#ids = ids;
    const known = nameLists(names, () => '');
    this.#known = {
      models: known.models.length,
      features: known.features.length,
      users: known.users.length,
      teams: known.teams.length,
    };
    const length = Math.min(workers, ids.length);
    this.#threads = Array.from({ length }, (_, thread) =>
      this.#start({ job, ids: ids.filter((_, i) => i % length === thread), names }),
    );
  }

  /** Stops this thread while a worker holds as many batches as it may. */
  take({ column_names, ...batch }: ReplayBatch): void {
    const names = this.#newNames(column_names);
    for (const thread of this.#threads) {
      this.#waitFor(thread);
      thread.port.postMessage({ batch, names } satisfies ToReplay);
      thread.posted++;
    }
  }

  /** By strategy, in the order given. */
  async results(): Promise<ReadonlyMap<string, ReplayResult>> {
    const parts = await Promise.all(this.#threads.map((thread) => this.#resultsOf(thread)));
    const all = new Map(parts.flatMap((part) => [...part]));
    return new Map(this.#ids.map((id) => [id, all.get(id)!]));
  }

  async end(): Promise<void> {
    await Promise.all(this.#threads.map(({ worker }) => worker.terminate()));
  }

  #start(start: Omit<WorkerStart, 'port' | 'progress'>): Thread {
    const { port1, port2 } = new MessageChannel();
    const progress = new Int32Array(new SharedArrayBuffer(8));
    const worker = new Worker(new URL('./replay-worker.js', import.meta.url), {
      workerData: { ...start, port: port2, progress } satisfies WorkerStart,
      transferList: [port2],
    });
    worker.on('error', (error) => {
      this.#broken ??= error;
    });
    return { worker, port: port1, progress, posted: 0 };
  }

  #newNames(lists: ColumnNames): NameLists {
    const news = (column: NameColumn): string[] => {
      const added = lists[column].slice(this.#known[column]);
      this.#known[column] += added.length;
      return added;
    };
    return { models: news('models'), features: news('features'), users: news('users'), teams: news('teams') };
  }

  #waitFor({ port, progress, posted }: Thread): void {
    for (;;) {
      if (this.#broken !== undefined) throw this.#broken;
      if (Atomics.load(progress, FAILED) === 1) throw errorOf(receiveMessageOnPort(port)!.message as WorkerAnswer);
      const done = Atomics.load(progress, DONE);
      if (posted - done < MOST_HELD) return;
      if (Atomics.wait(progress, DONE, done, STUCK_AFTER_MS) === 'timed-out')
        throw new Error(`a replay worker has not been done with a batch for ${STUCK_AFTER_MS / 1000} s`);
    }
  }

  #resultsOf({ worker, port }: Thread): Promise<ReadonlyMap<string, ReplayResult>> {
    return new Promise((resolve, reject) => {
      if (this.#broken !== undefined) reject(this.#broken);
      worker.once('error', reject);
      worker.once('exit', (code) => reject(new Error(`a replay worker ended with exit code ${code}`)));
      port.once('message', (answer: WorkerAnswer) => {
        if ('results' in answer) resolve(answer.results);
        else reject(errorOf(answer));
      });
      port.postMessage('end' satisfies ToReplay);
    });
  }
}

function errorOf(answer: WorkerAnswer): Error {
  if ('diagnostics' in answer) return new InputError(answer.diagnostics);
  return new Error('bug' in answer ? `in a replay worker: ${answer.bug}` : 'a replay worker gave results too early');
}
