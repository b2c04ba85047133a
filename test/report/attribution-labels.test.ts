import { describe, expect, it } from 'vitest';
import { evaluate } from '../../src/evaluate.ts';
import { NO_COUNTS } from '../../src/meters.ts';
import type { AttributedCost, ReportAttribution } from '../../src/report/attribution-contract.ts';
import { attributionCsv } from '../../src/report/attribution-csv.ts';
import { attributionRows, lacksInWords } from '../../src/report/attribution-words.ts';
import { MOST_ROWS } from '../../src/report/build-attribution.ts';
import { type Report, reportContract } from '../../src/report/contract.ts';
import { attributionSection } from '../../src/report/html/attribution.ts';
import { attributionLines } from '../../src/report/markdown-attribution.ts';
import { resolveScenario } from '../../src/scenario/resolve.ts';
import type { TraceRequest } from '../../src/trace/request.ts';
import { book, direct, type Input, managed, monthly, requests, run, scenario, usageOf } from '../costs/fixture.ts';
import { reportOf } from '../report-of.ts';
import { HOSTILE } from './fixture.ts';

type Dimension = ReportAttribution['by'][number];
const by = (report: Report, dimension: Dimension['dimension']): Dimension =>
  report.attribution!.by.find((one) => one.dimension === dimension)!;
const of = (costs: readonly AttributedCost[], strategy: string) => costs.find((one) => one.strategy === strategy)!;
const row = (report: Report, dimension: Dimension['dimension'], name: string | null) =>
  by(report, dimension).rows.find((one) => one.name === name)!;

const SHARED = ['gateway_fees', 'commitments', 'credits'] as const;

/** The rows of each table add up to the token charges and to the fees of each strategy, and shares to 1. */
function expectSums(report: Report): void {
  for (const { rows, others, not_attributed } of report.attribution!.by)
    for (const { id, by_component } of report.strategies) {
      const costs = [...rows.map((one) => one.costs), others?.costs ?? [], not_attributed]
        .flat()
        .filter(({ strategy }) => strategy === id);
      const sum = (what: 'tokens_usd' | 'fees_usd' | 'share_fraction') =>
        costs.reduce((total, cost) => total + (cost[what] ?? 0), 0);
      expect(sum('tokens_usd')).toBeCloseTo(by_component.token_charges ?? 0, 8);
      expect(sum('fees_usd')).toBeCloseTo(
        SHARED.reduce((total, component) => total + (by_component[component] ?? 0), 0),
        8,
      );
      expect(sum('share_fraction')).toBeCloseTo(1, 9);
    }
}

const asked = (count: number, own: Partial<TraceRequest>) => requests(count, own);
/** Two teams whose features, models, tiers and prompt sizes differ, and requests without a team. */
const mixed = [
  ...asked(4, { team: 'red', user: 'ann', feature: 'chat' }),
  ...asked(3, { team: 'red', user: 'bob', feature: 'digest', input_tokens: 3000, agent: 'writer' }),
  ...asked(2, { team: 'blue', user: 'ann', feature: 'digest', seller: 'beta', model: 'twin' }),
  ...asked(2, { team: 'blue', user: 'eve', feature: 'book', input_tokens: 250_000 }),
  ...asked(3, { team: 'blue', feature: 'chat', cache_read_tokens: 500 }),
  ...asked(2, { feature: 'chat', output_tokens: 900 }),
];
const strategies = [
  direct,
  managed('markup'),
  managed('toll'),
  {
    id: 'split',
    kind: 'hybrid',
    rules: [{ feature: 'digest', via: 'toll' }, { via: 'markup', share: 0.5 }, { else: 'direct' }],
  },
  { id: 'later', kind: 'phased', phases: [{ via: 'toll', for: 1 }, { via: 'direct' }] },
];
const own: Input = { traffic: { ...monthly(mixed.length), batchable: { features: ['digest'] } }, strategies };
const report = reportOf(run(own, mixed), book);

describe('costs by team, user and agent', () => {
  it('add up to those of each strategy, as those of features do', () => {
    expect(report.attribution!.by.map(({ dimension }) => dimension)).toEqual([
      'model',
      'feature',
      'team',
      'user',
      'agent',
    ]);
    expectSums(report);
    expect(() => reportContract.parse(report)).not.toThrow();
  });

  it.each(['red', 'blue', null])('are what the tokens of team %s cost without anybody else', (name) => {
    const theirs = mixed.filter(({ team }) => team === (name ?? undefined));
    const alone = reportOf(
      run({ traffic: { ...monthly(theirs.length), batchable: { features: ['digest'] } }, strategies }, theirs),
      book,
    );
    for (const id of ['direct', 'markup', 'split', 'later']) {
      const charges = alone.strategies.find((one) => one.id === id)!.by_component.token_charges!;
      expect(of(row(report, 'team', name).costs, id).tokens_usd).toBeCloseTo(charges, 9);
    }
  });

  it('share fees by token charges', () => {
    for (const { costs } of by(report, 'user').rows) {
      const { tokens_usd, fees_usd } = of(costs, 'markup');
      expect(fees_usd).toBeCloseTo(0.05 * tokens_usd!, 12);
    }
  });

  it('come with requests, tokens, unit costs and shares', () => {
    const red = row(report, 'team', 'red');
    expect(red.requests).toBeCloseTo(2 * 7, 9);
    expect(red.tokens).toBeCloseTo(2 * (4 * 1100 + 3 * 3100), 6);
    const { tokens_usd, fees_usd, usd_per_1000_requests, share_fraction } = of(red.costs, 'markup');
    expect(usd_per_1000_requests).toBeCloseTo((1000 * (tokens_usd! + fees_usd!)) / 14, 9);
    const { token_charges, gateway_fees } = report.strategies.find(({ id }) => id === 'markup')!.by_component;
    expect(share_fraction).toBeCloseTo((tokens_usd! + fees_usd!) / (token_charges! + gateway_fees!), 12);
  });

  it('stand twenty to a table, the largest first, all others together', () => {
    const many = Array.from({ length: MOST_ROWS + 5 }, (_, i) =>
      asked(1, { user: `u${i}`, input_tokens: 1000 * (i + 1) }),
    ).flat();
    const users = by(reportOf(run({ strategies }, many), book), 'user');
    expect(users.rows.map(({ name }) => name).slice(0, 2)).toEqual(['u24', 'u23']);
    expect([users.rows.length, users.others?.names]).toEqual([MOST_ROWS, 5]);
  });

  it('of labels that are not told apart stand with all others, and the report says so', () => {
    const usage = usageOf(mixed, own);
    const kind = { model: 'acme/large', feature: 'chat', band: 0, tier: 'standard' } as const;
    const counts = { ...NO_COUNTS, requests: 2, input_tokens: 2000, output_tokens: 200 };
    const labels = {
      user: {
        rows: [
          { label: 'ann', ...kind, ...counts },
          { label: null, ...kind, ...counts },
        ],
        beyond: 'bob',
      },
    };
    const found = reportOf(evaluate(resolveScenario(scenario(own), book), { ...usage, labels }, book), book);
    expectSums(found);
    expect(by(found, 'user').others).toMatchObject({ names: 0, and_more: true });
    expect(attributionRows(by(found, 'user')).map(({ name }) => name)).toContain(
      'all others (users that are not told apart)',
    );
    expect(found.attribution!.how.join(' ')).toContain('more users than are told apart');
  });

  it('are open where a part has no price', () => {
    const found = reportOf(
      run({ traffic: monthly(4), accept_unpriced: true }, [
        ...asked(2, { team: 'red', model: 'unheard-of' }),
        ...asked(2, { team: 'blue' }),
      ]),
      book,
    );
    expect(of(row(found, 'team', 'red').costs, 'direct')).toMatchObject({ tokens_usd: null, unpriced: true });
    expect(of(row(found, 'team', 'blue').costs, 'direct')).toMatchObject({ unpriced: false });
  });

  it('say that hours are not known by label, and what the traffic does not state', () => {
    expect(report.attribution!.how.join(' ')).toContain('not by hour');
    expect(report.attribution!.lacks).toBeUndefined();
    const plain = reportOf(run({}, asked(4, { team: 'red' })), book).attribution!;
    expect(plain.lacks).toEqual([
      { dimension: 'feature', column: 'feature' },
      { dimension: 'user', column: 'user' },
      { dimension: 'agent', column: 'agent' },
    ]);
    expect(lacksInWords(plain)).toMatch(
      /^Not told: costs by feature, user and agent\. .*columns "feature", "user" and "agent"/,
    );
  });
});

describe('a strategy whose policies move requests', () => {
  it('attributes all of its usage, what was moved by the mix of its feature', () => {
    const traffic = asked(10, { feature: 'chat' }).map((one, i) => ({ ...one, team: i % 5 < 3 ? 'red' : 'blue' }));
    const moved = run(
      {
        strategies: [direct, { ...direct, id: 'backup' }],
        routes: { large: { seller: 'acme', model: 'large' }, twin: { seller: 'beta', model: 'twin' } },
        outages: { from: 'replay' },
        replay: {
          conditions: { outages: [{ component: 'acme', from: '2026-11-01', until: '2026-11-16' }] },
          strategies: { backup: { routing: { policy: { kind: 'fallback', first: 'large', to: ['twin'] } } } },
        },
      },
      traffic,
    );
    const found = reportOf(moved, book);
    expectSums(found);
    // Five of ten requests at 0.0045 USD and five at 0.006, each of them 6 parts red and 4 parts blue; in 2 months.
    expect(of(row(found, 'team', 'red').costs, 'backup').tokens_usd).toBeCloseTo(2 * 0.6 * 5 * (0.0045 + 0.006), 10);
    expect(of(row(found, 'team', 'blue').costs, 'backup').tokens_usd).toBeCloseTo(2 * 0.4 * 5 * (0.0045 + 0.006), 10);
    expect(found.attribution!.how.join(' ')).toContain('a policy moves requests');
  });
});

describe('hostile labels', () => {
  const names = Object.values(HOSTILE);
  const hostile = reportOf(
    run(
      { strategies },
      names.flatMap((team) => asked(1, { team, user: team, agent: team })),
    ),
    book,
  );
  const page = String(attributionSection(hostile));
  const lines = attributionLines(hostile);
  const csv = attributionCsv(hostile);

  it('stay text in HTML, Markdown and CSV', () => {
    expect(page).not.toContain('onmouseover="');
    for (const markup of ['<script>', '<img', '</style>', '\u202e']) {
      expect(page).not.toContain(markup);
      expect(lines.join('\n')).not.toContain(markup);
    }
    expect(page).toContain('&lt;script&gt;');
    expect(page).toContain('\u27e8U+202E\u27e9');
    expect(csv).toContain(`"'=HYPERLINK(""https://evil.example""`);
    expect(csv).not.toMatch(/(^|,)=/m);
  });
});

describe('attribution.csv', () => {
  const rows = attributionCsv(report).trimEnd().split('\r\n');

  it('has a row for each name and strategy of each dimension', () => {
    expect(rows[0]).toBe(
      'strategy,dimension,name,requests,tokens,tokens_usd,fees_usd,share_fraction,usd_per_1000_requests,unpriced',
    );
    expect(rows.filter((line) => line.startsWith('direct,team,'))).toHaveLength(4);
    expect(rows.find((line) => line.startsWith('direct,team,red,'))).toMatch(
      /^direct,team,red,14,27400,0\.\d+,0,0\.\d+,/,
    );
    expect(rows.some((line) => line.startsWith('direct,team,,'))).toBe(true);
  });

  it('is a header alone where nothing is attributed', () => {
    const { attribution: _, ...older } = report;
    expect(attributionCsv(older).trimEnd()).toBe(rows[0]);
  });
});
