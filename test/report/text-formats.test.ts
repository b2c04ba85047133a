import { describe, expect, test } from 'vitest';
import { reportContract } from '../../src/report/contract.ts';
import { csvCell, lineItemsCsv } from '../../src/report/csv.ts';
import { renderJson } from '../../src/report/json.ts';
import { renderMarkdown } from '../../src/report/markdown.ts';
import { HOSTILE, report, unpricedReport } from './fixture.ts';

test('the fixtures keep the contract', () => {
  expect(reportContract.safeParse(report).error).toBeUndefined();
  expect(reportContract.safeParse(unpricedReport).error).toBeUndefined();
});

describe('Markdown', () => {
  const text = renderMarkdown(report);

  test('opens with the recommendation', () => {
    expect(text.split('\n')[2]).toBe(
      '**Use mixed &lt;b&gt;&amp; co&lt;/b&gt;: it costs $36,000 less than direct over 36 months.**',
    );
  });

  test('every table has the same number of cells in all rows', () => {
    for (const block of text.split('\n\n').filter((b) => b.startsWith('|'))) {
      const cells = block.split('\n').map((row) => row.split(/(?<!\\)\|/).length);
      expect(new Set(cells).size).toBe(1);
    }
  });

  test('hostile text is inert', () => {
    expect(text).not.toMatch(/<(?!https?:)|\u202e/);
    expect(text).not.toContain('\u001b');
    expect(text).not.toMatch(/(?<!\\)\[|(?<!\\)`/);
  });

  test('names never, exclusion, rejected rows, warnings and how to repeat it', () => {
    for (const part of [
      'never: ',
      'excluded: data\\_residency',
      '17 rows of the traffic',
      'warning: pricing/openai.yaml',
      'Command: tollgate run',
    ])
      expect(text).toContain(part);
  });

  test('is one page', () => {
    expect(text.split('\n').length).toBeLessThan(110);
  });

  test('unknown totals stay unknown', () => {
    expect(renderMarkdown(unpricedReport)).toMatch(/\| \*\*direct\*\*[^|]*\| unpriced \|/);
  });
});

describe('report.json', () => {
  test('reads back to the same report', () => {
    expect(JSON.parse(renderJson(report))).toEqual(JSON.parse(JSON.stringify(report)));
  });

  test('has the order of the contract, whatever the order of the object', () => {
    const shuffle = (value: unknown): unknown =>
      Array.isArray(value)
        ? value.map(shuffle)
        : value !== null && typeof value === 'object'
          ? Object.fromEntries(
              Object.entries(value)
                .reverse()
                .map(([k, v]) => [k, shuffle(v)]),
            )
          : value;
    const { sweeps, ...rest } = report;
    const shuffled = { ...(shuffle(rest) as typeof report), sweeps };
    const strategies = shuffled.strategies.map((s, i) => ({
      ...s,
      line_items: s.line_items.map((l, k) => ({ ...l, inputs: report.strategies[i]!.line_items[k]!.inputs })),
    }));
    expect(renderJson({ ...shuffled, strategies })).toBe(renderJson(report));
  });

  test('keeps a month series on one line and ends with a line break', () => {
    const text = renderJson(report);
    expect(text).toMatch(/"amounts_usd": \[[^\n]*\],?\n/);
    expect(text.endsWith('}\n')).toBe(true);
  });

  test('a number that is none is a bug and throws', () => {
    expect(() => renderJson({ ...report, discount_rate_per_year: Number.NaN })).toThrow();
  });
});

describe('line-items.csv', () => {
  const rows = lineItemsCsv(report).trimEnd().split('\r\n');

  test.each([
    ['plain', 'plain'],
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    ['\r=1', '"\'\r=1"'],
    [HOSTILE.formula, `"'=HYPERLINK(""https://evil.example"",""click"")"`],
    ['a,b', '"a,b"'],
    ['a\nb', '"a\nb"'],
  ])('%j is written as %j', (text, cell) => {
    expect(csvCell(text)).toBe(cell);
  });

  test('amounts of a strategy add up to its total', () => {
    const direct = rows.filter((row) => row.startsWith('direct,'));
    const total = direct.reduce((sum, row) => sum + Number(row.match(/,\d{4}-\d\d,(-?[\d.e+-]+),/)![1]), 0);
    expect(total).toBeCloseTo(report.strategies[0]!.total_usd!, 4);
  });

  test('has a row per month of the window, and one for what is paid once', () => {
    expect(rows[0]).toBe('strategy,component,label,timing,month,calendar_month,amount_usd,cash,formula');
    expect(
      rows.filter((row) => row.startsWith('direct,engineering,Adapters per provider,start,0,2026-12,5700,true,')),
    ).toHaveLength(1);
    expect(rows.filter((row) => row.startsWith('start-then-leave,gateway_fees,'))).toHaveLength(14);
  });
});
