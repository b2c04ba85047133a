import { describe, expect, it } from 'vitest';
import { answer } from '../src/evaluate.ts';
import { keptOutOfRanking } from '../src/kept-out.ts';
import { judgeRun } from '../src/ledger/judge-run.ts';
import { NO_REPLAYS } from '../src/replay/replayed.ts';
import { charts } from '../src/report/charts/charts.ts';
import { reportContract } from '../src/report/contract.ts';
import { renderHtml } from '../src/report/html.ts';
import { renderMarkdown } from '../src/report/markdown.ts';
import { renderTerminal } from '../src/report/terminal.ts';
import { whatIfOf } from '../src/whatif/build.ts';
import { Recomputer } from '../src/whatif/recompute.ts';
import { book, direct, type Input, managed, monthly, run } from './costs/fixture.ts';
import { reportOf } from './report-of.ts';

const mixed = { id: 'mixed', kind: 'hybrid', rules: [{ model: 'acme/large', via: 'toll' }, { else: 'direct' }] };
const part = (id: string) => ({ ...managed(id), ranked: false });
/** A gift of credit makes `gift` the cheapest of all. */
const asked = (own: Input = {}): Input => ({
  horizon: 12,
  traffic: monthly(100_000),
  prices: { 'acme/large': { input: 1, output: 0 } },
  strategies: [direct, managed('toll'), part('gift'), mixed],
  ...own,
});
const plain = (text: string): string => text;
const colours = { bold: plain, dim: plain, green: plain, yellow: plain };

function reported(own: Input) {
  const evaluation = run(own);
  const report = reportOf(evaluation, book);
  expect(reportContract.parse(report)).toEqual(report);
  return { evaluation, report, of: (id: string) => report.strategies.find((one) => one.id === id)! };
}

describe('a strategy with `ranked: false`', () => {
  const { evaluation, report, of } = reported(asked());

  it('is priced and shown, and neither recommended nor next best, however cheap it is', () => {
    expect(of('gift').npv_usd).toBeLessThan(of('direct').npv_usd!);
    expect(of('gift').unranked).toBe('the scenario keeps it out');
    expect(report.recommendation.strategy).toBe('direct');
    expect(evaluation.recommendation).toMatchObject({ next_best: 'toll', cash_only_strategy: 'direct' });
    expect(report.diagnostics).toContainEqual(
      expect.objectContaining({
        code: 'UNRANKED_CHEAPER',
        message: 'costs less than direct and is not ranked: `ranked: false`',
      }),
    );
  });

  it('is told so in every format', () => {
    const texts = [renderTerminal(report, { colours }), renderMarkdown(report), renderHtml(report, [])];
    for (const text of texts) expect(text).toMatch(/not ranked.{0,30}the scenario keeps it out/);
  });

  it('is in no break-even, in no sweep and in no chart that compares totals', () => {
    for (const { a, b } of report.break_even) expect([a, b]).not.toContain('gift');
    for (const { npv_usd } of report.sweeps) expect(Object.keys(npv_usd)).toEqual(['direct', 'toll', 'mixed']);
    const drawn = charts(report);
    expect(drawn.map(({ usermeta }) => usermeta.id)).toContain('ranking');
    for (const chart of drawn.filter(({ usermeta }) => ['cumulative-cost', 'ranking'].includes(usermeta.id)))
      expect(chart.description).not.toContain('gift');
  });

  it('is not ranked on the page either, at any setting', () => {
    const recomputer = new Recomputer(whatIfOf(evaluation));
    for (const settings of [{}, { 'traffic.volume.requests_per_month': 1000 }]) {
      const { alternatives, recommendation } = recomputer.run(settings);
      expect(alternatives.find(({ id }) => id === 'gift')).toMatchObject({ unranked: 'the scenario keeps it out' });
      expect([recommendation!.strategy, recommendation!.next_best]).not.toContain('gift');
    }
  });

  it('stands in the ledger with the reason', () => {
    const { run: judged } = judgeRun(answer(evaluation.question, evaluation.usage, book), NO_REPLAYS, {
      file: 'f',
      name: 'n',
      variant: null,
      command: 'c',
    });
    expect(judged.ranking.find(({ strategy }) => strategy === 'gift')?.not_ranked).toBe('the scenario keeps it out');
  });

  it('leaves figures of all others as they are', () => {
    const before = reported(asked({ strategies: [direct, managed('toll'), managed('gift'), mixed] }));
    expect(before.report.recommendation.strategy).toBe('gift');
    for (const id of ['direct', 'toll', 'gift', 'mixed']) expect(of(id).npv_usd).toBe(before.of(id).npv_usd);
  });
});

describe('parts', () => {
  it('are named by what they are parts of', () => {
    const later = { id: 'later', kind: 'phased', phases: [{ via: 'toll', for: '6 months' }, { via: 'direct' }] };
    const { of } = reported(asked({ strategies: [direct, part('toll'), mixed, later] }));
    expect(of('toll').unranked).toBe('a part of mixed, later');
  });

  it('may be ways of a search, whose result is ranked in their place where it comes to one of them', () => {
    const split = { id: 'split', kind: 'hybrid', split: { between: ['direct', 'gift'], by: 'model' } };
    const { of, report } = reported(asked({ traffic: monthly(10_000), strategies: [direct, part('gift'), split] }));
    expect(of('gift').unranked).toBe('a part of split');
    expect(of('split').npv_usd).toBe(of('gift').npv_usd);
    expect(of('split').comes_to).toBeUndefined();
    expect(report.recommendation.strategy).toBe('split');
  });

  it('are none where all are ranked', () => {
    const { question } = run(asked({ strategies: [direct, managed('toll')] }));
    expect(keptOutOfRanking(question.scenario.strategies).size).toBe(0);
  });
});

describe('what can not be kept out', () => {
  it('is the baseline', () => {
    expect(() => run(asked({ strategies: [{ ...direct, ranked: false }, managed('toll')] }))).toThrow(
      /"direct" is the baseline, which the others are held against; it is ranked/,
    );
  });

  it('are all strategies', () => {
    expect(() => run(asked({ strategies: [{ ...direct, ranked: false }] }))).toThrow(/all kept out of the ranking/);
  });
});
