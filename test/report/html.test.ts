import { describe, expect, test } from 'vitest';
import { textWidth } from '../../src/report/charts/text-width.ts';
import { leadChart } from '../../src/report/html/lead-chart.ts';
import { renderHtml } from '../../src/report/html.ts';
import { HOSTILE, report, unpricedReport } from './fixture.ts';

const SVG = '<svg role="img"><title>drawn here</title></svg>';
const drawn = ['cumulative-cost', 'ranking', 'composition', 'cost-against-volume'].map((id) => ({
  id,
  title: id,
  svg: SVG,
}));
const page = renderHtml(report, drawn);
const VOID = new Set(['meta', 'br', 'hr', 'img', 'link', 'input']);

/** Tags that are closed in another order than they were opened, or not at all. */
function unbalanced(markup: string): string[] {
  const open: string[] = [];
  const wrong: string[] = [];
  for (const [tag, slash, name] of markup.matchAll(/<(\/?)([a-z][a-z0-9]*)\b(?:[^<>"]|"[^"]*")*>/g)) {
    if (slash === '' && !VOID.has(name!) && !tag.endsWith('/>')) open.push(name!);
    if (slash === '/' && open.pop() !== name) wrong.push(name!);
  }
  return [...wrong, ...open];
}

describe('the page', () => {
  test('is balanced, and so is one without totals', () => {
    expect(unbalanced(page)).toEqual([]);
    expect(unbalanced(renderHtml(unpricedReport, []))).toEqual([]);
    expect(unbalanced('<p><b></p>')).not.toEqual([]);
  });

  test('needs nothing else: no script, no outside resource, a strict policy', () => {
    expect(page).not.toMatch(/<script|<link|<img|@import|<[^>]*\ssrc=|url\((?!#)/i);
    expect(page).toContain(
      "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'".replaceAll(
        "'",
        '&#39;',
      ),
    );
    expect(page).toMatch(/^<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">/);
    expect(page).toContain('name="viewport"');
  });

  test('shows hostile text as text only', () => {
    for (const text of [HOSTILE.script, HOSTILE.closing, HOSTILE.attribute, '\u202e', '\u001b'])
      expect(page).not.toContain(text);
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(page).toContain('gpt-⟨U+202E⟩4o-lairt');
    expect(page).not.toMatch(/href="(?!#|https?:\/\/)/);
    expect(page).not.toMatch(/<[^>"]*(?:"[^"]*"[^>"]*)*\son\w+=/);
  });

  test('links lead to places that exist', () => {
    for (const [, id] of page.matchAll(/href="#([^"]+)"/g)) expect(page).toContain(`id="${id}"`);
  });

  test('rounds the requests that are expected, with every digit on hover', () => {
    const [first, ...later] = report.traffic.monthly_requests;
    const traffic = { ...report.traffic, monthly_requests: [1_869_338.4, ...later] };
    expect(first).toBeGreaterThan(0);
    expect(renderHtml({ ...report, traffic }, drawn)).toContain(
      '<data value="1869338" title="exactly 1,869,338">1,870,000</data> expected in the first month',
    );
  });

  test('says first what to do, against what, for how much and what would change it', () => {
    const card = page.slice(page.indexOf('<main>'), page.indexOf('<nav'));
    expect(card).toContain(
      'Use mixed &lt;b&gt;&amp; co&lt;/b&gt;: it costs <data value="35971.619186076336" title="exactly $35,971.62">$36,000</data> less than direct over 36 months.',
    );
    expect(card).toContain('would pick litellm instead');
    expect(card).toContain('The hourly rate falls below $41.50/hour');
  });

  test('puts each chart beside its numbers', () => {
    expect(page.split(SVG)).toHaveLength(5);
    expect(page.split('Numbers behind this chart')).toHaveLength(5);
  });

  test('spells out never, exclusion, steps and an unfinished search', () => {
    expect(page).toContain('stays cheaper, by at least $1,240');
    expect(page).toContain('data_residency: OpenRouter does not keep');
    expect(page).toContain('10% (at a step)');
    expect(page).toContain('The search stopped at its limit');
  });

  test('tells of an input how far its months lie apart, not where it begins and ends alone', () => {
    const [first, ...others] = report.strategies;
    const [item, ...rest] = first!.line_items;
    const of = (values: readonly number[]): string => {
      const inputs = { requests: { values: [...values], unit: 'request', source: 'a season' } };
      const strategy = { ...first!, line_items: [{ ...item!, inputs }, ...rest] };
      return renderHtml({ ...report, strategies: [strategy, ...others] }, drawn);
    };
    expect(of([1900, 1400, 500, 1000])).toContain(
      '1,000 requests in the last, between 500 requests and 1,900 requests',
    );
    expect(of([1000, 1100, 1210])).toContain('1,000 requests in the first month, 1,210 requests in the last <span>');
    expect(of([7, 7, 7])).toContain('<b>requests</b> 7 requests <span>');
  });

  test('shows the working of line items with units and sources', () => {
    expect(page).toContain('= requests * failing_share * (1 - recovered_share) * value_per_request');
    expect(page).toContain('<b>loaded_rate</b> $95/hour');
    expect(page).toContain('once, in Feb 2028');
    expect(page).toContain('monthly, Dec 2026 to Jan 2028');
  });
});

describe('the chart of the first screen', () => {
  const SIZE = 12.5;
  /** The drawing for a desk, of amounts that many times as large. */
  const drawing = (times: number): string => {
    const strategies = report.strategies.map((one) => ({
      ...one,
      monthly_usd: one.monthly_usd.map((usd) => (usd === null ? null : usd * times)),
    }));
    return String(leadChart({ ...report, strategies })).split('</svg>')[0]!;
  };

  test.each([1e-3, 1, 1e4, 1e6])('has room for its amounts, %f times as large', (times) => {
    const svg = drawing(times);
    const ticks = [...svg.matchAll(/class="tick" x="([\d.]+)"[^>]*text-anchor="end">([^<]+)</g)];
    expect(ticks.length).toBeGreaterThan(3);
    for (const [, x, words] of ticks) expect(textWidth(words!, SIZE)).toBeLessThanOrEqual(Number(x));
    const ends = [...svg.matchAll(/class="label strong" x="([\d.]+)"[^>]*>([^<]+)</g)];
    expect(ends.length).toBe(1);
    for (const [, x, words] of ends) expect(Number(x) + textWidth(words!, SIZE, 'bold')).toBeLessThanOrEqual(680);
  });
});

describe('a report with unpriced usage', () => {
  const open = renderHtml(unpricedReport, []);

  test('has no colours explained for bars that it does not draw', () => {
    expect(page).toContain('class="legend"');
    expect(page).toContain('Bars: total over');
    const unpricedPage = renderHtml(unpricedReport, []);
    const drawsBars = unpricedPage.includes('<svg class="bar"');
    expect(unpricedPage.includes('class="legend"')).toBe(drawsBars);
    const none = { ...unpricedReport, strategies: unpricedReport.strategies.map((one) => ({ ...one, npv_usd: null })) };
    expect(renderHtml(none, [])).not.toContain('class="legend"');
    expect(renderHtml(none, [])).toContain('No bars: no total is known.');
  });

  test('recommends nothing, says why, and shows no zero for what is unknown', () => {
    expect(open).toContain('No recommendation: acme/gpt-⟨U+202E⟩4o-lairt has no price');
    expect(open).toContain('class="answer open"');
    expect(open).toContain('No chart: it needs totals, and usage is unpriced.');
    expect(open.slice(open.indexOf('id="strategies"'), open.indexOf('id="composition"'))).not.toContain('$');
  });
});
