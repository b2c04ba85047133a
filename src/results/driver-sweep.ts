/**
 * Costs along one input or two: which strategy is the cheapest where, and the values at which that or the recommendation
 * changes.
 *
 * The model is appraised at every value; optional needs are decided anew, what was searched is held. Strategies that a
 * constraint rules out, that come to another or that use what has no price are left out and named. Where a strategy passes
 * the volume up to which prices are published it is out of the running, as in a report. Ties go to the strategy that the
 * scenario names first.
 */
import { type FoundCrossing, findCrossings } from '../analysis/crossings.ts';
import { type Axis, gridOf, isWide } from '../claims/axes.ts';
import { ModelFigures } from '../claims/model-figures.ts';
import { type Stretch, stretchesOf } from '../claims/region.ts';
import { isTie } from '../decision/draws.ts';
import { type BoundaryPoint, driverMap } from '../decision/driver-map.ts';
import { inputError } from '../errors.ts';
import type { Evaluation } from '../evaluate.ts';
import { COMPONENTS } from '../report/contract.ts';
import { correlationsAskedFor, drawsAskedFor } from '../scenario/draws-asked-for.ts';
import { type CrossingBand, crossingBands } from '../uncertainty/crossing-bands.ts';
import { outagePools } from '../uncertainty/how-sure.ts';

export type Scale = 'linear' | 'logarithmic';

export interface SweptAxis {
  readonly path: string;
  readonly unit: string;
  readonly from: number;
  readonly to: number;
  readonly at: number;
  readonly range: Axis['range'];
  readonly scale: Scale;
  readonly values: readonly number[];
}

export interface LeftOut {
  readonly id: string;
  readonly reason: string;
}

/** Dearer than anything: out of the running at this place. */
const OUT = 1e300;

export interface MapOfDrivers {
  readonly kind: 'map';
  readonly x: SweptAxis;
  readonly y: SweptAxis;
  readonly strategies: readonly string[];
  readonly left_out: readonly LeftOut[];
  /** By y rising, then x rising; null: none is in the running. */
  readonly best: readonly (readonly (string | null)[])[];
  /** By how much the next best is dearer; null: there is none. */
  readonly margin_usd: readonly (readonly (number | null)[])[];
  readonly boundary: readonly BoundaryPoint[];
}

export interface LineOfDriver {
  readonly kind: 'line';
  readonly x: SweptAxis;
  readonly strategies: readonly string[];
  readonly left_out: readonly LeftOut[];
  /** null: out of the running at this value. */
  readonly npv_usd: Readonly<Record<string, readonly (number | null)[]>>;
  readonly best: readonly Stretch<string | null>[];
  readonly crossings: readonly PairCrossing[];
  /** Of each strategy with the baseline, over draws of all that is uncertain; empty: no draws, or the baseline is not ranked. */
  readonly break_even_bands: readonly CrossingBand[];
  readonly draws: number;
}

export interface PairCrossing extends Pick<FoundCrossing, 'value' | 'kind'> {
  readonly a: string;
  readonly b: string;
  /** null: they cost the same. */
  readonly cheaper_below: string | null;
  readonly cheaper_above: string | null;
}

export interface Flips {
  readonly kind: 'flips';
  readonly x: SweptAxis;
  /** What is recommended where the scenario stands; null: nothing. */
  readonly recommended: string | null;
  readonly stretches: readonly Stretch<string | null>[];
  /** Values at which the recommendation changes; empty: never. */
  readonly flips: readonly { readonly value: number; readonly below: string | null; readonly above: string | null }[];
}

const swept = ({ path, unit, from, to, at, range }: Axis, steps: number): SweptAxis => {
  const scale = isWide(from, to) ? 'logarithmic' : 'linear';
  const value = (i: number): number =>
    i === 0
      ? from
      : i === steps
        ? to
        : scale === 'linear'
          ? from + ((to - from) * i) / steps
          : from * (to / from) ** (i / steps);
  return { path, unit, from, to, at, range, scale, values: Array.from({ length: steps + 1 }, (_, i) => value(i)) };
};

interface Course {
  readonly figures: ModelFigures;
  readonly strategies: readonly string[];
  readonly left_out: readonly LeftOut[];
  /** Costs of the strategies at values of the axes. */
  readonly costsAt: (...values: readonly number[]) => number[];
}

function courseOf(evaluation: Evaluation, axes: readonly Axis[]): Course {
  const figures = new ModelFigures(
    evaluation,
    COMPONENTS,
    axes.map(({ slot }) => slot),
  );
  const strategies = figures.contenders;
  if (strategies.length === 0)
    throw inputError('SWEEP', 'strategies', 'none can be ranked: they are excluded or use what has no price');
  return {
    figures,
    strategies,
    left_out: evaluation.alternatives
      .filter(({ id }) => !strategies.includes(id))
      .map(({ id, excluded, comes_to, unranked }) => ({
        id,
        reason: excluded ?? unranked ?? (comes_to === undefined ? 'usage without a price' : `comes to ${comes_to}`),
      })),
    costsAt: (...values) => {
      figures.settle(new Map(values.map((value, i) => [axes[i]!.slot, value])));
      return strategies.map((id) => (figures.isRanked(id) ? figures.costs.economic[figures.ids.indexOf(id)]! : OUT));
    },
  };
}

export function mapOf(
  evaluation: Evaluation,
  x: Axis,
  y: Axis,
  steps: { readonly x: number; readonly y: number },
): MapOfDrivers {
  if (x.path === y.path) throw inputError('SWEEP', '--y', `"${y.path}" is varied by --x already`);
  const { strategies, left_out, costsAt } = courseOf(evaluation, [x, y]);
  if (strategies.length < 2)
    throw inputError('SWEEP', 'strategies', `there is nothing to map: ${strategies[0]} alone can be ranked`);
  const [across, up] = [swept(x, steps.x), swept(y, steps.y)];
  const nowhere = new Set<string>();
  const found = driverMap({
    ids: strategies,
    x: across.values,
    y: up.values,
    evaluate: (a, b) => {
      const costs = costsAt(a, b);
      if (Math.min(...costs) >= OUT) nowhere.add(`${a} ${b}`);
      return costs;
    },
  });
  const rows = <T>(of: (node: number, a: number, b: number) => T): T[][] =>
    up.values.map((b, j) => across.values.map((a, i) => of(j * across.values.length + i, a, b)));
  return {
    kind: 'map',
    x: across,
    y: up,
    strategies,
    left_out,
    best: rows((node, a, b) => (nowhere.has(`${a} ${b}`) ? null : strategies[found.best[node]!]!)),
    margin_usd: rows((node) => (found.margin[node]! >= OUT / 2 ? null : found.margin[node]!)),
    boundary: found.boundary,
  };
}

/** @param draws for break-even bands; 0: none */
export function lineOf(evaluation: Evaluation, x: Axis, steps: number, draws = 0): LineOfDriver {
  const { strategies, left_out, costsAt, figures } = courseOf(evaluation, [x]);
  const across = swept(x, steps);
  const columns = across.values.map((value) => costsAt(value));
  const npv_usd = Object.fromEntries(
    strategies.map((id, s) => [id, columns.map((costs) => (costs[s]! >= OUT ? null : costs[s]!))]),
  );
  return {
    kind: 'line',
    x: across,
    strategies,
    left_out,
    npv_usd,
    draws,
    break_even_bands: draws === 0 ? [] : bandsOf(evaluation, across, x.slot, strategies, draws),
    best: stretchesOf((value) => cheapest(costsAt(value), strategies), x, Math.max(steps, 100)),
    crossings: strategies.flatMap((a, i) =>
      strategies.slice(i + 1).flatMap((b): PairCrossing[] => {
        const known = across.values.filter((_, k) => npv_usd[a]![k] !== null && npv_usd[b]![k] !== null);
        if (known.length < 2) return [];
        const search = findCrossings((value) => {
          const costs = costsAt(value);
          return { a: costs[i]!, b: costs[strategies.indexOf(b)]!, signature: figures.signature };
        }, known);
        const cheaper = (sign: number): string | null => (sign === 0 ? null : sign < 0 ? a : b);
        return search.crossings.map(({ value, kind, below, above }) => ({
          a,
          b,
          value,
          kind,
          cheaper_below: cheaper(below),
          cheaper_above: cheaper(above),
        }));
      }),
    ),
  };
}

function bandsOf(
  { prepared: { model, outages }, question: { scenario } }: Evaluation,
  { values, scale }: SweptAxis,
  slot: number,
  strategies: readonly string[],
  draws: number,
): CrossingBand[] {
  const { baseline, seed } = scenario;
  if (!strategies.includes(baseline)) return [];
  const asked = drawsAskedFor(scenario);
  const { correlations, correlate_by } = correlationsAskedFor(
    scenario,
    model.inputs.map(({ path }) => path),
  );
  const pools = asked.incidents === 'sampled' ? outagePools(model, strategies, outages, draws, seed) : new Map();
  return crossingBands(
    model,
    { slot, values, scale },
    strategies.filter((id) => id !== baseline),
    baseline,
    { draws, method: asked.method, seed, correlations, correlate_by, pools },
  );
}

/** The first of the cheapest; null where none is in the running. */
function cheapest(costs: readonly number[], ids: readonly string[]): string | null {
  const least = Math.min(...costs);
  return least >= OUT ? null : ids[costs.findIndex((cost) => isTie(cost, least))]!;
}

const STEPS_OF_SEARCH = 200;

export function flipsOf(evaluation: Evaluation, x: Axis): Flips {
  const { figures } = courseOf(evaluation, [x]);
  const recommendedAt = (value: number): string | null => {
    figures.settle(new Map([[x.slot, value]]));
    return figures.lookup('recommended') as string | null;
  };
  const stretches = stretchesOf(recommendedAt, x, STEPS_OF_SEARCH);
  return {
    kind: 'flips',
    x: { ...swept(x, 1), values: gridOf(x, 1) },
    recommended: evaluation.recommendation?.strategy ?? null,
    stretches,
    flips: stretches
      .slice(1)
      .map(({ from, verdict }, i) => ({ value: from, below: stretches[i]!.verdict, above: verdict })),
  };
}
