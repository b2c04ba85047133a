/**
 * How wide a text is drawn, in pixels: the advances of DejaVu Sans, the font that the charts name, without kerning.
 *
 * width = sum of advances / units per em x font size; "Wi 1" in 10 px is 22.2 px. Where another font stands in, texts are
 * wider or narrower; `roomFor` adds for that (Verdana, the next choice, is at most a few per cent wider). Characters outside
 * the table count as an em, pictures as more, marks without an advance as nothing: space is wasted rather than text cut.
 */
import { BOLD, REGULAR, type Run, UNITS_PER_EM } from './font-widths.ts';

const tableOf = (runs: readonly Run[]): ReadonlyMap<number, number> =>
  new Map(runs.flatMap(([first, widths]) => widths.map((width, i) => [first + i, width] as const)));
const WIDTHS = { normal: tableOf(REGULAR), bold: tableOf(BOLD) };

/** Combining marks, joiners and marks of direction. */
const WITHOUT_ADVANCE = /[\p{Mn}\p{Me}\p{Cf}]/u;
const PICTURE = /\p{Extended_Pictographic}/u;
const PICTURE_EMS = 1.4;
const SLACK = 1.05;
const HEAD = 0.6;

export type Weight = keyof typeof WIDTHS;

export function textWidth(text: string, fontSize: number, weight: Weight = 'normal'): number {
  let units = 0;
  for (const character of text) {
    const known = WIDTHS[weight].get(character.codePointAt(0)!);
    units += known ?? unitsOf(character);
  }
  return (units / UNITS_PER_EM) * fontSize;
}

const unitsOf = (character: string): number =>
  WITHOUT_ADVANCE.test(character) ? 0 : UNITS_PER_EM * (PICTURE.test(character) ? PICTURE_EMS : 1);

/** The width with room for a font that runs wider. */
export const roomFor = (text: string, fontSize: number, weight: Weight = 'normal'): number =>
  SLACK * textWidth(text, fontSize, weight);

/** Words in as many lines as `width` asks for; a word that is longer than a line has one of its own. */
export function linesOf(text: string, width: number, fontSize: number, weight: Weight = 'normal'): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = lines.length === 0 ? word : `${lines.at(-1)} ${word}`;
    if (lines.length === 0) lines.push(word);
    else if (roomFor(longer, fontSize, weight) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** The text, or its beginning and its end with an ellipsis between: names of a family often differ at the end. */
export function shortened(text: string, width: number, fontSize: number): string {
  if (roomFor(text, fontSize) <= width) return text;
  const characters = [...text];
  for (let kept = characters.length - 1; kept > 1; kept--) {
    const head = Math.ceil(kept * HEAD);
    const shorter = `${characters.slice(0, head).join('')}…${characters.slice(characters.length - (kept - head)).join('')}`;
    if (roomFor(shorter, fontSize) <= width) return shorter;
  }
  return '…';
}

const RIGHT_TO_LEFT = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u.source;
const RUN_OF_IT = new RegExp(`${RIGHT_TO_LEFT}(?:[^\\p{L}\\p{N}]*${RIGHT_TO_LEFT})*`, 'gu');

/** Text in which a name that runs from right to left keeps to its place, so that a number after it stays after it. */
export const isolated = (text: string): string => text.replace(RUN_OF_IT, '\u2068$&\u2069');
