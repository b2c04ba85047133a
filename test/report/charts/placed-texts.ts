/**
 * Where the texts of a drawn chart lie, read from its SVG: boxes in pixels of the picture, as wide as a given font makes them.
 *
 * Upright and quarter-turned texts. White edges behind texts count once, with the text that they part from the lines.
 */
import { textWidth, type Weight } from '../../../src/report/charts/text-width.ts';

export interface Box {
  readonly text: string;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export type Measure = (text: string, fontSize: number, weight: Weight) => number;

/** Letters without accents reach so far above the line, and below it, in ems. */
const [ABOVE, BELOW] = [0.73, 0.22];
const ENTITIES: Record<string, string> = { '&lt;': '<', '&gt;': '>', '&amp;': '&', '&quot;': '"', '&#39;': "'" };
const unescaped = (text: string): string => text.replace(/&(lt|gt|amp|quot|#39);/g, (one) => ENTITIES[one]!);

export function sizeOf(svg: string): { readonly width: number; readonly height: number } {
  const [, width, height] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(svg)!.map(Number);
  return { width: width!, height: height! };
}

export function placedTexts(svg: string, measure: Measure = textWidth): Box[] {
  const drawn = svg.replace(/<(title|desc|defs)\b[\s\S]*?<\/\1>/g, '');
  const boxes: Box[] = [];
  const shifts: [number, number][] = [[0, 0]];
  for (const [tag, content = ''] of drawn.matchAll(/<g\b[^>]*>|<\/g>|<text\b[^>]*>([\s\S]*?)<\/text>/g)) {
    if (tag === '</g>') shifts.pop();
    else if (tag.startsWith('<g')) {
      const [x, y] = moved(tag);
      const [left, top] = shifts.at(-1)!;
      shifts.push([left + x, top + y]);
    } else boxes.push(...boxesOf(tag, content, shifts.at(-1)!, measure));
  }
  return boxes.filter((box, i) => boxes.findIndex((other) => isSame(box, other)) === i);
}

function moved(tag: string): [number, number] {
  const at = /transform="translate\(([-\d.e]+),\s*([-\d.e]+)\)/.exec(tag);
  return at === null ? [0, 0] : [Number(at[1]), Number(at[2])];
}

function boxesOf(tag: string, content: string, [left, top]: readonly [number, number], measure: Measure): Box[] {
  const opening = tag.slice(0, tag.indexOf('>'));
  const [x, y] = moved(opening);
  const size = Number(/font-size="([\d.]+)px"/.exec(opening)![1]);
  const weight = opening.includes('font-weight="bold"') ? 'bold' : 'normal';
  const anchor = /text-anchor="(\w+)"/.exec(opening)?.[1] ?? 'start';
  const turned = /rotate\(([-\d.]+)\)/.exec(opening)?.[1] ?? '0';
  const inner = /rotate\([-\d.]+\) translate\(([-\d.e]+),([-\d.e]+)\)/.exec(opening);
  const lines = content.includes('<tspan')
    ? [...content.matchAll(/<tspan(?:[^>]*?dy="([-\d.]+)")?[^>]*>([^<]*)<\/tspan>/g)].map(
        ([, dy = '0', line = '']) => ({
          dy: Number(dy),
          line,
        }),
      )
    : [{ dy: 0, line: content }];
  let baseline = inner === null ? 0 : Number(inner[2]);
  return lines.flatMap(({ dy, line }) => {
    baseline += dy;
    const text = unescaped(line).trim();
    const length = measure(text, size, weight);
    const start =
      (inner === null ? 0 : Number(inner[1])) - (anchor === 'end' ? length : anchor === 'middle' ? length / 2 : 0);
    const [from, until, above, below] = [start, start + length, baseline - ABOVE * size, baseline + BELOW * size];
    const [ox, oy] = [left + x, top + y];
    if (text === '') return [];
    if (turned === '-90') return [{ text, left: ox + above, right: ox + below, top: oy - until, bottom: oy - from }];
    if (turned !== '0') throw new Error(`text turned by ${turned}: ${text}`);
    return [{ text, left: ox + from, right: ox + until, top: oy + above, bottom: oy + below }];
  });
}

const isSame = (a: Box, b: Box): boolean =>
  a.text === b.text && Math.abs(a.left - b.left) < 0.01 && Math.abs(a.top - b.top) < 0.01;

/** Pairs of texts that cover each other. */
export function overlaps(boxes: readonly Box[]): string[] {
  const found: string[] = [];
  for (const [i, a] of boxes.entries())
    for (const b of boxes.slice(i + 1))
      if (a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)
        found.push(`${a.text} | ${b.text}`);
  return found;
}

/** Texts that reach over the edge of the picture. */
export function cut(
  boxes: readonly Box[],
  { width, height }: { readonly width: number; readonly height: number },
): string[] {
  return boxes
    .filter(({ left, right, top, bottom }) => left < 0 || top < 0 || right > width || bottom > height)
    .map(({ text }) => text);
}
