/**
 * The page's script where it runs as a worker: takes the model once, then jobs, and posts progress and results. Nothing is kept
 * between jobs. Page and worker are one script, so that what both compute with is carried once.
 */
/// <reference lib="dom" />
import { Recomputer } from '../whatif/recompute.ts';
import { type Answer, type Asked, stepsOf } from './job.ts';

export function serveJobs(): void {
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
      const steps = stepsOf(recomputer, job);
      let step = steps.next();
      for (; step.done !== true; step = steps.next()) post({ id, progress: step.value });
      post({ id, result: step.value });
    } catch (error) {
      post({ id, problem: (error as Error).message });
    }
  });
}
