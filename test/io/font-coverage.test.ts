import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { coverageOf } from '../../src/io/font-coverage.ts';
import { lackingIn, lackingWords } from '../../src/io/render-png.ts';

const font = (name: string): Uint8Array =>
  readFileSync(createRequire(import.meta.url).resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`));

describe('what a PNG can show', () => {
  it('is told by the character map of its font', () => {
    for (const covers of [coverageOf(font('DejaVuSans')), coverageOf(font('DejaVuSans-Bold'))]) {
      expect([...'Aé€Жאع−’…'].every((one) => covers(one.codePointAt(0)!))).toBe(true);
      expect([...'客服🤖한'].some((one) => covers(one.codePointAt(0)!))).toBe(false);
    }
  });

  it('leaves out characters that the font lacks, each named once, whatever the SVG writes them as', () => {
    const svg =
      '<svg><title>漢</title><text x="1">客服 a&amp;b</text><text>客&#x1F916;&#26381;</text><tspan>\u200f</tspan></svg>';
    expect(lackingIn(svg)).toEqual(['客', '服', '🤖']);
  });

  it('is said once for all charts, by chart; nothing where nothing lacks', () => {
    const plain = { id: 'ranking', svg: '<text>direct</text>' };
    expect(lackingWords([plain])).toBeUndefined();
    expect(lackingWords([plain, { id: 'tornado', svg: '<text>客服</text>' }])).toBe(
      'The font of the PNG charts lacks characters, which are drawn as empty boxes: tornado (客 服). The SVG of each shows them.',
    );
  });

  it('a file that is no font, or has no such map, is told', () => {
    expect(() => coverageOf(new Uint8Array(64))).toThrow('no table "cmap"');
  });
});
