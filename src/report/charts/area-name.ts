/** The name of an area, written on it: place, size and looks that maps and strips share. */
import { isolated, roomFor } from './text-width.ts';

const SIZE = 13;

/** Pixels that a name takes on an area. */
export const areaNameWidth = (text: string): number => roomFor(text, SIZE, 'bold');

export const areaNameLayer = (text: string, { x, y }: { readonly x: number; readonly y: number }, color: string) => ({
  data: { values: [{ text: isolated(text) }] },
  mark: { type: 'text', align: 'center', baseline: 'middle', fontSize: SIZE, fontWeight: 'bold', color },
  encoding: { text: { field: 'text', type: 'nominal' }, x: { value: x }, y: { value: y } },
});
