/**
 * Which components moved each strategy's total between two reports, largest first, in sentences.
 *
 * Example: a total of 100 that becomes 130, tokens 80 to 120 and engineering 20 to 10, reads `direct costs $30.00 more
 * in total: token charges +$40.00 and engineering −$10.00.` Totals are undiscounted, over the horizon of each report. A
 * strategy that one of both lacks or that is unpriced in one is said to be so, and nothing is subtracted.
 */
import { inRankOrder } from '../report/answer.ts';
import { COMPONENTS, type Report, type ReportStrategy } from '../report/contract.ts';
import { listed } from '../report/format.ts';
import { roughDifference, roughUsd } from '../report/known-digits.ts';
import { COMPONENT_WORDS } from '../report/words.ts';
import { isSame } from '../results/changes.ts';
import { byText } from '../units.ts';

const MOST_NAMED = 3;

export function movesOf(before: Report, after: Report): string[] {
  const ids = [...new Set([...inRankOrder(after), ...inRankOrder(before)].map(({ id }) => id))];
  const of = (report: Report, id: string) => report.strategies.find((one) => one.id === id);
  const moves = ids.map((id) => moveOf(id, of(before, id), of(after, id)));
  const months =
    before.horizon_months === after.horizon_months
      ? []
      : [
          `The horizon goes from ${before.horizon_months} to ${after.horizon_months} months: totals are of different spans.`,
        ];
  return [...months, ...moves.filter((text) => text !== null)];
}

function moveOf(id: string, was: ReportStrategy | undefined, is: ReportStrategy | undefined): string | null {
  if (was === undefined) return `${id} is new.`;
  if (is === undefined) return `${id} is no longer there.`;
  if (was.total_usd === null && is.total_usd === null) return null;
  if (was.total_usd === null) return `${id} was unpriced and has a price now.`;
  if (is.total_usd === null) return `${id} has no price any more.`;
  const parts = COMPONENTS.flatMap((component) => {
    const [a, b] = [was.by_component[component] ?? 0, is.by_component[component] ?? 0];
    return isSame(a, b) ? [] : [{ name: COMPONENT_WORDS[component], move_usd: b - a }];
  }).sort((a, b) => Math.abs(b.move_usd) - Math.abs(a.move_usd) || byText(a.name, b.name));
  if (parts.length === 0) return null;
  const named = parts.slice(0, MOST_NAMED).map(({ name, move_usd }) => `${lower(name)} ${roughDifference(move_usd)}`);
  const rest = parts.slice(MOST_NAMED).reduce((total, { move_usd }) => total + move_usd, 0);
  const total = isSame(was.total_usd, is.total_usd)
    ? `${id} costs the same in total`
    : `${id} costs ${roughUsd(Math.abs(is.total_usd - was.total_usd))} ${is.total_usd > was.total_usd ? 'more' : 'less'} in total`;
  return `${total}: ${listed([...named, ...(parts.length > MOST_NAMED ? [`all else ${roughDifference(rest)}`] : [])])}.`;
}

const lower = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
