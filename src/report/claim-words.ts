/** Claims in words: the verdict, where it holds and with which figures, for HTML, Markdown and the terminal alike. */
import type { Region, Stretch } from '../claims/region.ts';
import { quotedLabel } from '../input-words.ts';
import type { Report, ReportClaim } from './contract.ts';
import { listed, number, quantity, share } from './format.ts';

export const VERDICT_WORDS: Readonly<Record<ReportClaim['verdict'], string>> = {
  holds: 'holds',
  fails: 'fails',
  holds_where: 'holds in part',
  unknown: 'can’t be said',
};

export interface ClaimRow {
  readonly text: string;
  readonly source: string;
  readonly expression: string;
  readonly verdict: string;
  readonly where: string;
  readonly evidence: readonly string[];
  /** What is told beside it: restatement, reason, wrong figures, evidence from elsewhere. */
  readonly notes: readonly ClaimNote[];
}

export interface ClaimNote {
  readonly head: string;
  readonly text: string;
}

export const claimRows = ({ claims = [] }: Report): ClaimRow[] =>
  claims.map(({ text, source, expression, verdict, where, evidence, ...notes }) => ({
    text: notes.of === undefined ? text : `${notes.of}: ${text}`,
    source,
    expression,
    verdict: VERDICT_WORDS[verdict],
    where,
    evidence: evidence.map(({ name, unit, value }) => `${name} ${figureWords(value, unit)}`),
    notes: claimNotes(notes),
  }));

type Notes = Pick<ReportClaim, 'as' | 'restated' | 'because' | 'wrong' | 'published'>;

/** In the order in which they are read. */
export function claimNotes({ as, restated, because, wrong = [], published }: Notes): ClaimNote[] {
  const evidence = (head: string, found: readonly { readonly text: string; readonly source: string }[]): ClaimNote[] =>
    found.map(({ text, source }) => ({ head, text: `${text} (${source})` }));
  return [
    ...(as === 'corrected' ? [{ head: 'Figures', text: 'with sourced figures in place of the document’s' }] : []),
    ...(restated === undefined ? [] : [{ head: 'Judged in its place', text: restated }]),
    ...(because === undefined ? [] : [{ head: 'Because', text: because }]),
    ...wrong.map(({ said, is, source }) => ({
      head: 'Wrong in the document',
      text: `${said}; it is ${is} (${source})`,
    })),
    ...evidence('Published for it', published?.for ?? []),
    ...evidence('Published against it', published?.against ?? []),
  ];
}

/** A figure with its unit; a month after the start is a number of months. */
export function figureWords(value: number | string | null, unit: string): string {
  if (value === null) return 'not known';
  if (typeof value === 'string') return value;
  if (value === Number.POSITIVE_INFINITY) return 'never';
  const shown = Number(value.toPrecision(4));
  if (unit === 'month') return `${number(shown)} months`;
  if (unit === 'USD') return quantity(value, unit);
  return quantity(Math.abs(value) >= 1000 ? value : shown, unit);
}

type Axis = ReportClaim['over'][number];

const atValue = (value: number, { unit }: Axis): string =>
  quantity(Number(value.toPrecision(4)), unit.replace(/^request\b/, 'requests'));
const rangeWords = (axis: Axis): string =>
  `${quotedLabel(axis.path)} from ${atValue(axis.from, axis)} to ${atValue(axis.to, axis)}`;

/** `holds in 74% of $70/hour to $120/hour: “Cost of an engineer’s hour” below $96.40/hour; it holds where the scenario stands`. */
export function whereWords(claim: Omit<ReportClaim, 'where'>, region: Region | undefined): string {
  const { over, verdict, here, unknown_fraction } = claim;
  const [x, y] = over;
  const own =
    here === 'unknown' ? 'it can’t be said where the scenario stands' : `it ${here} where the scenario stands`;
  if (x === undefined || region === undefined) return own;
  const throughout = listed(over.map(rangeWords));
  if (verdict === 'holds') return `holds throughout: ${throughout}`;
  if (verdict === 'fails') return `never holds: ${throughout}`;
  const unknown =
    unknown_fraction === null || unknown_fraction === 0
      ? ''
      : `; in ${rounded(unknown_fraction)} of it a figure is not known`;
  if (verdict === 'unknown') return `holds nowhere that is known: ${throughout}${unknown}`;
  const part = `holds in ${rounded(region.share_fraction)} of`;
  if (y === undefined)
    return `${part} ${atValue(x.from, x)} to ${atValue(x.to, x)}: ${quotedLabel(x.path)} ${stretchWords(region.stretches, x)}${unknown}; ${own}`;
  const [low, high] = region.ends.map((stretches) => rowWords(stretches, x));
  return `${part} ${throughout}${unknown}: at ${quotedLabel(y.path)} ${atValue(y.from, y)} ${low}, at ${atValue(y.to, y)} ${high}; ${own}`;
}

const rounded = (fraction: number): string => {
  const shown = Number((fraction * 100).toPrecision(3));
  if (fraction < 1 && shown === 100) return 'more than 99.9%';
  return fraction < 0.0001 ? 'less than 0.01%' : share(shown / 100);
};

/** `below 5`, `from 2 to 5`, `above 2`: the stretches where it holds. */
const stretchWords = (stretches: readonly Stretch[], axis: Axis): string =>
  listed(
    stretches.flatMap(({ from, to, verdict }, i) => {
      if (verdict !== 'holds') return [];
      if (i === 0) return [`below ${atValue(to, axis)}`];
      if (i === stretches.length - 1) return [`above ${atValue(from, axis)}`];
      return [`from ${atValue(from, axis)} to ${atValue(to, axis)}`];
    }),
  );

function rowWords(stretches: readonly Stretch[], axis: Axis): string {
  if (stretches.every(({ verdict }) => verdict === 'holds')) return 'throughout';
  const words = stretchWords(stretches, axis);
  if (words !== '') return `with ${quotedLabel(axis.path)} ${words}`;
  return stretches.some(({ verdict }) => verdict === 'unknown') ? 'nowhere that is known' : 'nowhere';
}
