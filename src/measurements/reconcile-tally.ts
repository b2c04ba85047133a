/**
 * Adds differences up by cause. Parts are whole nano-dollars, so that they add up to the digit; what is left between a
 * prediction and the whole nano-dollars that stand for it is rounding.
 *
 *   billed - predicted = sum of parts + rounding
 *
 * Example: predicted 162,000.4, billed 170,910 at 5.5 % more: price +8,910 (170,910 - 162,000), rounding -0.4.
 */
import { sum } from '../units.ts';
import { CAUSES, type Cause, type CausePart, type Example, type Reconciled } from './reconcile-contract.ts';

export const NANO = 1_000_000_000;
const MOST_EXAMPLES = 5;
/** Doubles of a few micro-dollars err by less, and halves are rounded either way. */
const NOISE = 1e-6;
const HALF = 0.5 + NOISE;

/** The whole nano-dollars that stand for an amount: the bill's own, where that is its rounding, of one or many charges. */
export const wholeBeside = (nano: number, billed: number, charges = 1): number =>
  Math.abs(billed - nano) <= HALF * charges ? billed : Math.round(nano);

export class CauseTally {
  readonly #parts = new Map<Cause, { nano_usd: number; count: number; examples: Example[] }>();
  readonly #predicted: number[] = [];
  readonly #rounded: number[] = [];
  #billed = 0;

  bill(nano_usd: number): void {
    this.#billed += nano_usd;
  }

  /** @param whole what stands for it in parts */
  predict(nano: number, whole: number): void {
    this.#predicted.push(nano);
    this.#rounded.push(whole - nano);
  }

  add(cause: Cause, nano_usd: number, example?: Example, count = 1): void {
    const part = this.#parts.get(cause) ?? { nano_usd: 0, count: 0, examples: [] };
    this.#parts.set(cause, part);
    part.nano_usd += nano_usd;
    part.count += count;
    if (example !== undefined && part.examples.length < MOST_EXAMPLES) part.examples.push(example);
  }

  result(): Pick<Reconciled, 'predicted_nano_usd' | 'billed_nano_usd' | 'difference_nano_usd' | 'relative' | 'causes'> {
    const predicted_nano_usd = sum(this.#predicted);
    const rounding = sum(this.#rounded);
    const uneven = this.#rounded.filter((one) => Math.abs(one) > NOISE).length;
    if (uneven > 0) this.add('rounding', rounding, undefined, uneven);
    const causes = (Object.keys(CAUSES) as Cause[]).flatMap((cause): CausePart[] => {
      const part = this.#parts.get(cause);
      return part === undefined ? [] : [{ cause, words: CAUSES[cause], ...part }];
    });
    const difference_nano_usd = sum(causes.map(({ nano_usd }) => nano_usd));
    const direct = this.#billed - predicted_nano_usd;
    if (Math.abs(direct - difference_nano_usd) > 1e-3 + 1e-12 * Math.abs(this.#billed))
      throw new Error(`causes come to ${difference_nano_usd} nano-dollars, the difference is ${direct}`);
    return {
      predicted_nano_usd,
      billed_nano_usd: this.#billed,
      difference_nano_usd,
      relative: this.#billed !== 0 ? difference_nano_usd / this.#billed : difference_nano_usd === 0 ? 0 : null,
      causes,
    };
  }
}
