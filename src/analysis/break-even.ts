/**
 * Break-even of every pair of alternatives along months, monthly volume, markup and hourly rate: each crossing, or
 * "never" and by how much. Re-runs appraise alone.
 *
 * Along months the cumulative economic cost is compared, undiscounted, linear within a month; along the other drivers the
 * net present cost over the horizon. Example: 20,000 to build against 5.5 % of 50,000 a month less 1,500 to run breaks
 * even at month 16.00. Which optional needs are built is decided anew at each value.
 */
import { costOf, targetsOf } from '../appraise.ts';
import { Machine } from '../model/machine.ts';
import { alternatives, type Model } from '../model/model.ts';
import { type Costs, type FoundCrossing, findCrossings } from './crossings.ts';
import { Decisions } from './decisions.ts';
import { type Driver, type DriverRange, hourlyRateRange, markupRange, volumeRange } from './drivers.ts';

export interface BreakEven {
  readonly a: string;
  readonly b: string;
  readonly driver: Driver;
  readonly unit: string;
  /** What the driver belongs to: the gateways whose markup is varied; empty for the scenario's own drivers. */
  readonly subjects: readonly string[];
  readonly range: { readonly from: number; readonly until: number };
  readonly at: number;
  readonly crossings: readonly FoundCrossing[];
  /** Where the two come nearest, and a - b there. */
  readonly nearest: { readonly value: number; readonly difference: number };
  readonly complete: boolean;
}

/** What break-even needs to know of an alternative beside the model. */
export interface Contender {
  readonly id: string;
  /** Gateways that its tokens pass; those that invoice them have a markup. */
  readonly gateways: readonly string[];
  /** Volume of an ordinary month up to which its prices are published. */
  readonly most_requests_per_month?: number | undefined;
  /** Cost in each month, undiscounted, start lines in the first month of their window. */
  readonly monthly_usd: readonly number[];
}

export function breakEvens(model: Model, contenders: readonly Contender[]): BreakEven[] {
  return contenders.flatMap((a, i) => contenders.slice(i + 1).flatMap((b) => pair(model, a, b)));
}

function pair(model: Model, a: Contender, b: Contender): BreakEven[] {
  const most = Math.min(...[a, b].map((one) => one.most_requests_per_month ?? Number.POSITIVE_INFINITY));
  const ranges = [volumeRange(model, most), markupRange(model, markedUp(model, a, b)), hourlyRateRange(model)];
  return [
    overMonths(model, a, b),
    ...ranges.flatMap((range) => (range === undefined ? [] : overDriver(model, a, b, range))),
  ];
}

/** Whose markup is varied: gateways of one side alone, so that the comparison moves; else those of both. */
export function markedUp(model: Model, a: Contender, b: Contender): readonly string[] {
  const only = (one: Contender, other: Contender): string[] =>
    one.gateways.filter((id) => !other.gateways.includes(id) && markupRange(model, [id]) !== undefined);
  const [ofB, ofA] = [only(b, a), only(a, b)];
  return ofB.length > 0 ? ofB : ofA.length > 0 ? ofA : a.gateways;
}

export function overDriver(model: Model, a: Contender, b: Contender, range: DriverRange): BreakEven {
  const ids = alternatives(model);
  const [left, right] = [ids.indexOf(a.id), ids.indexOf(b.id)];
  const decisions = new Decisions(model);
  const pairOf = [left, right];
  const machine = new Machine(model, [...range.slots, ...decisions.slots(pairOf)], targetsOf(model, pairOf));
  const costs = (x: number): Costs => {
    for (const slot of range.slots) machine.set(slot, x);
    const taken = decisions.settle(machine, pairOf);
    return { a: costOf(machine, left), b: costOf(machine, right), signature: machine.signature() * 31 + taken };
  };
  const { crossings, nearest, complete } = findCrossings(costs, range.grid);
  return {
    a: a.id,
    b: b.id,
    driver: range.driver,
    unit: range.unit,
    subjects: range.subjects,
    range: { from: range.grid[0]!, until: range.grid.at(-1)! },
    at: range.at,
    crossings,
    nearest,
    complete,
  };
}

export function overMonths(model: Model, a: Contender, b: Contender): BreakEven {
  const [left, right] = [cumulative(a.monthly_usd), cumulative(b.monthly_usd)];
  const grid = Array.from({ length: model.months + 1 }, (_, month) => month);
  const costs = (x: number): Costs => ({ a: between(left, x), b: between(right, x), signature: 0 });
  const { crossings, nearest, complete } = findCrossings(costs, grid.slice(1));
  return {
    a: a.id,
    b: b.id,
    driver: 'month',
    unit: 'month',
    subjects: [],
    range: { from: 1, until: model.months },
    at: model.months,
    crossings,
    nearest,
    complete,
  };
}

/** Sum up to the end of each month; position 0 is the start. */
export function cumulative(monthly: readonly number[]): number[] {
  const sums = [0];
  for (const amount of monthly) sums.push(sums.at(-1)! + amount);
  return sums;
}

function between(sums: readonly number[], x: number): number {
  const month = Math.min(Math.floor(x), sums.length - 2);
  return sums[month]! + (x - month) * (sums[month + 1]! - sums[month]!);
}
