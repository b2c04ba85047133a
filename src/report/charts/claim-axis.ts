/** An input of a claim as an axis, and the looks of its verdicts: by colour and by word. Shared by strip and map. */
import { quantity, roughly } from '../format.ts';
import type { PictureAxis } from './driver-axis.ts';
import { MUTED, strategyColour } from './palette.ts';

export type PictureVerdict = 'holds' | 'fails' | 'unknown';

export interface PictureStretch {
  readonly from: number;
  readonly to: number;
  readonly verdict: PictureVerdict;
}

export interface ClaimAxis {
  readonly name: string;
  readonly path: string;
  readonly unit: string;
  readonly from: number;
  readonly to: number;
  readonly at: number;
}

export interface AboutClaim {
  readonly id: `claim-${number}`;
  readonly title: string;
  readonly description: string;
}

export const VERDICT_WORDS: Readonly<Record<PictureVerdict, string>> = {
  holds: 'holds',
  fails: 'does not hold',
  unknown: 'not known',
};

export const VERDICT_COLOURS = {
  domain: ['holds', 'fails', 'unknown'],
  range: [strategyColour(0), strategyColour(1), MUTED],
};
/** Light enough for words in ink on top, on a white card and on a dark one. */
export const AREA_OPACITY = 0.38;

/** @param most a ratio of the ends from which on logarithms spread the range better */
export const pictureAxis = ({ name, unit, from, to, at }: ClaimAxis, most: number): PictureAxis => ({
  path: name,
  unit,
  at,
  scale: from > 0 && to / from >= most ? 'logarithmic' : 'linear',
  values: [from, to],
});

/** As it stands at a mark: `218,000`, `$96`, `4.6%`. */
export const markWords = (value: number, unit: string): string => {
  const shown = Number(value.toPrecision(3));
  if (unit.startsWith('USD') || unit === '1' || unit.startsWith('fraction'))
    return quantity(shown, unit.split('/')[0]!);
  return roughly(value);
};
