import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bestCommitment,
  commitmentCost,
  criticalRatio,
  type Spending,
  stepsBeside,
} from '../../src/analysis/best-commitment.ts';
import { normalQuantile } from '../../src/special-functions/normal.ts';

const uniform = (low: number, high: number): Spending => ({
  quantiles: [
    { share: 0, spend_usd: low },
    { share: 1, spend_usd: high },
  ],
});

describe('the newsvendor’s order', () => {
  // Wikipedia, "Newsvendor model": price 7, cost 5
  it('of demand uniform in 50..80 is 58.5714', () => {
    expect(criticalRatio({ price: 7, cost: 5 })).toBeCloseTo(2 / 7, 15);
    // 5 instead of 7 is a discount of 2/7 on a spend of 7 a unit
    const found = bestCommitment(uniform(350, 560), { discount: 2 / 7 });
    expect(found.covers_usd / 7).toBeCloseTo(58.57142857142857, 10);
    expect(found.commitment_usd / 5).toBeCloseTo(58.57142857142857, 10);
  });

  it('of normal demand of mean 50 and deviation 20 is 38.6810', () => {
    const quantity = 50 + 20 * normalQuantile(criticalRatio({ price: 7, cost: 5 }));
    expect(quantity).toBeCloseTo(38.68102356134274, 8);
    const quantiles = Array.from({ length: 2001 }, (_, i) => ({
      share: i / 2000,
      spend_usd: 7 * Math.max(0, 50 + 20 * normalQuantile(Math.min(0.9999, Math.max(0.0001, i / 2000)))),
    }));
    expect(bestCommitment({ quantiles }, { discount: 2 / 7 }).covers_usd / 7).toBeCloseTo(quantity, 4);
  });

  it('with salvage: cost 39, price 59, salvage 30, uniform in 350..620 is 536.2069', () => {
    const ratio = criticalRatio({ price: 59, cost: 39, salvage: 30 });
    expect(350 + ratio * (620 - 350)).toBeCloseTo(536.2068965517242, 10);
  });

  it('is none of terms that are out of order', () => {
    expect(() => criticalRatio({ price: 5, cost: 7 })).toThrow('salvage 0, cost 7, price 5 are not in order');
    expect(() => criticalRatio({ price: 7, cost: 5, salvage: 6 })).toThrow('not in order');
    expect(() => criticalRatio({ price: 5, cost: 5, salvage: 5 })).toThrow('not in order');
  });
});

describe('the best commitment', () => {
  const months: Spending = { samples: [300, 100, 200] };

  it('of months of 100, 200 and 300 at 40 % off is 120, which covers 200', () => {
    // 120 + (0 + 0 + 100) / 3
    expect(bestCommitment(months, { discount: 0.4 })).toEqual({
      commitment_usd: 120,
      covers_usd: 200,
      cost_usd: expect.closeTo(120 + 100 / 3, 10),
      without_usd: 200,
    });
  });

  it('pays where as large a share of the months uses it as the discount leaves to pay', () => {
    const covers = (discount: number) => Math.round(bestCommitment(months, { discount }).covers_usd);
    expect([0, 0.3, 0.34, 0.6, 0.67, 0.9].map(covers)).toEqual([0, 100, 200, 200, 300, 300]);
  });

  it('is the smallest of those that cost the same', () => {
    // at a discount of 1/2 the second of two months neither gains nor loses
    expect(bestCommitment({ samples: [100, 200] }, { discount: 0.5 }).commitment_usd).toBe(50);
    expect(bestCommitment({ samples: [100, 100] }, { discount: 0 }).commitment_usd).toBe(0);
    expect(bestCommitment({ samples: [0, 0] }, { discount: 0.5 }).commitment_usd).toBe(0);
  });

  it('in steps is the cheaper of the steps beside it', () => {
    const level = (step_usd: number) => bestCommitment(months, { discount: 0.4, step_usd }).commitment_usd;
    expect([50, 100, 120, 1000].map(level)).toEqual([100, 100, 120, 0]);
    expect(stepsBeside(120.00000000001, 40)).toEqual([120]);
    expect(stepsBeside(121, 40)).toEqual([120, 160]);
  });

  const spending: fc.Arbitrary<Spending> = fc.oneof(
    fc
      .array(fc.tuple(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 1, max: 4 })), { minLength: 1, maxLength: 9 })
      .map((list) => ({ samples: list.map(([spend]) => spend), weights: list.map(([, weight]) => weight) })),
    fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 2, maxLength: 6 }).map((list) => ({
      quantiles: [...list].sort((a, b) => a - b).map((spend_usd, i) => ({ share: i / (list.length - 1), spend_usd })),
    })),
  );
  const discount = fc.integer({ min: 0, max: 95 }).map((percent) => percent / 100);

  it('costs no more than any other level, in steps or not', () => {
    fc.assert(
      fc.property(spending, discount, fc.integer({ min: 1, max: 90 }), (of, share, step_usd) => {
        const free = bestCommitment(of, { discount: share });
        const stepped = bestCommitment(of, { discount: share, step_usd });
        expect(stepped.commitment_usd % step_usd).toBe(0);
        expect(stepped.cost_usd).toBeGreaterThanOrEqual(free.cost_usd - 1e-9);
        expect(free.cost_usd).toBeCloseTo(commitmentCost(of, { discount: share }, free.commitment_usd), 9);
        for (let level = 0; level <= 420; level += 1) {
          const cost = commitmentCost(of, { discount: share }, level);
          expect(cost).toBeGreaterThanOrEqual(free.cost_usd - 1e-9);
          if (level % step_usd === 0) expect(cost).toBeGreaterThanOrEqual(stepped.cost_usd - 1e-9);
        }
      }),
      { numRuns: 150, seed: 3 },
    );
  });

  it('expects of quantiles what many samples of them cost', () => {
    const samples = Array.from({ length: 20_000 }, (_, i) => 350 + (210 * (i + 0.5)) / 20_000);
    for (const level of [0, 250, 300, 350, 450])
      expect(commitmentCost(uniform(350, 560), { discount: 2 / 7 }, level)).toBeCloseTo(
        commitmentCost({ samples }, { discount: 2 / 7 }, level),
        4,
      );
  });

  it('of what is no distribution or no discount is refused', () => {
    const terms = { discount: 0.4 };
    expect(() => bestCommitment({ samples: [] }, terms)).toThrow('at least one month');
    expect(() => bestCommitment({ samples: [Number.NaN] }, terms)).toThrow('0 or more');
    expect(() => bestCommitment({ samples: [1], weights: [] }, terms)).toThrow('0 weights for 1 samples');
    expect(() => bestCommitment({ quantiles: [{ share: 0.05, spend_usd: 1 }] }, terms)).toThrow('from share 0');
    expect(() => bestCommitment({ samples: [1] }, { discount: 1 })).toThrow('a discount of 1 is not');
  });
});
