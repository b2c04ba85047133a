import { beforeAll, describe, expect, it } from 'vitest';
import type { Evaluation } from '../../src/evaluate.ts';
import type { AttributedCost, ReportAttribution } from '../../src/report/attribution-contract.ts';
import { MOST_ROWS } from '../../src/report/build-attribution.ts';
import { routesOf } from '../../src/report/build-routes.ts';
import { type Report, reportContract } from '../../src/report/contract.ts';
import { nameInBrackets } from '../../src/report/line-names.ts';
import { book, direct, managed, monthly, requests, run } from '../costs/fixture.ts';
import { runScenario, SCENARIOS } from '../invariant/fixture.ts';
import { reportOf } from '../report-of.ts';

type Dimension = ReportAttribution['by'][number];

const by = (report: Report, dimension: Dimension['dimension']): Dimension =>
  report.attribution!.by.find((one) => one.dimension === dimension)!;
const of = (costs: readonly AttributedCost[], strategy: string): AttributedCost | undefined =>
  costs.find((one) => one.strategy === strategy);
const row = (report: Report, dimension: Dimension['dimension'], name: string | null, strategy: string) =>
  of(by(report, dimension).rows.find((one) => one.name === name)!.costs, strategy)!;

const SHARED = ['gateway_fees', 'commitments', 'credits'] as const;

/** The sums of a dimension are the totals of the components. */
function expectSums(report: Report): void {
  for (const dimension of report.attribution!.by)
    for (const { id, by_component, total_usd } of report.strategies) {
      if (total_usd === null) continue;
      const costs = [
        ...dimension.rows.flatMap((one) => of(one.costs, id) ?? []),
        ...(of(dimension.others?.costs ?? [], id) === undefined ? [] : [of(dimension.others!.costs, id)!]),
        of(dimension.not_attributed, id)!,
      ];
      const sum = (what: 'tokens_usd' | 'fees_usd') => costs.reduce((total, cost) => total + (cost[what] ?? 0), 0);
      expect(sum('tokens_usd')).toBeCloseTo(by_component.token_charges ?? 0, 8);
      expect(sum('fees_usd')).toBeCloseTo(
        SHARED.reduce((total, component) => total + (by_component[component] ?? 0), 0),
        8,
      );
    }
}

/** Lines that count tokens, pieces or requests, and have no route. */
const lost = (evaluation: Evaluation): string[] => {
  const routes = routesOf(evaluation);
  return evaluation.alternatives.flatMap(({ id, lines }) =>
    lines
      .filter(
        ({ line, inputs }) =>
          line.component === 'token_charges' &&
          (inputs.window_tokens ?? inputs.window_quantity ?? inputs.window_requests) !== undefined &&
          !line.label.startsWith('Fallback'),
      )
      .filter((line) => routes.get(id)!.of(line) === undefined)
      .map(({ line }) => line.label),
  );
};

const part = (count: number, own: Parameters<typeof requests>[1]) => requests(count, own);
const mixed = [
  ...part(6, { feature: 'chat' }),
  ...part(2, { feature: 'digest', input_tokens: 3000, output_tokens: 700 }),
  ...part(2, { seller: 'beta', model: 'twin' }),
];

describe('costs by model and feature', () => {
  const report = reportOf(
    run({ traffic: monthly(10), strategies: [direct, managed('markup'), managed('toll')] }, mixed),
    book,
  );

  it('gives each the charges of its own tokens', () => {
    // 6 of 1,000 and 2 of 3,000 tokens at 3 USD/Mtok, 600 and 1,400 at 15; 2 of 1,000 at 4 and 200 at 20; two months of 10.
    expect(row(report, 'feature', 'chat', 'direct').tokens_usd).toBeCloseTo(2 * (0.018 + 0.009), 12);
    expect(row(report, 'feature', 'digest', 'direct').tokens_usd).toBeCloseTo(2 * (0.018 + 0.021), 12);
    expect(row(report, 'model', 'acme/large', 'direct').tokens_usd).toBeCloseTo(2 * (0.036 + 0.03), 12);
    expect(row(report, 'model', 'beta/twin', 'direct').tokens_usd).toBeCloseTo(2 * (0.008 + 0.004), 12);
  });

  it('shows requests without a feature as not stated', () => {
    expect(row(report, 'feature', null, 'direct').tokens_usd).toBeCloseTo(0.024, 12);
  });

  it('shares fees in proportion to token charges', () => {
    for (const name of ['chat', 'digest', null]) {
      const { tokens_usd, fees_usd } = row(report, 'feature', name, 'markup');
      expect(fees_usd).toBeCloseTo(0.05 * tokens_usd!, 12);
    }
    expect(row(report, 'model', 'beta/twin', 'direct').fees_usd).toBe(0);
  });

  it('tells what a thousand requests cost', () => {
    const chat = by(report, 'feature').rows.find(({ name }) => name === 'chat')!;
    expect(chat.requests).toBeCloseTo(12, 9);
    expect(of(chat.costs, 'direct')?.usd_per_1000_requests).toBeCloseTo((1000 * 0.054) / 12, 9);
  });

  it('puts the largest first and adds up to token charges and fees', () => {
    expect(by(report, 'feature').rows.map(({ name }) => name)).toEqual(['digest', 'chat', null]);
    expectSums(report);
  });

  it('keeps the contract and says what it does in sentences', () => {
    expect(() => reportContract.parse(report)).not.toThrow();
    expect(report.attribution?.how.join(' ')).toMatch(/teams, users and agents in proportion to.*not attributed/s);
  });
});

describe('many names', () => {
  const features = Array.from({ length: MOST_ROWS + 7 }, (_, i) =>
    part(1, { feature: `f${String(i).padStart(2, '0')}`, input_tokens: 1000 * (i + 1) }),
  ).flat();
  const report = reportOf(run({ strategies: [direct, managed('toll')] }, features), book);

  it('are shown up to twenty; all others stand together with their number', () => {
    const { rows, others } = by(report, 'feature');
    expect(rows).toHaveLength(MOST_ROWS);
    expect(rows[0]?.name).toBe('f26');
    expect(others?.names).toBe(7);
    expect(of(others!.costs, 'direct')!.tokens_usd).toBeGreaterThan(0);
    expectSums(report);
  });
});

describe('what has no price', () => {
  const unknown = [...part(4, { feature: 'chat' }), ...part(2, { feature: 'new', model: 'unheard-of' })];
  const report = reportOf(run({ traffic: monthly(10) }, unknown), book);

  it('is null, never 0, and marks what it is a part of', () => {
    expect(row(report, 'model', 'acme/unheard-of', 'direct')).toEqual({
      strategy: 'direct',
      tokens_usd: null,
      fees_usd: null,
      usd_per_1000_requests: null,
      share_fraction: null,
      unpriced: true,
    });
    expect(row(report, 'feature', 'new', 'direct').tokens_usd).toBeNull();
    expect(row(report, 'feature', 'chat', 'direct')).toMatchObject({ unpriced: false });
    expect(row(report, 'feature', 'chat', 'direct').tokens_usd).toBeGreaterThan(0);
    expect(report.strategies[0]?.routes?.map(({ unpriced }) => unpriced === undefined)).toEqual([true, false]);
  });
});

describe('routes', () => {
  const traffic = {
    ...monthly(10_000),
    batchable: { features: ['digest'] },
  };
  const strategies = [
    direct,
    managed('toll'),
    {
      id: 'split',
      kind: 'hybrid',
      rules: [{ feature: 'digest', via: 'toll' }, { via: 'toll', share: 0.5 }, { else: 'direct' }],
    },
    { id: 'later', kind: 'phased', phases: [{ via: 'toll', for: 1 }, { via: 'direct' }] },
  ];
  const cached = part(3, { feature: 'chat', cache_read_tokens: 500 });
  const long = part(2, { feature: 'book', input_tokens: 250_000 });
  const pieces = part(2, { model: 'pieces', input_tokens: 0, output_tokens: 0, web_searches: 3 });
  const ranked = part(2, { model: 'rerank', output_tokens: 0 });
  const evaluation = run({ traffic, strategies }, [...mixed, ...cached, ...long, ...pieces, ...ranked]);
  const report = reportOf(evaluation, book);
  const strategy = (id: string) => report.strategies.find((one) => one.id === id)!;

  it('find every line that counts something, whatever its tier, size or share', () => {
    expect(lost(evaluation)).toEqual([]);
    expectSums(report);
  });

  it('say who invoices and what is paid from credit', () => {
    expect(strategy('direct').routes?.[0]).toMatchObject({
      via: 'direct',
      model: 'acme/large',
      invoiced_by: 'acme',
      from_credit: false,
      months: { from: 0, until: 2 },
    });
    expect(strategy('toll').routes?.[0]).toMatchObject({ via: 'toll', invoiced_by: 'toll', from_credit: true });
    expect(new Set(strategy('split').routes?.map(({ via }) => via))).toEqual(new Set(['toll', 'direct']));
  });

  it('of a phased strategy lie one after the other', () => {
    const { routes, line_items } = strategy('later');
    const first = routes!.filter(({ months }) => months.from === 0);
    expect(first.every(({ via, months }) => via === 'toll' && months.until === 1)).toBe(true);
    for (const { route, months } of line_items) if (route !== undefined) expect(routes![route]!.months).toEqual(months);
  });

  it('count the tokens of the window once', () => {
    for (const id of ['direct', 'toll', 'split']) {
      const sum = strategy(id).routes!.reduce((total, { window_tokens }) => total + window_tokens.input, 0);
      expect(sum).toBeCloseTo(report.traffic.tokens.input, 6);
    }
  });
});

describe('the bundled scenarios', () => {
  let reports: { name: string; report: Report; lost: string[] }[] = [];
  beforeAll(async () => {
    for (const name of SCENARIOS) {
      const { report, evaluation } = await runScenario(name);
      reports.push({ name, report, lost: lost(evaluation) });
    }
    reports = [...reports];
  }, 120_000);

  it('add up to their token charges and fees, and lose no line', () => {
    expect(reports.length).toBeGreaterThan(2);
    for (const { report, lost: missing } of reports) {
      expect(missing).toEqual([]);
      expectSums(report);
    }
  });
});

describe('names in labels', () => {
  it('are the first in brackets', () => {
    expect(nameInBrackets('Credit purchase fee (openrouter, by card, one purchase a month)')).toBe('openrouter');
    expect(nameInBrackets('Markup on tokens (toll)')).toBe('toll');
    expect(nameInBrackets('Response cache, per answer')).toBeUndefined();
  });
});
