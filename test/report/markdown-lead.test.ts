import { describe, expect, test } from 'vitest';
import type { Report } from '../../src/report/contract.ts';
import { renderMarkdown } from '../../src/report/markdown.ts';
import { HOSTILE, report, unpricedReport } from './fixture.ts';
import { VARIANTS } from './report-variants.ts';
import { uncertainReport } from './uncertainty-fixture.ts';

const ALL: readonly (readonly [string, () => Report])[] = [
  ['the fixture', () => report],
  ['the fixture with draws', () => uncertainReport],
  ['no prices', () => unpricedReport],
  ...Object.entries(VARIANTS),
];
const leadOf = (shown: Report): string => renderMarkdown(shown).split('\n## ')[0]!;

describe.each(ALL)('%s', (_, made) => {
  const shown = made();
  const lead = leadOf(shown);

  test('has its lead in the first 40 lines', () => {
    expect(lead.split('\n').length).toBeLessThanOrEqual(40);
    for (const part of ['| Strategy |', '**Data:**', '**Caveats:**']) expect(lead).toContain(part);
  });

  test('has every strategy in the table, and rows as wide as their head', () => {
    const rows = lead.split('\n').filter((line) => line.startsWith('|'));
    expect(rows.length).toBeGreaterThanOrEqual(shown.strategies.length + 2);
    for (const block of lead.split('\n\n').filter((text) => text.startsWith('|')))
      expect(new Set(block.split('\n').map((row) => row.split(/(?<!\\)\|/).length)).size).toBe(1);
  });

  test('is free of HTML, links and code', () => {
    expect(lead).not.toMatch(/<|(?<!\\)[[`]/);
  });
});

describe('the lead', () => {
  test('says the answer, how sure, the stake, the drivers with their flips and the curve', () => {
    const lead = leadOf(uncertainReport);
    expect(lead.split('\n')[2]).toMatch(/^\*\*Use mixed .* \$36,000 less than direct over 36 months\.\*\*$/);
    expect(lead).toContain('**How sure:** In 83% of 2,000 draws');
    expect(lead).toMatch(
      /\*\*At stake:\*\* openrouter, the dearest, costs \$[\d,]+ more .* costs on average \$1,800 more than the cheapest of each/,
    );
    expect(lead).toMatch(/\| Requests a month at the start \| .* \| direct below 2,100,000 requests\/month \|/);
    expect(lead).toMatch(/\*\*So far:\*\* .* [▁-█]{36} from \+\$171 after month 1 to −\$41,200 after month 36/u);
    expect(lead).toContain('**Measure next:** “Requests a month at the start”, worth up to $900;');
    expect(lead).toContain('17 rows rejected');
    expect(lead).toContain('1 warning, 1 notice, 1 note. The first: pricing/openai.yaml');
  });

  test('without draws has no chances, no drivers and nothing to measure', () => {
    const lead = leadOf(report);
    expect(lead).toContain('**How sure:** Every input stands at one value');
    for (const part of ['cheapest in', 'Strongest drivers', 'Measure next']) expect(lead).not.toContain(part);
  });

  test('without a recommendation has no stake and no curve', () => {
    const lead = leadOf(unpricedReport);
    expect(lead).toContain('**No recommendation: ');
    for (const part of ['How sure', 'At stake', 'So far']) expect(lead).not.toContain(part);
    expect(lead).toMatch(/\| direct \| unpriced \| unpriced \| baseline \|/);
  });

  test('shows bidi marks and escapes pipes', () => {
    const named = {
      ...report,
      scenario: { ...report.scenario, name: HOSTILE.bidi, question: HOSTILE.pipes },
    };
    const lead = leadOf(named);
    expect(lead).toContain('# gpt-⟨U+202E⟩4o-lairt');
    expect(lead).toContain('Question: \\| pipes \\| and \\*stars\\*');
  });
});
