/**
 * Figures as the page shows them: rounded to what is known, with the exact value on hover and, for scripts, in `value`.
 *
 * Takes values as they stand in the report and gives markup; nothing is computed. Money that no draws bound has three digits,
 * money from draws as many as its standard error leaves, and inputs stand with the digits that were stated.
 */
import { type Html, type HtmlValue, html } from '../escape.ts';
import { exactNumber, exactUsd, quantity, roughly, UNKNOWN } from '../format.ts';
import { knownDifference, knownUsd, roughDifference, roughUsd } from '../known-digits.ts';

const withExact = (shown: string, exact: string, value: number): Html =>
  shown === exact ? html`${shown}` : html`<data value="${String(value)}" title="exactly ${exact}">${shown}</data>`;

type Words<Rest extends readonly unknown[]> = (value: number, ...rest: Rest) => string;
const amountIn =
  <Rest extends readonly unknown[]>(words: Words<Rest>) =>
  (value: number | null, ...rest: Rest): HtmlValue =>
    value === null ? UNKNOWN : withExact(words(value, ...rest), signedExact(words(value, ...rest), value), value);

/** The exact figure carries a plus where the rounded one does. */
const signedExact = (shown: string, value: number): string => (shown.startsWith('+') ? '+' : '') + exactUsd(value);

/** `$21,000`; `unpriced` where nothing is known. */
export const money = amountIn(roughUsd);
/** `−$21,000`, `+$370`. */
export const moneyDifference = amountIn(roughDifference);
/** From draws: value and standard error. */
export const drawnMoney = amountIn(knownUsd);
export const drawnDifference = amountIn(knownDifference);

/**
 * An input with its unit, on hover with every digit. What is stated in up to four digits, and any price of tokens, stands as it
 * was stated; what was worked out, such as the mean of a range, has three: `$92.9/hour`.
 */
export function input(value: number, unit: string): Html {
  const isShare = unit === 'fraction' || unit.startsWith('fraction/');
  const exact = isShare
    ? `${exactNumber(value * 100)}%${unit.slice('fraction'.length)}`
    : unit.startsWith('USD')
      ? `${value < 0 ? '\u2212' : ''}$${exactNumber(Math.abs(value))}${unit.slice('USD'.length)}`
      : `${exactNumber(value)} ${unit}`.replace(/ 1$/, '');
  const isStated = unit.includes('tok') || Number(value.toPrecision(4)) === value || Number.isInteger(value);
  const shown = quantity(isStated ? value : Number(value.toPrecision(3)), unit.replace(/^(request|hour)\b/, '$1s'));
  return digits(shown) === digits(exact) ? html`${shown}` : withExact(shown, exact, value);
}

/** A count that was worked out, such as the requests of a month: three digits, on hover every one. */
export const roughCount = (value: number): Html => withExact(roughly(value), exactNumber(value), value);

/** What is told of a value, without words and signs: `$85/hour` and `$85/work_hour` tell the same. */
const digits = (text: string): string => text.replace(/[^\d.%]/g, '').replace(/\.?0+$/, '');

/** A sentence in which a figure stands once: the exact value is put behind it. */
export function sentenceWith(sentence: string, shown: string, value: number | null): Html {
  const at = shown === '' || value === null ? -1 : sentence.indexOf(shown);
  if (at === -1 || value === null) return html`${sentence}`;
  return html`${sentence.slice(0, at)}${withExact(shown, exactUsd(value), value)}${sentence.slice(at + shown.length)}`;
}
