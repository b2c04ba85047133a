/**
 * What each thread of replay-workers.ts runs: makes the plans of its strategies, replays every batch that comes, and
 * answers once, with the results or with what went wrong. Exports nothing.
 */
import { workerData } from 'node:worker_threads';
import { InputError } from '../errors.ts';
import { Replays } from '../replay/replays.ts';
import { replayPlans } from '../replay-plans.ts';
import { Names } from '../routing/names.ts';
import { UNASSIGNED } from '../usage/rollup.ts';
import {
  DONE,
  FAILED,
  NAME_COLUMNS,
  nameLists,
  type ToReplay,
  type WorkerAnswer,
  type WorkerStart,
} from './replay-workers.ts';

const { job, ids, names, port, progress } = workerData as WorkerStart;
const lists = nameLists(names, (column) => (column === 'models' ? UNASSIGNED : ''));
const column_names = { names: Names.fromJson(names), ...lists };
let replays: Replays | undefined;

function taken(message: ToReplay): WorkerAnswer | undefined {
  replays ??= new Replays(replayPlans(job.spec, ids, job.strategies, { ...job.facts, column_names }), job.seed);
  if (message === 'end') return { results: replays.results() };
  for (const column of NAME_COLUMNS) for (const name of message.names[column]) lists[column].push(name);
  replays.take({ ...message.batch, column_names });
  return undefined;
}

function failed(error: unknown): WorkerAnswer {
  if (error instanceof InputError) return { diagnostics: error.diagnostics };
  return { bug: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}

port.on('message', (message: ToReplay) => {
  if (Atomics.load(progress, FAILED) === 1) return;
  let answer: WorkerAnswer | undefined;
  try {
    answer = taken(message);
  } catch (error) {
    answer = failed(error);
  }
  if (answer !== undefined) port.postMessage(answer);
  if (answer !== undefined && !('results' in answer)) Atomics.store(progress, FAILED, 1);
  Atomics.add(progress, DONE, 1);
  Atomics.notify(progress, DONE);
});
