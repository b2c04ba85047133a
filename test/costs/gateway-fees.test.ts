import { describe, expect, it } from 'vitest';
import { amounts, direct, managed, monthly, of, requests, run } from './fixture.ts';

describe('credit purchase', () => {
  it('costs 55 for 1,000 USD', () => {
    const found = run(
      {
        strategies: [direct, managed('toll')],
        traffic: monthly(1_000_000),
        prices: { 'acme/large': { input: 1, output: 0 } },
      },
      requests(10),
    );
    expect(amounts(found, 'toll', 'Credit purchase fee')[0]).toBeCloseTo(55, 9);
  });

  it('costs at least the minimum: 5 USD pay 0.80', () => {
    const found = run({
      strategies: [direct, managed('toll')],
      traffic: monthly(5_000),
      prices: { 'acme/large': { input: 1, output: 0 } },
    });
    expect(amounts(found, 'toll', 'Credit purchase fee')).toEqual([0.8, 0.8]);
  });

  it('costs nothing where nothing is bought', () => {
    const found = run({
      strategies: [direct, managed('toll')],
      prices: { 'acme/large': { input: 0, output: 0 } },
    });
    expect(amounts(found, 'toll', 'Credit purchase fee')).toEqual([0, 0]);
  });

  it('counts top-ups as the spend so far needs them', () => {
    const found = run({
      horizon: 5,
      strategies: [direct, managed('toll', { top_up: 10 })],
      traffic: monthly(2_000),
    });
    expect(of(found, 'direct').monthly_usd[0]).toBeCloseTo(9, 9);
    // 9 USD a month: 9, 18, 27, 36, 45 need 1, 2, 3, 4 and 5 top-ups
    expect(amounts(found, 'toll', 'Credit purchase fee')).toEqual([0.8, 0.8, 0.8, 0.8, 0.8]);
    const rarer = run({
      horizon: 5,
      strategies: [direct, managed('toll', { top_up: 20 })],
      traffic: monthly(2_000),
    });
    expect(amounts(rarer, 'toll', 'Credit purchase fee').map((x) => Math.round(x * 100) / 100)).toEqual([
      1.1, 0, 1.1, 0, 1.1,
    ]);
  });

  it('buys no top-up too many or too few where the spend meets them exactly', () => {
    for (const share of [0.1, 0.3, 0.7, 1.1, 2.2]) {
      const found = run({
        horizon: 120,
        strategies: [direct, managed('toll', { top_up: share })],
        traffic: monthly(1_000),
        prices: { 'acme/large': { input: share, output: 0 } },
      });
      const bought = amounts(found, 'toll', 'Credit purchase fee').map((usd) => usd / 0.8);
      expect(bought).toEqual(new Array(120).fill(1));
    }
  });
});

describe('subscription', () => {
  const plan = (volume: number, id?: string) =>
    run(
      {
        strategies: [direct, managed('plans', id === undefined ? {} : { plan: id })],
        traffic: monthly(volume),
      },
      requests(7),
    );
  const total = (volume: number): number => {
    const found = plan(volume);
    return amounts(found, 'plans', 'Subscription')[0]! + amounts(found, 'plans', 'Overage')[0]!;
  };

  it('costs 67 at 250,001 requests: 49 and two blocks of 9', () => {
    expect(total(250_001)).toBeCloseTo(67, 9);
  });

  it('buys whole blocks, and none for volume that is included', () => {
    expect([99_999, 100_000, 100_001, 200_000, 200_001, 300_000].map(total)).toEqual([49, 49, 58, 58, 67, 67]);
  });

  it('buys no block too many at round volumes, whatever the number of requests measured', () => {
    for (const measured of [3, 7, 11, 49, 97, 350]) {
      const found = run({ strategies: [direct, managed('plans')], traffic: monthly(200_000) }, requests(measured));
      expect(amounts(found, 'plans', 'Overage')[0], `${measured} measured`).toBeCloseTo(9, 9);
    }
  });

  it('is not ranked past the volume up to which a price is published', () => {
    expect(of(plan(10_000, 'free'), 'plans').excluded).toBeUndefined();
    expect(of(plan(10_001, 'free'), 'plans').excluded).toMatch(
      /no published price; 10001 in 2026-12, published up to 10000/,
    );
    expect(of(plan(3_000_000), 'plans').excluded).toBeUndefined();
    const past = plan(3_000_001);
    expect(of(past, 'plans')).toMatchObject({ isUnpriced: true });
    expect(past.recommendation?.strategy).toBe('direct');
  });
});

describe('own keys', () => {
  const own = (volume: number) => run({ strategies: [direct, managed('keys')], traffic: monthly(volume) });
  it('are free within the allowance', () => {
    expect(amounts(own(1_000_000), 'keys', 'Fee on own keys')).toEqual([0, 0]);
  });

  it('cost a share of the list price beyond it', () => {
    // 2,000,000 requests at 0.0045 USD are 9,000 USD, half of them within the allowance: 5 % of 4,500
    expect(amounts(own(2_000_000), 'keys', 'Fee on own keys')[0]).toBeCloseTo(225, 6);
  });
});

describe('other fees', () => {
  it('a markup is a share of the token spend', () => {
    const found = run({ strategies: [direct, managed('markup')], traffic: monthly(1_000) });
    // 1,000 requests at 0.0045 USD
    expect(amounts(found, 'markup', 'Markup on tokens')[0]).toBeCloseTo(4.5 * 0.05, 12);
  });

  it('per request and per model', () => {
    const traffic = [...requests(5), ...requests(5, { seller: 'beta', model: 'twin' })];
    const found = run({ strategies: [direct, managed('metered')], traffic: monthly(1_000) }, traffic);
    expect(amounts(found, 'metered', 'Fee per request')[0]).toBeCloseTo(0.1, 12);
    expect(amounts(found, 'metered', 'Fee per model')).toEqual([10, 10]);
  });

  it('the unused part of a least purchase is paid once', () => {
    // 4.50 USD a month for two months of a least purchase of 20
    const found = run({ strategies: [direct, managed('deposit')], traffic: monthly(1_000) });
    const unused = amounts(found, 'deposit', 'Unused part');
    expect(unused[0]).toBeCloseTo(11, 9);
    expect(unused[1]).toBe(0);
  });
});
