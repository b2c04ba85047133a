/** The first month of a scenario: the next one after a day, or one that somebody named. */
import { inputError } from '../errors.ts';

export function nextMonth(day: Date): string {
  const next = new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 1, 1));
  return next.toISOString().slice(0, 7);
}

export function startOf(text: string): string {
  if (/^\d{4}-(0[1-9]|1[0-2])$/.test(text)) return text;
  throw inputError('INIT', '--start', `"${text}" is no month; expected one such as 2026-12`);
}
