/**
 * Claims of the ledger in words: the verdict with its boundary, and inputs by names that need no path. Text alone, the same
 * in Markdown, HTML and the terminal.
 *
 * Example: over volume, from 0 to 217,800, `holds below 217,800 requests a month`.
 */
import { HOURLY_RATE_PATH, VOLUME_PATH } from '../input-paths.ts';
import { inputLabel, quotedLabel } from '../input-words.ts';
import { listed, number, quantity, share } from '../report/format.ts';
import type { LedgerClaim, LedgerStatement } from './contract.ts';

export const VERDICTS: Readonly<Record<LedgerStatement['verdict'], string>> = {
  holds: 'Holds',
  fails: 'Fails',
  holds_where: 'Holds where',
  unknown: 'Unknown',
};

/** A ratio that goes no further is read as a share. */
const SHARES_END = 1.5;

type Axis = LedgerClaim['over'][number];
type Stretch = LedgerClaim['stretches'][number];

/** As it stands within a sentence: volume and named inputs plainly, others by their label in quotes. */
export function inputName(path: string): string {
  if (path === VOLUME_PATH) return 'volume';
  if (path === HOURLY_RATE_PATH) return 'an engineer’s hour';
  const named = /^inputs\.([^.]+)$/.exec(path)?.[1];
  return named?.replaceAll('_', ' ') ?? quotedLabel(path);
}

/** At the head of a column. */
export const inputHead = (path: string): string => (path === VOLUME_PATH ? 'Requests a month' : inputLabel(path));

/** Three digits, and nothing where rounding left next to nothing. */
export function inputValue(value: number, { path, unit, from, to }: Axis): string {
  const shown = Math.abs(value) < 1e-6 * (to - from) ? 0 : Number(value.toPrecision(3));
  if (path === VOLUME_PATH) return `${number(shown)} requests a month`;
  if (unit === '1' && Math.max(Math.abs(from), Math.abs(to)) > SHARES_END) return number(shown);
  return quantity(shown, unit.replace(/^(request|hour|day)\b/, '$1s'));
}

/** `below 5 %`, `between 2 and 5 %`, `above 2 %`: the stretches in which it holds; empty where it holds nowhere. */
function stretchWords(stretches: readonly Stretch[], axis: Axis): string {
  const held = stretches.filter(({ verdict }) => verdict === 'holds');
  return listed(
    held.map(({ from, to }) => {
      if (from === stretches[0]!.from) return `below ${inputValue(to, axis)}`;
      if (to === stretches.at(-1)!.to) return `above ${inputValue(from, axis)}`;
      return `between ${inputValue(from, axis)} and ${inputValue(to, axis)}`;
    }),
  );
}

const named = (axis: Axis, words: string): string =>
  axis.path === VOLUME_PATH ? words : `where ${inputName(axis.path)} is ${words}`;

const rangeWords = (axis: Axis): string =>
  `${inputName(axis.path)} from ${inputValue(axis.from, axis)} to ${inputValue(axis.to, axis)}`;

type Told = Pick<LedgerClaim, 'verdict' | 'here' | 'over' | 'stretches' | 'rows' | 'share_fraction'>;

/** `holds below 212,000 requests a month`, `fails for any volume from … to …`, `holds`. */
export function verdictWords({ verdict, over, stretches, rows, share_fraction }: Told): string {
  const [x, y] = over;
  if (verdict === 'unknown') return 'can’t be said: a figure that it needs is not known';
  if (x === undefined) return verdict;
  if (verdict !== 'holds_where') return `${verdict} for any ${listed(over.map(rangeWords))}`;
  if (y === undefined) return `holds ${named(x, stretchWords(stretches, x))}`;
  const [low, high] = [rows[0]!, rows.at(-1)!].map((row) => rowWords(row.stretches, x));
  const part = share(Number((share_fraction ?? 0).toPrecision(2)));
  return `holds in ${part} of the map: where ${inputName(y.path)} is ${inputValue(y.from, y)}, ${low}; where it is ${inputValue(y.to, y)}, ${high}`;
}

/** How much of a map of two inputs. */
export const mapWords = ({ over, share_fraction }: Pick<LedgerClaim, 'over' | 'share_fraction'>): string =>
  `Holds in ${share(Number((share_fraction ?? 0).toPrecision(2)))} of the map: ${listed(over.map(rangeWords))}.`;

function rowWords(stretches: readonly Stretch[], axis: Axis): string {
  if (stretches.every(({ verdict }) => verdict === 'holds')) return 'everywhere';
  const words = stretchWords(stretches, axis);
  return words === '' ? 'nowhere' : axis.path === VOLUME_PATH ? words : `with ${inputName(axis.path)} ${words}`;
}

/** What follows the verdict where that stands before it: ` documentation share is above 47%.`, `: below 5%.`, ` for any …`. */
export function afterVerdict({ verdict, words }: Pick<LedgerStatement, 'verdict' | 'words'>): string {
  if (verdict === 'unknown') return `: ${words}.`;
  const rest = words.replace(/^(?:holds|fails) ?/, '');
  if (rest === '') return '.';
  if (verdict !== 'holds_where') return ` ${rest}.`;
  return rest.startsWith('where ') ? ` ${rest.slice('where '.length)}.` : `: ${rest}.`;
}

export const upperFirst = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

/** Where the scenario itself stands, for a claim that is judged over a range. */
export const hereWords = ({ over, here }: Pick<LedgerClaim, 'over' | 'here'>): string =>
  over.length === 0
    ? ''
    : `Where the scenario stands (${listed(over.map((axis) => `${inputName(axis.path)} ${inputValue(axis.at, axis)}`))}) it ${here === 'unknown' ? 'can’t be said' : here}.`;

/** Beside `Holds where` in a table: what holds at the values that the scenario itself has; else empty. */
export const asAssumed = ({ verdict }: LedgerStatement, { here }: LedgerClaim): string =>
  verdict !== 'holds_where' || here === 'unknown' ? '' : `as assumed: ${here}`;

/** For a line of a table: the boundary where it is one value, and the reason. */
export function decisiveWords({ verdict, words, decided_by }: LedgerStatement, claim: LedgerClaim): string {
  if (verdict !== 'holds_where') return decided_by;
  return claim.over.length === 1 ? `${words.replace(/^h/, 'H')}. ${decided_by}` : `${decided_by} ${mapWords(claim)}`;
}

/** The first sentence of a reason, for a table. */
export const firstSentence = (text: string): string => /^.*?[.!?](?=\s|$)/s.exec(text)?.[0] ?? text;

/** A side of a comparison, or a figure, as a calculator would need it. */
export function sideWords(value: number | string | null): string {
  if (value === null) return 'not known';
  if (typeof value === 'string') return value;
  const magnitude = Math.abs(value);
  if (magnitude >= 1000) return value.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  return String(Number(value.toPrecision(6)));
}

/** `npv_usd.direct = 4,312.40 < npv_usd.gateway = 3,998.10: does not hold`. */
export function comparisonWords(one: LedgerClaim['comparisons'][number]): string {
  const side = (text: string, value: number | string | null): string =>
    /^[\d.]+$/.test(text) || text === value ? text : `${text} = ${sideWords(value)}`;
  const verdict = one.verdict === 'holds' ? 'holds' : one.verdict === 'fails' ? 'does not hold' : 'can’t be said';
  return `${side(one.left, one.left_value)} ${one.operator} ${side(one.right, one.right_value)}: ${verdict}`;
}
