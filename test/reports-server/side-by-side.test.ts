import { describe, expect, it } from 'vitest';
import { mergedRows, sideBySide } from '../../src/reports-server/side-by-side.ts';
import { movesOf } from '../../src/reports-server/what-moved.ts';
import type { Change } from '../../src/results/changes.ts';
import { report, unpricedReport } from '../report/fixture.ts';
import { reportNamed } from './shelf-of-reports.ts';

const change = (name: string, before?: number, after?: number): Change => ({
  name,
  unit: 'USD',
  ...(before === undefined ? {} : { before }),
  ...(after === undefined ? {} : { after }),
  relative: null,
});

describe('rows of several reports', () => {
  it('give a report in which nothing changed the value of the first', () => {
    expect(mergedRows([[change('a', 1, 2)], [change('b', 5, 6)]])).toEqual([
      { name: 'a', unit: 'USD', cells: [{ value: 1 }, { value: 2 }, { value: 1 }] },
      { name: 'b', unit: 'USD', cells: [{ value: 5 }, { value: 5 }, { value: 6 }] },
    ]);
  });

  it('tell what is not there from what is not known', () => {
    const unknown: Change = { name: 'b', unit: 'USD', before: 3, after: null, relative: null };
    expect(mergedRows([[change('a', undefined, 2)], [unknown]]).map(({ cells }) => cells)).toEqual([
      ['absent', { value: 2 }, 'absent'],
      [{ value: 3 }, { value: 3 }, { value: null }],
    ]);
  });

  it('do not say a price at a month from which on it already differs', () => {
    const rows = mergedRows([[change('gpt', 10, 9)], [change('gpt, month 7', 10, 8)]]);
    expect(rows.map(({ name, cells }) => [name, cells])).toEqual([
      ['gpt', [{ value: 10 }, { value: 9 }, { value: 10 }]],
      ['gpt, month 7', [{ value: 10 }, 'elsewhere', { value: 8 }]],
    ]);
  });
});

describe('side by side', () => {
  const doubled = reportNamed('Doubled', (one) => {
    one.assumptions[0]!.value *= 2;
  });

  it('shows an assumption of all sides if one of them differs', () => {
    const found = sideBySide([report, structuredClone(report), doubled]);
    const { path, value } = report.assumptions[0]!;
    expect(found.assumptions).toHaveLength(1);
    expect(found.assumptions[0]).toMatchObject({ path, sides: [{ value }, { value }, { value: 2 * value }] });
    expect(found.same_assumptions).toBe(report.assumptions.length - 1);
    expect(found.comparisons.map(({ is_same }) => is_same)).toEqual([true, false]);
  });

  it('leaves open what only one side has', () => {
    const without = reportNamed('Without', (one) => {
      one.assumptions = one.assumptions.slice(1);
    });
    expect(sideBySide([without, report]).assumptions[0]?.sides[0]).toBeUndefined();
  });
});

describe('what moved a total', () => {
  const withParts = (parts: Record<string, number>) =>
    reportNamed('Example', (one) => {
      const [first] = one.strategies;
      first!.by_component = parts;
      first!.total_usd = Object.values(parts).reduce((a, b) => a + b, 0);
      one.strategies = [first!];
    });

  it('names the components, the largest first', () => {
    const [before, after] = [
      withParts({ token_charges: 80, engineering: 20 }),
      withParts({ token_charges: 120, engineering: 10 }),
    ];
    expect(movesOf(before, after)).toEqual([
      'direct costs $30.00 more in total: token charges +$40.00 and engineering −$10.00.',
    ]);
    expect(movesOf(after, before)[0]).toMatch(/^direct costs \$30\.00 less in total: token charges −\$40\.00/);
    expect(movesOf(before, before)).toEqual([]);
  });

  it('sums what comes after the third', () => {
    const before = withParts({ token_charges: 1, gateway_fees: 1, engineering: 1, outages: 1, latency: 1 });
    const after = withParts({ token_charges: 51, gateway_fees: 41, engineering: 31, outages: 3, latency: 4 });
    expect(movesOf(before, after)).toEqual([
      'direct costs $125 more in total: token charges +$50.00, gateway fees +$40.00, engineering +$30.00 and all else +$5.00.',
    ]);
  });

  it('says so where only the parts move, and where the spans differ', () => {
    const [before, after] = [
      withParts({ token_charges: 80, engineering: 20 }),
      withParts({ token_charges: 20, engineering: 80 }),
    ];
    after.horizon_months = 12;
    expect(movesOf(before, after)).toEqual([
      'The horizon goes from 36 to 12 months: totals are of different spans.',
      'direct costs the same in total: engineering +$60.00 and token charges −$60.00.',
    ]);
  });

  it('subtracts nothing from what is unpriced or not there', () => {
    const open = unpricedReport.strategies.find(({ total_usd }) => total_usd === null)!.id;
    expect(movesOf(report, unpricedReport)).toContain(`${open} has no price any more.`);
    expect(movesOf(unpricedReport, report)).toContain(`${open} was unpriced and has a price now.`);
    const fewer = reportNamed('Fewer', (one) => {
      one.strategies = one.strategies.filter(({ id }) => id !== 'litellm');
    });
    expect(movesOf(report, fewer)).toEqual(['litellm is no longer there.']);
    expect(movesOf(fewer, report)).toEqual(['litellm is new.']);
  });
});
