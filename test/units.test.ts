import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addMonths, byText, daysBetween, HOURS_PER_MONTH, monthStartMs, sum } from '../src/units.ts';

describe('months', () => {
  it.each([
    ['2026-12', 0, '2026-12'],
    ['2026-12', 1, '2027-01'],
    ['2026-01', 23, '2027-12'],
    ['2026-01', -1, '2025-12'],
    ['2026-06', 120, '2036-06'],
  ])('%s plus %i is %s', (month, count, expected) => {
    expect(addMonths(month, count)).toBe(expected);
  });

  it('have 730 hours, a twelfth of 8,760', () => {
    expect(HOURS_PER_MONTH * 12).toBe(365 * 24);
  });

  it('begin at midnight UTC', () => {
    expect(new Date(monthStartMs('2026-12')).toISOString()).toBe('2026-12-01T00:00:00.000Z');
  });
});

describe('days between', () => {
  it.each([
    ['2008-02-28', '2008-03-01', 2],
    ['2009-02-28', '2009-03-01', 1],
    ['2026-03-28', '2026-03-30', 2],
    ['2026-03-30', '2026-03-28', -2],
    ['2026-03-28', '2026-03-28T23:59:00Z', 0],
  ])('%s and %s are %i', (from, until, expected) => {
    expect(daysBetween(from, until)).toBe(expected);
  });
});

describe('a sum', () => {
  it('keeps what plain addition loses', () => {
    expect(sum([1, 1e100, 1, -1e100])).toBe(2);
    expect(sum(new Array(1_000_000).fill(0.0045))).toBe(4500);
    expect(sum([])).toBe(0);
  });

  it('does not depend on the order of amounts', () => {
    const cents = fc.array(
      fc.integer({ min: -1e9, max: 1e9 }).map((n) => n / 1000),
      { maxLength: 50 },
    );
    fc.assert(
      fc.property(cents, (amounts) => {
        expect(Math.abs(sum(amounts) - sum([...amounts].reverse()))).toBeLessThan(1e-6);
      }),
    );
  });
});

it('texts are ordered by code units', () => {
  expect(['b', 'ä', 'a', 'B'].sort(byText)).toEqual(['B', 'a', 'b', 'ä']);
});
