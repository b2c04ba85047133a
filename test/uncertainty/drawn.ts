/** Evaluations with draws, of scenarios of the small price book. */
import { type Evaluation, evaluate } from '../../src/evaluate.ts';
import { alternatives } from '../../src/model/model.ts';
import { type DrawnCosts, type DrawOptions, drawCosts } from '../../src/uncertainty/draw-costs.ts';
import { drawModel, type Sampling } from '../../src/uncertainty/draw-model.ts';
import type { HowSure, SureOptions } from '../../src/uncertainty/how-sure.ts';
import { book, type Input, run } from '../costs/fixture.ts';
import { reportOf } from '../report-of.ts';

export function drawn(own: Input, options: SureOptions, traffic?: Parameters<typeof run>[1]): Evaluation {
  const { question, usage, replays } = run(own, traffic);
  return evaluate(question, usage, book, replays, options);
}

export function sure(own: Input, options: SureOptions, traffic?: Parameters<typeof run>[1]): HowSure {
  const { uncertainty } = drawn(own, options, traffic);
  if (uncertainty === undefined) throw new Error('nothing is uncertain');
  return uncertainty;
}

export const reported = (evaluation: Evaluation) => reportOf(evaluation, book).uncertainty;

/** Costs of all alternatives in draws of the model. */
export function costs({ prepared: { model } }: Evaluation, own: Partial<Sampling>, options?: DrawOptions): DrawnCosts {
  const sampling: Sampling = {
    draws: 400,
    method: 'latin-hypercube',
    seed: 1,
    correlations: [],
    pools: new Map(),
    ...own,
  };
  return drawCosts(
    model,
    alternatives(model).map((_, i) => i),
    drawModel(model, sampling).drawn,
    options,
  );
}

export const mean = (column: Float64Array): number => column.reduce((total, value) => total + value, 0) / column.length;

export function sd(values: readonly number[]): number {
  const centre = values.reduce((total, value) => total + value, 0) / values.length;
  return Math.sqrt(values.reduce((total, value) => total + (value - centre) ** 2, 0) / (values.length - 1));
}
