import { describe, expect, test } from 'vitest';
import { ageDays, periodAt, staleWarning } from '../../src/pricing/as-of.ts';
import { rateCardOf } from '../../src/pricing/price-book.ts';
import type { RateCard } from '../../src/pricing/rate-card.ts';
import { book } from './small-book.ts';

const dated = rateCardOf(book, 'acme', 'dated') as RateCard;
const inputAt = (on: string, announced = false) => periodAt(dated, on, { announced }).period?.usd_per_mtok.input;

describe('periodAt', () => {
  test('the first day is inclusive, the last exclusive', () => {
    expect(inputAt('2026-02-28')).toBe(10);
    expect(inputAt('2026-03-01')).toBe(2);
  });

  test('before the first period nothing is known', () => {
    expect(periodAt(dated, '2024-12-31')).toEqual({ period: undefined, warnings: [] });
  });

  test('a cancelled period never holds', () => {
    expect(inputAt('2026-07-01')).toBe(2);
    expect(inputAt('2026-07-01', true)).toBe(2);
    expect(periodAt(dated, '2026-07-01').warnings).toEqual([]);
  });

  test('past a confirmed end the last confirmed price goes on, with a warning that shows the announced one', () => {
    const { period, warnings } = periodAt(dated, '2027-02-01');
    expect(period?.usd_per_mtok.input).toBe(2);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatchObject({ severity: 'warning', code: 'PRICE_NOT_CONFIRMED' });
    expect(warnings[0]?.message).toContain('announced from 2027-01-01: input 3, output 12 USD/Mtok');
  });

  test('an announced price holds when asked for, from its first day on, and says so', () => {
    expect(inputAt('2026-12-31', true)).toBe(2);
    expect(inputAt('2027-01-01', true)).toBe(3);
    expect(periodAt(dated, '2027-01-01', { announced: true }).warnings[0]?.code).toBe('PRICE_ANNOUNCED');
  });

  test('a confirmed end without any successor is warned about too', () => {
    const card = { ...dated, periods: dated.periods.slice(0, 1) };
    const { period, warnings } = periodAt(card, '2026-03-01');
    expect(period?.usd_per_mtok.input).toBe(10);
    expect(warnings[0]?.message).toContain('no later one is known');
  });

  test('the order in which periods stand in the file does not matter', () => {
    const card = { ...dated, periods: [...dated.periods].reverse() };
    for (const on of ['2025-06-01', '2026-03-01', '2027-06-01']) {
      expect(periodAt(card, on)).toEqual(periodAt(dated, on));
    }
  });
});

test('the age of a price is counted in days, to the date that is asked about', () => {
  expect(ageDays('2026-05-01', '2026-11-20')).toBe(203);
  expect(ageDays('2026-05-01', '2026-04-30')).toBe(-1);
});

test('a price is stale past 180 days, not at 180', () => {
  expect(staleWarning('2026-01-01', '2026-06-30', 'acme/dated')).toBeUndefined();
  expect(staleWarning('2026-01-01', '2026-07-01', 'acme/dated')).toMatchObject({
    code: 'PRICE_STALE',
    path: 'acme/dated',
    message: expect.stringContaining('181 days'),
  });
});
