/** What stands on a tornado chart besides its axes: the ends of the bars, values at which the decision flips, names in lines. */
import { inputLabel } from '../../input-words.ts';
import { flipOf, inputValue, type Tornado, type TornadoBar } from '../driver-words.ts';
import { roughDifference } from '../known-digits.ts';
import { shortName } from './chart.ts';
import { roomFor } from './text-width.ts';

const MOST_BARS = 10;
const LABEL_LINE = 26;
const LEAST_SWING = 0.01;
const [TEXT_GAP, MARGIN] = [6, 10];
export const TEXT_SIZE = 11;
const ALONE = 4;

/** The widest; a bar of less than a hundredth of the first would be no more than a line. */
export const shownBars = ({ bars }: Tornado): TornadoBar[] => {
  const widest = Math.max(0, ...bars.map(({ swing_usd }) => swing_usd));
  return bars.filter(({ swing_usd }) => swing_usd > 0 && swing_usd >= LEAST_SWING * widest).slice(0, MOST_BARS);
};

export interface End {
  readonly path: string;
  readonly kind: 'low' | 'high';
  readonly isMonotone: boolean;
  readonly usd: number;
  readonly base_usd: number;
  readonly text: string;
  readonly isLeft: boolean;
}

export interface Flip {
  readonly path: string;
  readonly usd: number;
  readonly text: string;
  readonly isToLeft: boolean;
  /** Pixels by which the text begins on the other side of its diamond. */
  readonly shift: number;
}

export function endsOf({ path, unit, low, high, is_monotone }: TornadoBar, { base_usd }: Tornado): End[] {
  return (['low', 'high'] as const).map((kind) => {
    const [own, other] = kind === 'low' ? [low, high] : [high, low];
    const isLeft = is_monotone
      ? own.quantity_usd < other.quantity_usd || (own.quantity_usd === other.quantity_usd && kind === 'low')
      : own.quantity_usd < base_usd;
    const text = `${kind === 'low' ? 'P10' : 'P90'} ${inputValue(own.input, unit)}`;
    return { path, kind, isMonotone: is_monotone, usd: own.quantity_usd, base_usd, text, isLeft };
  });
}

/** One text runs towards the middle of the bar; two run away from each other. */
export function flipsOf(bar: TornadoBar, { base_usd }: Tornado): Flip[] {
  const flips = [bar.low, bar.high]
    .filter(({ flips_at, flips_to }) => flips_at !== null && flips_to !== null)
    .map((end) => {
      const along = (end.flips_at! - bar.central) / (end.input - bar.central || 1);
      const isCrossing = base_usd * end.quantity_usd <= 0;
      const usd = isCrossing ? 0 : base_usd + along * (end.quantity_usd - base_usd);
      const text = flipOf(bar, { ...end, flips_to: shortName(end.flips_to!) })!;
      return { path: bar.path, usd, text, isToLeft: end.quantity_usd >= base_usd, shift: ALONE };
    })
    .sort((a, b) => a.usd - b.usd);
  return flips.length < 2 ? flips : flips.map((flip, i) => ({ ...flip, isToLeft: i === 0, shift: -ALONE }));
}

export const describe = ({ path, unit, low, high }: TornadoBar): string =>
  `${inputLabel(path)}: ${roughDifference(low.quantity_usd)} at ${inputValue(low.input, unit)}, ${roughDifference(high.quantity_usd)} at ${inputValue(high.input, unit)}`;

const DIAMOND = 9;

/** Pixels from the end of a bar to its text: more where a diamond lies at the end. */
export function textGap(end: End, flips: readonly Flip[], pixelsPerUsd: number): number {
  const nearest = Math.min(
    ...flips.filter(({ path }) => path === end.path).map(({ usd }) => Math.abs(usd - end.usd) * pixelsPerUsd),
  );
  return TEXT_GAP + Math.max(0, DIAMOND - nearest);
}

/** Room that the texts need beside bars of `width` pixels from `least` to `most`. */
export function roomBeside(
  ends: readonly End[],
  flips: readonly Flip[],
  { least, most, width }: { readonly least: number; readonly most: number; readonly width: number },
): { readonly left: number; readonly right: number } {
  const pixelsPerUsd = width / (most - least);
  const along = (usd: number): number => (usd - least) * pixelsPerUsd;
  const spans = [
    ...ends.map((end) => {
      const reach = textGap(end, flips, pixelsPerUsd) + roomFor(end.text, TEXT_SIZE);
      return along(end.usd) + (end.isLeft ? -reach : reach);
    }),
    ...flips.map(({ usd, text, isToLeft, shift }) => {
      const reach = roomFor(text, TEXT_SIZE) - shift;
      return along(usd) + (isToLeft ? -reach : reach);
    }),
  ];
  return { left: Math.max(0, -Math.min(...spans)) + MARGIN, right: Math.max(width, ...spans) - width + MARGIN };
}

/** What a row is called, broken between words, and a path after its dots, into lines that fit beside the bars. */
export function labelLines(path: string): string[] {
  const lines: string[] = [];
  for (const part of inputLabel(path).split(/(?<=[. ])/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + part.trimEnd().length <= LABEL_LINE) lines[lines.length - 1] = last + part;
    else lines.push(part);
  }
  return lines.map((line) => shortName(line.trimEnd()));
}
