/**
 * The drivers of break-even: which input each varies, over which range. Months are no input: along them the cumulative
 * costs are compared.
 */

import { HOURLY_RATE_PATH, markupPath, VOLUME_PATH } from '../input-paths.ts';
import type { Model } from '../model/model.ts';
import { linearGrid, logarithmicGrid } from './crossings.ts';

export type Driver = 'month' | 'volume' | 'markup' | 'hourly_rate';

export interface DriverRange {
  readonly driver: Driver;
  readonly unit: string;
  /** Inputs that take the driver's value. */
  readonly slots: readonly number[];
  /** Gateways whose markup it is; empty for other drivers. */
  readonly subjects: readonly string[];
  /** The scenario's own value. */
  readonly at: number;
  readonly grid: readonly number[];
}

const slotOf = (model: Model, path: string): number => model.inputs.findIndex((input) => input.path === path);

/** Volume of an ordinary month from a hundredth to a hundred times the scenario's, or up to `most`, past which prices are not published. */
export function volumeRange(model: Model, most = Number.POSITIVE_INFINITY): DriverRange {
  const slot = slotOf(model, VOLUME_PATH);
  const at = model.inputs[slot]!.central;
  return {
    driver: 'volume',
    unit: 'request/month',
    slots: [slot],
    subjects: [],
    at,
    grid: logarithmicGrid(at / 100, Math.max(at, Math.min(at * 100, most)), 64),
  };
}

/** Loaded hourly rate from 0 to 400 USD, or twice the scenario's if that is more. */
export function hourlyRateRange(model: Model): DriverRange | undefined {
  const slot = slotOf(model, HOURLY_RATE_PATH);
  if (slot < 0) return undefined;
  const at = model.inputs[slot]!.central;
  return {
    driver: 'hourly_rate',
    unit: 'USD/hour',
    slots: [slot],
    subjects: [],
    at,
    grid: linearGrid(0, Math.max(400, 2 * at), 40),
  };
}

/** Markup on tokens of the given gateways, from 0 to 50 %; undefined where none of them invoices tokens. */
export function markupRange(model: Model, gateways: Iterable<string>): DriverRange | undefined {
  const subjects = [...new Set(gateways)].filter((id) => slotOf(model, markupPath(id)) >= 0);
  const slots = subjects.map((id) => slotOf(model, markupPath(id)));
  const first = slots[0];
  if (first === undefined) return undefined;
  const at = model.inputs[first]!.central;
  return {
    driver: 'markup',
    unit: 'fraction',
    slots,
    subjects,
    at,
    grid: linearGrid(Math.min(0, at), Math.max(0.5, at), 50),
  };
}
