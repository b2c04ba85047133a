import { describe, expect, test } from 'vitest';
import type { Report } from '../../src/report/contract.ts';
import { widthOf } from '../../src/report/display-width.ts';
import { renderTerminal } from '../../src/report/terminal.ts';
import type { CharacterSet } from '../../src/report/text-bars.ts';
import { HOSTILE, report, unpricedReport } from './fixture.ts';
import { VARIANTS } from './report-variants.ts';
import { uncertainReport, uncertainty } from './uncertainty-fixture.ts';

const id = (text: string): string => text;
const colours = { bold: id, dim: id, green: id, yellow: id };
const PAGE = { path: 'reports/mine/report.html', open: 'npx tollgate open mine' };
const WIDTHS = [40, 60, 72, 80, 100, 200];

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const CONTROLS = /[\u0000-\u0009\u000b-\u001f\u202e]/;

const linesAt = (shown: Report, width = 100, characters: CharacterSet = 'unicode'): string[] =>
  renderTerminal(shown, { colours, width, characters, page: PAGE }).split('\n');
/** What follows a label, its continuation lines with it. */
function part(lines: readonly string[], label: string): string {
  const from = lines.findIndex((line) => line.startsWith(label));
  if (from === -1) return '';
  const until = lines.findIndex((line, i) => i > from && !line.startsWith(' '));
  return lines
    .slice(from, until === -1 ? undefined : until)
    .map((line) => line.trim())
    .join(' ');
}
const withUncertainty = (changes: Partial<typeof uncertainty>): Report => ({
  ...uncertainReport,
  uncertainty: { ...uncertainty, ...changes },
});

/** As many lines as there can be, in every part. */
const CROWDED: Report = {
  ...uncertainReport,
  scenario: { ...uncertainReport.scenario, name: 'name '.repeat(60), question: 'why '.repeat(60) },
  strategies: Array.from({ length: 14 }, (_, i) => ({
    ...uncertainReport.strategies[i % 5]!,
    id: i < 5 ? uncertainReport.strategies[i]!.id : `${'another-'.repeat(6)}${i}`,
    optimised: [{ label: 'Change-over', reason: 'because '.repeat(40) }] as never,
  })),
  recommendation: {
    ...uncertainReport.recommendation,
    reasons: Array.from({ length: 6 }, (_, i) => `Reason ${i} ${'and so on '.repeat(20)}.`),
    would_change_if: Array.from({ length: 6 }, (_, i) => `change ${i} ${'and so on '.repeat(20)}.`),
  },
  claims: Array.from({ length: 5 }, () => ({
    text: 'claim '.repeat(60),
    verdict: 'holds',
    where: 'here '.repeat(60),
  })).map((one) => ({ ...one, evidence: [] }) as never),
  diagnostics: Array.from({ length: 50 }, () => ({
    severity: 'warning' as const,
    code: 'X',
    path: 'somewhere',
    message: 'mind this '.repeat(60),
  })),
};

const ALL: readonly (readonly [string, () => Report])[] = [
  ['the fixture', () => report],
  ['the fixture with draws', () => uncertainReport],
  ['no prices', () => unpricedReport],
  ['a crowded report', () => CROWDED],
  ...Object.entries(VARIANTS),
];

describe.each(ALL)('%s', (_, made) => {
  const shown = made();

  test('takes at most 40 lines, none wider than the terminal', () => {
    for (const width of WIDTHS)
      for (const characters of ['unicode', 'ascii'] as const) {
        const lines = linesAt(shown, width, characters);
        expect(lines.length).toBeLessThanOrEqual(40);
        for (const line of lines.slice(0, -2)) expect(widthOf(line)).toBeLessThanOrEqual(Math.min(width, 100));
      }
  });

  test('says the same at every width, and always data, caveats and where the page is', () => {
    for (const width of WIDTHS) {
      const lines = linesAt(shown, width);
      const own = new Set(shown.strategies.map((one) => one.npv_usd));
      expect(lines.some((line) => /^(Use|Stay|No recommendation)/.test(line))).toBe(true);
      for (const label of ['Data', 'Caveats']) expect(lines.some((line) => line.startsWith(label))).toBe(true);
      expect(lines.at(-1)).toBe('Report: reports/mine/report.html');
      expect(lines.at(-2)).toBe('Open it in a browser: npx tollgate open mine');
      expect(own.size).toBeGreaterThan(0);
    }
  });

  test('in ASCII has no sign of ours that is not ASCII', () => {
    expect(linesAt(shown, 100, 'ascii').join('\n')).not.toMatch(/[\u2010-\u27ff▸×·±]/u);
  });
});

describe('the head', () => {
  const lines = linesAt(uncertainReport);

  test('answers first, then says how sure and what is at stake', () => {
    expect(lines[3]).toBe('Use mixed <b>& co</b>: it costs $36,000 less than direct over 36 months.');
    expect(part(lines, 'How sure')).toMatch(/^How sure {4}In 83% of 2,000 draws .* it is the cheapest/);
    expect(part(lines, 'At stake')).toMatch(
      /the dearest, costs \$[\d,]+ more than mixed .* costs on average \$1,800 more than the cheapest of each/,
    );
    expect(part(lines, 'Counted')).toContain(
      'Cash alone, without value lost in outages and latency, would pick litellm',
    );
  });

  test('without a recommendation says why, and nothing of money', () => {
    const open = linesAt({
      ...unpricedReport,
      recommendation: { ...unpricedReport.recommendation, reasons: ['Add the price under `prices:`.'] },
    });
    expect(open[3]).toMatch(/^No recommendation: /);
    expect(part(open, 'Why')).toContain('Add the price under `prices:`.');
    for (const label of ['At stake', 'Counted', 'So far', 'Drivers', 'Changes if'])
      expect(open.some((line) => line.startsWith(label))).toBe(false);
  });

  test('an empty question leaves no empty line', () => {
    const asked = { ...report, scenario: { ...report.scenario, name: 'Name', question: '' } };
    expect(linesAt(asked).slice(0, 3)).toEqual(['Name', '', expect.stringMatching(/^Use /)]);
  });
});

describe('the table', () => {
  const rowsOf = (lines: readonly string[]): string[] => {
    const head = lines.findIndex((line) => line.startsWith('  Strategy'));
    const until = lines.findIndex((line, i) => i > head && !/^[▸× ]/.test(line));
    return lines.slice(head, until === -1 ? undefined : until).filter((line) => line !== '');
  };

  test('has aligned amounts, the chance to be the cheapest, and bars on one scale', () => {
    const rows = rowsOf(linesAt(uncertainReport));
    expect(rows).toHaveLength(6);
    expect(new Set(rows.slice(1).map((row) => row.search(/ [█▏▎▍▌▋▊▉]/))).size).toBe(1);
    const ends = rows.map((row) => row.indexOf('cost') + 4 || row.search(/\$/));
    expect(ends[0]).toBeGreaterThan(0);
    for (const row of rows.slice(1)) {
      expect(row.slice(0, ends[0]! + 1)).toMatch(/\$[\d,]+ $/);
      expect(row).toMatch(/(\$[\d,]+ +){2}([+−]\$[\d,]+|baseline) /);
    }
    expect(rows.find((row) => row.includes('mixed'))).toMatch(/^▸ .* 83% /);
  });

  test('tells who is not ranked by a sign, and why below where there is no room', () => {
    const wide = linesAt(report);
    expect(wide.some((line) => line.startsWith('× start-then-leave'))).toBe(true);
    expect(part(linesAt(report, 60), 'Not ranked')).toContain('start-then-leave: excluded: data_residency');
  });

  test('names more than eight by number, the recommended and the baseline always by name', () => {
    const rows = rowsOf(linesAt(CROWDED));
    expect(rows.at(-1)).toBe('  and 7 more in the report');
    for (const name of ['mixed <b>& co</b>', 'direct ']) expect(rows.join('\n')).toContain(name);
  });

  test('stands aligned with names of wide and combining characters', () => {
    const names = ['直接接続', 'ゲートウェイ経由', '自前', 'cafe\u0301', 'plain'];
    const asian: Report = {
      ...report,
      baseline: '直接接続',
      strategies: report.strategies.map((one, i) => ({ ...one, id: names[i]! })),
      recommendation: { ...report.recommendation, strategy: '自前', versus: '直接接続' },
    };
    for (const width of [60, 80, 100]) {
      const rows = rowsOf(linesAt(asian, width));
      const columns = rows
        .slice(1)
        .map((row) => widthOf(row.slice(0, /\$[\d,]+/.exec(row)!.index + /\$[\d,]+/.exec(row)![0].length)));
      expect(new Set(columns).size).toBe(1);
      for (const name of names) expect(rows.join('\n')).toContain(name);
    }
  });

  test('narrow, has short heads, and keeps all but the cash column', () => {
    const text = linesAt(VARIANTS['a horizon of one month']!(), 60).join('\n');
    expect(text).toMatch(/Strategy +Cost +cash +vs base +best in/);
    expect(linesAt(uncertainReport, 40).join('\n')).toMatch(/Strate… +Cost +vs base +best in/);
  });
});

describe('the curve', () => {
  test('stands over the month of break-even, with its words beside the mark', () => {
    const [entry] = report.break_even.filter(({ driver, b }) => driver === 'month' && b.startsWith('mixed'));
    expect(entry!.crossings).toHaveLength(1);
    const lines = linesAt(report);
    const at = lines.findIndex((line) => line.startsWith('So far'));
    expect(lines[at]).toMatch(/^So far {6}\+\$[\d,]+ after month 1, −\$[\d,]+ after month 36: mixed/);
    expect([...lines[at + 1]!.trim()]).toHaveLength(36);
    const column = 12 + Math.ceil(entry!.crossings[0]!.value) - 1;
    expect(lines[at + 2]!.indexOf('^')).toBe(column);
    expect(lines[at + 2]).toMatch(/\^ Break-even: month [\d.]+ \(\w+ \d{4}\): direct cheaper before, mixed/);
  });

  test('without a break-even says who stays ahead', () => {
    const never = {
      ...report,
      break_even: report.break_even.map((one) => ({ ...one, crossings: [], verdict: 'never: mixed stays cheaper' })),
    };
    expect(linesAt(never).some((line) => line.includes('No break-even: mixed stays cheaper'))).toBe(true);
  });

  test('of one month is one character', () => {
    const lines = linesAt(VARIANTS['a horizon of one month']!());
    const at = lines.findIndex((line) => line.startsWith('So far'));
    expect(lines[at]).toContain('after the only month');
    expect(lines[at + 1]!.trim()).toBe('▁');
  });
});

describe('below', () => {
  test('three drivers with the value at which they flip the answer', () => {
    const lines = linesAt(uncertainReport);
    const at = lines.findIndex((line) => line.startsWith('Drivers'));
    const drivers = part(lines, 'Drivers');
    expect(lines[at]).toBe('Drivers     mixed <b>& co</b> less direct, an input from its P10 to its P90:');
    expect(drivers).toContain('direct below 2,100,000 requests/month');
    expect(drivers).toContain(
      'Cost of an engineer’s hour, $74.20 to $119/hour: −$21,300 to −$52,700; the answer stays',
    );
    expect(drivers).toContain('openrouter below 3.42%');
    expect(drivers).not.toContain('recovered_later');
  });

  test('what would change it, what to measure, and none of it without draws', () => {
    const lines = linesAt(uncertainReport);
    expect(part(lines, 'Changes if')).toMatch(/The hourly rate falls .*; volume stays below/);
    expect(part(lines, 'Measure')).toContain('“Requests a month at the start”, worth up to $900');
    expect(part(linesAt(withUncertainty({ tornado: null })), 'Drivers')).toBe('');
    expect(part(linesAt(report), 'Measure')).toBe('');
  });

  test('data and caveats in a sentence each, counted, the gravest first', () => {
    const lines = linesAt(report);
    expect(part(lines, 'Data')).toContain(
      '371,204 requests from 2026-11-02 to 2026-11-09 (7 days); 17 rows rejected; all usage priced; oldest price 14 months before the start.',
    );
    expect(part(lines, 'Caveats')).toMatch(
      /1 warning, 1 notice, 1 note\. The first: pricing\/openai\.yaml: price is 412 days/,
    );
    expect(part(linesAt(unpricedReport), 'Data')).toContain('unpriced: acme/gpt-⟨U+202E⟩4o-lairt (4,211 requests)');
    const calm = { ...report, diagnostics: [], scenario: { ...report.scenario, notes: [] } };
    expect(part(linesAt(calm), 'Caveats')).toContain('None: nothing was warned about.');
  });
});

test('control characters never reach the terminal', () => {
  const hostile = { ...report, scenario: { ...report.scenario, name: `\u001b]0;x\u0007${HOSTILE.newline}` } };
  for (const width of WIDTHS) expect(linesAt(hostile, width).join('\n')).not.toMatch(CONTROLS);
});

test('colours come through the given functions only, and change no column', () => {
  const paint = (text: string): string => `\u001b[1m${text}\u001b[22m`;
  const all = { bold: paint, dim: paint, green: paint, yellow: paint };
  const painted = renderTerminal(uncertainReport, { colours: all, width: 80, page: PAGE });
  expect(painted).toContain('\u001b[1m▸\u001b[22m');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control characters
  expect(painted.replace(/\u001b\[\d+m/g, '').split('\n')).toEqual(linesAt(uncertainReport, 80));
});
