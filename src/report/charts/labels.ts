/**
 * Where labels go so that none covers another: names at the ends of lines, and marks of crossings in rows along the top.
 *
 * Works in pixels. It knows nothing of scales or of Vega.
 */
import { GRID, INK, MUTED } from './palette.ts';
import { LINE_GAP, spread } from './spread.ts';
import { isolated, roomFor } from './text-width.ts';

const ROW = 17;
const MARK_SIZE = 11;

/** A plot high enough for a label at each of so many lines. */
export const roomyHeight = (height: number, lines: number): number => Math.max(height, lines * LINE_GAP);

export interface Mark {
  /** Horizontal place, in pixels. */
  readonly x: number;
  readonly text: string;
  readonly strong?: boolean;
}

export interface PlacedMark extends Mark {
  readonly row: number;
  readonly left: number;
  readonly align: 'left' | 'right';
}

/** Puts each mark's text beside its rule, to the right where it fits, in the first row in which it touches no other text. */
export function placeMarks(marks: readonly Mark[], width: number): PlacedMark[] {
  const rows: [number, number][][] = [];
  return [...marks]
    .sort((a, b) => a.x - b.x)
    .map((mark) => {
      const length = roomFor(mark.text, MARK_SIZE, mark.strong === true ? 'bold' : 'normal');
      const isRight = mark.x + 5 + length <= width;
      const isLeft = !isRight && mark.x - 5 - length >= 0;
      const left = isRight ? mark.x + 5 : isLeft ? mark.x - 5 - length : Math.max(0, width - length);
      const free = rows.findIndex((row) => row.every(([from, until]) => left > until + 8 || left + length < from - 8));
      const row = free === -1 ? rows.push([]) - 1 : free;
      rows[row]!.push([left, left + length]);
      return { ...mark, row, left, align: isLeft ? 'right' : 'left' };
    });
}

/** Height that the rows of marks need above the lines. */
export const marksHeight = (marks: readonly PlacedMark[]): number =>
  marks.length === 0 ? 0 : (Math.max(...marks.map(({ row }) => row)) + 1) * ROW + 8;

/** Layers that draw the marks: dashed rules down the plot, and texts at their heads on a white edge that parts them. */
export function marksLayers(marks: readonly PlacedMark[], height: number): Record<string, unknown>[] {
  const text = (mark: PlacedMark, look: Readonly<Record<string, unknown>>) => ({
    data: { values: [{ text: isolated(mark.text) }] },
    mark: {
      type: 'text',
      align: mark.align,
      baseline: 'top',
      fontSize: MARK_SIZE,
      fontWeight: mark.strong === true ? 'bold' : 'normal',
      ...look,
    },
    encoding: {
      text: { field: 'text', type: 'nominal' },
      x: { value: mark.align === 'left' ? mark.left : mark.x - 5 },
      y: { value: mark.row * ROW + 2 },
    },
  });
  return [
    ...marks.map((mark) => ({
      data: { values: [{}] },
      mark: { type: 'rule', color: mark.strong === true ? INK : MUTED, strokeDash: [3, 3], opacity: 0.8 },
      encoding: { x: { value: mark.x }, y: { value: mark.row * ROW + 2 }, y2: { value: height } },
    })),
    ...marks.map((mark) => text(mark, { stroke: '#ffffff', strokeWidth: 5 })),
    ...marks.map((mark) => text(mark, {})),
  ];
}

export interface EndLabel {
  readonly id: string;
  readonly text: string;
  /** Height of the line's end, in pixels. */
  readonly y: number;
}

/** Layers that name the lines at their ends; a short stroke in the line's colour leads to the name. */
export function endLabelLayers(
  labels: readonly EndLabel[],
  size: { readonly width: number; readonly height: number },
  color: { readonly domain: readonly string[]; readonly range: readonly string[] },
): Record<string, unknown>[] {
  const places = spread(
    labels.map(({ y }) => y),
    size.height,
  );
  return labels.flatMap((label, i) => [
    {
      data: { values: [{}] },
      mark: { type: 'rule', strokeWidth: 2, color: color.range[color.domain.indexOf(label.id)] ?? GRID },
      encoding: {
        x: { value: size.width },
        x2: { value: size.width + 16 },
        y: { value: label.y },
        y2: { value: places[i] },
      },
    },
    {
      data: { values: [{ text: isolated(label.text) }] },
      mark: { type: 'text', align: 'left', baseline: 'middle' },
      encoding: {
        text: { field: 'text', type: 'nominal' },
        x: { value: size.width + 21 },
        y: { value: places[i] },
      },
    },
  ]);
}
