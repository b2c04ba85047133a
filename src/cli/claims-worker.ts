/** What each thread of claims-workers.ts runs: a job comes, its result goes. Exports nothing. */
import { parentPort } from 'node:worker_threads';
import { jobRunner } from './claims-job.ts';
import type { ClaimsJob } from './judge-scenario.ts';

const runner = jobRunner();
parentPort!.on('message', async (job: ClaimsJob) => {
  const run = await runner;
  parentPort!.postMessage(await run(job));
});
