/**
 * What measured values do to the answer: recommendation and costs before and after, and how far each value alone moves them.
 *
 *   lead  = net present cost of the cheapest other strategy - that of the one recommended before
 *   moves = lead with this value alone in place of what was assumed - lead before
 *
 * Values are put in one at a time, so that moves need not add up to the whole change. Takes finished reports and evaluates
 * nothing. A cost that is not known stays null.
 */
import type { Report } from '../report/contract.ts';
import { type Comparison, compareReports } from '../results/compare.ts';

export interface StrategyCost {
  readonly strategy: string;
  readonly npv_usd: number | null;
}

export interface Answer {
  readonly recommended: string | null;
  readonly saving_usd: number | null;
  readonly versus: string | null;
  readonly costs: readonly StrategyCost[];
}

export interface Mover {
  readonly path: string;
  /** Of the strategy that is recommended before; null: nothing is, or a cost is not known. */
  readonly lead_change_usd: number | null;
  /** The strategy whose net present cost it changes most. */
  readonly strategy: string | null;
  readonly npv_change_usd: number;
  /** What would be recommended with this value alone. */
  readonly recommended: string | null;
}

export interface AnswerChange {
  readonly before: Answer;
  readonly after: Answer;
  /** The one that moves the answer most first. */
  readonly movers: readonly Mover[];
  readonly comparison: Comparison;
}

/** @param alone reports with one measured value each, by its path */
export function answerChange(before: Report, after: Report, alone: ReadonlyMap<string, Report>): AnswerChange {
  const movers = [...alone].map(([path, report]) => moverOf(path, before, report));
  const size = ({ lead_change_usd, npv_change_usd }: Mover): number => Math.abs(lead_change_usd ?? npv_change_usd);
  return {
    before: answerOf(before),
    after: answerOf(after),
    movers: movers.sort((a, b) => size(b) - size(a)),
    comparison: compareReports(before, after),
  };
}

const answerOf = ({ recommendation, strategies }: Report): Answer => ({
  recommended: recommendation.strategy,
  saving_usd: recommendation.saving_usd,
  versus: recommendation.versus,
  costs: strategies.map(({ id, npv_usd }) => ({ strategy: id, npv_usd })),
});

function moverOf(path: string, before: Report, alone: Report): Mover {
  const chosen = before.recommendation.strategy;
  const [was, is] = [leadOf(before, chosen), leadOf(alone, chosen)];
  let most: { readonly strategy: string | null; readonly npv_change_usd: number } = {
    strategy: null,
    npv_change_usd: 0,
  };
  for (const { id, npv_usd } of alone.strategies) {
    const earlier = before.strategies.find((one) => one.id === id)?.npv_usd ?? null;
    if (earlier === null || npv_usd === null) continue;
    const change = settled(npv_usd - earlier, earlier);
    if (Math.abs(change) > Math.abs(most.npv_change_usd)) most = { strategy: id, npv_change_usd: change };
  }
  return {
    path,
    lead_change_usd: was === null || is === null ? null : settled(is.lead_usd - was.lead_usd, was.own_usd),
    ...most,
    recommended: alone.recommendation.strategy,
  };
}

/** The last bits of sums are no change. */
const settled = (change: number, of: number): number => (Math.abs(change) <= 1e-9 * Math.abs(of) ? 0 : change);

function leadOf(
  { strategies }: Report,
  chosen: string | null,
): { readonly lead_usd: number; readonly own_usd: number } | null {
  const ranked = strategies.filter((one) =>
    [one.excluded, one.comes_to, one.unranked].every((why) => why === undefined),
  );
  const own = ranked.find(({ id }) => id === chosen)?.npv_usd ?? null;
  const others = ranked.flatMap(({ id, npv_usd }) => (id === chosen || npv_usd === null ? [] : [npv_usd]));
  return own === null || others.length === 0 ? null : { lead_usd: Math.min(...others) - own, own_usd: own };
}
