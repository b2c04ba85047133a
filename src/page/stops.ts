/**
 * The values at which a slider stops: its ends, its central value, and round numbers between.
 *
 * Linear scales step by 1, 2 or 5 times a power of ten, 50 to 140 steps; logarithmic ones by about a tenth of an octave,
 * rounded to two digits. Takes a driver's range, gives rising values; it knows nothing of the page.
 *
 * Example: 40 to 250, central 85, steps by 2: 40, 42, …, 84, 85, 86, …, 250.
 */

export interface StoppedRange {
  readonly least: number;
  readonly most: number;
  readonly central: number;
  readonly scale: 'linear' | 'log';
}

const FEWEST = 100;
const LOG_STEPS = 72;

export function stopsOf({ least, most, central, scale }: StoppedRange): number[] {
  const between = scale === 'log' && least > 0 ? logarithmic(least, most) : linear(least, most);
  return [...new Set([least, ...between.filter((value) => value > least && value < most), central, most])].sort(
    (a, b) => a - b,
  );
}

function linear(least: number, most: number): number[] {
  const raw = (most - least) / FEWEST;
  if (!(raw > 0)) return [];
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= raw * 0.999) ?? 10) * power;
  const first = Math.ceil(least / step);
  const count = Math.floor(most / step) - first + 1;
  return Array.from({ length: Math.max(0, count) }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

function logarithmic(least: number, most: number): number[] {
  return Array.from({ length: LOG_STEPS + 1 }, (_, i) =>
    Number((least * (most / least) ** (i / LOG_STEPS)).toPrecision(2)),
  );
}

/** Position of the stop that lies nearest to a value, on the scale on which stops are even. */
export function nearestStop(stops: readonly number[], value: number): number {
  let best = 0;
  for (let i = 1; i < stops.length; i++) if (Math.abs(stops[i]! - value) < Math.abs(stops[best]! - value)) best = i;
  return best;
}
