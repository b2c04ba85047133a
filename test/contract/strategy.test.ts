/** What every kind of strategy has to keep. A new kind is added to the list and meets the same tests. */
import { describe, expect, it } from 'vitest';
import type { ServingSpec } from '../../src/strategies/index.ts';
import { STRATEGIES, serve } from '../../src/strategies/index.ts';
import { amounts, book, direct, lines, managed, monthly, of, requests, run } from '../costs/fixture.ts';

const proxy = { id: 'proxy', kind: 'self_hosted_gateway', gateway: 'proxy' };
const hybrid = {
  id: 'mixed',
  kind: 'hybrid',
  rules: [{ model: 'beta/twin', via: 'able' }, { feature: 'digest', via: 'proxy' }, { else: 'direct' }],
};
const phased = { id: 'later', kind: 'phased', phases: [{ via: 'able', for: 3 }, { via: 'direct' }] };
const all = [direct, managed('able'), managed('toll'), proxy, hybrid, phased];
const serving = all.filter((spec) => spec.kind !== 'phased');

const traffic = [
  ...requests(20),
  ...requests(10, { feature: 'digest' }),
  ...requests(8, { seller: 'beta', model: 'twin' }),
  ...requests(4, { seller: 'beta', model: 'twin', feature: 'digest' }),
  ...requests(2, { tier: 'batch' }),
  ...requests(1, { input_tokens: 250_000 }),
];
const common = {
  horizon: 6,
  traffic: monthly(45_000, 0.01),
  strategies: all,
  engineering: { loaded_rate: 100, migrations: { per_year: 2 } },
  needs: { fallback: 'optional', budgets: 'required', dashboards: { need: 'optional', absence: 50 } },
  outages: { from: 'history' },
  value: {
    per_request: 0.05,
    latency: { churn_per_100ms: 0.001 },
    early_access: { new_models: 6, lag_direct: 336, lag_gateway: 24, per_day: 10 },
  },
};
const found = run(common, traffic);
const SIGNED = ['credits', 'latency', 'early_access'];

it('every kind is among those tested', () => {
  expect(new Set(serving.map((spec) => spec.kind))).toEqual(new Set(Object.keys(STRATEGIES)));
});

describe.each(all)('$id ($kind)', (spec) => {
  it('covers every month', () => {
    const { monthly_usd, npv_usd } = of(found, spec.id);
    expect(monthly_usd.length).toBe(6);
    for (const usd of monthly_usd) expect(usd).toBeGreaterThan(0);
    expect(Number.isFinite(npv_usd)).toBe(true);
  });

  it('has negative amounts for gains alone', () => {
    for (const { line, amounts_usd } of of(found, spec.id).lines) {
      if (SIGNED.includes(line.component) || line.label.startsWith('Fallback from')) continue;
      expect(Math.min(...amounts_usd), line.label).toBeGreaterThanOrEqual(0);
    }
  });

  it('charges all tokens of the traffic once', () => {
    const counted = (id: string): number =>
      of(found, id)
        .lines.filter(
          ({ line, from }) => line.component === 'token_charges' && 'window_tokens' in line.inputs && from === 0,
        )
        .reduce((total, { inputs }) => total + inputs.window_tokens!.value!, 0);
    expect(counted(spec.id)).toBe(traffic.reduce((total, one) => total + one.input_tokens + one.output_tokens, 0));
  });

  it('loses nothing in outages where a request has no value', () => {
    const worthless = run({ ...common, value: {} }, traffic);
    expect(of(worthless, spec.id).lines.filter(({ line }) => line.component === 'outages')).toEqual([]);
  });

  it('answers every need', () => {
    const answers = found.prepared.choices.get(spec.id) ?? [];
    if (spec.kind === 'phased') return;
    expect(answers.map(({ need }) => need)).toEqual(Object.keys(common.needs));
    expect(answers.find(({ need }) => need === 'budgets')?.answer).toMatch(/^(built|brought)$/);
  });
});

describe.each(serving)('the access of $id', (spec) => {
  it('takes all of every usage row over its channels', () => {
    const byId = new Map(serving.map((one) => [one.id, one as unknown as ServingSpec]));
    const context = {
      gateway: (id: string) => book.gateways.get(id)!,
      access: (id: string): ReturnType<typeof serve> => serve(byId.get(id)!, context),
      edges: found.usage.edges,
    };
    const { channels } = serve(spec as unknown as ServingSpec, context);
    const { usage } = found;
    expect(usage.rows.length).toBeGreaterThan(10);
    for (const row of usage.rows) expect(channels.reduce((total, channel) => total + channel.takes(row), 0)).toBe(1);
  });
});

describe('needs', () => {
  const one = (own: object) =>
    run({ horizon: 12, traffic: monthly(50_000), engineering: { loaded_rate: 100 }, ...own });
  const choice = (made: ReturnType<typeof run>, id: string, need: string) =>
    made.prepared.choices.get(id)!.find((each) => each.need === need)!;
  const build = 'Build: Usage and cost dashboards';
  const upkeep = 'Upkeep: Usage and cost dashboards';
  const without = 'Doing without: Usage and cost dashboards';
  const effort = { dashboards: { build: 10, upkeep: 1 } };

  it('that are optional are built where that is cheaper than doing without', () => {
    const made = one({
      engineering: { loaded_rate: 100, effort },
      needs: { dashboards: { need: 'optional', absence: 200 } },
    });
    // 1,000 + 12 x 100 against 12 x 200
    expect(choice(made, 'direct', 'dashboards')).toMatchObject({ answer: 'built', saves_usd: expect.closeTo(200, 6) });
    expect(amounts(made, 'direct', build)[0]).toBe(1000);
    expect(amounts(made, 'direct', upkeep)[5]).toBe(100);
    expect(lines(made, 'direct', without)).toEqual([]);
  });

  it('that are optional are done without where that is cheaper', () => {
    const made = one({
      engineering: { loaded_rate: 100, effort },
      needs: { dashboards: { need: 'optional', absence: 150 } },
    });
    // 2,200 against 12 x 150
    expect(choice(made, 'direct', 'dashboards')).toMatchObject({
      answer: 'done_without',
      saves_usd: expect.closeTo(400, 6),
    });
    expect(lines(made, 'direct', build)).toEqual([]);
    expect(lines(made, 'direct', upkeep)).toEqual([]);
    expect(amounts(made, 'direct', without)).toEqual(new Array(12).fill(150));
  });

  it('that are optional and worth nothing are never built', () => {
    const made = one({ needs: { dashboards: 'optional', budgets: 'optional' } });
    expect(made.prepared.choices.get('direct')!.map(({ answer }) => answer)).toEqual(['done_without', 'done_without']);
  });

  it('cost no more than either choice by force, and as much as the better one', () => {
    const forced = (needs: object) => of(one({ engineering: { loaded_rate: 100, effort }, needs }), 'direct').npv_usd;
    for (const absence of [0, 100, 150, 183, 184, 200, 1000]) {
      const free = forced({ dashboards: { need: 'optional', absence } });
      const built = forced({ dashboards: 'required' });
      const none = forced({}) + 12 * absence;
      expect(free).toBeCloseTo(Math.min(built, none), 6);
    }
  });

  it('that are required are built where they are not brought', () => {
    const made = one({
      needs: { budgets: 'required', fallback: 'required' },
      strategies: [direct, managed('able'), proxy],
    });
    expect(choice(made, 'direct', 'budgets').answer).toBe('built');
    expect(choice(made, 'able', 'budgets')).toMatchObject({ answer: 'brought', reason: 'brought by Able' });
    expect(choice(made, 'proxy', 'budgets').answer).toBe('built');
    expect(choice(made, 'proxy', 'fallback').answer).toBe('brought');
    expect(lines(made, 'able', 'Build: Spending limits')).toEqual([]);
    expect(amounts(made, 'proxy', 'Build: Spending limits')[0]).toBeGreaterThan(0);
  });

  it('that are built already cost their upkeep alone, and nothing where they are brought', () => {
    const made = one({
      engineering: { loaded_rate: 100, effort },
      needs: { dashboards: 'required', budgets: 'required' },
      already_built: ['dashboards', 'budgets'],
      strategies: [direct, managed('able')],
    });
    expect(choice(made, 'direct', 'dashboards').answer).toBe('already_built');
    expect(lines(made, 'direct', 'Build: Usage')).toEqual([]);
    expect(amounts(made, 'direct', upkeep)).toEqual(new Array(12).fill(100));
    expect(lines(made, 'able', 'Upkeep: Spending limits')).toEqual([]);
  });

  it('that are built already but not needed cost nothing', () => {
    const made = one({ already_built: ['dashboards'], engineering: { loaded_rate: 100, effort } });
    expect(lines(made, 'direct', upkeep)).toEqual([]);
  });
});

describe('the fallback', () => {
  const at = (per_request: number) =>
    run({
      horizon: 24,
      traffic: monthly(100_000),
      engineering: { loaded_rate: 100, effort: { fallback: { build: 40, upkeep: 2 } } },
      needs: { fallback: 'optional' },
      outages: { from: 'history', response: 0, recovered_later: 0, common_cause: 0 },
      value: { per_request },
      strategies: [{ ...direct, policy: { kind: 'fallback', to: ['beta/twin'] } }],
    });

  it('is built where lost requests are worth more, which changes hours, losses and reroutes alike', () => {
    // 290 requests a month: at 10 USD they are worth more than 200 USD a month and 4,000 at the start
    const [cheap, dear] = [at(0.1), at(10)];
    expect(cheap.prepared.choices.get('direct')![0]!.answer).toBe('done_without');
    expect(dear.prepared.choices.get('direct')![0]!.answer).toBe('built');
    expect(amounts(cheap, 'direct', 'Build: Outage fallback')[0]).toBe(0);
    expect(amounts(dear, 'direct', 'Build: Outage fallback')[0]).toBe(4000);
    expect(amounts(cheap, 'direct', 'Requests lost')[0]! / 0.1).toBeCloseTo(290, 6);
    expect(amounts(dear, 'direct', 'Requests lost')[0]! / 10).toBeCloseTo(100_000 * 0.0029 * 0.0037, 6);
    expect(amounts(cheap, 'direct', 'Fallback from acme')[0]).toBe(0);
    expect(amounts(dear, 'direct', 'Fallback from acme')[0]).toBeGreaterThan(0);
  });
});

describe('a hybrid', () => {
  it('that sends everything one way costs what that way costs', () => {
    const whole = { id: 'whole', kind: 'hybrid', rules: [{ else: 'toll' }] };
    const made = run({ ...common, strategies: [direct, managed('toll'), whole] }, traffic);
    expect(of(made, 'whole').npv_usd).toBe(of(made, 'toll').npv_usd);
  });

  it('takes the first rule that matches', () => {
    const made = run(common, traffic);
    const spend = lines(made, 'mixed', 'Input tokens').map(({ line }) => line.label);
    expect(spend.length).toBeGreaterThan(2);
    // 8 + 4 requests of beta/twin go through able, 10 digests of acme through proxy, the rest directly
    const lost = lines(made, 'mixed', 'Requests lost').map(({ line, inputs }) => [
      line.label.replace('Requests lost in outages ', ''),
      Math.round(inputs.requests!.values![0]!),
    ]);
    expect(lost).toEqual([
      ['(beta, able)', 12_000],
      ['(acme, proxy)', 10_000],
      ['(acme, direct)', 21_000],
    ]);
  });

  it('with a latency of its own is as slow as it says', () => {
    const slow = { ...hybrid, hop_latency: '100 ms' };
    const made = run({ ...common, strategies: [direct, managed('able'), proxy, slow] }, traffic);
    expect(amounts(made, 'mixed', 'Churn')[0]).toBeCloseTo(45_000 * 0.05 * 0.001, 9);
  });
});
