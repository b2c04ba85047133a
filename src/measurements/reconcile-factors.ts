/**
 * Whether what was charged is one factor times the list price for all of a model on a route, as a markup or a contract rate
 * is: each charge is, within its own rounding. It says nothing where there is no difference.
 */
import type { SteadyFactor } from './reconcile-contract.ts';

/** Fewer say nothing. */
const LEAST = 5;

export class SteadyFactors {
  readonly #seen = new Map<string, { model: string; route: string | null; pairs: [number, number][] }>();

  add(model: string, route: string | null, listed_nano: number, billed: number): void {
    const key = `${route} ${model}`;
    const one = this.#seen.get(key) ?? { model, route, pairs: [] };
    this.#seen.set(key, one);
    if (listed_nano > 0) one.pairs.push([listed_nano, billed]);
  }

  found(): readonly SteadyFactor[] {
    return [...this.#seen.values()].flatMap(({ model, route, pairs }) => {
      if (pairs.length < LEAST) return [];
      const listed = pairs.reduce((total, [one]) => total + one, 0);
      const factor = pairs.reduce((total, [, one]) => total + one, 0) / listed;
      const isSteady = pairs.every(([one, billed]) => Math.abs(billed - one * factor) <= 1 + 1e-6 * one);
      return isSteady && Math.abs(factor - 1) > 1e-6 ? [{ model, route, factor }] : [];
    });
  }
}
