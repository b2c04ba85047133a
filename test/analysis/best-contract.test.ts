import { describe, expect, it } from 'vitest';
import { bestCommitment } from '../../src/analysis/best-commitment.ts';
import { MATERIALITY } from '../../src/analysis/materiality.ts';
import { costOf } from '../../src/appraise.ts';
import { Machine } from '../../src/model/machine.ts';
import type { PriceBook } from '../../src/pricing/price-book.ts';
import { sellerTerms } from '../../src/pricing/seller-terms.ts';
import { resolveScenario } from '../../src/scenario/resolve.ts';
import { amounts, book, direct, type Input, managed, monthly, of, requests, run, scenario } from '../costs/fixture.ts';
import { problemsOf } from '../problems.ts';

/** A dollar per thousand requests. */
const prices = { 'acme/large': { input: 1, output: 0 }, 'beta/twin': { input: 1, output: 0 } };
const contract = (level: unknown, own: Input = {}): Input => ({
  acme: { commitment_usd_per_month: level, discount: '15 %', discount_on: 'committed', ...own },
});
/** 100 USD of list spend in the first month, 8 % more in each of the next, for a year. */
const growing = (contracts: Input, own: Input = {}, from?: PriceBook) =>
  run(
    { horizon: 12, discount_rate: '8 %/year', traffic: monthly(100_000, 0.08), prices, contracts, ...own },
    undefined,
    from,
  );
const spends = Array.from({ length: 12 }, (_, month) => 100 * 1.08 ** month);
const weights = Array.from({ length: 12 }, (_, month) => 1.08 ** (-(month + 1) / 12));

const withCredit = (credit: string): PriceBook => ({
  ...book,
  sellers: new Map([
    ...book.sellers,
    [
      'acme',
      {
        ...book.sellers.get('acme')!,
        terms: sellerTerms.parse({ signup: [{ credit, source: 'a page', as_of: '2026-06-16', confidence: 'low' }] }),
      },
    ],
  ]),
});

describe('`commitment_usd_per_month: best`', () => {
  const found = growing(contract('best'));
  const [chosen] = found.prepared.contracts;

  it('is what the newsvendor would order of the discounted months', () => {
    const closed = bestCommitment({ samples: spends, weights }, { discount: 0.15 });
    expect(chosen).toMatchObject({ strategy: 'direct', seller: 'acme' });
    expect(chosen!.commitment_usd).toBeCloseTo(closed.commitment_usd, 6);
    const total = weights.reduce((a, b) => a + b);
    expect(of(found, 'direct').npv_usd).toBeCloseTo(closed.cost_usd * total, 6);
  });

  it('of 100 and 200 USD at 60 % off is 80 a month, 160 USD in place of 300', () => {
    const two = run({
      traffic: monthly(100_000, 1),
      prices,
      contracts: { acme: { commitment_usd_per_month: 'best', discount: '60 %' } },
    });
    expect(two.prepared.contracts[0]?.commitment_usd).toBeCloseTo(80, 9);
    expect(of(two, 'direct').npv_usd).toBeCloseTo(160, 9);
    expect(of(two, 'direct').optimised[0]?.simplest_npv_usd).toBeCloseTo(300, 9);
  });

  it.each<[name: string, own: Input, from?: PriceBook]>([
    ['alone', {}],
    ['for some months', { months: 5 }],
    ['after a discount by volume', { volume_tiers: { tiers: [{ from_usd_per_month: 150, discount: 0.2 }] } }],
    ['with a credit that runs out', {}, withCredit('400 USD')],
    ['with a credit that outlasts the horizon', {}, withCredit('5000 USD')],
    ['with a credit that lasts just about as long', {}, withCredit('1710 USD')],
  ])('is never worse than any level that could be written: %s', (_, own, from) => {
    const free = growing(contract('best', own), {}, from);
    const [level] = free.prepared.contracts;
    const { model } = free.prepared;
    const slot = model.inputs.findIndex(({ path }) => path === 'strategies.direct.commitments.acme');
    const machine = new Machine(model, [slot]);
    for (let cents = 0; cents <= 24_000; cents += 10) {
      machine.set(slot, cents / 100);
      machine.run();
      expect(costOf(machine, 0)).toBeGreaterThanOrEqual(of(free, 'direct').npv_usd - 1e-7);
    }
    for (const usd of [0, 40, level!.commitment_usd, 140]) {
      const fixed = of(growing(contract(usd, own), {}, from), 'direct').npv_usd;
      machine.set(slot, usd);
      machine.run();
      expect(costOf(machine, 0)).toBeCloseTo(fixed, 9);
    }
  });

  it('commits to nothing where a credit pays for everything', () => {
    expect(growing(contract('best'), {}, withCredit('5000 USD')).prepared.contracts[0]?.commitment_usd).toBe(0);
  });

  it('goes in whole steps, as good as any of them', () => {
    const stepped = growing(contract('best', { step_usd: 25 }));
    const { commitment_usd, tried } = stepped.prepared.contracts[0]!;
    expect(commitment_usd % 25).toBe(0);
    expect(tried.every((one) => one.commitment_usd % 25 === 0)).toBe(true);
    const costs = Array.from({ length: 10 }, (_, i) => of(growing(contract(25 * i)), 'direct').npv_usd);
    expect(of(stepped, 'direct').npv_usd).toBeCloseTo(Math.min(...costs), 9);
    expect(growing(contract('best', { step_usd: 1000 })).prepared.contracts[0]?.commitment_usd).toBe(0);
  });

  it('takes the smallest level of those that cost the same', () => {
    const flat = (discount: string) =>
      growing(contract('best', { discount }), { traffic: monthly(100_000) }).prepared.contracts[0]?.commitment_usd;
    expect(flat('0 %')).toBe(0);
    expect(flat('15 %')).toBeCloseTo(85, 9);
  });

  it('is a choice of each strategy, made by what its sellers invoice', () => {
    const strategies = [
      direct,
      managed('toll'),
      managed('keys'),
      { id: 'mixed', kind: 'hybrid', rules: [{ model: 'beta/twin', via: 'toll' }, { else: 'direct' }] },
    ];
    const traffic = [...requests(5), ...requests(5, { seller: 'beta', model: 'twin' })];
    const both = { ...contract('best'), beta: { commitment_usd_per_month: 'best', discount: '30 %' } };
    const levels = run({ horizon: 3, traffic: monthly(100_000), prices, strategies, contracts: both }, traffic);
    expect(
      levels.prepared.contracts.map(({ strategy, seller, commitment_usd }) => [
        strategy,
        seller,
        Math.round(commitment_usd * 100) / 100,
      ]),
    ).toEqual([
      ['direct', 'acme', 42.5],
      ['direct', 'beta', 35],
      ['keys', 'acme', 42.5],
      ['keys', 'beta', 35],
      ['mixed', 'acme', 42.5],
    ]);
  });

  it('is not moved by other strategies, nor chosen differently on another day', () => {
    const more = growing(contract('best'), { strategies: [direct, managed('toll'), { ...direct, id: 'again' }] });
    expect(more.prepared.contracts[0]).toEqual(chosen);
    expect(growing(contract('best')).prepared.contracts).toEqual(found.prepared.contracts);
  });

  it('stands among the inputs as a decision, and break-even holds it', () => {
    const { inputs } = found.prepared.model;
    expect(inputs.find(({ path }) => path === 'strategies.direct.commitments.acme')).toMatchObject({
      central: chosen!.commitment_usd,
      unit: 'USD/month',
      given: false,
      source: expect.stringContaining('chosen once'),
    });
    const small = found.sweeps.find(({ driver }) => driver === 'volume')!;
    // a hundredth of the volume uses none of it up, and it is paid all the same
    const paid = chosen!.commitment_usd * weights.reduce((a, b) => a + b);
    expect(small.npv_usd.direct![0]).toBeGreaterThanOrEqual(paid - 1e-9);
  });

  it('takes the discount on what is committed where nothing else is said', () => {
    const { discount_on: _, ...acme } = contract('best').acme as Input;
    expect(amounts(growing({ acme }), 'direct', 'Discount by contract')).toEqual(
      amounts(found, 'direct', 'Discount by contract'),
    );
  });

  it('is held against no commitment, and told where that is not worth while', () => {
    const none = of(growing({}), 'direct').npv_usd;
    expect(of(found, 'direct').optimised).toMatchObject([
      { decision: 'commitment', subject: 'acme', simplest: 'direct', is_material: true },
    ]);
    expect(of(found, 'direct').optimised[0]?.simplest_npv_usd).toBeCloseTo(none, 9);
    const [little] = of(growing(contract('best', { discount: '1 %' })), 'direct').optimised;
    expect(little).toMatchObject({ is_material: false });
    expect(little!.npv_usd).toBeLessThan(little!.simplest_npv_usd);
  });
});

describe('bad input', () => {
  const told = (own: Input): string[] => problemsOf(() => resolveScenario(scenario(own), book));
  const own = (acme: Input) => told({ contracts: { acme } });
  const phases = (...list: Input[]) =>
    told({ strategies: [direct, managed('toll'), { id: 'p', kind: 'phased', phases: list }] });

  it('of a searched commitment is named with its path', () => {
    const level = 'contracts.acme.commitment_usd_per_month';
    expect(own({ commitment_usd_per_month: 'best' })).toEqual([
      `${level}: best needs the discount that the commitment earns; add \`discount: 15 %\``,
    ]);
    expect(own({ commitment_usd_per_month: 'best', discount: 1 })).toEqual([
      'contracts.acme.discount: leaves nothing to pay; the best commitment needs a discount of less than 100 %',
    ]);
    expect(own({ commitment_usd_per_month: 'best', discount: 0.1, discount_on: 'all' })[0]).toMatch(
      /^contracts.acme.discount_on: gives the discount at any level, .*write `discount_on: committed`$/,
    );
    expect(own({ commitment_usd_per_month: 'best', discount: 0.1, signed: true })[0]).toMatch(
      /^contracts.acme.commitment_usd_per_month: a signed contract has its level/,
    );
    expect(own({ commitment_usd_per_month: 60, discount: 0.1, step_usd: 10 })[0]).toMatch(
      /^contracts.acme.step_usd: has no effect.*`commitment_usd_per_month: best`$/,
    );
    expect(own({ commitment_usd_per_month: 'bst', discount: 0.1 })[0]).toMatch(
      /^contracts.acme.commitment_usd_per_month: found "bst"; .*expected USD\/month, or best$/,
    );
    expect(own({ commitment_usd_per_month: true })[0]).toMatch(/expected a number, a quantity .*, or best$/);
  });

  it('of a searched change-over is named with its path', () => {
    expect(phases({ via: 'toll', for: 'best' }, { via: 'direct', for: 'best' })).toEqual([
      'strategies[2].phases[1].for: the last phase runs until the end and has no `for`',
    ]);
    expect(phases({ via: 'toll', for: 'bst' }, { via: 'direct' })).toEqual([
      'strategies[2].phases[0].for: "bst" is no horizon; allowed are 1 to 120 months ("36 months", "3 years") or best',
    ]);
    expect(phases({ via: 'toll', for: 'best' }, { via: 'direct', for: 'best' }, { via: 'toll' })).toEqual([]);
    expect(told({ horizon: 'best' })).toEqual([
      'horizon: "best" is no horizon; allowed are 1 to 120 months ("36 months", "3 years")',
    ]);
  });

  it('of the materiality is named; by default it is 2 %', () => {
    expect(told({ materiality: 2 })[0]).toMatch(/^materiality: found 2/);
    expect(resolveScenario(scenario({}), book).scenario.materiality).toBe(MATERIALITY);
  });
});
