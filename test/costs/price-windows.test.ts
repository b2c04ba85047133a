/** Hours with other prices, in a horizon in which they begin, end or move. */
import { describe, expect, it } from 'vitest';
import { type PriceBook, priceBook } from '../../src/pricing/price-book.ts';
import { sellerFile } from '../../src/pricing/rate-card.ts';
import { sum } from '../../src/units.ts';
import { book, direct, lines, managed, monthly, of, requests, run } from './fixture.ts';

const peak = (hours: string, usd: number) => ({
  label: 'peak',
  zone: 'UTC',
  days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'],
  hours: [hours],
  usd_per_mtok: { input: usd, output: 0 },
});
const flat = (own: object, usd = 1) => ({ usd_per_mtok: { input: usd, output: 0 }, ...own });

function hourly(periods: readonly object[]): PriceBook {
  const seller = sellerFile.parse({
    seller: 'gamma',
    name: 'Gamma',
    cards: [{ model: 'hourly', source: 'test', as_of: '2026-08-01', confidence: 'high', periods }],
  });
  return priceBook({
    sellers: [...book.sellers.values(), seller],
    gateways: [...book.gateways.values()],
    outages: book.outages,
    digest: 'test',
  });
}

/** One request of a million tokens each hour of ten days, a quarter of them from midnight to six. */
const traffic = requests(240).map((request, hour) => ({
  ...request,
  time_ms: Date.parse('2026-11-02T00:00:00Z') + hour * 3_600_000,
  seller: 'gamma',
  model: 'hourly',
  input_tokens: 1_000_000,
  output_tokens: 0,
}));
const asked = { horizon: 4, traffic: monthly(240), strategies: [direct, managed('markup')] };
const monthsOf = (periods: readonly object[]) => of(run(asked, traffic, hourly(periods)), 'direct').monthly_usd;

describe('hours with other prices', () => {
  it('that begin within the horizon are charged from the month on in which they hold', () => {
    const found = monthsOf([
      flat({ until: '2027-02-01' }),
      flat({ from: '2027-02-01', windows: [peak('00:00-06:00', 3)] }),
    ]);
    expect(found).toEqual([240, 240, 240 + 60 * 2, 240 + 60 * 2]);
  });

  it('that end within the horizon are charged up to the month before', () => {
    const found = monthsOf([
      flat({ until: '2027-01-01', windows: [peak('00:00-06:00', 3)] }),
      flat({ from: '2027-01-01' }, 2),
    ]);
    expect(found).toEqual([360, 480, 480, 480]);
  });

  it('that move within the horizon are told, since the first hours are used throughout', () => {
    const moved = hourly([
      flat({ until: '2027-01-01', windows: [peak('00:00-06:00', 3)] }),
      flat({ from: '2027-01-01', windows: [peak('00:00-12:00', 3)] }),
    ]);
    const found = run(asked, traffic, moved);
    expect(found.diagnostics.filter(({ code }) => code === 'PRICE_WINDOW_MOVES')).toHaveLength(1);
    expect(of(found, 'direct').monthly_usd).toEqual([360, 360, 360, 360]);
  });

  it('take every request once', () => {
    const found = run(asked, traffic, hourly([flat({ windows: [peak('22:00-02:00', 3)] })]));
    const counted = lines(found, 'direct', 'Input tokens').map(({ inputs }) => inputs.window_tokens!.value as number);
    expect(counted).toHaveLength(2);
    expect(sum(counted)).toBe(240_000_000);
    expect(of(found, 'direct').monthly_usd[0]).toBeCloseTo(240 + 40 * 2, 9);
  });
});
