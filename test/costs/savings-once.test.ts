import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sellerTerms } from '../../src/pricing/seller-terms.ts';
import { book, direct, managed, monthly, of, run } from './fixture.ts';

const share = fc.double({ min: 0, max: 0.9, noNaN: true });
const usd = fc.double({ min: 0, max: 40, noNaN: true });

it('saves nothing twice: discounts, contracts and credits never take a month below 0', () => {
  fc.assert(
    fc.property(usd, usd, share, share, usd, (spend, credit, tier, discount, monthlyCredit) => {
      const offer = { source: 'x', as_of: '2026-06-16', confidence: 'low' };
      const terms = sellerTerms.parse({
        signup: [
          { credit, ...offer },
          { tokens: 5_000_000, ...offer },
        ],
      });
      const from = { ...book, sellers: new Map([...book.sellers, ['acme', { ...book.sellers.get('acme')!, terms }]]) };
      const found = run(
        {
          horizon: 4,
          traffic: monthly(1 + spend * 1000),
          prices: { 'acme/large': { input: 1, output: 0 } },
          strategies: [direct, managed('mine')],
          contracts: {
            acme: { discount, volume_tiers: { tiers: [{ from_usd_per_month: 10, discount: tier }] } },
          },
          gateways: {
            mine: {
              free_credit_usd: credit,
              fees: {
                allowance: {
                  signup_requests: 7000,
                  usd_per_month: monthlyCredit,
                  requests_per_day: 10,
                  of: 'all_models',
                },
              },
            },
          },
        },
        undefined,
        from,
      );
      for (const id of ['direct', 'mine'])
        for (const month of of(found, id).monthly_usd) expect(month).toBeGreaterThanOrEqual(-1e-9);
    }),
    { numRuns: 60, seed: 7 },
  );
});
