/**
 * What it is worth to know more before choosing: everything (EVPI), or one input or group of inputs (EVPPI).
 *
 *   EVPI       = E cost of the best strategy - E least cost                  the expected regret of the best on average
 *   EVPPI(x)   = E cost of the best strategy - E min over strategies of E(cost | x)
 *
 * The conditional means are means over cells of draws with like x (one loop, no nested sampling). So 0 <= EVPPI <= EVPI holds
 * by construction, and nothing is clamped. Units: those of the costs. Worked example: net benefits 0 and p1 - p2 with
 * p1 ~ N(1, 1), p2 ~ N(0, 2), as costs: EVPI 0.4798, EVPPI of p1 0.0833 and of p2 0.3956.
 *
 * Bias. EVPPI is too high by the noise of the cell means, from which the choices are made, and a little too low by the width
 * of a cell. `cross_fitted` makes each choice on 4 of 5 parts of the draws and pays for it on the fifth: it is too low by
 * the same noise, and may be negative. EVPI is too low, and too high when cross-fitted, by the noise of which
 * strategy is best. The truth is expected in between; where both agree the draws are enough. The cells of a group are fitted
 * to the costs of all draws, so that its cross-fitted value is a little too high.
 * Errors take the choices as given and the draws as independent.
 * Sources: Brennan et al., Medical Decision Making 27 (2007); Strong and Oakley, Medical Decision Making 33 (2013), the
 * single-loop estimator by ordering draws along an input; Raiffa and Schlaifer, Applied Statistical Decision Theory, 1961.
 */
import { didYouMean } from '../nearest.ts';
import { leastCosts, minus } from './cheapest.ts';
import { type CostDraws, drawCount, type InputDraws, meanOf, smallest } from './draws.ts';
import { type Cells, cellsOfGroup, cellsOfInput } from './information-cells.ts';

export interface InformationValue {
  readonly value: number;
  readonly se: number;
  readonly cross_fitted: number;
}

export interface PerfectInformation extends InformationValue {
  /** The strategy that is cheapest on average. */
  readonly best: string;
}

export interface PartialInformation extends InformationValue {
  /** Of the input or group. */
  readonly id: string;
  readonly inputs: readonly string[];
  readonly cells: number;
}

export interface InputGroup {
  readonly id: string;
  readonly inputs: readonly string[];
}

const FOLDS = 5;

export function perfectInformation({ ids, costs }: CostDraws): PerfectInformation {
  const n = drawCount(ids, costs);
  const one: Cells = { of: new Uint32Array(n), count: 1 };
  const sums = sumsByFold(costs, one);
  const best = bestExcept(sums, costs.length, -1);
  const least = leastCosts(costs);
  const { mean, se } = meanOf(minus(costs[best]!, least));
  let crossed = 0;
  for (let fold = 0; fold < FOLDS; fold++) crossed += sums.of(0, fold, bestExcept(sums, costs.length, fold));
  const leastSum = sumsByFold([least], one);
  for (let fold = 0; fold < FOLDS; fold++) crossed -= leastSum.of(0, fold, 0);
  return { best: ids[best]!, value: mean, se, cross_fitted: crossed / n };
}

/** Each input by itself, in order, then the declared groups. */
export function partialInformation(
  { ids, costs }: CostDraws,
  inputs: InputDraws,
  groups: readonly InputGroup[] = [],
): PartialInformation[] {
  drawCount([...ids, ...inputs.ids], [...costs, ...inputs.values]);
  const differences = costs.slice(1).map((column) => minus(column, costs[0]!));
  const single = inputs.ids.map((id, j) => ({ id, inputs: [id], ...worth(costs, cellsOfInput(inputs.values[j]!)) }));
  const grouped = groups.map((group) => {
    const columns = group.inputs.map((id) => inputColumn(inputs, id, group.id));
    const cells = columns.length === 1 ? cellsOfInput(columns[0]!) : cellsOfGroup(columns, differences);
    return { id: group.id, inputs: group.inputs, ...worth(costs, cells) };
  });
  return [...single, ...grouped];
}

function inputColumn({ ids, values }: InputDraws, id: string, group: string): Float64Array {
  const position = ids.indexOf(id);
  if (position < 0) throw new Error(`group ${group} has no input "${id}"${didYouMean(id, ids)}`);
  return values[position]!;
}

/** What choosing per cell saves against the best strategy on average. */
function worth(costs: readonly Float64Array[], cells: Cells): InformationValue & { cells: number } {
  const n = cells.of.length;
  const sums = sumsByFold(costs, cells);
  const strategies = costs.length;
  const best = bestExcept(sums, strategies, -1);
  const chosen = Array.from({ length: cells.count }, (_, cell) => bestInCell(sums, strategies, cell, -1, best));
  const saved = new Float64Array(n);
  const usual = costs[best]!;
  for (let i = 0; i < n; i++) {
    const choice = chosen[cells.of[i]!]!;
    if (choice !== best) saved[i] = usual[i]! - costs[choice]![i]!;
  }
  let crossed = 0;
  for (let fold = 0; fold < FOLDS; fold++) {
    const elsewhere = bestExcept(sums, strategies, fold);
    for (let cell = 0; cell < cells.count; cell++) {
      const choice = bestInCell(sums, strategies, cell, fold, elsewhere);
      if (choice !== elsewhere) crossed += sums.of(cell, fold, elsewhere) - sums.of(cell, fold, choice);
    }
  }
  return { ...totalled(saved), cross_fitted: crossed / n, cells: cells.count };
}

function totalled(saved: Float64Array): { value: number; se: number } {
  const { mean, se } = meanOf(saved);
  return { value: mean, se };
}

/** Sums of costs by cell, fold (the draw's number modulo FOLDS) and strategy. */
interface Sums {
  readonly of: (cell: number, fold: number, strategy: number) => number;
  readonly draws: (cell: number, fold: number) => number;
  readonly cells: number;
}

function sumsByFold(costs: readonly Float64Array[], cells: Cells): Sums {
  const n = cells.of.length;
  const keys = new Uint32Array(n);
  const draws = new Uint32Array(cells.count * FOLDS);
  for (let i = 0; i < n; i++) {
    keys[i] = cells.of[i]! * FOLDS + (i % FOLDS);
    draws[keys[i]!]! += 1;
  }
  const sums = costs.map((column) => {
    const totals = new Float64Array(cells.count * FOLDS);
    for (let i = 0; i < n; i++) totals[keys[i]!]! += column[i]!;
    return totals;
  });
  return {
    of: (cell, fold, strategy) => sums[strategy]![cell * FOLDS + fold]!,
    draws: (cell, fold) => draws[cell * FOLDS + fold]!,
    cells: cells.count,
  };
}

/** The cheapest strategy in a cell on all folds but one; `otherwise` where the other folds have no draw there. */
function bestInCell(sums: Sums, strategies: number, cell: number, without: number, otherwise: number): number {
  const totals = new Float64Array(strategies);
  let draws = 0;
  for (let fold = 0; fold < FOLDS; fold++) {
    if (fold === without) continue;
    draws += sums.draws(cell, fold);
    for (let s = 0; s < strategies; s++) totals[s]! += sums.of(cell, fold, s);
  }
  if (draws === 0) return otherwise;
  const least = smallest(totals);
  return totals[least]! < totals[otherwise]! ? least : otherwise;
}

/** The cheapest strategy over all cells on all folds but one. */
function bestExcept(sums: Sums, strategies: number, without: number): number {
  const totals = new Float64Array(strategies);
  for (let cell = 0; cell < sums.cells; cell++)
    for (let fold = 0; fold < FOLDS; fold++)
      if (fold !== without) for (let s = 0; s < strategies; s++) totals[s]! += sums.of(cell, fold, s);
  return smallest(totals);
}
