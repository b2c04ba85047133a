import { describe, expect, it } from 'vitest';
import type { PriceBook } from '../../src/pricing/price-book.ts';
import { sellerTerms } from '../../src/pricing/seller-terms.ts';
import { amounts, book, direct, type Input, lines, managed, monthly, of, requests, run } from './fixture.ts';

/** A dollar per thousand requests. */
const prices = { 'acme/large': { input: 1, output: 0 }, 'beta/twin': { input: 1, output: 0 } };
const spending = (usd: number, own: Input = {}, from = book) =>
  run({ traffic: monthly(usd * 1000), prices, ...own }, undefined, from);
const withTerms = (terms: Input, rates: PriceBook['exchange_rates']['rates'] = []): PriceBook => ({
  ...book,
  exchange_rates: { rates },
  sellers: new Map([...book.sellers, ['acme', { ...book.sellers.get('acme')!, terms: sellerTerms.parse(terms) }]]),
});
const total = (found: ReturnType<typeof run>, id = 'direct') => of(found, id).monthly_usd[0]!;

describe('a commitment', () => {
  const sixty = { acme: { commitment_usd_per_month: 60, discount: '20 %' } };

  it('of 60 at 20 % off on 60 of list spend is 48 for usage and 12 unused', () => {
    const found = spending(60, { contracts: sixty });
    expect(amounts(found, 'direct', 'Discount by contract')[0]).toBeCloseTo(-12, 9);
    expect(amounts(found, 'direct', 'Unused part')[0]).toBeCloseTo(12, 9);
    expect(total(found)).toBeCloseTo(60, 9);
    expect(of(found, 'direct').lines.map(({ line }) => line.component)).toContain('commitments');
  });

  it('names the baseline of its saving', () => {
    const [line] = lines(spending(60, { contracts: sixty }), 'direct', 'Discount by contract');
    expect(line?.line.label).toBe('Discount by contract (acme, off prices of the rate cards)');
  });

  it('is paid where nothing of the seller is used only if it is signed', () => {
    const signed = { acme: { ...sixty.acme, signed: true } };
    const strategies = [direct, managed('toll')];
    expect(amounts(spending(60, { strategies, contracts: sixty }), 'toll', 'Unused part')).toEqual([0, 0]);
    expect(amounts(spending(60, { strategies, contracts: signed }), 'toll', 'Unused part')).toEqual([60, 60]);
  });

  it('ends with its months', () => {
    const found = spending(30, { horizon: 3, contracts: { acme: { ...sixty.acme, months: 2 } } });
    expect(of(found, 'direct').monthly_usd.map((usd) => Math.round(usd * 1e6) / 1e6)).toEqual([60, 60, 30]);
  });

  it('counts what each seller invoices by itself', () => {
    const traffic = [...requests(5), ...requests(5, { seller: 'beta', model: 'twin' })];
    const found = run({ traffic: monthly(100_000), prices, contracts: sixty }, traffic);
    // 50 USD with each: 40 of the commitment are used, 20 are not
    expect(amounts(found, 'direct', 'Unused part of the commitment (acme)')[0]).toBeCloseTo(20, 9);
    expect(total(found)).toBeCloseTo(110, 9);
  });

  it('with a seller that no book lists is told', () => {
    expect(() => spending(1, { contracts: { acmee: { discount: 0.1 } } })).toThrow(
      /no seller "acmee".*did you mean "acme"/,
    );
  });

  it('is best at 58.5714 where 5 is paid instead of 7 and demand is uniform in 50..80', () => {
    // Demand of 120 months, evenly over 50..80 units of 7 USD; committed units cost 5.
    const demands = Array.from({ length: 120 }, (_, i) => 50 + (30 * (i + 0.5)) / 120);
    const cost = (units: number): number =>
      demands.reduce((sum, demand) => {
        const spend = demand * 7;
        const committed = units * 5;
        const [off, unused] = contractLines(spend, committed, 2 / 7);
        return sum + spend + off + unused;
      }, 0) / demands.length;
    const tried = Array.from({ length: 301 }, (_, i) => 50 + i / 10);
    const best = tried.reduce((a, b) => (cost(b) < cost(a) ? b : a));
    expect(Math.abs(best - 58.5714)).toBeLessThan(0.15);
  });
});

/** What the two lines of a contract on what is committed have to be; the cases below hold the model against it. */
function contractLines(spend: number, committed: number, discount: number): [off: number, unused: number] {
  const used = Math.min(spend, committed / (1 - discount));
  return [-used * discount, Math.max(0, committed - spend * (1 - discount))];
}

describe('a discount on what is committed', () => {
  it.each([
    [300, 200],
    [420, 300],
    [500, 200],
  ])(
    '%d USD of list spend with %d committed cost the same as bought units and the rest at list',
    (spend, committed) => {
      const contract = { commitment_usd_per_month: committed, discount: 2 / 7, discount_on: 'committed' };
      const found = spending(spend, { contracts: { acme: contract } });
      const [off, unused] = contractLines(spend, committed, 2 / 7);
      expect(amounts(found, 'direct', 'Discount by contract')[0]).toBeCloseTo(off, 6);
      expect(amounts(found, 'direct', 'Unused part')[0]).toBeCloseTo(unused, 6);
      expect(total(found)).toBeCloseTo(committed + Math.max(0, spend - committed / (5 / 7)), 6);
    },
  );
});

describe('volume discounts', () => {
  const tiers = [
    { from_usd_per_month: 10_000, discount: 0.05 },
    { from_usd_per_month: 20_000, discount: 0.1 },
  ];
  const off = (usd: number, own: Input, from?: PriceBook) =>
    amounts(spending(usd, own, from), 'direct', 'Volume discount')[0]!;
  const contract = (rule: string) => ({ contracts: { acme: { volume_tiers: { rule, tiers } } } });

  it('re-price the whole month or what lies beyond', () => {
    expect([9999, 10_000, 30_000].map((usd) => Math.round(off(usd, contract('whole'))))).toEqual([0, -500, -3000]);
    expect([10_000, 30_000].map((usd) => Math.round(off(usd, contract('beyond'))))).toEqual([0, -1500]);
  });

  it('come from the seller’s terms, and the scenario’s contract replaces them', () => {
    const terms = withTerms({
      volume_tiers: {
        tiers: [{ from_usd_per_month: 1, discount: 0.5 }],
        source: 'its page',
        as_of: '2026-08-01',
        confidence: 'low',
      },
    });
    expect(off(100, {}, terms)).toBeCloseTo(-50, 6);
    expect(off(30_000, contract('whole'), terms)).toBeCloseTo(-3000, 6);
  });

  it('come before the commitment, which counts what is left', () => {
    const found = spending(30_000, {
      contracts: { acme: { volume_tiers: { tiers }, commitment_usd_per_month: 1, discount: '10 %' } },
    });
    expect(
      amounts(found, 'direct', 'Discount by contract (acme, off what is left after volume discount)')[0],
    ).toBeCloseTo(-2700, 6);
  });

  it('in falling order are refused', () => {
    expect(() => off(1, { contracts: { acme: { volume_tiers: { tiers: [...tiers].reverse() } } } })).toThrow(
      /rising order/,
    );
  });
});

describe('what a seller gives at signup', () => {
  const offer = { source: 'a page', as_of: '2026-06-16', confidence: 'low' };
  const yuan = [
    {
      currency: 'CNY' as const,
      units_per_usd: 7.1,
      as_of: '2026-11-01',
      source: 'assumed',
      confidence: 'low' as const,
    },
  ];

  it('14 CNY at 7.1 CNY/USD are 1.9718 USD, and the source says at which rate', () => {
    const found = spending(1.5, { horizon: 3 }, withTerms({ signup: [{ credit: '14 CNY', ...offer }] }, yuan));
    const credit = amounts(found, 'direct', 'Signup credit (acme');
    expect(credit[0]).toBeCloseTo(-1.5, 9);
    expect(credit[1]).toBeCloseTo(-(14 / 7.1 - 1.5), 9);
    expect(credit[2]).toBeCloseTo(0, 12);
    const [line] = lines(found, 'direct', 'Signup credit (acme');
    expect(line?.inputs.credit_left?.source).toContain('14 CNY at 7.1 CNY/USD of 2026-11-01');
  });

  it('without a rate is told and not counted', () => {
    const found = spending(1, {}, withTerms({ signup: [{ credit: '14 CNY', ...offer }] }));
    expect(amounts(found, 'direct', 'Signup credit')).toEqual([0, 0]);
    expect(found.diagnostics.map(({ code }) => code)).toContain('NO_EXCHANGE_RATE');
  });

  it('tokens pay their share of the bill until they are used up or expire', () => {
    // 1,000 requests of 1,100 tokens a month are 1 USD
    const tokens = (own: Input) =>
      amounts(
        spending(1, { horizon: 3 }, withTerms({ signup: [{ tokens: 1_650_000, ...offer, ...own }] })),
        'direct',
        'Signup tokens',
      );
    const used = tokens({});
    expect(used[0]).toBeCloseTo(-1, 9);
    expect(used[1]).toBeCloseTo(-0.5, 9);
    expect(used[2]).toBeCloseTo(0, 9);
    expect(tokens({ expires_after_months: 1 })[1]).toBeCloseTo(0, 12);
  });

  it('is not there for gateways’ credit, nor where the scenario says that it is used up', () => {
    const terms = withTerms({ signup: [{ credit: 5, ...offer }] });
    const strategies = [direct, managed('toll'), managed('keys'), managed('gift')];
    const found = spending(9, { strategies }, terms);
    expect(amounts(found, 'direct', 'Signup credit')[0]).toBeCloseTo(-5, 9);
    expect(amounts(found, 'keys', 'Signup credit')[0]).toBeCloseTo(-5, 9);
    expect(amounts(found, 'toll', 'Signup credit')).toEqual([0, 0]);
    const later = spending(9, { strategies, signup_credits: false }, terms);
    for (const id of ['direct', 'keys', 'gift']) expect(amounts(later, id, 'Signup credit')).toEqual([0, 0]);
  });

  it('comes after the discounts, so that nothing is saved twice', () => {
    const found = spending(
      10,
      { contracts: { acme: { discount: '90 %' } } },
      withTerms({ signup: [{ credit: 5, ...offer }] }),
    );
    expect(amounts(found, 'direct', 'Signup credit')[0]).toBeCloseTo(-1, 9);
    expect(total(found)).toBeCloseTo(0, 9);
  });
});
