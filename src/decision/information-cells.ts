/**
 * Cells of draws that look alike to somebody who knows some inputs: what conditional means are taken over.
 *
 *   one input    about n^(1/3) bins of equal counts; equal values share a bin
 *   a group      a tree of splits at medians, each along the input, or along the fitted linear score of a cost difference,
 *                that tells the differences of the strategies apart best; leaves of n^(2/3) / 2 draws and more
 *
 * Example: 10,000 draws give 22 bins of some 455 draws, or 32 leaves. The scores let few cuts follow a border that runs
 * across all inputs; the splits follow what a straight line can't.
 */
import { firstAbove } from '../rising.ts';

export interface Cells {
  /** The cell of each draw. */
  readonly of: Uint32Array;
  readonly count: number;
}

export function cellsOfInput(values: Float64Array): Cells {
  const n = values.length;
  const wanted = Math.max(2, Math.round(Math.cbrt(n)));
  const sorted = values.slice().sort();
  const edges: number[] = [];
  for (let j = 1; j < wanted; j++) {
    const edge = sorted[Math.floor((n * j) / wanted)]!;
    if (edge > (edges.at(-1) ?? sorted[0]!)) edges.push(edge);
  }
  const of = new Uint32Array(n);
  for (let i = 0; i < n; i++) of[i] = firstAbove(edges, values[i]!);
  return { of, count: edges.length + 1 };
}

export function cellsOfGroup(inputs: readonly Float64Array[], differences: readonly Float64Array[]): Cells {
  const n = inputs[0]!.length;
  const scores = linearScores(inputs, differences);
  const axes = [...inputs, ...scores];
  const weights = differences.map((difference) => 1 / (variance(difference) || 1));
  const least = Math.max(1, Math.floor(n ** (2 / 3) / 2));
  const of = new Uint32Array(n);
  let count = 0;
  const split = (draws: Uint32Array): void => {
    const best = draws.length < 2 * least ? undefined : bestCut(draws, axes, differences, weights, least);
    if (best === undefined) {
      for (const i of draws) of[i] = count;
      count += 1;
      return;
    }
    split(draws.filter((i) => best.axis[i]! < best.at));
    split(draws.filter((i) => best.axis[i]! >= best.at));
  };
  split(Uint32Array.from({ length: n }, (_, i) => i));
  return { of, count };
}

interface Cut {
  readonly axis: Float64Array;
  readonly at: number;
}

/** Of the cuts at medians, the one between whose sides the means of the differences lie furthest apart. */
function bestCut(
  draws: Uint32Array,
  axes: readonly Float64Array[],
  differences: readonly Float64Array[],
  weights: readonly number[],
  least: number,
): Cut | undefined {
  let best: Cut | undefined;
  let most = -1;
  const n = draws.length;
  const values = new Float64Array(n);
  for (const axis of axes) {
    for (let k = 0; k < n; k++) values[k] = axis[draws[k]!]!;
    const at = values.slice().sort()[n >>> 1]!;
    let below = 0;
    for (let k = 0; k < n; k++) if (values[k]! < at) below += 1;
    if (below < least || n - below < least) continue;
    let gain = 0;
    differences.forEach((difference, d) => {
      let low = 0;
      let all = 0;
      for (let k = 0; k < n; k++) {
        const value = difference[draws[k]!]!;
        all += value;
        if (values[k]! < at) low += value;
      }
      gain += (low / below - (all - low) / (n - below)) ** 2 * weights[d]!;
    });
    gain *= (below * (n - below)) / n;
    if (gain > most) [best, most] = [{ axis, at }, gain];
  }
  return best;
}

/** The least-squares fit of each difference by a straight line in all inputs, without its constant. */
function linearScores(inputs: readonly Float64Array[], differences: readonly Float64Array[]): Float64Array[] {
  if (inputs.length < 2) return [];
  const centred = inputs.map(standardised);
  const products = centred.map((x) => centred.map((y) => dot(x, y)));
  return differences.map((difference) => {
    const slopes = solve(
      products,
      centred.map((x) => dot(x, difference)),
    );
    const score = new Float64Array(difference.length);
    centred.forEach((x, j) => {
      for (let i = 0; i < score.length; i++) score[i]! += slopes[j]! * x[i]!;
    });
    return score;
  });
}

function dot(x: Float64Array, y: Float64Array): number {
  let total = 0;
  for (let i = 0; i < x.length; i++) total += x[i]! * y[i]!;
  return total / x.length;
}

const average = (x: Float64Array): number => x.reduce((total, value) => total + value, 0) / x.length;

function variance(x: Float64Array): number {
  const centre = average(x);
  return x.reduce((total, value) => total + (value - centre) ** 2, 0) / x.length;
}

function standardised(x: Float64Array): Float64Array {
  const centre = average(x);
  const sd = Math.sqrt(variance(x)) || 1;
  return x.map((value) => (value - centre) / sd);
}

/** Gauss and Jordan's elimination of a symmetric matrix; a column that others already explain gets a slope of 0. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((row, j) => [...row, right[j]!]);
  const size = rows.length;
  const explained = new Set<number>();
  for (let j = 0; j < size; j++) {
    const pivot = rows[j]![j]!;
    if (Math.abs(pivot) < 1e-9) {
      explained.add(j);
      continue;
    }
    for (let k = 0; k < size; k++) {
      const share = k === j ? 0 : rows[k]![j]! / pivot;
      if (share !== 0) for (let c = j; c <= size; c++) rows[k]![c]! -= share * rows[j]![c]!;
    }
  }
  return rows.map((row, j) => (explained.has(j) ? 0 : row[size]! / row[j]!));
}
