import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/report/contract.ts';
import { compareReports } from '../../src/results/compare.ts';
import { comparisonMarkdown, comparisonText } from '../../src/results/comparison-words.ts';
import { HOSTILE, report, unpricedReport } from '../report/fixture.ts';

const changed = (edit: (copy: Report) => void): Report => {
  const copy = structuredClone(report);
  edit(copy);
  return copy;
};
const [first, second] = report.strategies.map(({ id }) => id) as [string, string];

describe('a comparison', () => {
  it('of a report with itself is empty', () => {
    const found = compareReports(report, structuredClone(report));
    expect(found.is_same).toBe(true);
    expect(comparisonText(found)).toContain('Nothing changed.');
    expect(comparisonMarkdown(found)).toContain('Nothing changed.');
  });

  it('leaves out what differs by the last bits', () => {
    const after = changed((copy) => {
      copy.strategies[0]!.npv_usd = copy.strategies[0]!.npv_usd! * (1 + 1e-14);
    });
    expect(compareReports(report, after).is_same).toBe(true);
  });

  it('gives totals and components with their share of the earlier value', () => {
    const after = changed((copy) => {
      copy.strategies[1]!.total_usd = copy.strategies[1]!.total_usd! * 1.1;
      copy.strategies[1]!.by_component.token_charges = copy.strategies[1]!.by_component.token_charges! * 0.5;
    });
    const found = compareReports(report, after);
    expect(found.strategies.map(({ id, change }) => [id, change])).toEqual([[second, 'changed']]);
    expect(found.strategies[0]!.figures).toHaveLength(1);
    expect(found.strategies[0]!.figures[0]!.relative).toBeCloseTo(0.1, 12);
    expect(found.strategies[0]!.components[0]).toMatchObject({ name: 'token_charges', relative: -0.5 });
    expect(found.inputs).toEqual([]);
    expect(comparisonText(found)).toMatch(/~ Total, undiscounted .* -> .*\(\+10% of \$/);
  });

  it('names strategies and inputs that came and went, those of the later report first', () => {
    const after = changed((copy) => {
      copy.strategies[0]!.id = 'brand-new';
      copy.assumptions[0]!.path = 'brand.new';
    });
    const found = compareReports(report, after);
    expect(found.strategies.map(({ id, change }) => [id, change])).toEqual([
      ['brand-new', 'added'],
      [first, 'removed'],
    ]);
    expect(found.inputs[0]).toMatchObject({ name: 'brand.new', relative: null });
    expect('before' in found.inputs[0]!).toBe(false);
    expect('after' in found.inputs.at(-1)!).toBe(false);
  });

  it('tells an input by value, range and source', () => {
    const after = changed((copy) => {
      const one = copy.assumptions[0]!;
      one.value *= 2;
      one.range = 'new range';
      one.source = HOSTILE.script;
    });
    const [found] = compareReports(report, after).inputs;
    expect(found).toMatchObject({ relative: 1, range: { after: 'new range' }, source: { after: HOSTILE.script } });
    const text = comparisonMarkdown(compareReports(report, after));
    expect(text).not.toContain('<script>');
    expect(text).toContain(', range |');
  });

  it('tells prices that were charged, traffic, recommendation and settings', () => {
    const after = changed((copy) => {
      for (const { line_items } of copy.strategies)
        for (const { component, inputs } of line_items)
          for (const input of Object.values(inputs))
            if (component === 'token_charges' && input.unit.startsWith('USD/') && input.value !== undefined)
              input.value *= 1.25;
      copy.traffic.requests *= 3;
      copy.recommendation.strategy = second;
      copy.horizon_months = 12;
    });
    const found = compareReports(report, after);
    expect(found.prices.length).toBeGreaterThan(0);
    expect(found.prices[0]!.relative).toBeCloseTo(0.25, 12);
    expect(found.traffic.map(({ name }) => name)).toEqual(['requests in the window']);
    expect(found.recommendation).toEqual([
      { name: 'recommended', unit: 'strategy', before: report.recommendation.strategy, after: second, relative: null },
    ]);
    expect(found.settings.map(({ name }) => name)).toEqual(['horizon']);
    expect(comparisonMarkdown(found)).toContain('**The recommendation changes from ');
  });

  it('tells what is no longer known as none, never as 0', () => {
    const dark = unpricedReport.strategies.find(({ npv_usd }) => npv_usd === null)!.id;
    const found = compareReports(report, unpricedReport).strategies.find(({ id }) => id === dark)!;
    const npv = found.figures.find(({ name }) => name === 'npv_usd')!;
    expect(npv).toMatchObject({ after: null, relative: null });
    expect(comparisonText(compareReports(report, unpricedReport))).toMatch(/Net present cost .* -> none/);
  });

  it('has the same bytes every time', () => {
    const once = JSON.stringify(compareReports(report, unpricedReport));
    expect(JSON.stringify(compareReports(structuredClone(report), structuredClone(unpricedReport)))).toBe(once);
  });
});
