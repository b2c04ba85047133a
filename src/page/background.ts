/**
 * Long computations beside the page: a worker from a Blob, so that nothing is loaded. A new job ends the one before it, by
 * ending the worker where that is still busy. Where no worker may start, the job runs on the page in slices, between which the
 * page answers and paints.
 */
/// <reference lib="dom" />
import { Recomputer } from '../whatif/recompute.ts';
import type { WhatIf } from '../whatif/what-if.ts';
import { type Answer, type Asked, type Job, type Results, stepsOf } from './job.ts';

/** On the page: so long at a stretch, then so long for the browser to paint and to hear. */
const [SLICE_MS, PAUSE_MS] = [12, 16];

export interface Told<K extends Job['kind']> {
  progress?(fraction: number): void;
  done(result: Results[K]): void;
  failed(problem: string): void;
}

export class Background {
  readonly #whatIf: WhatIf;
  readonly #script: string;
  #worker: Worker | undefined;
  #cannotStart = false;
  /** For jobs that run on the page. */
  #recomputer: Recomputer | undefined;
  #id = 0;
  #told: Told<Job['kind']> | undefined;

  constructor(whatIf: WhatIf, script: string) {
    this.#whatIf = whatIf;
    this.#script = script;
  }

  ask<K extends Job['kind']>(job: Job & { readonly kind: K }, told: Told<K>): void {
    this.cancel();
    this.#id += 1;
    this.#told = told as Told<Job['kind']>;
    const worker = this.#started();
    if (worker === undefined) this.#onPage(this.#id, job);
    else worker.postMessage({ id: this.#id, job } satisfies Asked);
  }

  /** Ends what is under way; its result is never told. */
  cancel(): void {
    if (this.#told === undefined) return;
    this.#told = undefined;
    this.#worker?.terminate();
    this.#worker = undefined;
  }

  #started(): Worker | undefined {
    if (this.#worker !== undefined || this.#cannotStart) return this.#worker;
    const url = URL.createObjectURL(new Blob([this.#script], { type: 'text/javascript' }));
    try {
      const worker = new Worker(url);
      worker.addEventListener('message', ({ data }: MessageEvent<Answer>) => this.#answered(data));
      worker.addEventListener('error', (event) => {
        event.preventDefault();
        this.#broken(event.message);
      });
      worker.postMessage({ what_if: this.#whatIf } satisfies Asked);
      this.#worker = worker;
    } catch {
      this.#cannotStart = true;
    }
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
    return this.#worker;
  }

  #answered(answer: Answer): void {
    if (answer.id !== this.#id || this.#told === undefined) return;
    if ('progress' in answer) {
      this.#told.progress?.(answer.progress);
      return;
    }
    const told = this.#told;
    this.#told = undefined;
    if ('result' in answer)
      told.done(answer.result as Results[Job['kind']] & Results['break_even'] & Results['uncertainty']);
    else told.failed(answer.problem);
  }

  #broken(message: string): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#cannotStart = true;
    this.#told?.failed(
      message === '' ? 'The browser lets no worker start here; ask again to compute on the page' : message,
    );
    this.#told = undefined;
  }

  #onPage(id: number, job: Job): void {
    this.#recomputer ??= new Recomputer(this.#whatIf);
    const steps = stepsOf(this.#recomputer, job);
    const slice = (): void => {
      if (id !== this.#id || this.#told === undefined) return;
      try {
        const until = performance.now() + SLICE_MS;
        let step = steps.next();
        while (step.done !== true && performance.now() < until) step = steps.next();
        if (step.done === true) this.#answered({ id, result: step.value });
        else {
          this.#answered({ id, progress: step.value });
          setTimeout(slice, PAUSE_MS);
        }
      } catch (error) {
        this.#answered({ id, problem: (error as Error).message });
      }
    };
    setTimeout(slice, PAUSE_MS);
  }
}
