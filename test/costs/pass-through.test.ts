import { describe, expect, it } from 'vitest';
import { amounts, direct, type Input, managed, monthly, requests, run } from './fixture.ts';

const cached = requests(10, { input_tokens: 0, cache_read_tokens: 100_000, output_tokens: 0 });
const through = (gateway: Input, traffic = cached, own: Input = {}) =>
  run({ traffic: monthly(10), gateways: { hub: gateway }, strategies: [direct, managed('hub')], ...own }, traffic);
const codes = (found: ReturnType<typeof through>) => found.diagnostics.map(({ code }) => code);

describe('cached input through a gateway', () => {
  it('keeps its price where the schedule says so', () => {
    const found = through({ passes_through: { cache_read: true } });
    expect(amounts(found, 'hub', 'Cache read tokens')[0]).toBeCloseTo(0.3, 9);
    expect(codes(found)).not.toContain('DISCOUNT_UNKNOWN');
  });

  it('costs the input price where the schedule says that it does not pass, and that is told', () => {
    const found = through({ passes_through: { cache_read: false } });
    expect(amounts(found, 'direct', 'Cache read tokens')[0]).toBeCloseTo(0.3, 9);
    expect(amounts(found, 'hub', 'Cache read tokens (acme/large, at the input price)')[0]).toBeCloseTo(3, 9);
    expect(codes(found)).toContain('DISCOUNT_NOT_PASSED');
  });

  it('costs the input price on credit where nobody knows, and its own on own keys', () => {
    const unknown = through({});
    expect(amounts(unknown, 'hub', 'Cache read tokens')[0]).toBeCloseTo(3, 9);
    expect(codes(unknown)).toContain('DISCOUNT_UNKNOWN');
    const own = through({ billing: 'own_keys' });
    expect(amounts(own, 'hub', 'Cache read tokens')[0]).toBeCloseTo(0.3, 9);
    expect(codes(own)).not.toContain('DISCOUNT_UNKNOWN');
  });
});

describe('batch through a gateway', () => {
  const batch = requests(10, { input_tokens: 100_000, output_tokens: 0, feature: 'nightly' });
  const input = (gateway: Input) =>
    amounts(
      through(gateway, batch, { traffic: { ...monthly(10), batchable: { features: ['nightly'] } } }),
      'hub',
      'Input tokens',
    )[0];
  // 1,000,000 tokens at 3 or, as batch, 1.50 USD/Mtok
  it('costs half where it passes, else the standard price', () => {
    expect(input({ passes_through: { batch: true } })).toBeCloseTo(1.5, 9);
    expect(input({ passes_through: { batch: false } })).toBeCloseTo(3, 9);
    expect(input({ billing: 'own_keys' })).toBeCloseTo(3, 9);
  });
});

describe('own contract rates through a gateway', () => {
  const rates = { prices: { 'acme/large': { input: 1, output: 1 } } };
  const input = (gateway: Input) => through(gateway, requests(10, { input_tokens: 100_000, output_tokens: 0 }), rates);

  it('give way to the list price where they do not pass', () => {
    const found = input({ passes_through: { negotiated: false } });
    expect(amounts(found, 'direct', 'Input tokens')[0]).toBeCloseTo(1, 9);
    expect(amounts(found, 'hub', 'Input tokens')[0]).toBeCloseTo(3, 9);
  });

  it('apply where nobody knows, and that is told; rates are marked as contract', () => {
    const found = input({});
    expect(amounts(found, 'hub', 'Input tokens')[0]).toBeCloseTo(1, 9);
    expect(codes(found)).toContain('DISCOUNT_UNKNOWN');
    expect(codes(found)).toContain('CONTRACT_PRICE');
  });
});
