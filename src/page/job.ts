/** What the page asks of its worker, and what comes back. Plain data; the same jobs run on the page where no worker starts. */

import type { BreakEven } from '../analysis/break-even.ts';
import type { Recomputer } from '../whatif/recompute.ts';
import type { OutcomeUncertainty, Settings, WhatIf } from '../whatif/what-if.ts';

export type Job =
  | {
      readonly kind: 'break_even';
      readonly settings: Settings;
      readonly drivers: readonly BreakEven['driver'][];
      readonly a: string;
      readonly b: string;
    }
  | { readonly kind: 'uncertainty'; readonly settings: Settings; readonly draws: number; readonly seed: number };

export interface Results {
  readonly break_even: readonly BreakEven[];
  readonly uncertainty: OutcomeUncertainty;
}

/** The first message brings the model, all others jobs. */
export type Asked = { readonly what_if: WhatIf } | { readonly id: number; readonly job: Job };

export type Answer =
  | { readonly id: number; readonly progress: number }
  | { readonly id: number; readonly result: Results[keyof Results] }
  | { readonly id: number; readonly problem: string };

/** A job in steps, each of which is short enough for a page that has to stay usable; gives the part that is done. */
export function* stepsOf(recomputer: Recomputer, job: Job): Generator<number, Results[keyof Results]> {
  if (job.kind === 'uncertainty') return yield* recomputer.uncertaintySteps(job.settings, job.draws, job.seed);
  const found: BreakEven[] = [];
  for (const [i, driver] of job.drivers.entries()) {
    const one = recomputer.breakEven(job.settings, driver, job.a, job.b);
    if (one !== undefined) found.push({ ...one, driver });
    yield (i + 1) / job.drivers.length;
  }
  return found;
}
