/**
 * Cells of the comparison: a value, and below it how it differs from the first report's. What is rounded has the exact figure
 * where the mouse rests. Nothing is subtracted from what is not known.
 */
import { figureWords } from '../report/claim-words.ts';
import { type Html, type HtmlValue, html, linkedText, raw } from '../report/escape.ts';
import { share, usd } from '../report/format.ts';
import { roughDifference, roughUsd } from '../report/known-digits.ts';
import { isSame, type Value } from '../results/changes.ts';
import type { Assumed, Cell, SideRow } from './side-by-side.ts';

const NONE = html`<span class="muted">not there</span>`;

export const exactly = (value: number, unit: string, shown: string): Html =>
  html`<span title="${value}${unit === '' || unit === '1' ? '' : ` ${unit}`}">${shown}</span>`;

/** Dollars; `undefined`: the report has no such line, null: unpriced. */
export function amountCell(value: number | null | undefined, first: number | null | undefined, isFirst: boolean): Html {
  if (value === undefined) return NONE;
  if (value === null) return html`${usd(null)}`;
  return html`${exactly(value, 'USD', roughUsd(value))}${!isFirst && typeof first === 'number' && html`<small>${differenceWords(value, first)}</small>`}`;
}

/** `+$1,200 (+5.3%)`, `as in A`. */
function differenceWords(value: number, first: number): string {
  if (isSame(value, first)) return 'as in A';
  const relative = percent(value, first);
  return `${roughDifference(value - first)}${relative === '' ? '' : ` (${relative})`}`;
}

function percent(value: number, first: number): string {
  if (first === 0 || !Number.isFinite(first) || !Number.isFinite(value)) return '';
  const relative = Number(((value - first) / Math.abs(first)).toPrecision(3));
  return `${relative > 0 ? '+' : ''}${share(relative)}`;
}

export const rowCells = ({ cells, unit }: SideRow): Html[] =>
  cells.map((one, i) => {
    if (one === 'absent') return NONE;
    if (one === 'elsewhere') return html`<span class="muted">differs from an earlier month on</span>`;
    const words = valueWords(one.value, unit);
    const shown = typeof one.value === 'number' ? exactly(one.value, unit, words) : html`${linkedText(words)}`;
    return html`${shown}${i > 0 && html`<small>${changeFrom(cells[0], one.value, unit)}</small>`}`;
  });

function changeFrom(first: Cell | undefined, value: Value, unit: string): string {
  if (typeof first !== 'object') return '';
  if (isSame(first.value, value)) return 'as in A';
  if (typeof first.value !== 'number' || typeof value !== 'number') return '';
  return unit === 'USD' ? differenceWords(value, first.value) : percent(value, first.value);
}

export const valueWords = (value: Value, unit: string): string =>
  value === null ? 'none' : figureWords(value, unit.replace(/^request\//, 'requests/'));

/** The value with its range, and its source unless it is that of the first. */
export function assumptionCell(side: Assumed | undefined, first: Assumed | undefined, isFirst: boolean): HtmlValue {
  if (side === undefined) return NONE;
  const { value, unit, range, source } = side;
  const change =
    isFirst || first === undefined || first.unit !== unit
      ? ''
      : isSame(first.value, value)
        ? 'as in A'
        : percent(value, first.value);
  return html`${exactly(value, unit, valueWords(value, unit))}${change !== '' && html` <span class="muted">${change}</span>`}${
    range !== undefined && html`<small>${isFirst || range !== first?.range ? range : raw('range as in A')}</small>`
  }<small>${isFirst || source !== first?.source ? linkedText(source) : raw('source as in A')}</small>`;
}
