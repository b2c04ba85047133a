import { describe, expect, it } from 'vitest';
import type { Region, Stretch } from '../../src/claims/region.ts';
import { claimRows, figureWords, whereWords } from '../../src/report/claim-words.ts';
import type { ReportClaim } from '../../src/report/contract.ts';
import { renderHtml } from '../../src/report/html.ts';
import { renderMarkdown } from '../../src/report/markdown.ts';
import { HOSTILE, report } from './fixture.ts';

const rate = { path: 'rate', unit: 'USD/work_hour', from: 70, to: 120, range: 'stated' } as const;
const share = { path: 'share', unit: '1', from: 0, to: 0.5, range: 'stated' } as const;
const claim = (own: Partial<ReportClaim>): ReportClaim => ({
  id: 'one',
  text: 'it is said',
  source: 'somebody',
  expression: 'a < b',
  verdict: 'holds_where',
  here: 'holds',
  share_fraction: 0.5,
  unknown_fraction: 0,
  over: [rate],
  boundary: [],
  where: '',
  evidence: [],
  ...own,
});
const stretch = (from: number, to: number, verdict: Stretch['verdict']): Stretch => ({ from, to, verdict });
const region = (own: Partial<Region>): Region => ({
  share_fraction: 0.5,
  unknown_fraction: 0,
  boundary: [],
  stretches: [],
  ends: [],
  rows: [],
  ...own,
});

describe('a claim in words', () => {
  it('says where it holds along one input', () => {
    const stretches = [
      stretch(70, 80, 'holds'),
      stretch(80, 90, 'fails'),
      stretch(90, 96.4, 'holds'),
      stretch(96.4, 120, 'fails'),
    ];
    expect(whereWords(claim({ here: 'fails' }), region({ stretches }))).toBe(
      'holds in 50% of $70/hour to $120/hour: “rate” below $80/hour and from $90/hour to $96.40/hour; it fails where the scenario stands',
    );
  });

  it('says where it holds at both ends of a second input', () => {
    const ends = [[stretch(70, 120, 'fails')], [stretch(70, 100, 'fails'), stretch(100, 120, 'holds')]];
    expect(whereWords(claim({ over: [rate, share] }), region({ share_fraction: 0.25, ends }))).toBe(
      'holds in 25% of “rate” from $70/hour to $120/hour and “share” from 0 to 50%: at “share” 0 nowhere, at 50% with “rate” above $100/hour; it holds where the scenario stands',
    );
  });

  it('does not round a part to all or nothing', () => {
    const stretches = [stretch(70, 119.999, 'holds'), stretch(119.999, 120, 'fails')];
    expect(whereWords(claim({}), region({ share_fraction: 0.99998, stretches }))).toContain('more than 99.9%');
    expect(whereWords(claim({}), region({ share_fraction: 0.00001, stretches }))).toContain('less than 0.01%');
  });

  it('says what is not known', () => {
    const told = whereWords(claim({ unknown_fraction: 0.25 }), region({ stretches: [stretch(70, 95, 'holds')] }));
    expect(told).toContain('; in 25% of it a figure is not known');
    expect(whereWords(claim({ over: [], here: 'unknown' }), undefined)).toBe(
      'it can’t be said where the scenario stands',
    );
  });

  it('shows figures with their units', () => {
    expect(figureWords(null, 'USD')).toBe('not known');
    expect(figureWords('never', 'month')).toBe('never');
    expect(figureWords(14.23456, 'month')).toBe('14.23 months');
    expect(figureWords(1234.5, 'USD')).toBe('$1,235');
  });
});

describe('claims in a report', () => {
  const hostile = {
    ...report,
    claims: [claim({ text: HOSTILE.script, source: HOSTILE.link, expression: HOSTILE.closing, where: HOSTILE.pipes })],
  };

  it('are escaped', () => {
    const page = renderHtml(hostile, []);
    expect(page).toContain('id="claims"');
    expect(page).toContain('href="#claims"');
    expect(page).not.toContain('<script>alert');
    expect(page).not.toContain('<img src=x');
    const text = renderMarkdown(hostile);
    expect(text).toContain('## Claims');
    expect(text).not.toContain('<script>');
    expect(text).not.toMatch(/[^\\]\]\(javascript/);
  });

  it('are absent where there are none', () => {
    expect(claimRows(report)).toEqual([]);
    expect(renderHtml(report, [])).not.toContain('#claims');
    expect(renderMarkdown(report)).not.toContain('## Claims');
  });
});
