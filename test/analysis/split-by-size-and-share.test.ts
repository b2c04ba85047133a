/** Hybrids that tell requests apart by the size of their prompts, or take a share of them as they come. */
import { describe, expect, it } from 'vitest';
import { bestSplit } from '../../src/analysis/best-split.ts';
import { InputError } from '../../src/errors.ts';
import { resolveScenario } from '../../src/scenario/resolve.ts';
import { book, direct, type Input, managed, of, requests, run, scenario } from '../costs/fixture.ts';

const prices = { 'acme/large': { input: 1, output: 0 } };
const gateway = (fees: object) => ({ name: 'G', kind: 'managed', billing: 'credits', fees: { plans: [], ...fees } });
/** 0.0001 USD a request is 5 % of 2,000 tokens at 1 USD per million. */
const gateways = { flat: gateway({ per_request: 0.0001 }), tolled: gateway({ token_markup: '5 %' }) };
const ways = [managed('flat'), managed('tolled')];
const hybrid = (own: object) => ({ id: 'mixed', kind: 'hybrid', ...own });
const own = (mixed: object, rest: Input = {}): Input => ({
  prices,
  gateways,
  strategies: [direct, ...ways, hybrid(mixed)],
  ...rest,
});
const sized = [500, 1500, 3000, 8000].flatMap((input_tokens) => requests(5, { input_tokens, output_tokens: 0 }));

describe('rules by the size of the prompt', () => {
  it('send each size its way, to the token', () => {
    const rules = [{ prompt_tokens: { below: 1500 }, via: 'tolled' }, { else: 'flat' }];
    const found = run(own({ rules }), sized);
    const fees = of(found, 'mixed').lines.filter(({ line }) => line.component === 'gateway_fees');
    const total = fees.reduce((sum, { amounts_usd }) => sum + amounts_usd[0]!, 0);
    expect(total).toBeCloseTo(5 * 500e-6 * 0.05 + 15 * 0.0001, 12);
  });

  it('change no price: sizes at which requests are told apart are no steps of a rate card', () => {
    const rules = [{ prompt_tokens: { from: 1000, below: 4000 }, via: 'flat' }, { else: 'direct' }];
    const plain = run({ prices, gateways, strategies: [direct] }, sized);
    expect(of(run(own({ rules }), sized), 'direct').npv_usd).toBeCloseTo(of(plain, 'direct').npv_usd, 14);
  });

  it.each([
    [{}, /needs `from`, `below` or both/],
    [{ from: 4000, below: 1000 }, /no prompt is of such a size/],
  ])('are told where they can’t hold: %j', (prompt_tokens, message) => {
    const asked = () =>
      resolveScenario(scenario(own({ rules: [{ prompt_tokens, via: 'flat' }, { else: 'direct' }] })), book);
    expect(asked).toThrow(InputError);
    expect(asked).toThrow(message);
  });
});

describe('a threshold that is searched', () => {
  it('is the one at which the whole is cheapest', () => {
    const split = { between: ['flat', 'tolled'], by: 'prompt_size', at: [1000, 2000, 4000] };
    const found = run(own({ split }), sized);
    expect(of(found, 'mixed').split!.routes).toEqual([
      { of: 'prompts below 1000 tokens', via: 'tolled' },
      { of: 'prompts from 1000 to below 2000 tokens', via: 'tolled' },
      { of: 'prompts from 2000 to below 4000 tokens', via: 'flat' },
      { of: 'prompts from 4000 tokens', via: 'flat' },
    ]);
    const [mixed, flat, tolled] = ['mixed', 'flat', 'tolled'].map((id) => of(found, id).npv_usd);
    expect(mixed).toBeLessThan(Math.min(flat!, tolled!));
  });

  it('leaves other features where they are', () => {
    const traffic = [...sized, ...sized.map((one) => ({ ...one, feature: 'chat' }))];
    const split = { between: ['flat', 'tolled'], by: 'prompt_size', at: [2000], only: { feature: 'chat' } };
    const found = run(own({ split }), traffic);
    const rules = found.question.scenario.strategies.find(({ id }) => id === 'mixed');
    expect(rules).toMatchObject({
      rules: [{ feature: 'chat', prompt_tokens: { below: 2000 }, via: 'tolled' }, { else: 'flat' }],
    });
  });

  it('needs its sizes', () => {
    const asked = () =>
      resolveScenario(scenario(own({ split: { between: ['flat', 'tolled'], by: 'prompt_size' } })), book);
    expect(asked).toThrow(/split\.at.*is missing/);
  });
});

describe('a share that is searched', () => {
  /** 40 of 100 requests a month are free; each further one costs ten times the markup. */
  const packs = {
    ...gateway({
      default_plan: 'p',
      plans: [{ id: 'p', usd_per_month: 0, included_requests: 40, overage: { usd: 0.0005, per_requests: 1 } }],
    }),
  };
  const traffic = requests(100, { output_tokens: 0 });
  const asked = (split: object) => ({
    prices,
    gateways: { packs, tolled: gateways.tolled },
    strategies: [direct, managed('packs'), managed('tolled'), hybrid({ split })],
  });

  it('fills what is included and no more', () => {
    const found = run(asked({ between: ['packs', 'tolled'], by: 'share', parts: 10 }), traffic);
    expect(of(found, 'mixed').split).toMatchObject({
      routes: [
        { of: '40 % of the requests', via: 'packs' },
        { of: '60 % of the requests', via: 'tolled' },
      ],
      tried: 11,
      exact: true,
    });
    // Two months of 0.1 USD, and the markup on 60 % of it.
    expect(of(found, 'mixed').npv_usd).toBeCloseTo(2 * 0.1 * (1 + 0.6 * 0.05), 10);
  });

  it('written as a rule costs the same', () => {
    const rules = [{ share: 0.4, via: 'packs' }, { else: 'tolled' }];
    const found = run(
      { ...asked({}), strategies: [direct, managed('packs'), managed('tolled'), hybrid({ rules })] },
      traffic,
    );
    expect(of(found, 'mixed').npv_usd).toBeCloseTo(2 * 0.1 * (1 + 0.6 * 0.05), 10);
  });

  it('tries each way to share alike parts out once', () => {
    const plans: string[] = [];
    bestSplit(
      4,
      3,
      (tried) => {
        plans.push(...tried.map((plan) => plan.join('')));
        return tried.map(() => 0);
      },
      true,
    );
    expect(plans).toHaveLength(15);
    expect(new Set(plans).size).toBe(15);
    expect(plans.every((plan) => [...plan].sort().join('') === plan)).toBe(true);
  });
});
