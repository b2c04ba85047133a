/**
 * Instants as logs write them: `2026-03-01T01:00:00.1234567+02:00` to milliseconds since 1970 UTC. `T` or a space in the
 * middle, no seconds (`14:05`, as spreadsheets write it) or up to nine fractional digits of them (cut to milliseconds, not
 * rounded), `Z`, `UTC`, an offset, or nothing, which means UTC. A date may also stand as `2026/03/01`, or as `01.03.2026`,
 * which is the day first wherever dots are written; `01/03/2026` is two days and is not read.
 *
 * One pattern serves rows and SQL. Not read: dates without a time of day, years outside 1970 to 2999, leap seconds.
 */

const YEAR = '(?:19[7-9]|2[0-9]{2})[0-9]';
const MONTH = '(?:0[1-9]|1[0-2])';
const DAY = '(?:0[1-9]|[12][0-9]|3[01])';

/** Whole-text pattern, in syntax that JavaScript and RE2 share. Days of the month are checked apart. */
export const ISO_INSTANT =
  `(?:${YEAR}-${MONTH}-${DAY}|${YEAR}/${MONTH}/${DAY}|${DAY}[.]${MONTH}[.]${YEAR})` +
  '[T ](?:[01][0-9]|2[0-3]):[0-5][0-9]' +
  '(?::[0-5][0-9](?:[.][0-9]{1,9})?)?(?:Z| ?UTC| ?GMT| ?[+-](?:[01][0-9]|2[0-3])(?::?[0-5][0-9])?)?';

/** A day: its first moment in UTC. */
export const DATE = `${YEAR}-${MONTH}-${DAY}`;

const IS_DATE = new RegExp(`^${DATE}$`);
const ISO = new RegExp(`^${ISO_INSTANT}$`);
const SECONDS = /^([0-9]{1,12})(?:[.]([0-9]{1,9}))?$/;
const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const COLON = 58;
const DASH = 45;

const yearFirst = (text: string): string =>
  text[4] === '/'
    ? text.replaceAll('/', '-')
    : `${text.slice(6, 10)}-${text.slice(3, 5)}-${text.slice(0, 2)}${text.slice(10)}`;

const digitsAt = (text: string, from: number, count: number): number => {
  let value = 0;
  for (let i = from; i < from + count; i++) value = value * 10 + text.charCodeAt(i) - 48;
  return value;
};

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

/** Days from 1970-01-01 to a date of the Gregorian calendar (Hinnant's days_from_civil). */
function daysSinceEpoch(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** Milliseconds since 1970 UTC, or undefined if the text is no such instant. */
export function parseIso(written: string): number | undefined {
  if (!ISO.test(written)) return undefined;
  const text = written.charCodeAt(4) === DASH ? written : yearFirst(written);
  const year = digitsAt(text, 0, 4);
  const month = digitsAt(text, 5, 2);
  const day = digitsAt(text, 8, 2);
  const days = month === 2 && isLeap(year) ? 29 : DAYS_IN_MONTH[month - 1]!;
  if (day > days) return undefined;
  let ms =
    daysSinceEpoch(year, month, day) * 86_400_000 + digitsAt(text, 11, 2) * 3_600_000 + digitsAt(text, 14, 2) * 60_000;
  const hasSeconds = text.charCodeAt(16) === COLON;
  if (hasSeconds) ms += digitsAt(text, 17, 2) * 1000;
  let at = hasSeconds ? 19 : 16;
  if (text.charCodeAt(at) === 46) {
    at++;
    for (let weight = 100; isDigit(text.charCodeAt(at)); at++, weight = Math.floor(weight / 10))
      ms += (text.charCodeAt(at) - 48) * weight;
  }
  return at === text.length ? ms : ms - offsetMs(text.slice(at).trim());
}

const isDigit = (code: number): boolean => code >= 48 && code <= 57;

/** `+02:00`, `+0200`, `+02`, `UTC` or `Z`. */
function offsetMs(zone: string): number {
  if (zone === 'Z' || zone === 'UTC' || zone === 'GMT') return 0;
  const minutes = zone.length > 3 ? digitsAt(zone, zone.length - 2, 2) : 0;
  const ms = (digitsAt(zone, 1, 2) * 60 + minutes) * 60_000;
  return zone.charCodeAt(0) === 45 ? -ms : ms;
}

/** Seconds since 1970, whole or with a fraction that is cut to milliseconds, read digit by digit. */
export function parseSeconds(text: string): number | undefined {
  const match = SECONDS.exec(text);
  return match === null ? undefined : Number(match[1]) * 1000 + Number((match[2] ?? '').padEnd(3, '0').slice(0, 3));
}

/** The first moment of a day in UTC, or undefined if the text is no date of ten characters. */
export const parseDate = (text: string): number | undefined =>
  IS_DATE.test(text) ? parseIso(`${text}T00:00:00Z`) : undefined;
