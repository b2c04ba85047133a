/** Months at the edges: leap years, changes within a month, prices that end, months without usage, one request, tiers reached by growth. */
import { describe, expect, it } from 'vitest';
import { type PriceBook, priceBook } from '../../src/pricing/price-book.ts';
import { sellerFile } from '../../src/pricing/rate-card.ts';
import { amounts, book, direct, type Input, managed, monthly, of, requests, run } from './fixture.ts';

function withCard(periods: readonly object[]): PriceBook {
  const seller = sellerFile.parse({
    seller: 'gamma',
    name: 'Gamma',
    cards: [{ model: 'dated', source: 'test', as_of: '2026-08-01', confidence: 'high', periods }],
  });
  return priceBook({
    sellers: [...book.sellers.values(), seller],
    gateways: [...book.gateways.values()],
    outages: book.outages,
    digest: 'test',
  });
}
const input = (usd: number) => ({ usd_per_mtok: { input: usd, output: 0 } });
const dated = requests(10, { seller: 'gamma', model: 'dated', input_tokens: 100_000, output_tokens: 0 });
const of_dated = (periods: readonly object[], own: Input) =>
  run({ traffic: monthly(10), ...own }, dated, withCard(periods));

describe('months', () => {
  it('are alike: a leap February costs what any month does, and so does the turn of a year', () => {
    for (const start of ['2027-02', '2028-02', '2027-12']) {
      const found = run({ start, horizon: 3, traffic: monthly(70_000) });
      const [first, ...others] = of(found, 'direct').monthly_usd;
      for (const usd of others) expect(usd).toBe(first);
    }
  });

  it('take a price that changes within them from the next month on', () => {
    const found = of_dated(
      [
        { until: '2027-01-16', ...input(1) },
        { from: '2027-01-16', ...input(3) },
      ],
      { horizon: 4 },
    );
    expect(of(found, 'direct').monthly_usd).toEqual([1, 1, 3, 3]);
  });

  it('take a price that changes on their first day', () => {
    const found = of_dated(
      [
        { until: '2027-01-01', ...input(1) },
        { from: '2027-01-01', ...input(3) },
      ],
      { horizon: 3 },
    );
    expect(of(found, 'direct').monthly_usd).toEqual([1, 3, 3]);
  });

  it('go on with the last confirmed price past its end, and say so', () => {
    const found = of_dated([{ until: '2027-01-01', ...input(1) }], { horizon: 3 });
    expect(of(found, 'direct').monthly_usd).toEqual([1, 1, 1]);
    expect(found.diagnostics.map(({ code }) => code)).toContain('PRICE_NOT_CONFIRMED');
  });

  it('before a card begins leave the total open', () => {
    const found = of_dated([{ from: '2027-01-01', ...input(1) }], { horizon: 3 });
    expect(of(found, 'direct').isUnpriced).toBe(true);
    expect(found.recommendation).toBeUndefined();
  });
});

/** A thousand requests in December, one each in January and February; a request costs 0.0045 USD. */
const seasonal: Input = {
  trace: 'none.csv',
  volume: { requests_per_month: 1000, season: { december: 1, january: 0.001, february: 0.001 } },
};

describe('months with next to no usage', () => {
  const quiet = (spec: Input & { readonly id: string }) =>
    of(run({ horizon: 3, traffic: seasonal, strategies: [direct, spec] }), spec.id).monthly_usd.slice(1);

  it.each([
    ['pay the least fee of a purchase', managed('toll'), 0.8045],
    ['pay a markup on what is left', managed('markup'), 0.0045 * 1.05],
    ['stay within the free requests of own keys', managed('keys'), 0.0045],
    ['pay a plan as a whole', managed('plans'), 49.0045],
    ['run the least replicas', { id: 'proxy', kind: 'self_hosted_gateway', gateway: 'proxy' }, 200.0045],
    ['pay fees by request and model', managed('metered'), 0.0045 + 0.0001 + 5],
  ])('%s', (_, spec, usd) => {
    for (const found of quiet(spec)) expect(found).toBeCloseTo(usd, 9);
  });

  it('buy no top-up while the last one lasts', () => {
    // 25 USD last for 4.5 USD in December and a cent later
    expect(quiet(managed('toll', { top_up: 25 }))).toEqual([expect.closeTo(0.0045, 9), expect.closeTo(0.0045, 9)]);
  });

  it('are refused where they are to have none at all, with what is allowed', () => {
    const none = (volume: Input) => () => run({ horizon: 3, traffic: { trace: 'none.csv', volume } });
    expect(none({ requests_per_month: 1000, growth: -1 })).toThrow(
      /growth: -1 is out of range; allowed is between -99/,
    );
    expect(none({ requests_per_month: 1000, season: { january: 0 } })).toThrow(/january: 0 is out of range/);
    expect(none({ requests_per_month: 0 })).toThrow(/requests_per_month: 0/);
  });
});

describe('one request a month', () => {
  it('pays the least fee of a purchase, and a share of nothing else', () => {
    const found = run({ traffic: monthly(1), strategies: [direct, managed('toll'), managed('markup')] });
    expect(of(found, 'direct').monthly_usd[0]).toBeCloseTo(0.0045, 12);
    expect(of(found, 'toll').monthly_usd[0]).toBeCloseTo(0.0045 + 0.8, 12);
    expect(of(found, 'markup').monthly_usd[0]).toBeCloseTo(0.0045 * 1.05, 12);
  });
});

describe('growth within the horizon', () => {
  it('reaches the blocks of a plan month by month', () => {
    const found = run({ horizon: 4, traffic: monthly(100_000, 1), strategies: [direct, managed('plans')] });
    // 100,000, 200,000, 400,000 and 800,000 requests: no block, one, three and seven
    expect(of(found, 'plans').lines.filter(({ line }) => line.component === 'gateway_fees')).toHaveLength(2);
    const fees = [amounts(found, 'plans', 'Subscription'), amounts(found, 'plans', 'Overage')] as const;
    expect(fees[0].map((usd, month) => usd + fees[1][month]!)).toEqual([49, 58, 76, 112]);
  });

  it('leaves the free requests of own keys free in each month anew', () => {
    const found = run({ horizon: 3, traffic: monthly(1_500_000), strategies: [direct, managed('keys')] });
    const fee = amounts(found, 'keys', 'Fee on own keys');
    fee.forEach((usd) => {
      expect(usd).toBeCloseTo(0.05 * 0.0045 * 500_000, 9);
    });
  });

  it('reaches a volume discount in the month that gets there', () => {
    const found = run({
      horizon: 3,
      traffic: monthly(1_000_000, 1),
      contracts: { acme: { volume_tiers: { tiers: [{ from_usd_per_month: 9_000, discount: 0.1 }] } } },
    });
    // 4,500, 9,000 and 18,000 USD
    [4_500, 8_100, 16_200].forEach((usd, month) => {
      expect(of(found, 'direct').monthly_usd[month]).toBeCloseTo(usd, 6);
    });
  });
});

describe('batches of prompts that a cache holds in part', () => {
  it('go at the standard price where no batch price of cached tokens is known, and say so', () => {
    const own = { traffic: { trace: 'none.csv', batchable: { features: ['digest'] } } };
    const cached = requests(10, { feature: 'digest', cache_read_tokens: 500 });
    const [batch, standard] = [run(own, cached), run({}, cached)];
    expect(of(batch, 'direct').monthly_usd).toEqual(of(standard, 'direct').monthly_usd);
    expect(batch.diagnostics.map(({ code }) => code)).toContain('BATCH_AT_STANDARD_PRICE');
  });
});
