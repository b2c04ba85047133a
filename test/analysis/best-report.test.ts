import { describe, expect, it } from 'vitest';
import { reportContract } from '../../src/report/contract.ts';
import { renderHtml } from '../../src/report/html.ts';
import { renderMarkdown } from '../../src/report/markdown.ts';
import { renderTerminal } from '../../src/report/terminal.ts';
import { book, direct, type Input, managed, monthly, requests, run } from '../costs/fixture.ts';
import { reportOf } from '../report-of.ts';

const plain = (text: string): string => text;
const colours = { bold: plain, dim: plain, green: plain, yellow: plain };

function reported(own: Input, traffic = requests(10)) {
  const report = reportOf(run(own, traffic), book);
  expect(reportContract.parse(report)).toEqual(report);
  return {
    report,
    of: (id: string) => report.strategies.find((one) => one.id === id)!,
    texts: [renderTerminal(report, { colours }), renderMarkdown(report), renderHtml(report, [])],
  };
}

/** A markup of 5.5 % on growing traffic, then direct access, for which budgets have to be built. */
const later = (build: number, own: Input = {}): Input => ({
  horizon: 12,
  discount_rate: '8 %/year',
  traffic: monthly(100_000, 0.15),
  prices: { 'acme/large': { input: 1, output: 0 } },
  needs: { budgets: 'required' },
  gateways: { cut: { kind: 'managed', fees: { token_markup: 0.055 }, capabilities: { budgets: true } } },
  engineering: {
    loaded_rate: 100,
    effort: { budgets: { build, upkeep: 0.1 } },
    adapter: { build: 0, upkeep: 0 },
    gateway_integration: 0,
  },
  strategies: [
    direct,
    managed('cut'),
    { id: 'later', kind: 'phased', migration: '0.05 hours', phases: [{ via: 'cut', for: 'best' }, { via: 'direct' }] },
  ],
  ...own,
});

describe('a searched change-over', () => {
  it('is told with its neighbours, what it saves and that it is held', () => {
    const { of, texts } = reported(later(0.2));
    const [found] = of('later').optimised!;
    expect(found).toMatchObject({ decision: 'change_over', label: 'Change-over from cut to direct', unit: 'month' });
    expect(found!.tried.length).toBe(13);
    expect(found!.npv_usd).toBe(of('later').npv_usd);
    expect(found!.reason).toMatch(
      /^Best after \d+ months \(\w+ 202\d\), of all months tried: a month earlier \S+ more, a month later \S+ more\. .*It saves \S+ against \w+ alone.*break-even and sweeps hold it\.$/,
    );
    for (const text of texts) expect(text).toContain('later, Change-over from cut to direct: Best after');
  });

  it('that never pays is told as its phase', () => {
    const { of, report, texts } = reported(later(50));
    expect(of('later')).toMatchObject({ comes_to: 'cut', npv_usd: of('cut').npv_usd });
    expect(of('later').optimised?.[0]?.reason).toMatch(
      /^Best never within 12 months: it comes to cut, and is not ranked\. In between, after \d+ months? \(.*\) costs least: \S+ more\./,
    );
    expect(report.recommendation.strategy).toBe('cut');
    expect(texts[0]).toContain('not ranked: comes to cut');
    expect(texts[1]).toContain('not ranked: comes to cut');
    expect(texts[2]).toContain('comes to cut');
  });

  it('over usage without a price is not told', () => {
    const { of } = reported(later(0.2), [...requests(9), ...requests(1, { model: 'nobody' })]);
    expect(of('later').optimised).toBeUndefined();
  });
});

describe('a searched commitment', () => {
  const committed = (discount: string, own: Input = {}) =>
    reported({
      horizon: 12,
      traffic: monthly(100_000, 0.08),
      prices: { 'acme/large': { input: 1, output: 0 } },
      contracts: { acme: { commitment_usd_per_month: 'best', discount } },
      ...own,
    });

  it('is told with its rule, what it saves, and its level among the assumptions', () => {
    const { of, report, texts } = committed('15 %');
    const [found] = of('direct').optimised!;
    expect(found).toMatchObject({ decision: 'commitment', label: 'Commitment with acme', unit: 'USD/month' });
    expect(found!.value).toBeCloseTo(91.8, 6);
    expect(found!.reason).toMatch(
      /^Best is \$91\.80 a month\. At 15% off, a committed dollar of list spend pays where at least 85% of the months use it\. .*It saves \S+ against committing nothing\./,
    );
    expect(report.assumptions.find(({ path }) => path === 'strategies.direct.commitments.acme')?.value).toBe(
      found!.value,
    );
    expect(report.recommendation.reasons.some((reason) => reason.startsWith('Commitment with acme: Best is'))).toBe(
      true,
    );
    for (const text of texts) expect(text).toContain('Commitment with acme: Best is');
  });

  it('that saves too little is not recommended, and one of nothing is told', () => {
    expect(committed('1 %').of('direct').optimised?.[0]?.reason).toContain('less than the 2% that count as material');
    expect(committed('0 %').of('direct').optimised?.[0]?.reason).toMatch(/^Best is to commit nothing\./);
  });
});

it('reports without a search stay as they were', () => {
  const { report } = reported({});
  expect(report.strategies.some((one) => 'optimised' in one || 'comes_to' in one)).toBe(false);
});
