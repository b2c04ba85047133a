import { expect, test } from 'vitest';
import { holdsAt, windowInWords } from '../../src/pricing/price-window.ts';
import { priceWindow } from '../../src/pricing/rate-card.ts';

const window = (days: string[], hours: string[]) =>
  priceWindow.parse({ label: 'peak', zone: 'UTC', days, hours, usd_per_mtok: { input: 2 } });
const weekdays = window(['mon', 'tue', 'wed', 'thu', 'fri'], ['01:00-04:00', '06:00-10:00']);
const at = (text: string) => Date.parse(text);

test('hours are half-open', () => {
  expect(holdsAt(weekdays, at('2026-11-20T00:59:59.999Z'))).toBe(false);
  expect(holdsAt(weekdays, at('2026-11-20T01:00Z'))).toBe(true);
  expect(holdsAt(weekdays, at('2026-11-20T03:59:59.999Z'))).toBe(true);
  expect(holdsAt(weekdays, at('2026-11-20T04:00Z'))).toBe(false);
  expect(holdsAt(weekdays, at('2026-11-20T06:00Z'))).toBe(true);
});

test('days are days of the week in UTC', () => {
  expect(holdsAt(weekdays, at('2026-11-21T02:00Z'))).toBe(false);
  expect(holdsAt(weekdays, at('2026-11-23T02:00Z'))).toBe(true);
  expect(holdsAt(weekdays, at('2026-11-23T03:00+02:00'))).toBe(true);
  expect(holdsAt(weekdays, at('1969-12-31T02:00Z'))).toBe(true);
  expect(holdsAt(weekdays, at('1969-12-28T02:00Z'))).toBe(false);
});

test('the peak of DeepSeek is 35 of the 168 hours of a week', () => {
  const hours = Array.from({ length: 168 }, (_, hour) => at('2026-11-16T00:00Z') + hour * 3_600_000);
  expect(hours.filter((hour) => holdsAt(weekdays, hour))).toHaveLength(35);
});

test('a window past midnight belongs to the day on which it started', () => {
  const night = window(['fri'], ['22:00-02:00']);
  expect(holdsAt(night, at('2026-11-20T23:00Z'))).toBe(true);
  expect(holdsAt(night, at('2026-11-21T01:59Z'))).toBe(true);
  expect(holdsAt(night, at('2026-11-21T02:00Z'))).toBe(false);
  expect(holdsAt(night, at('2026-11-20T01:00Z'))).toBe(false);
});

test('a window is written with its days and hours', () => {
  expect(windowInWords(window(['sat'], ['01:00-04:00']))).toBe('peak (sat 01:00-04:00 UTC)');
});
