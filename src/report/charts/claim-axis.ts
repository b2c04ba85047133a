/** An input of a claim as an axis, and the looks of its verdicts: by colour and by word. Shared by strip and map. */
import { quantity, roughly } from '../format.ts';
import { axisOf, type PictureAxis } from './driver-axis.ts';
import { GRID } from './palette.ts';

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

/** Light enough for words in ink on top; the page's style sheet has counterparts in the dark. */
export const AREA_COLOURS: Readonly<Record<PictureVerdict, string>> = {
  holds: '#9fcae6',
  fails: '#f2c5a0',
  unknown: GRID,
};
export const VERDICT_COLOURS = { domain: Object.keys(AREA_COLOURS), range: Object.values(AREA_COLOURS) };

/** @param most a ratio of the ends from which on logarithms spread the range better */
export const pictureAxis = ({ name, unit, from, to, at }: ClaimAxis, most: number): PictureAxis => ({
  path: name,
  unit,
  at,
  scale: from > 0 && to / from >= most ? 'logarithmic' : 'linear',
  values: [from, to],
});

/** A plain ratio that goes past one is no share. */
export const claimAxisOf = (axis: PictureAxis) => {
  const isRatio = axis.unit === '1' && axis.values.some((value) => Math.abs(value) > 1.5);
  const drawn = axisOf(isRatio ? { ...axis, unit: 'ratio' } : axis);
  return axis.unit === '1' ? { ...drawn, title: axis.path } : drawn;
};

/** As it stands at a mark: `218,000`, `$96`, `4.6%`. */
export const markWords = (value: number, unit: string): string => {
  const shown = Number(value.toPrecision(3));
  if (unit.startsWith('USD') || unit === '1' || unit.startsWith('fraction'))
    return quantity(shown, unit.split('/')[0]!);
  return roughly(value);
};
