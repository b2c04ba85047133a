/** The frame of a live chart: an SVG with title and description for who can't see it, names that fit, dollars on an axis. */
/// <reference lib="dom" />
import { MUTED } from '../report/charts/palette.ts';
import { plainText } from '../report/escape.ts';
import { usd } from '../report/format.ts';
import { drawn } from './element.ts';

export const FONT_SIZE = 12;
/** DejaVu Sans at 12 pixels, on the generous side. */
const CHARACTER = 7;

export function frame(
  id: string,
  size: { readonly width: number; readonly height: number },
  title: string,
  description: string,
): SVGSVGElement {
  return drawn(
    'svg',
    {
      id,
      viewBox: `0 0 ${size.width} ${size.height}`,
      width: size.width,
      height: size.height,
      role: 'img',
      'aria-labelledby': `${id}-title ${id}-desc`,
      'font-size': FONT_SIZE,
      'font-family': "'DejaVu Sans', system-ui, sans-serif",
    },
    drawn('title', { id: `${id}-title` }, title),
    drawn('desc', { id: `${id}-desc` }, description),
  );
}

export const widthOf = (text: string): number => text.length * CHARACTER;

/** A name cut to what fits; invisible characters made visible. */
export function fitted(name: string, pixels: number): string {
  const characters = [...plainText(name)];
  const most = Math.max(4, Math.floor(pixels / CHARACTER));
  return characters.length <= most ? characters.join('') : `${characters.slice(0, most - 1).join('')}…`;
}

/** `$20k`, `−$1.5M`. */
export function shortUsd(value: number): string {
  const magnitude = Math.abs(value);
  const [unit, suffix] =
    magnitude >= 1e9 ? [1e9, 'bn'] : magnitude >= 1e6 ? [1e6, 'M'] : magnitude >= 1e3 ? [1e3, 'k'] : [1, ''];
  if (suffix === '') return usd(Number(value.toPrecision(3)));
  return `${value < 0 ? '\u2212' : ''}$${Number((magnitude / unit).toPrecision(3))}${suffix}`;
}

export const label = (x: number, y: number, text: string, look: Readonly<Record<string, string | number>> = {}) =>
  drawn('text', { x, y, fill: MUTED, 'dominant-baseline': 'central', ...look }, text);
