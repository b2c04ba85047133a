import { describe, expect, it } from 'vitest';
import { comparedStrategies } from '../../src/report/attribution-words.ts';
import type { Report } from '../../src/report/contract.ts';
import { attributionSection } from '../../src/report/html/attribution.ts';
import { attributionLines } from '../../src/report/markdown-attribution.ts';
import { book, direct, managed, monthly, requests, run } from '../costs/fixture.ts';
import { reportOf } from '../report-of.ts';
import { HOSTILE } from './fixture.ts';

const traffic = [
  ...requests(6, { feature: 'chat' }),
  ...requests(2, { feature: HOSTILE.script }),
  ...requests(1, { model: 'unheard-of', feature: 'new' }),
  ...requests(1),
];
const of = (own: Parameters<typeof run>[0] = {}, asked = traffic): Report =>
  reportOf(run({ traffic: monthly(1_000_000), strategies: [direct, managed('markup')], ...own }, asked), book);
const report = of({ accept_unpriced: true });
const page = String(attributionSection(report));

describe('the section of costs by model and feature', () => {
  it('shows the baseline beside another strategy, each with amounts, unit costs and bars', () => {
    expect(comparedStrategies(report)).toEqual(['direct', 'markup']);
    for (const head of ['direct: tokens and fees', 'markup: tokens and fees', 'markup: per 1,000 requests'])
      expect(page).toContain(`<th scope="col" class="n">${head}</th>`);
    expect(page).toMatch(/<rect width="100\.0"/);
    expect(page).toContain('<small>fees ');
  });

  it('gives the exact amount on hover', () => {
    expect(page).toMatch(/<data value="[\d.]+" title="exactly \$[\d,.]+">\$[\d,.]+<\/data>/);
  });

  it('says what is not stated and what has no price', () => {
    expect(page).toContain('<th scope="row">not stated</th>');
    expect(page).toMatch(
      /<th scope="row">acme\/unheard-of<\/th><td class="n">200,000<\/td><td class="n">220,000,000<\/td><td class="n">unpriced/,
    );
  });

  it('escapes what users write', () => {
    expect(page).not.toContain(HOSTILE.script);
    expect(page).toContain('&lt;script&gt;');
    expect(attributionLines(report).join('\n')).not.toContain('<script>');
  });

  it('says how it was done', () => {
    for (const sentence of report.attribution!.how) expect(page).toContain(sentence);
  });

  it('has no table of features where the traffic states none', () => {
    const plain = of({}, requests(4));
    expect(String(attributionSection(plain))).not.toContain('By feature');
    expect(attributionLines(plain).join('\n')).not.toContain('By feature');
  });

  it('is left out of reports that attribute nothing', () => {
    const { attribution: _, ...older } = report;
    expect(attributionSection(older)).toBe(false);
    expect(attributionLines(older)).toEqual([]);
  });
});

describe('the lines in Markdown', () => {
  const lines = attributionLines(report);

  it('show both dimensions side by side', () => {
    expect(lines).toContain('| By model | Requests | direct | markup |');
    expect(lines).toContain('| By feature | Requests | direct | markup |');
    expect(lines.find((line) => line.startsWith('| chat |'))).toMatch(
      /^\| chat \| 1,200,000 \| \$[\d,]+ \| \$[\d,]+ \|$/,
    );
  });

  it('are few: the rest is counted', () => {
    const many = Array.from({ length: 30 }, (_, i) => requests(1, { feature: `f${i}` })).flat();
    const told = attributionLines(of({}, many));
    expect(told.filter((line) => line.startsWith('| f'))).toHaveLength(6);
    expect(told).toContain('15 rows more in report.html and report.json.');
  });
});
