/** What a request costs at the fallback while its own seller is down, beside what it would have cost. */
import { describe, expect, it } from 'vitest';
import { direct, lines, monthly, requests, run } from './fixture.ts';

const chained = (own: object) => ({ ...direct, policy: { kind: 'fallback', to: ['beta/twin'] }, ...own });
const difference = (prompt_tokens: number) => {
  const found = run(
    {
      traffic: monthly(1000),
      outages: { from: 'history', common_cause: 0 },
      needs: { fallback: 'required' },
      already_built: ['fallback'],
      strategies: [chained({})],
    },
    requests(10, { input_tokens: prompt_tokens, output_tokens: 1000 }),
  );
  return lines(found, 'direct', 'Fallback from acme to beta/twin')[0]!;
};

describe('the price difference of a fallback', () => {
  it('is that of the base prices for short prompts', () => {
    const { amounts_usd } = difference(100_000);
    const own = (100_000 * 3 + 1000 * 15) / 1e6;
    const other = (100_000 * 4 + 1000 * 20) / 1e6;
    expect(amounts_usd[0]).toBeCloseTo(1000 * (0.0029 - 0.0029 * 0.0037) * (other - own), 9);
  });

  it('takes prompts past a price cliff at the price they pay there', () => {
    const { amounts_usd } = difference(300_000);
    const own = (300_000 * 6 + 1000 * 30) / 1e6;
    const other = (300_000 * 4 + 1000 * 20) / 1e6;
    expect(amounts_usd[0]).toBeCloseTo(1000 * (0.0029 - 0.0029 * 0.0037) * (other - own), 9);
    expect(amounts_usd[0]).toBeLessThan(0);
  });

  it('takes a prompt exactly at the cliff at the lower price, and one token more at the higher one', () => {
    const at = (prompt_tokens: number, input: number, output: number) =>
      expect(difference(prompt_tokens).amounts_usd[0]).toBeCloseTo(
        1000 *
          (0.0029 - 0.0029 * 0.0037) *
          ((prompt_tokens * 4 + 1000 * 20) / 1e6 - (prompt_tokens * input + 1000 * output) / 1e6),
        9,
      );
    at(200_000, 3, 15);
    at(200_001, 6, 30);
  });
});
