import { describe, expect, it } from 'vitest';
import { readPriceBook } from '../../src/io/read-price-book.ts';
import { buildReport } from '../../src/report/build.ts';
import { renderHtml } from '../../src/report/html.ts';
import { renderMarkdown } from '../../src/report/markdown.ts';
import { book, direct, managed, run } from '../costs/fixture.ts';

const shipped = await readPriceBook();
const both = { ...book, gateways: new Map([...book.gateways, ...shipped.gateways]) };
const provenance = {
  version: '0',
  inputs: [],
  scenario_hash: '',
  traffic_source: '',
  rejected: 0,
  command: '',
  diagnostics: [],
};
const report = buildReport(
  run(
    {
      strategies: [
        direct,
        managed('openrouter', { fee_variant: 'byok-list-dollars' }),
        managed('openllmapi'),
        managed('toll'),
      ],
    },
    undefined,
    both,
  ),
  both,
  provenance,
);

describe('what is known of gateways', () => {
  it('is told for those in play, with date, confidence and what is unverified', () => {
    expect(report.facts?.map(({ id }) => id)).toEqual(['openllmapi', 'openrouter', 'toll']);
    const [openllmapi, openrouter] = report.facts ?? [];
    expect(openllmapi).toMatchObject({ confidence: 'none', as_of: '2026-11-20', age_days: 11 });
    expect(openrouter).toMatchObject({ confidence: 'low', as_of: '2026-08-22' });
    expect(openrouter?.sources[0]).toContain('OpenRouterTeam/docs@c26125a5');
  });

  it('stands in HTML and Markdown', () => {
    for (const text of [renderHtml(report, []), renderMarkdown(report)]) {
      expect(text).toContain('What is known of gateways and sellers');
      expect(text).toContain('three searches found no trace of it');
    }
    expect(renderHtml({ ...report, facts: [] }, [])).not.toContain('What is known of gateways');
  });
});
