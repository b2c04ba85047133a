/**
 * Vertical scales with room at the top for marks: linear, and symlog for differences that run over decades.
 *
 * Both include zero, give the ticks that lie below the headroom, and turn a value into pixels for labels.
 */

export interface Scale {
  readonly domain: readonly [number, number];
  readonly ticks: readonly number[];
  /** Distance of a value from the top, in pixels. */
  readonly pixel: (value: number) => number;
}

const AIR = 0.05;
const MOST_HEADROOM = 0.5;

/** `headroom` is in pixels of `height`. */
export function linearScale(values: readonly number[], height: number, headroom: number): Scale {
  const low = Math.min(0, ...values);
  const high = Math.max(0, ...values);
  const span = high - low === 0 ? 1 : high - low;
  const bottom = low - span * AIR;
  const top = bottom + (span * (1 + 2 * AIR)) / (1 - Math.min(MOST_HEADROOM, headroom / height));
  const step = niceStep(span / 6);
  const ticks: number[] = [];
  for (let k = Math.ceil(low / step); k * step <= high + span * AIR; k++) ticks.push(k * step);
  return { domain: [bottom, top], ticks, pixel: (v) => ((top - v) / (top - bottom)) * height };
}

/** 1, 2 or 5 times a power of ten. */
function niceStep(raw: number): number {
  const power = 10 ** Math.floor(Math.log10(raw));
  return power * ([1, 2, 5, 10].find((factor) => factor * power >= raw * 0.999) ?? 10);
}

/** Linear around zero, logarithmic further out; shows the three decades below the largest value. */
export function symlogScale(
  values: readonly number[],
  height: number,
  headroom: number,
): Scale & { readonly constant: number } {
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)];
  const decade = Math.floor(Math.log10(Math.max(-low, high, 10)));
  const constant = 10 ** Math.max(0, decade - 3);
  const bend = (v: number): number => Math.sign(v) * Math.log1p(Math.abs(v) / constant);
  const unbend = (t: number): number => Math.sign(t) * constant * Math.expm1(Math.abs(t));
  const span = Math.max(bend(high) - bend(low), 1e-9);
  const bottom = bend(low) - span * AIR;
  const top = bottom + (span * (1 + 2 * AIR)) / (1 - Math.min(MOST_HEADROOM, headroom / height));
  const decades = Array.from({ length: 4 }, (_, i) => constant * 10 ** (i + 1));
  return {
    constant,
    domain: [unbend(bottom), unbend(top)],
    ticks: [...decades.map((v) => -v).reverse(), 0, ...decades].filter(
      (v) => bend(v) >= bottom && bend(v) <= bend(high) + span * AIR,
    ),
    pixel: (v) => ((top - bend(v)) / (top - bottom)) * height,
  };
}

/** 1, 10, 100, … between two positive values. */
export function powersOfTen(low: number, high: number): number[] {
  const out: number[] = [];
  for (let power = Math.ceil(Math.log10(low) - 1e-9); 10 ** power <= high * (1 + 1e-9); power++) out.push(10 ** power);
  return out;
}
