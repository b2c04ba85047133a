/**
 * Which ranked alternative costs least over two inputs, all others at their central values, outages at their expectation.
 *
 * The model is appraised at each node; optional needs are decided anew, what was searched is held. Where an alternative
 * passes the volume up to which prices are published it is out of the running. Takes a model whose decisions are settled.
 */
import { Decisions } from '../analysis/decisions.ts';
import { costOf, targetsOf } from '../appraise.ts';
import { type BoundaryPoint, driverMap } from '../decision/driver-map.ts';
import { Machine } from '../model/machine.ts';
import { alternatives, type Model } from '../model/model.ts';
import type { MapDriver, MapDrivers } from './map-drivers.ts';

export interface BestMap {
  readonly x: MapDriver;
  readonly y: MapDriver;
  readonly chosen_for: MapDrivers['chosen_for'];
  readonly strategies: readonly string[];
  /** By y rising, then x rising; null: none is in the running. */
  readonly best: readonly (readonly (string | null)[])[];
  readonly boundary: readonly BoundaryPoint[];
}

/** Of an edge of the grid; three digits are shown. */
const CLOSE = 1e-5;
/** Dearer than anything. */
const OUT = 1e300;

/**
 * @param ranked at least two
 * @param past alternatives past the prices that are published, at a machine's present inputs; undefined: there are no limits
 */
export function bestMap(
  model: Model,
  ranked: readonly string[],
  { x, y, chosen_for }: MapDrivers,
  past: ((machine: Machine) => ReadonlyMap<string, unknown>) | undefined,
): BestMap {
  const ids = alternatives(model);
  const positions = ranked.map((id) => ids.indexOf(id));
  const decisions = new Decisions(model);
  const varied = [x.slot, y.slot, ...decisions.slots(positions)];
  const machine = new Machine(model, varied, past === undefined ? targetsOf(model, positions) : undefined);
  const nowhere = new Set<string>();
  const found = driverMap({
    ids: ranked,
    close_fraction: CLOSE,
    x: x.values,
    y: y.values,
    evaluate: (a, b) => {
      machine.set(x.slot, a);
      machine.set(y.slot, b);
      decisions.settle(machine, positions);
      const out = past?.(machine);
      if (out !== undefined && ranked.every((id) => out.has(id))) nowhere.add(`${a} ${b}`);
      return positions.map((position, i) => (out?.has(ranked[i]!) ? OUT : costOf(machine, position)));
    },
  });
  return {
    x,
    y,
    chosen_for,
    strategies: ranked,
    best: y.values.map((b, j) =>
      x.values.map((a, i) => (nowhere.has(`${a} ${b}`) ? null : ranked[found.best[j * x.values.length + i]!]!)),
    ),
    boundary: found.boundary,
  };
}
