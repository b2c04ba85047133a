/** When a strategy has paid back against another, as a distribution over draws, in words: "never" and "from the start" included. */
import type { Report } from './contract.ts';
import { knownShare } from './known-digits.ts';
import type { Uncertainty } from './uncertainty-contract.ts';

type BreakEvenMonth = Uncertainty['break_even_months'][number];
type MonthDistribution = BreakEvenMonth['first_crossing'];

/** `9`, `never`. */
export const monthOrNever = (month: number | null): string => (month === null ? 'never' : String(month));

/** `5 to 22`, `5 to never`; one month where all of the 90 % lie in it. */
export const monthsBetween = ({ p5_month, p95_month }: MonthDistribution): string =>
  p5_month === p95_month ? monthOrNever(p5_month) : `${monthOrNever(p5_month)} to ${monthOrNever(p95_month)}`;

/** `month 9 (90%: 5 to 22)`; null where half of the draws or more never get there. */
export const monthRange = (months: MonthDistribution): string | null =>
  months.p50_month === null
    ? null
    : `month ${months.p50_month}${months.p5_month === months.p95_month ? '' : ` (90%: ${monthsBetween(months)})`}`;

/** `Break-even of litellm with direct in month 9 (90%: 5 to 22); in 4% of draws never.` */
export function breakEvenSentence(entry: BreakEvenMonth, draws: number): string {
  const { strategy, versus, first_crossing: first, lost_again_fraction: lost } = entry;
  if (first.never_fraction >= 1)
    return `${strategy} never gets cheaper than ${versus} within the horizon, in any draw.`;
  const lostWords =
    lost > 0 ? `; in ${knownShare(lost, draws)} of draws it falls behind again before the horizon ends` : '';
  if (first.from_start_fraction >= 1)
    return `${strategy} is cheaper than ${versus} from the start in every draw${lostWords}.`;
  const range = monthRange(first);
  const isAtOnce = first.p50_month === 1;
  const shares = [
    first.from_start_fraction > 0 && !isAtOnce
      ? `in ${knownShare(first.from_start_fraction, draws)} of draws it is cheaper from the start`
      : '',
    first.never_fraction > 0 && range !== null ? `in ${knownShare(first.never_fraction, draws)} of draws never` : '',
  ].filter((text) => text !== '');
  const opening = isAtOnce
    ? startWords(entry, draws)
    : range === null
      ? `In ${knownShare(first.never_fraction, draws)} of draws ${strategy} never gets cheaper than ${versus}`
      : `Break-even of ${strategy} with ${versus} in ${range}`;
  return `${[opening, ...shares].join('; ')}${lostWords}.`;
}

/** `litellm is cheaper than direct from the start in 87% of draws, by month 3 in 95%` */
const startWords = ({ strategy, versus, first_crossing: first }: BreakEvenMonth, draws: number): string =>
  `${strategy} is cheaper than ${versus} from the start in ${knownShare(first.from_start_fraction, draws)} of draws${
    first.p95_month === null || first.p95_month === 1 ? '' : `, by month ${first.p95_month} in 95%`
  }`;

/** Of the strategies against the baseline; the recommended baseline against its rival is the same the other way round. */
export const breakEvensWithBaseline = ({ uncertainty: found, baseline }: Report): readonly BreakEvenMonth[] =>
  (found?.break_even_months ?? []).filter(({ versus }) => versus === baseline);

/** The pair of the recommendation: the month from which on leaving the baseline pays, or would. */
export function centralBreakEven({ uncertainty: found, recommendation }: Report): BreakEvenMonth | undefined {
  const pair = [recommendation.strategy, recommendation.versus];
  return found?.break_even_months.find(({ strategy, versus }) => pair.includes(strategy) && pair.includes(versus));
}
