/** One driver as an axis of a chart: its range, scale, ticks and words, and where the scenario stands on it. */
import { inputLabel } from '../../input-words.ts';
import { amountLabels, DOLLARS } from './chart.ts';
import { powersOfTen } from './scale.ts';

export interface PictureAxis {
  readonly path: string;
  readonly unit: string;
  readonly at: number;
  readonly scale: 'linear' | 'logarithmic';
  readonly values: readonly number[];
}

export const rangeOf = ({ values }: PictureAxis): [number, number] => [values[0]!, values.at(-1)!];
export const isWithin = (axis: PictureAxis): boolean => axis.at >= rangeOf(axis)[0] && axis.at <= rangeOf(axis)[1];

/** A share is read in per cent, money in dollars. */
const labelsOf = ({ unit }: PictureAxis): string =>
  unit === '1' || unit.startsWith('fraction')
    ? "format(datum.value, '~%')"
    : unit.startsWith('USD')
      ? DOLLARS
      : amountLabels('');

const unitWords = (unit: string): string =>
  unit === '1'
    ? 'share or ratio'
    : unit.replace('work_hour', unit.startsWith('USD') ? 'hour' : 'hours of work').replace(/^request\//, 'requests/');

export const scaleOf = (axis: PictureAxis) => ({
  ...(axis.scale === 'logarithmic' ? { type: 'log' } : { type: 'linear', zero: false }),
  domain: rangeOf(axis),
  nice: false,
});

export const axisOf = (axis: PictureAxis) => ({
  title: `${inputLabel(axis.path)}, ${unitWords(axis.unit)}${axis.scale === 'logarithmic' ? ' (logarithmic)' : ''}`,
  labelExpr: labelsOf(axis),
  ...(axis.scale === 'logarithmic' ? { values: decadesOf(rangeOf(axis)) } : { tickCount: 6 }),
  grid: false,
});

/** Powers of ten, or their halves and fifths as well where there are few. */
function decadesOf([low, high]: readonly [number, number]): number[] {
  const powers = powersOfTen(low, high);
  if (powers.length > 3) return powers;
  return powersOfTen(low / 10, high)
    .flatMap((power) => [power, 2 * power, 5 * power])
    .filter((value) => value >= low && value <= high);
}

/** Where the scenario stands along an axis, from 0 to 1. */
export function position(axis: PictureAxis): number {
  const [from, to] = rangeOf(axis);
  return axis.scale === 'logarithmic' ? Math.log(axis.at / from) / Math.log(to / from) : (axis.at - from) / (to - from);
}
