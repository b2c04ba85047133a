/** What stands on a tornado chart besides its axes: the ends of the bars, values at which the decision flips, names in lines. */
import { flipOf, inputValue, type Tornado, type TornadoBar } from '../driver-words.ts';
import { roughDifference } from '../known-digits.ts';
import { shortName } from './chart.ts';

const MOST_BARS = 10;
const LABEL_LINE = 26;
const LEAST_SWING = 0.01;

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

/** Texts run towards the middle of the bar, or away from each other where there are two. */
export function flipsOf(bar: TornadoBar, { base_usd }: Tornado): Flip[] {
  const ends = [bar.low, bar.high].filter(({ flips_at, flips_to }) => flips_at !== null && flips_to !== null);
  return ends.map((end) => {
    const along = (end.flips_at! - bar.central) / (end.input - bar.central || 1);
    const isCrossing = base_usd * end.quantity_usd <= 0;
    return {
      path: bar.path,
      usd: isCrossing ? 0 : base_usd + along * (end.quantity_usd - base_usd),
      text: flipOf(bar, end)!,
      isToLeft: end.quantity_usd < base_usd === ends.length > 1,
    };
  });
}

export const describe = ({ path, unit, low, high }: TornadoBar): string =>
  `${path}: ${roughDifference(low.quantity_usd)} at ${inputValue(low.input, unit)}, ${roughDifference(high.quantity_usd)} at ${inputValue(high.input, unit)}`;

/** A path broken after its dots into lines that fit beside the bars. */
export function pathLines(path: string): string[] {
  const lines: string[] = [];
  for (const part of path.split(/(?<=\.)/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + part.length <= LABEL_LINE) lines[lines.length - 1] = last + part;
    else lines.push(part);
  }
  return lines.map(shortName);
}
