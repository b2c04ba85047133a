/**
 * Writes src/report/charts/font-widths.ts: how far each character of DejaVu Sans advances, regular and bold, so that charts
 * are laid out by the font that they name. Run it when the font's package changes; a test says when the table is out of date.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

const require = createRequire(import.meta.url);
const opentype = require('opentype.js');
const { version } = require('dejavu-fonts-ttf/package.json');

/** First and last character of each run: Latin, Greek, Cyrillic, dashes and quotes, currencies, arrows, signs of arithmetic. */
export const RUNS = [
  [0x20, 0x7e],
  [0xa0, 0x17f],
  [0x391, 0x3c9],
  [0x400, 0x45f],
  [0x2010, 0x2027],
  [0x2030, 0x203a],
  [0x20ac, 0x20ac],
  [0x2190, 0x2195],
  [0x2212, 0x2212],
  [0x2248, 0x2248],
  [0x2260, 0x2265],
  [0x27e8, 0x27e9],
];

export function readFont(name) {
  const { buffer, byteOffset, byteLength } = readFileSync(require.resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`));
  return opentype.parse(buffer.slice(byteOffset, byteOffset + byteLength));
}

export function fontWidthsSource() {
  const fonts = { REGULAR: readFont('DejaVuSans'), BOLD: readFont('DejaVuSans-Bold') };
  const [em] = new Set(Object.values(fonts).map(({ unitsPerEm }) => unitsPerEm));
  const tables = Object.entries(fonts).map(([name, font]) => {
    const rows = RUNS.map(([from, to]) => {
      const characters = Array.from({ length: to - from + 1 }, (_, i) => String.fromCodePoint(from + i));
      return `[0x${from.toString(16)}, [${characters.map((one) => font.charToGlyph(one).advanceWidth).join(', ')}]],`;
    });
    return `export const ${name}: readonly Run[] = [\n${rows.join('\n')}\n];`;
  });
  return `/**
 * Advance widths of DejaVu Sans ${version}, in units of which an em has ${em}: runs of neighbouring characters, each from its first
 * on. Written by scripts/write-font-widths.mjs from the font itself; not edited by hand.
 */

/** Code point of the first character, and the widths from there on. */
export type Run = readonly [first: number, widths: readonly number[]];

export const UNITS_PER_EM = ${em};

${tables.join('\n\n')}
`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const path = fileURLToPath(new URL('../src/report/charts/font-widths.ts', import.meta.url));
  writeFileSync(path, fontWidthsSource());
  const biome = fileURLToPath(new URL('../node_modules/@biomejs/biome/bin/biome', import.meta.url));
  process.exitCode = spawnSync(process.execPath, [biome, 'format', '--write', path], { stdio: 'inherit' }).status ?? 1;
}
