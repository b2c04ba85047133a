/**
 * How sure the answer is: draws of all that is not one number, what each ranked alternative costs in them, and what
 * follows for the decision. Takes a model whose decisions are settled; decides nothing itself.
 *
 * Every figure is of paired draws, draw i being the same world for all alternatives. A point in the middle of what is
 * drawn is not the mean of what it costs: steps, tiers and minimum fees see to that.
 */
import { type BreakEvenMonths, breakEvenMonths } from '../decision/break-even-months.ts';
import { cheapest, minus, type PairedDifference, pairedDifference, type Standing } from '../decision/cheapest.ts';
import { compareRisk, type RiskComparison } from '../decision/dominance.ts';
import { meanOf, smallest } from '../decision/draws.ts';
import { warnOfFewDraws } from '../decision/enough-draws.ts';
import { type Summary, summarise } from '../decision/summary.ts';
import type { Tornado } from '../decision/tornado.ts';
import {
  type PartialInformation,
  type PerfectInformation,
  partialInformation,
  perfectInformation,
} from '../decision/value-of-information.ts';
import { type Diagnostic, warning } from '../errors.ts';
import { alternatives, type Model } from '../model/model.ts';
import { drawCosts } from './draw-costs.ts';
import { drawModel, type Sampling } from './draw-model.ts';
import { percentilesOf } from './percentiles.ts';
import { readInputs } from './read-inputs.ts';
import { tornadoOfModel } from './tornado-of-model.ts';

/** What is compared. */
export interface Contest {
  /** Ids of the alternatives that are ranked. */
  readonly ranked: readonly string[];
  readonly baseline: string;
  /** By central values; without one the least mean takes its place. */
  readonly recommended: string | undefined;
  readonly versus: string | undefined;
}

interface Pair {
  readonly strategy: string;
  readonly versus: string;
}

export interface ModelUncertainty {
  readonly sampling: Sampling;
  /** How many inputs vary that anything ranked depends on. */
  readonly varied: number;
  readonly best: string;
  readonly strategies: readonly {
    readonly id: string;
    readonly npv: Summary;
    readonly cash: Summary;
    readonly standing: Standing;
  }[];
  readonly differences: readonly (Pair & {
    readonly npv: PairedDifference;
    readonly by_month: Readonly<Record<'p5' | 'p50' | 'p95', readonly number[]>>;
  })[];
  readonly break_even_months: readonly (Pair & BreakEvenMonths)[];
  readonly dominance: readonly RiskComparison[];
  readonly perfect_information: PerfectInformation | undefined;
  readonly partial_information: readonly PartialInformation[];
  /** The choice that is most in question: the recommended one and who else is the cheapest most often. */
  readonly doubted: Pair | undefined;
  readonly tornado: (Pair & { readonly found: Tornado }) | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** Largest standard error of a share of draws that passes without a warning; 2,000 draws reach 0.0112 at worst. */
const SHARE_PRECISION = 0.015;

/** undefined where nothing varies or nothing is ranked. */
export function uncertaintyOf(model: Model, contest: Contest, sampling: Sampling): ModelUncertainty | undefined {
  const { ranked } = contest;
  const ids = alternatives(model);
  const positions = ranked.map((id) => ids.indexOf(id));
  const { slots, components } = readInputs(model, positions);
  const meetsWorlds = [...sampling.pools.keys()].some((component) => components.has(component));
  if (ranked.length === 0 || (slots.length === 0 && !meetsWorlds)) return undefined;

  const { drawn, diagnostics } = drawModel(model, sampling);
  const { npv_usd, cash_npv_usd, cumulative_usd } = drawCosts(model, positions, drawn);
  const draws = { ids: ranked, costs: npv_usd };
  const standings = cheapest(draws);
  const best = ranked[smallest(npv_usd.map((column) => meanOf(column).mean))]!;
  const pairs = pairsOf(contest, best, npv_usd);
  const at = (id: string): number => ranked.indexOf(id);
  const months = (id: string): readonly Float64Array[] => cumulative_usd[at(id)]!;
  const read = drawn.inputs.filter(({ slot }) => slots.includes(slot));
  const doubted = pairs[0] && { ...pairs[0], versus: rivalOf(pairs[0], standings) };
  return {
    sampling,
    varied: slots.length,
    best,
    strategies: ranked.map((id, i) => ({
      id,
      npv: summarise(npv_usd[i]!),
      cash: summarise(cash_npv_usd[i]!),
      standing: standings[i]!,
    })),
    differences: pairs.map(({ strategy, versus }) => ({
      strategy,
      versus,
      npv: pairedDifference(npv_usd[at(strategy)]!, npv_usd[at(versus)]!),
      by_month: byMonth(months(strategy), months(versus)),
    })),
    break_even_months: pairs.map(({ strategy, versus }) => ({
      strategy,
      versus,
      ...breakEvenMonths(months(strategy), months(versus)),
    })),
    dominance: compareRisk(draws),
    perfect_information: ranked.length < 2 ? undefined : perfectInformation(draws),
    partial_information:
      ranked.length < 2 || read.length === 0
        ? []
        : partialInformation(draws, {
            ids: read.map(({ slot }) => model.inputs[slot]!.path),
            values: read.map(({ values }) => values),
          }).sort((a, b) => b.value - a.value),
    doubted,
    tornado:
      doubted === undefined || slots.length === 0
        ? undefined
        : { ...doubted, found: tornadoOfModel(model, slots, ranked, [doubted.strategy, doubted.versus]) },
    diagnostics: [
      ...diagnostics,
      ...warnOfFewDraws(draws, { fraction_precision: SHARE_PRECISION }).map(({ message }) =>
        warning('FEW_DRAWS', 'uncertainty', message),
      ),
    ],
  };
}

/** First the recommended one against what it is measured by, then every other against the same. */
function pairsOf(
  { ranked, baseline, recommended, versus }: Contest,
  best: string,
  costs: readonly Float64Array[],
): Pair[] {
  if (ranked.length < 2) return [];
  const means = costs.map((column) => meanOf(column).mean);
  const others = (id: string): string[] =>
    ranked.filter((other) => other !== id).sort((a, b) => means[ranked.indexOf(a)]! - means[ranked.indexOf(b)]!);
  const chosen = recommended ?? best;
  const next = versus ?? others(chosen)[0]!;
  const reference = ranked.includes(baseline) ? baseline : next;
  const first = { strategy: chosen, versus: reference === chosen ? next : reference };
  const rest = ranked
    .filter((id) => id !== reference && id !== first.strategy)
    .map((strategy) => ({ strategy, versus: reference }));
  return [first, ...rest];
}

/** Cheapest in fewer draws than this is no rival. */
const LEAST_SHARE = 0.01;

/** Who else is the cheapest most often; where hardly anybody is, whom the strategy is measured by. */
function rivalOf({ strategy, versus }: Pair, standings: readonly Standing[]): string {
  const share = ({ sole_fraction, tied_fraction }: Standing): number => sole_fraction + tied_fraction;
  const others = standings.filter(({ id }) => id !== strategy);
  const rival = others.reduce<Standing | undefined>(
    (most, one) => (most === undefined || share(one) > share(most) ? one : most),
    undefined,
  );
  return rival === undefined || share(rival) < LEAST_SHARE ? versus : rival.id;
}

function byMonth(
  a: readonly Float64Array[],
  b: readonly Float64Array[],
): Readonly<Record<'p5' | 'p50' | 'p95', readonly number[]>> {
  const months = a.map((column, month) => percentilesOf(minus(column, b[month]!)));
  return { p5: months.map(({ p5 }) => p5), p50: months.map(({ p50 }) => p50), p95: months.map(({ p95 }) => p95) };
}
