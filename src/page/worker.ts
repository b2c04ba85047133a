/** The worker's own script: takes the model once, then jobs, and posts progress and results. Nothing is kept between jobs. */
/// <reference lib="dom" />
import { Recomputer } from '../whatif/recompute.ts';
import { type Answer, type Asked, work } from './job.ts';

let recomputer: Recomputer | undefined;
const post = (answer: Answer): void => self.postMessage(answer);

self.addEventListener('message', ({ data }: MessageEvent<Asked>) => {
  if ('what_if' in data) {
    recomputer = new Recomputer(data.what_if);
    return;
  }
  const { id, job } = data;
  try {
    if (recomputer === undefined) throw new Error('the worker was given no model');
    post({ id, result: work(recomputer, job, (progress) => post({ id, progress })) });
  } catch (error) {
    post({ id, problem: (error as Error).message });
  }
});
