import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';
import { isolated, linesOf, roomFor, shortened, textWidth } from '../../../src/report/charts/text-width.ts';

interface Font {
  readonly unitsPerEm: number;
  charToGlyph(character: string): { readonly advanceWidth: number };
}
const script = new URL('../../../scripts/write-font-widths.mjs', import.meta.url).href;
const { fontWidthsSource, readFont } = (await import(script)) as {
  fontWidthsSource(): string;
  readFont(name: string): Font;
};
const withoutLayout = (source: string): string => source.replace(/\s+/g, '').replaceAll(',]', ']');

describe('the table of widths', () => {
  test('is what the font says, character by character', () => {
    const table = readFileSync(new URL('../../../src/report/charts/font-widths.ts', import.meta.url), 'utf8');
    expect(withoutLayout(table)).toBe(withoutLayout(fontWidthsSource()));
  });

  test('gives texts the width that the font gives them', () => {
    for (const [name, weight] of [
      ['DejaVuSans', 'normal'],
      ['DejaVuSans-Bold', 'bold'],
    ] as const) {
      const font = readFont(name);
      for (const text of ['start-then-leave −$4,625', 'Größe → 90 % ≤ 1 €', 'начать с шлюза…', '⟨U+202E⟩ “x” ’s'])
        expect(textWidth(text, 12, weight)).toBeCloseTo(
          ([...text].reduce((sum, one) => sum + font.charToGlyph(one).advanceWidth, 0) / font.unitsPerEm) * 12,
          9,
        );
    }
  });

  test('is of the package that is shipped', () => {
    const { version } = createRequire(import.meta.url)('dejavu-fonts-ttf/package.json') as { version: string };
    expect(fontWidthsSource()).toContain(`DejaVu Sans ${version}`);
  });
});

describe('the width of a text', () => {
  test('is the sum of advances', () => {
    expect(textWidth('Wi 1', 10)).toBeCloseTo(22.207, 3);
    expect(textWidth('W', 10, 'bold')).toBeCloseTo(11.03, 2);
    expect(textWidth('', 10)).toBe(0);
  });

  test('outside the table errs on the wide side; marks without an advance take no room', () => {
    expect(textWidth('模', 11)).toBe(11);
    expect(textWidth('🚀', 10)).toBe(14);
    expect(textWidth('e\u0301\u2068\u2069', 10)).toBe(textWidth('e', 10));
  });

  test('has room for a font that runs a twentieth wider', () => {
    expect(roomFor('Wi 1', 10)).toBeCloseTo(1.05 * 22.207, 3);
  });
});

describe('texts that are too long', () => {
  test('go on in further lines between words', () => {
    expect(linesOf('one two three', 1000, 12)).toEqual(['one two three']);
    const lines = linesOf('a line of some words that is too long for its place', 120, 12);
    expect(lines.length).toBeGreaterThan(2);
    expect(lines.join(' ')).toBe('a line of some words that is too long for its place');
    for (const line of lines) expect(roomFor(line, 12)).toBeLessThanOrEqual(120);
  });

  test('lose their middle, so that names of a family stay apart', () => {
    const names = ['gateway-of-the-platform-team-with-policy-a', 'gateway-of-the-platform-team-with-policy-b'];
    const [a, b] = names.map((name) => shortened(name, 200, 12)) as [string, string];
    expect(a).toMatch(/^gateway-of-the-.*….*-policy-a$/);
    expect(b).toMatch(/^gateway-of-the-.*….*-policy-b$/);
    expect(roomFor(a, 12)).toBeLessThanOrEqual(200);
    expect(shortened('direct', 200, 12)).toBe('direct');
    expect(shortened('W'.repeat(60), 200, 12)).toMatch(/^W+…W+$/);
  });
});

test('a name that runs from right to left leaves the number after it in its place', () => {
  expect(isolated('بوابة مُدارة −$22,400')).toBe('\u2068بوابة مُدارة\u2069 −$22,400');
  expect(isolated('direct −$22,400')).toBe('direct −$22,400');
});
