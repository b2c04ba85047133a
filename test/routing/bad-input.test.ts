import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/errors.ts';
import { compile, FACTS, ROUTES } from './setting.ts';

/** All that is said about a configuration, as `path: message`. */
function said(config: unknown, facts = FACTS): string[] {
  try {
    compile(config, facts);
  } catch (error) {
    if (error instanceof InputError) return error.diagnostics.map(({ path, message }) => `${path}: ${message}`);
    throw error;
  }
  return [];
}

const weighted = (...weights: number[]) => ({
  kind: 'weighted',
  of: weights.map((weight, i) => ({ use: ['a', 'b', 'c'][i], weight })),
});
const budget = { name: 'x', period: 'day', hard: 1 };

describe('what is wrong in a configuration is named with its path', () => {
  test.each<[string, unknown, string]>([
    [
      'a route that is not there',
      { policy: 'beta/lager' },
      'routing.policy: there is no route "beta/lager" (did you mean "beta/large"',
    ],
    [
      'a route deep inside',
      {
        policy: {
          kind: 'conditional',
          when: [{ feature: 'x', use: weighted(1) }],
          else: { kind: 'single', route: 'z9' },
        },
      },
      'routing.policy.else.route: there is no route "z9"',
    ],
    [
      'a model that several routes serve',
      { policy: 'alpha/large' },
      'routing.policy: "alpha/large" is served by several routes; name one of a, night',
    ],
    [
      'weights that sum to 0',
      { policy: weighted(0, 0) },
      'routing.policy.of: the weights sum to 0; at least one has to be above 0',
    ],
    [
      'a weight below 0',
      { policy: weighted(1, -1) },
      'routing.policy.of[1].weight: found -1; a weight is a number from 0',
    ],
    [
      'a route that falls back to itself',
      { policy: { kind: 'fallback', first: 'a', to: ['b', 'a'] } },
      'routing.policy.to[1]: "a" falls back to itself',
    ],
    [
      'a route that stands twice',
      { policy: { kind: 'fallback', to: ['b', 'beta/large'] } },
      'routing.policy.to[1]: "beta/large" stands here twice',
    ],
    [
      'a fallback that is never tried',
      { policy: { kind: 'fallback', first: 'a', to: ['a2'] } },
      'routing.policy.to[0]: "a2" is never tried: its seller alpha has failed before it; write same_seller: allow',
    ],
    [
      'a policy with the name of a route',
      { policy: 'a', policies: { a: { kind: 'single' } } },
      'routing.policies.a: "a" is the name of a route too',
    ],
    [
      'a rule without a condition',
      { policy: { kind: 'conditional', when: [{ use: 'a' }], else: 'b' } },
      'routing.policy.when[0]: has no condition; what holds for the rest stands under `else`',
    ],
    [
      'a size that no prompt has',
      { policy: { kind: 'conditional', when: [{ prompt_tokens: { from: 9, below: 9 }, use: 'a' }], else: 'b' } },
      'routing.policy.when[0].prompt_tokens: no prompt is from 9 and below 9 tokens',
    ],
    [
      'a missing price',
      { policy: { kind: 'cost_aware', of: ['a', 'free'] } },
      'routing.policy.of: "free" has no price to compare',
    ],
    [
      'a missing quality',
      { policy: { kind: 'cost_aware', of: ['a'], quality_floor: 0.5 } },
      'routing.policy.of: "a" has no quality under `quality`, which a quality floor needs',
    ],
    [
      'a floor that no route reaches',
      { policy: { kind: 'cost_aware', of: ['a'], quality_floor: 0.5 }, quality: { a: 0.4 } },
      'routing.policy.quality_floor: no route reaches a quality of 0.5',
    ],
    [
      'a cheaper route below its floor',
      { policy: { kind: 'smart', cheaper: 'b', otherwise: 'a', quality_floor: 0.5 }, quality: { b: 0.4 } },
      'routing.policy.cheaper: "b" has a quality of 0.4, below the floor 0.5',
    ],
    [
      'a quality value between policies',
      {
        policy: { kind: 'smart', cheaper: weighted(1, 1), otherwise: 'c', quality_value: 1 },
        quality: { a: 1, b: 1, c: 1 },
      },
      'routing.policy.cheaper: a quality value compares two routes; expected one route here, not a policy',
    ],
    [
      'a batch at the full price',
      { policy: { kind: 'batch', to: 'b', otherwise: 'a' } },
      'routing.policy.to: "b" is of the tier standard; expected a route of the tier batch',
    ],
    [
      'a budget that is not there',
      {
        policy: { kind: 'budget_aware', within: 'a', budgets: ['dayly'] },
        budgets: [{ ...budget, name: 'daily', soft: 0.5 }],
      },
      'routing.policy.budgets[0]: there is no budget "dayly" (did you mean "daily"?); known are daily',
    ],
    [
      'a soft limit that nobody set',
      { policy: { kind: 'budget_aware', within: 'a', above_soft: 'b' }, budgets: [budget] },
      'routing.policy: watches no budget with a soft limit, so nothing would ever be past it',
    ],
    [
      'a soft limit above the hard one',
      { policy: 'a', budgets: [{ ...budget, soft: 2 }] },
      'routing.budgets[0].soft: 2 USD is above the hard limit of 1 USD, so it would never be reached',
    ],
    [
      'two budgets of one name',
      { policy: 'a', budgets: [budget, budget] },
      'routing.budgets[1].name: there is a budget "x" already',
    ],
    [
      'names for a budget of all',
      { policy: 'a', budgets: [{ ...budget, only: ['ann'] }] },
      'routing.budgets[0].only: names nobody where the budget is for all; write per: key, user, team or feature',
    ],
    [
      'a cooldown above its cap',
      { policy: 'a', breaker: { failures: 1, cooldown: '10 s', cooldown_cap: '5 s' } },
      'routing.breaker.cooldown: 10000 ms is above the cap of 5000 ms',
    ],
    [
      'a quality of an unknown route',
      { policy: 'a', quality: { zz: 0.5 } },
      'routing.quality.zz: there is no route "zz"',
    ],
  ])('%s', (_, config, message) => {
    const facts = {
      ...FACTS,
      routes: { ...ROUTES, free: { seller: 'delta', model: 'free', tier: 'standard' as const } },
    };
    const found = said(config, facts);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(message);
  });

  test.each<[string, unknown, string]>([
    [
      'a budget in another currency',
      { policy: 'a', budgets: [{ ...budget, hard: '5 EUR' }] },
      'routing.budgets[0].hard: EUR is no currency of a budget; allowed is USD',
    ],
    [
      'a budget that is an interval',
      { policy: 'a', budgets: [{ ...budget, hard: '2 to 5 USD' }] },
      'routing.budgets[0].hard: a policy acts on one number; an interval or distribution is none',
    ],
    [
      'an unknown period',
      { policy: 'a', budgets: [{ ...budget, period: 'dai' }] },
      'routing.budgets[0].period: found "dai"; allowed are day, month, total (did you mean "day"',
    ],
    [
      'a budget without a limit',
      { policy: 'a', budgets: [{ name: 'x', period: 'day' }] },
      'routing.budgets[0]: needs a limit: soft, hard or both',
    ],
    [
      'a breaker threshold of 0',
      { policy: 'a', breaker: { failures: 0 } },
      'routing.breaker.failures: found 0; Too small: expected number to be >=1',
    ],
    [
      'a breaker rate of 0',
      { policy: 'a', breaker: { rate: 0 } },
      'routing.breaker.rate: a rate of 0 would open at once',
    ],
    [
      'a breaker without a threshold',
      { policy: 'a', breaker: {} },
      'routing.breaker: needs a threshold: failures, rate or both',
    ],
    [
      'a deadline below 0',
      { policy: { kind: 'batch', to: 'night', otherwise: 'a', deadlines: { digest: '-1 hours' } } },
      'routing.policy.deadlines.digest: -1 hours is out of range; allowed is at least 0 hour',
    ],
    [
      'a misspelt key',
      { policy: { kind: 'fallback', too: ['a'] } },
      'routing.policy.too: unknown key "too" (did you mean "to"',
    ],
    ['a kind that is not there', { policy: { kind: 'fallbak', to: ['a'] } }, 'routing.policy'],
    ['a status that is no failure', { policy: { kind: 'fallback', to: ['a'], on: [200] } }, 'routing.policy.on[0]'],
    ['no attempts at all', { policy: 'a', limits: { attempts: 0 } }, 'routing.limits.attempts: found 0'],
  ])('%s', (_, config, message) => {
    expect(said(config).join('\n')).toContain(message);
  });

  test('policies that refer to each other in a circle', () => {
    const policies = {
      x: { kind: 'fallback', first: 'a', to: ['y'] },
      y: { kind: 'weighted', of: [{ use: { kind: 'fallback', first: 'b', to: ['x'] }, weight: 1 }] },
    };
    expect(said({ policy: 'x', policies })).toEqual([
      'routing.policies.y.of[0].use.to[0]: policies refer to each other in a circle: x -> y -> x',
    ]);
    expect(said({ policy: 'a', policies: { me: { kind: 'fallback', to: ['me'] } } })).toEqual([
      'routing.policies.me.to[0]: policies refer to each other in a circle: me -> me',
    ]);
  });

  test('prices that are no numbers, or of no route', () => {
    const price = { input_usd_per_mtok: -1, output_usd_per_mtok: 1 };
    const found = said({ policy: 'a' }, { ...FACTS, prices: { a: price, zz: price } });
    expect(found).toEqual([
      expect.stringContaining('routing.prices.zz: there is no route "zz"'),
      'routing.prices.a: a price is a number from 0',
    ]);
  });

  test('more statuses than can be told apart', () => {
    const on = Array.from({ length: 13 }, (_, i) => 460 + i);
    expect(said({ policy: { kind: 'fallback', first: 'a', to: ['b'], on } })[0]).toContain('at most 12 can be');
    expect(said({ policy: { kind: 'fallback', first: 'a', to: ['b'], on: on.slice(1) } })).toEqual([]);
  });

  test('everything at once', () => {
    const found = said({
      policy: { kind: 'conditional', when: [{ use: weighted(0) }], else: 'nowhere' },
      policies: { spare: { kind: 'single', route: 'nothing' } },
      budgets: [budget, { ...budget, soft: 3 }],
    });
    expect(found.map((one) => one.split(':')[0])).toEqual([
      'routing.budgets[1].name',
      'routing.budgets[1].soft',
      'routing.policy.when[0]',
      'routing.policy.when[0].use.of',
      'routing.policy.else',
      'routing.policies.spare.route',
    ]);
  });
});
