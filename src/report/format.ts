/**
 * The only rounding in the project: numbers, money, shares, months and ages as people read them.
 *
 * Takes exact values and gives text. English, fixed: thousands by comma, a real minus sign, months by name; nothing depends
 * on the locale of the machine. `null` stands for what can't be said and is never shown as a number.
 */
import { addMonths, type Month } from '../units.ts';

export const UNKNOWN = 'unpriced';
const MINUS = '\u2212';
const MONTH_NAMES = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const SIGNIFICANT = 4;

const grouped = (digits: string): string => digits.replace(/\B(?=(\d{3})+(?!\d))/g, ',');

function fixed(magnitude: number, decimals: number): string {
  if (magnitude >= 1e21) return String(magnitude);
  const [whole, fraction] = magnitude.toFixed(decimals).split('.') as [string, string?];
  return fraction === undefined ? grouped(whole) : `${grouped(whole)}.${fraction}`;
}

/** A sign only where something is left after rounding: never `−0`. */
const signed = (value: number, text: string): string => (value < 0 && /[1-9]/.test(text) ? `${MINUS}${text}` : text);

const withoutTrailingZeros = (text: string): string => (text.includes('.') ? text.replace(/\.?0+$/, '') : text);

/** Magnitude with up to four significant digits; whole numbers stay whole. */
function magnitudeText(magnitude: number): string {
  if (Number.isInteger(magnitude) || magnitude >= 10 ** (SIGNIFICANT - 1)) return fixed(magnitude, 0);
  if (magnitude < 1e-12) return magnitude.toExponential(1);
  const decimals = Math.min(20, SIGNIFICANT - 1 - Math.floor(Math.log10(magnitude)));
  return withoutTrailingZeros(fixed(magnitude, decimals));
}

/** 1234567 is `1,234,567`, 0.123456 is `0.1235`. */
export const number = (value: number): string =>
  Number.isFinite(value) ? signed(value, magnitudeText(Math.abs(value))) : String(value);

/** For labels: three significant digits, 2605978 is `2,610,000`. */
export const roughly = (value: number): string => number(Number(value.toPrecision(3)));

/** Whole numbers from 100 on, cents below, two significant digits below a cent: `$1,234`, `$12.30`, `$0.0042`. */
function dollars(magnitude: number): string {
  if (magnitude === 0) return '$0';
  if (magnitude < 0.005) return `$${magnitude < 1e-6 ? magnitude.toExponential(1) : significant(magnitude, 2)}`;
  const cents = fixed(magnitude, 2);
  return Number(cents.replaceAll(',', '')) < 100 ? `$${cents}` : `$${fixed(magnitude, 0)}`;
}

const significant = (magnitude: number, digits: number): string =>
  fixed(magnitude, digits - 1 - Math.floor(Math.log10(magnitude)));

export const usd = (value: number | null): string =>
  value === null ? UNKNOWN : Number.isFinite(value) ? signed(value, dollars(Math.abs(value))) : String(value);

/** A difference: always with its sign. */
export const usdDifference = (value: number | null): string =>
  value !== null && value > 0 ? `+${usd(value)}` : usd(value);

/** A price: never fewer digits than it has, since a tenth of a cent per million tokens matters. */
function price(value: number): string {
  const text = magnitudeText(Math.abs(value));
  const decimals = text.split('.')[1]?.length ?? 0;
  return signed(value, `$${decimals === 1 ? `${text}0` : text}`);
}

/** 0.0525 is `5.25%`. */
export const share = (value: number): string => `${number(Number((value * 100).toPrecision(12)))}%`;

/** A value with its unit as people write it: `$85/hour`, `5.25%`, `1,200 requests/month`. Unit `1` is a bare ratio. */
export function quantity(value: number, unit: string): string {
  if (unit.includes('work_hour'))
    return quantity(
      value,
      unit.startsWith('USD') ? unit.replace('work_hour', 'hour') : unit.replace('work_hour', 'hours of work'),
    );
  if (unit === 'USD') return value !== 0 && Math.abs(value) < 1 ? price(value) : usd(value);
  if (unit.startsWith('USD/')) return `${price(value)}${unit.slice('USD'.length)}`;
  if (unit === 'fraction') return share(value);
  if (unit.startsWith('fraction/')) return `${share(value)}${unit.slice('fraction'.length)}`;
  if (unit === '%' || unit.startsWith('%/')) return `${number(value)}${unit}`;
  if (unit === '' || unit === '1') return Math.abs(value) < 1 && value !== 0 ? share(value) : number(value);
  if (unit.startsWith('1/')) return `${number(value)} per ${unit.slice('1/'.length)}`;
  return `${number(value)} ${unit}`;
}

/** Every digit that there is: 1234567.125 is `1,234,567.125`. For what is shown on hover beside a rounded figure. */
export function exactNumber(value: number): string {
  const text = String(Number(Math.abs(value).toPrecision(12)));
  const [whole, fraction] = text.split('.') as [string, string?];
  return text.includes('e')
    ? String(value)
    : signed(value, fraction === undefined ? grouped(text) : `${grouped(whole)}.${fraction}`);
}

/** To the cent, below a dollar with every digit: `−$21,032.94`. */
export function exactUsd(value: number): string {
  const magnitude = Math.abs(value);
  const text = magnitude >= 1 && Number.isFinite(value) ? fixed(magnitude, 2) : exactNumber(magnitude);
  return value === 0 ? '$0' : signed(value, `$${text}`);
}

/** `2026-12` is `Dec 2026`. What is not a month is shown as it stands. */
export function monthName(month: Month): string {
  const [year, ordinal] = month.split('-');
  const name = MONTH_NAMES[Number(ordinal) - 1];
  return name === undefined ? month : `${name} ${year}`;
}

/** The calendar month that lies `count` months after the start. */
export const calendarMonth = (start: Month, count: number): string => monthName(addMonths(start, Math.floor(count)));

/** A time in months since the start with the calendar month in which it falls: 14.2 is `month 14.2 (Feb 2028)`. */
export const monthPoint = (start: Month, months: number): string =>
  `month ${number(Math.round(months * 10) / 10)} (${calendarMonth(start, Math.max(0, Math.ceil(months) - 1))})`;

/** Age of a price, counted to the scenario's start. */
export function age(days: number): string {
  if (days < 0) return `${plural(-days, 'day')} after the start`;
  if (days < 90) return plural(days, 'day');
  return days < 730 ? plural(Math.round(days / 30.4375), 'month') : `${number(Math.round(days / 36.525) / 10)} years`;
}

/** `4 months old at the start`, `3 days after the start`. */
export const ageAtStart = (days: number): string => (days < 0 ? age(days) : `${age(days)} old at the start`);

/** `1 month`, `36 months`, `1,200 requests`. */
export const plural = (count: number, noun: string): string => `${number(count)} ${noun}${count === 1 ? '' : 's'}`;

/** `a`, `a and b`, `a, b and c`. */
export const listed = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
