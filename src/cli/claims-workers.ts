/**
 * Jobs of `tollgate claims` in threads, one for each core: every thread reads the price book once and takes the next job when
 * it is done with one. Results come in the order of the jobs, whichever thread made them. Sources run in this thread.
 */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { TimedResult } from './claims-job.ts';
import type { ClaimsJob } from './judge-scenario.ts';

const HAS_WORKERS = import.meta.url.endsWith('.js');

/** @param onDone called after each job with how many are done */
export async function runJobs(
  jobs: readonly ClaimsJob[],
  onDone: (done: number) => void,
  threads = availableParallelism(),
): Promise<TimedResult[]> {
  const results = new Array<TimedResult>(jobs.length);
  let [next, done] = [0, 0];
  const drain = async (run: (job: ClaimsJob) => Promise<TimedResult>): Promise<void> => {
    for (let place = next++; place < jobs.length; place = next++) {
      results[place] = await run(jobs[place]!);
      onDone(++done);
    }
  };
  const length = Math.min(threads, jobs.length);
  if (!HAS_WORKERS || length === 1) {
    const { jobRunner } = await import('./claims-job.ts');
    await drain(await jobRunner());
    return results;
  }
  await Promise.all(Array.from({ length }, () => inThread(drain)));
  return results;
}

async function inThread(drain: (run: (job: ClaimsJob) => Promise<TimedResult>) => Promise<void>): Promise<void> {
  const worker = new Worker(new URL('./claims-worker.js', import.meta.url));
  const run = (job: ClaimsJob): Promise<TimedResult> =>
    new Promise((resolve, reject) => {
      const fail = (error: Error): void => reject(error);
      worker.once('error', fail);
      worker.once('message', (answer: TimedResult) => {
        worker.off('error', fail);
        resolve(answer);
      });
      worker.postMessage(job);
    });
  try {
    await drain(run);
  } finally {
    await worker.terminate();
  }
}
