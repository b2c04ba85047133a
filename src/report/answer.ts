/**
 * The recommendation in sentences, the same in every format, with amounts of three digits. Takes what it names of the
 * report, gives plain text without markup; the renderers escape it. It does not weigh anything: what is said was decided
 * before.
 */
import type { Report, ReportStrategy } from './contract.ts';
import { listed, plural, share } from './format.ts';
import { roughUsd } from './known-digits.ts';

export const horizonWords = (report: Pick<Report, 'horizon_months'>): string => plural(report.horizon_months, 'month');

type Answered = Pick<Report, 'baseline' | 'horizon_months'> & {
  readonly recommendation: Pick<Report['recommendation'], 'strategy' | 'saving_usd' | 'versus'>;
  readonly unpriced: readonly { readonly model: string }[];
};

/** `Use mixed: it costs $12,300 less than direct over 36 months.` */
export function answerSentence(report: Answered): string {
  const { strategy, saving_usd, versus } = report.recommendation;
  if (strategy === null)
    return report.unpriced.length > 0
      ? `No recommendation: ${listed(report.unpriced.map(({ model }) => model))} ${report.unpriced.length === 1 ? 'has' : 'have'} no price, and an unknown cost is not zero.`
      : 'No recommendation: no strategy is left that the constraints allow.';
  const keep = strategy === report.baseline ? `Stay with ${strategy}` : `Use ${strategy}`;
  if (saving_usd === null || versus === null) return `${keep}.`;
  const span = `over ${horizonWords(report)}`;
  return saving_usd === 0
    ? `${keep}: it costs the same as ${versus} ${span}.`
    : `${keep}: it costs ${roughUsd(saving_usd)} less than ${versus} ${span}.`;
}

/** How the money was counted. */
export const basisSentence = (report: Pick<Report, 'discount_rate_per_year'>): string =>
  `Net present cost at ${share(report.discount_rate_per_year)} per year, money spent plus value lost, in US dollars.`;

/** Whether cash alone would answer differently. */
export function cashSentence(report: {
  readonly recommendation: Pick<Report['recommendation'], 'strategy' | 'cash_only_strategy'>;
}): string | null {
  const { strategy, cash_only_strategy } = report.recommendation;
  if (strategy === null || cash_only_strategy === null) return null;
  return cash_only_strategy === strategy
    ? 'Cash alone, without value lost in outages and latency, gives the same answer.'
    : `Cash alone, without value lost in outages and latency, would pick ${cash_only_strategy} instead.`;
}

type Ranked = Pick<ReportStrategy, 'npv_usd' | 'excluded' | 'comes_to' | 'unranked'>;

/** Those that are ranked by net present cost, then those that are not, then the unpriced. */
export function inRankOrder<S extends Ranked>(report: { readonly strategies: readonly S[] }): S[] {
  const group = (s: S): number => (s.npv_usd === null ? 2 : isRanked(s) ? 0 : 1);
  return [...report.strategies].sort((a, b) => group(a) - group(b) || (a.npv_usd ?? 0) - (b.npv_usd ?? 0) || 0);
}

/** Neither excluded nor kept out by the scenario nor, at its best, another strategy under a second name. */
export const isRanked = ({ excluded, comes_to, unranked }: Omit<Ranked, 'npv_usd'>): boolean =>
  excluded === undefined && comes_to === undefined && unranked === undefined;

/** Net present cost less that of the baseline; null where one of both is unknown. */
export function againstBaseline(
  report: { readonly baseline: string; readonly strategies: readonly Pick<ReportStrategy, 'id' | 'npv_usd'>[] },
  strategy: Pick<ReportStrategy, 'npv_usd'>,
): number | null {
  const baseline = report.strategies.find(({ id }) => id === report.baseline)?.npv_usd;
  return strategy.npv_usd === null || baseline === null || baseline === undefined ? null : strategy.npv_usd - baseline;
}

/** `recommended`, `baseline`, `excluded: why`: what is to be said of a strategy beside its numbers. */
export const marks = (report: Report, { id, excluded, comes_to, unranked }: ReportStrategy): string[] => [
  ...(id === report.recommendation.strategy ? ['recommended'] : []),
  ...(id === report.baseline ? ['baseline'] : []),
  ...(excluded === undefined ? [] : [`excluded: ${excluded}`]),
  ...(comes_to === undefined ? [] : [`not ranked: comes to ${comes_to}`]),
  ...(unranked === undefined ? [] : [`not ranked: ${unranked}`]),
];

/** What was searched for a strategy, a sentence each. */
export const searchedFor = ({ optimised = [], split }: ReportStrategy): string[] => [
  ...optimised.map(({ label, reason }) => `${label}: ${reason}`),
  ...(split === undefined ? [] : [`Split by ${split.by.replaceAll('_', ' ')}: ${split.reason}`]),
];

export const optimisedSentences = (report: Report): string[] =>
  report.strategies.flatMap((one) => searchedFor(one).map((sentence) => `${one.id}, ${sentence}`));
