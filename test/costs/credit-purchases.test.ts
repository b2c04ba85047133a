import { describe, expect, it } from 'vitest';
import { feeSchedule } from '../../src/pricing/fee-schedule.ts';
import type { PriceBook } from '../../src/pricing/price-book.ts';
import { amounts, book, direct, type Input, managed, monthly, of, run } from './fixture.ts';

/** The book with further gateways, on credit and with cached prices passed through unless they say otherwise. */
const withGateways = (...own: Input[]): PriceBook => ({
  ...book,
  gateways: new Map([
    ...book.gateways,
    ...own.map((one) => {
      const schedule = feeSchedule.parse({
        kind: 'managed',
        as_of: '2026-08-01',
        confidence: 'high',
        sources: [],
        name: 'x',
        ...one,
      });
      return [schedule.gateway, schedule] as const;
    }),
  ]),
});

/** A dollar per thousand requests: 1,000 requests a month are 1 USD. */
const prices = { 'acme/large': { input: 1, output: 0 } };
const spending = (usd: number, own: Input = {}, from = book) =>
  run({ traffic: monthly(usd * 1000), prices, ...own }, undefined, from);

describe('top-ups of OpenRouter', () => {
  it.each([
    [5, 0.16],
    [10, 0.08],
    [14.55, 0.055],
    [1000, 0.055],
  ])('of %d USD cost a share of %d', (top_up, share) => {
    const from = withGateways({
      gateway: 'router',
      fees: { credit_purchase: { fee: '5.5 %', minimum_usd: 0.8, methods: { crypto: { fee: '5 %' } } } },
    });
    const found = spending(top_up, { strategies: [direct, managed('router', { top_up })] }, from);
    expect(amounts(found, 'router', 'Credit purchase fee')[0]! / top_up).toBeCloseTo(share, 4);
    const crypto = managed('router', { top_up, payment_method: 'crypto' });
    const other = spending(top_up, { strategies: [direct, crypto] }, from);
    expect(amounts(other, 'router', 'Credit purchase fee (router, by crypto)')[0]).toBeCloseTo(0.05 * top_up, 9);
  });

  it('paid in a way that the schedule does not know is told with those that it knows', () => {
    expect(() => spending(1, { strategies: [direct, managed('toll', { payment_method: 'shells' })] })).toThrow(
      /no payment_method "shells"; it has none/,
    );
  });
});

describe('payment processing', () => {
  const from = withGateways({
    gateway: 'card',
    fees: { credit_purchase: { fee: 0, processing: { fee: '2.9 %', fixed: '0.30 USD' } } },
  });
  it('of 2.9 % + 0.30 USD on 100 USD is 3.20, once a month or per top-up', () => {
    const monthlyBuy = spending(100, { strategies: [direct, managed('card')] }, from);
    expect(amounts(monthlyBuy, 'card', 'Payment processing')[0]).toBeCloseTo(3.2, 9);
    const topped = spending(100, { strategies: [direct, managed('card', { top_up: 50 })] }, from);
    expect(amounts(topped, 'card', 'Payment processing')[0]).toBeCloseTo(3.5, 9);
  });
});

describe('fees with a first day', () => {
  it('are paid from the first month that begins on it or after', () => {
    const from = withGateways({
      gateway: 'later',
      fees: { credit_purchase: { fee: '5 %', effective_from: '2027-01-15' } },
    });
    const found = spending(100, { horizon: 4, strategies: [direct, managed('later')] }, from);
    const paid = amounts(found, 'later', 'Credit purchase fee');
    expect(paid.map((usd) => Math.round(usd * 1e9) / 1e9)).toEqual([0, 0, 5, 5]);
  });
});

describe('credit that expires', () => {
  const from = withGateways({
    gateway: 'fading',
    fees: { credit_purchase: { fee: 0, minimum_usd: 1, expires_after_months: 12 } },
  });
  const fading = (usd: number) =>
    spending(usd, { horizon: 24, strategies: [direct, managed('fading', { top_up: 120 })] }, from);

  it('loses 4 USD a month of top-ups of 120 USD where 6 are used', () => {
    const found = fading(6);
    const lost = amounts(found, 'fading', 'Credit that expires');
    for (const usd of lost) expect(usd).toBeCloseTo(4, 9);
    // two lives of twelve months: two purchases, of 1 USD each
    expect(amounts(found, 'fading', 'Credit purchase fee').reduce((a, b) => a + b)).toBeCloseTo(2, 9);
  });

  it('loses nothing where it is used in time', () => {
    for (const usd of amounts(fading(10), 'fading', 'Credit that expires')) expect(usd).toBeCloseTo(0, 9);
  });
});

describe('what is given', () => {
  it('a monthly credit ends with the first purchase, and no fee is paid on what it pays', () => {
    const from = withGateways({
      gateway: 'fives',
      fees: { credit_purchase: { fee: '10 %' }, allowance: { usd_per_month: 5, ends_with_first_purchase: true } },
    });
    const grows = { requests_per_month: 4000, growth: 0.3 };
    const found = spending(
      4,
      { horizon: 3, traffic: { trace: 'none.csv', volume: grows }, strategies: [direct, managed('fives')] },
      from,
    );
    // 4, 5.2 and 6.76 USD
    const given = amounts(found, 'fives', 'Monthly credit');
    expect(given[0]).toBeCloseTo(-4, 9);
    expect(given[1]).toBeCloseTo(-5, 9);
    expect(given[2]).toBeCloseTo(0, 12);
    const fees = amounts(found, 'fives', 'Credit purchase fee');
    expect(fees[0]).toBeCloseTo(0, 12);
    expect(fees[1]).toBeCloseTo(0.02, 9);
    expect(fees[2]).toBeCloseTo(0.676, 9);
  });

  it('free requests at signup and signup credit pay one after the other', () => {
    const from = withGateways({ gateway: 'both', free_credit_usd: 1, fees: { allowance: { signup_requests: 500 } } });
    const found = spending(1, { strategies: [direct, managed('both')] }, from);
    expect(amounts(found, 'both', 'Free requests at signup')[0]).toBeCloseTo(-0.5, 9);
    const credit = amounts(found, 'both', 'Signup credit');
    expect(credit[0]).toBeCloseTo(-0.5, 9);
    expect(credit[1]).toBeCloseTo(-0.5, 9);
  });

  it('free requests a day count where they take any model, and are told where nobody knows', () => {
    const daily = (own: Input) =>
      spending(
        10,
        { strategies: [direct, managed('daily')] },
        withGateways({ gateway: 'daily', fees: { allowance: { requests_per_day: 24, ...own } } }),
      );
    // 24 x 30.4167 = 730 of 10,000 requests
    expect(amounts(daily({ of: 'all_models' }), 'daily', 'Free requests')[0]).toBeCloseTo(-0.73, 9);
    expect(amounts(daily({ of: 'free_models' }), 'daily', 'Free requests')).toEqual([0, 0]);
    expect(daily({}).diagnostics.map(({ code }) => code)).toContain('ALLOWANCE_UNKNOWN');
  });
});

describe('readings of the fees', () => {
  const from = withGateways({
    gateway: 'doubtful',
    billing: 'own_keys',
    fees: { byok: { fee: '5 %', free_requests_per_month: 1_000_000 } },
    variants: [
      {
        id: 'dollars',
        as_of: '2026-08-22',
        confidence: 'low',
        source: 'another page',
        fees: { byok: { fee: '5 %', free_list_usd_per_month: 5000 } },
      },
    ],
  });
  const at = (own: Input) => spending(9000, { strategies: [direct, managed('doubtful', own)] }, from);

  it('differ: an allowance in requests leaves 9 million requests to pay for, one in list dollars 4,000 USD', () => {
    expect(amounts(at({}), 'doubtful', 'Fee on own keys')[0]).toBeCloseTo(0.05 * 8000, 6);
    expect(amounts(at({ fee_variant: 'dollars' }), 'doubtful', 'Fee on own keys')[0]).toBeCloseTo(0.05 * 4000, 6);
  });

  it('are told with their date where another one is used', () => {
    const told = at({}).diagnostics.find(({ code }) => code === 'FEE_VARIANTS');
    expect(told?.message).toMatch(/dollars \(2026-08-22, confidence low: another page\)/);
  });

  it('with a wrong name are told with the right one', () => {
    expect(() => at({ fee_variant: 'dolars' })).toThrow(/no fee_variant "dolars".*did you mean "dollars"/);
  });

  it('a fee on own keys that nobody publishes leaves the total open', () => {
    const found = spending(1, { strategies: [direct, managed('toll', { billing: 'own_keys' })] });
    expect(of(found, 'toll')).toMatchObject({ isUnpriced: true });
    expect(of(found, 'toll').excluded).toMatch(/fee on own keys is not published/);
  });
});

describe('a gateway of the scenario', () => {
  it('may have all of it', () => {
    const found = spending(100, {
      strategies: [direct, managed('mine', { payment_method: 'crypto', top_up: 100 })],
      gateways: {
        mine: {
          fees: {
            credit_purchase: {
              fee: '9 %',
              methods: { crypto: { fee: '1 %' } },
              processing: { fee: '1 %', fixed: '1 USD' },
              expires_after_months: 12,
            },
            allowance: { usd_per_month: 2 },
          },
        },
      },
    });
    expect(amounts(found, 'mine', 'Monthly credit')).toEqual([-2, -2]);
    expect(amounts(found, 'mine', 'Credit purchase fee')[0]).toBeCloseTo(1, 9);
    expect(amounts(found, 'mine', 'Payment processing')[0]).toBeCloseTo(2, 9);
  });

  it('keeps what the book says and it does not', () => {
    const found = spending(100, {
      strategies: [direct, managed('toll')],
      gateways: { toll: { fees: { credit_purchase: { fee: '1 %', minimum_usd: 7 } } } },
    });
    expect(amounts(found, 'toll', 'Credit purchase fee')[0]).toBeCloseTo(7, 9);
  });
});
