/**
 * What the answers about uncertainty take: a cost of each strategy in each draw, and the inputs behind it.
 *
 * Smaller is better. Columns are paired: draw i is the same world in every column. A strategy whose cost is not known in
 * some world has no place here, since no answer could rank it.
 */

export interface CostDraws {
  readonly ids: readonly string[];
  /** One column per strategy. */
  readonly costs: readonly Float64Array[];
}

export interface InputDraws {
  readonly ids: readonly string[];
  /** One column per input. */
  readonly values: readonly Float64Array[];
}

/** Costs nearer to each other than this share of the larger one are equal: the same sum in another order. */
export const TIE_FRACTION = 1e-12;

export const isTie = (a: number, b: number, tie = TIE_FRACTION): boolean =>
  a === b || Math.abs(a - b) <= tie * Math.max(Math.abs(a), Math.abs(b));

/** How many draws there are: the same number in each column, two or more, all of them finite. */
export function drawCount(ids: readonly string[], columns: readonly Float64Array[]): number {
  if (ids.length === 0 || ids.length !== columns.length)
    throw new Error(`${ids.length} names stand for ${columns.length} columns of draws`);
  const count = columns[0]!.length;
  if (count < 2) throw new Error(`${ids[0]} has ${count} draws, an error takes at least two draws`);
  columns.forEach((column, position) => {
    const id = ids[position];
    if (column.length !== count) throw new Error(`${id} has ${column.length} draws, ${ids[0]} has ${count}`);
    const bad = column.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) throw new Error(`${id} is ${column[bad]} in draw ${bad}`);
  });
  return count;
}

/** The costs of all strategies at one place, as a callback gave them: one for each, all of them finite. */
export function costsOf(ids: readonly string[], costs: ArrayLike<number>, where: string): Float64Array {
  if (costs.length !== ids.length) throw new Error(`${costs.length} costs of ${ids.length} strategies at ${where}`);
  const column = Float64Array.from(costs);
  const bad = column.findIndex((cost) => !Number.isFinite(cost));
  if (bad >= 0) throw new Error(`${ids[bad]} costs ${column[bad]} at ${where}`);
  return column;
}

export interface Mean {
  readonly mean: number;
  /** Standard error of the mean, from n - 1 degrees of freedom. */
  readonly se: number;
}

/** Mean and error in two passes about the first value, so that costs far from zero lose no digits. */
export function meanOf(column: Float64Array): Mean {
  const n = column.length;
  const origin = column[0]!;
  let total = 0;
  for (let i = 0; i < n; i++) total += column[i]! - origin;
  const offset = total / n;
  let squares = 0;
  for (let i = 0; i < n; i++) squares += (column[i]! - origin - offset) ** 2;
  return { mean: origin + offset, se: Math.sqrt(squares / (n - 1) / n) };
}

/** Standard error of a share seen in n draws. It is 0 at shares 0 and 1, where the share is not known to be that. */
export const shareError = (fraction: number, n: number): number => Math.sqrt((fraction * (1 - fraction)) / n);

/** The first of the smallest. */
export function smallest(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! < values[best]!) best = i;
  return best;
}
