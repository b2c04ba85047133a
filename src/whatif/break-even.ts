/**
 * Break-even of two alternatives at settings: along the months, along a driver that reports know (volume, markup, hourly
 * rate) or along the path of any driver. Takes the settled model; what is built is decided anew along the way, contracts and
 * months of change-over are those of the settings, as in a report.
 */
import { type BreakEven, type Contender, markedUp, overDriver, overMonths } from '../analysis/break-even.ts';
import { linearGrid, logarithmicGrid } from '../analysis/crossings.ts';
import { type DriverRange, hourlyRateRange, markupRange, volumeRange } from '../analysis/drivers.ts';
import { Machine } from '../model/machine.ts';
import type { Model } from '../model/model.ts';
import type { Limits } from './limits.ts';
import type { Driver, Outcome, WhatIf } from './what-if.ts';

/** `month`, `volume`, `markup`, `hourly_rate`, or the path of a driver. */
export type BreakEvenDriver = 'month' | 'volume' | 'markup' | 'hourly_rate' | (string & {});

export interface WhatIfBreakEven extends Omit<BreakEven, 'driver'> {
  readonly driver: BreakEvenDriver;
}

const STEPS = 64;

export function breakEvenOf(
  whatIf: WhatIf,
  { model, outcome }: { readonly model: Model; readonly outcome: Outcome },
  limits: Limits,
  driver: BreakEvenDriver,
  a: string,
  b: string,
): WhatIfBreakEven | undefined {
  const machine = new Machine(model, []);
  const contender = (id: string): Contender => {
    const found = outcome.alternatives.find((one) => one.id === id);
    if (found === undefined) throw new Error(`there is no alternative "${id}"`);
    const { gateways } = whatIf.alternatives.find((one) => one.id === id)!;
    return { id, gateways, monthly_usd: found.monthly_usd };
  };
  const [left, right] = [contender(a), contender(b)];
  if (driver === 'month') return overMonths(model, left, right);
  const published = [a, b].flatMap((id) => limits.most(machine, id) ?? []);
  const range = rangeOf(whatIf, model, driver, [left, right], Math.min(...published, Number.POSITIVE_INFINITY));
  if (range === undefined) return undefined;
  return { ...overDriver(model, left, right, range), driver };
}

function rangeOf(
  { drivers }: WhatIf,
  model: Model,
  driver: BreakEvenDriver,
  [a, b]: readonly [Contender, Contender],
  most: number,
): DriverRange | undefined {
  switch (driver) {
    case 'volume':
      return volumeRange(model, most);
    case 'markup':
      return markupRange(model, markedUp(model, a, b));
    case 'hourly_rate':
      return hourlyRateRange(model);
    default: {
      const found = drivers.find(({ path }) => path === driver);
      return found?.kind === 'number' ? ownRange(model, found) : undefined;
    }
  }
}

/** A driver's own range; what it is called, the caller knows. */
function ownRange(model: Model, { path, unit, least, most, scale }: Driver): DriverRange {
  const slot = model.inputs.findIndex((input) => input.path === path);
  const at = model.inputs[slot]!.central;
  const [low, high] = [Math.min(least, at), Math.max(most, at)];
  const grid = scale === 'log' && low > 0 ? logarithmicGrid(low, high, STEPS) : linearGrid(low, high, STEPS);
  return { driver: 'volume', unit, slots: [slot], subjects: [], at, grid };
}
