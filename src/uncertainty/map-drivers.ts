/**
 * The two inputs over which a report maps the best strategy: first those that alone make another one the cheapest, then those
 * that move the difference most; volume and hourly rate where none changes the answer by itself.
 *
 * Takes the model and its tornado, gives each input with the values of its axis, rising, the scenario's own among them: P5 to
 * P95 of what is uncertain, the ranges of break-even for the usual two. It computes no cost.
 */
import { linearGrid, logarithmicGrid } from '../analysis/crossings.ts';
import { hourlyRateRange, volumeRange } from '../analysis/drivers.ts';
import type { Tornado } from '../decision/tornado.ts';
import { quantile } from '../distribution.ts';
import { HOURLY_RATE_PATH, VOLUME_PATH } from '../input-paths.ts';
import type { Model } from '../model/model.ts';

export interface MapDriver {
  readonly path: string;
  readonly unit: string;
  readonly slot: number;
  readonly scale: 'linear' | 'logarithmic';
  /** The scenario's own value. */
  readonly at: number;
  readonly values: readonly number[];
}

export interface MapDrivers {
  readonly x: MapDriver;
  readonly y: MapDriver;
  /** Why these two: the first changes the answer by itself, or none does. */
  readonly chosen_for: 'flips' | 'usual';
}

const [STEPS_X, STEPS_Y] = [20, 12];
/** Beyond this ratio of its ends a range is spread by logarithms. */
const WIDE = 20;

/** @param most requests a month up to which all prices are published */
export function mapDrivers(model: Model, found: Tornado | undefined, most: number): MapDrivers | undefined {
  const moving = (found?.bars ?? []).filter(({ swing }) => swing > 0);
  const flips = moving.filter(({ low, high }) => low.flip !== null || high.flip !== null);
  const usual = [VOLUME_PATH, HOURLY_RATE_PATH].filter((path) => model.inputs.some((input) => input.path === path));
  const paths =
    flips.length === 0
      ? [...usual, ...moving.map(({ id }) => id)]
      : [...flips, ...moving].map(({ id }) => id).concat(usual);
  const two = [...new Set(paths)].slice(0, 2);
  if (two.length < 2) return undefined;
  const [x, y] = (two[1] === VOLUME_PATH ? two.reverse() : two) as [string, string];
  const axis = (path: string, steps: number): MapDriver =>
    driverOf(model, path, steps, flips.length === 0 ? most : undefined);
  return { x: axis(x, STEPS_X), y: axis(y, STEPS_Y), chosen_for: flips.length === 0 ? 'usual' : 'flips' };
}

/** @param most given: volume and hourly rate run over the ranges of break-even */
function driverOf(model: Model, path: string, steps: number, most: number | undefined): MapDriver {
  const slot = model.inputs.findIndex((input) => input.path === path);
  const { unit, central: at } = model.inputs[slot]!;
  const [from, to] = rangeOf(model, path, slot, most);
  const isWide = from > 0 && to / from >= WIDE;
  const grid = isWide ? logarithmicGrid(from, to, steps) : linearGrid(from, to, steps);
  const near = (value: number): boolean => Math.abs(value - at) <= 1e-9 * (to - from);
  const values = [...grid.filter((value) => !near(value)), at].sort((a, b) => a - b);
  return { path, unit, slot, scale: isWide ? 'logarithmic' : 'linear', at, values };
}

function rangeOf(model: Model, path: string, slot: number, most: number | undefined): readonly [number, number] {
  const { spec, central } = model.inputs[slot]!;
  const stated = spec.is === 'point' ? undefined : ([quantile(spec, 0.05), quantile(spec, 0.95)] as const);
  const known =
    path === VOLUME_PATH ? volumeRange(model, most) : path === HOURLY_RATE_PATH ? hourlyRateRange(model) : undefined;
  const [from, to] =
    known !== undefined && (most !== undefined || stated === undefined)
      ? [known.grid[0]!, known.grid.at(-1)!]
      : (stated ?? [central / 4, central * 4]);
  return [Math.min(from, central), Math.max(to, central)];
}
