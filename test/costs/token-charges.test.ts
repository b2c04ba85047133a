import { describe, expect, it } from 'vitest';
import { sum } from '../../src/units.ts';
import { amounts, direct, lines, managed, monthly, of, requests, run } from './fixture.ts';

/** Requests of the given sums, in equal parts, the rest in the last. */
function spread(input_tokens: number, output_tokens: number, count: number) {
  const part = (total: number, i: number): number =>
    i < count - 1 ? Math.floor(total / count) : total - Math.floor(total / count) * (count - 1);
  return requests(count).map((request, i) => ({
    ...request,
    input_tokens: part(input_tokens, i),
    output_tokens: part(output_tokens, i),
  }));
}

describe('token charges', () => {
  it('are 57.868362 USD for 18,059,974 tokens in and 245,896 out at 3 and 15', () => {
    const found = run({ traffic: monthly(8819) }, spread(18_059_974, 245_896, 8819));
    expect(amounts(found, 'direct', 'Input tokens')[0]).toBeCloseTo(54.179922, 12);
    expect(amounts(found, 'direct', 'Output tokens')[0]).toBeCloseTo(3.68844, 12);
    expect(of(found, 'direct').monthly_usd[0]).toBeCloseTo(57.868362, 12);
  });

  it('re-price the whole request past a cliff: 250,000 in and 1,000 out are 1.53', () => {
    const found = run({ traffic: monthly(1) }, requests(1, { input_tokens: 250_000, output_tokens: 1000 }));
    expect(of(found, 'direct').monthly_usd[0]).toBeCloseTo(1.53, 12);
  });

  it('at exactly 200,000 tokens stay below a cliff that says above', () => {
    const found = run({ traffic: monthly(1) }, requests(1, { input_tokens: 200_000, output_tokens: 0 }));
    expect(of(found, 'direct').monthly_usd[0]).toBeCloseTo(0.6, 12);
  });

  it('follow prices that change within the horizon, month by month', () => {
    const traffic = requests(10, { model: 'stepped', input_tokens: 100_000, output_tokens: 0 });
    const found = run({ horizon: 4, traffic: monthly(10) }, traffic);
    expect(amounts(found, 'direct', 'Input tokens')).toEqual([10, 10, 5, 5]);
  });

  it('take contract rates, meter by meter, under the id of the card and under an alias', () => {
    for (const name of ['acme/large', 'acme/large-latest']) {
      const found = run({ traffic: monthly(1_000), prices: { [name]: { input: 1 } } });
      expect(amounts(found, 'direct', 'Input tokens')[0], name).toBeCloseTo(1, 12);
      expect(amounts(found, 'direct', 'Output tokens')[0], name).toBeCloseTo(1.5, 12);
    }
  });

  it('count batchable features at the batch price, where one is known', () => {
    const own = { traffic: { trace: 'none.csv', batchable: { features: ['digest'] } } };
    const batch = run(own, requests(10, { feature: 'digest' }));
    const standard = run({}, requests(10, { feature: 'digest' }));
    expect(of(batch, 'direct').monthly_usd[0]).toBeCloseTo(of(standard, 'direct').monthly_usd[0]! / 2, 12);
    const twin = requests(10, { feature: 'digest', seller: 'beta', model: 'twin' });
    const unlisted = run(own, twin);
    expect(of(unlisted, 'direct').monthly_usd).toEqual(of(run({}, twin), 'direct').monthly_usd);
    expect(unlisted.diagnostics.map(({ code }) => code)).toContain('BATCH_AT_STANDARD_PRICE');
  });

  it('add a fee per request where the card has one', () => {
    const found = run({ traffic: monthly(5_000) }, requests(10, { model: 'rerank', output_tokens: 0 }));
    expect(amounts(found, 'direct', 'Requests')[0]).toBeCloseTo(10, 12);
  });

  it('count pieces beside tokens: 10 requests of 2 searches and 500,000 token-hours cost 0.2 and 22.5', () => {
    const made = { model: 'pieces', input_tokens: 0, output_tokens: 0 };
    const counts = { web_searches: 2, cache_storage_token_hours: 500_000 };
    const found = run({ traffic: monthly(10) }, requests(10, { ...made, ...counts }));
    expect(amounts(found, 'direct', 'Web searches')[0]).toBeCloseTo(0.2, 12);
    expect(amounts(found, 'direct', 'Cache storage')[0]).toBeCloseTo(22.5, 12);
    const pages = run({ traffic: monthly(10) }, requests(10, { ...made, ...counts, ocr_pages: 1 }));
    expect([...pages.prepared.quotes.unpriced.values()][0]?.reason).toContain('lists no price for OCR pages');
    const nothing = run({ traffic: monthly(10) }, requests(10, made));
    expect([...nothing.prepared.quotes.unpriced.values()][0]?.reason).toContain('and none was counted');
  });

  it('leave usage without a price unpriced, never 0, and count all its requests', () => {
    const unknown = { seller: 'acme', model: 'nobody' };
    const traffic = [
      ...requests(10),
      ...requests(4, unknown),
      ...requests(3, { ...unknown, tier: 'batch' }),
      ...requests(2, { ...unknown, input_tokens: 0 }),
    ];
    const found = run({ strategies: [direct, managed('toll')] }, traffic);
    const unpriced = [...found.prepared.quotes.unpriced.values()];
    expect(sum(unpriced.map((one) => one.requests))).toBe(9);
    expect(unpriced.map(({ strategies }) => [...strategies])).toEqual([['direct', 'toll']]);
    expect(found.alternatives.every((one) => one.isUnpriced)).toBe(true);
    expect(found.recommendation).toBeUndefined();
    expect(lines(found, 'direct', 'Input tokens').every(({ line }) => !line.label.includes('nobody'))).toBe(true);
  });
});
