/**
 * A measured value as it is written into a scenario: in the grammar of amounts, with its source and its day.
 *
 *   normal     "38 to 43 ms normal": centred on the measured value, as wide as its interval, taken from 95 % to 90 %
 *              half = (high - low) / 2 x 1.6449 / 1.9600; one number where the interval has no width
 *   beta       a share of trials: mean (hits + 1/2) / (n + 1), sd^2 = mean (1 - mean) / (n + 2), the posterior of Jeffreys'
 *              prior, whose 95 % interval is nearly the measured one; without a hit it is small and not 0
 *
 * Example: 40 ms, 35 to 45 at 95 % is "35.8039 to 44.1961 ms normal"; 2 of 100 is a beta of mean 0.024752, sd 0.015384.
 * Source: Brown, Cai and DasGupta, Interval Estimation for a Binomial Proportion (2001). It writes no file.
 */
import { Z95 } from '../distribution.ts';
import { normalQuantile } from '../special-functions/normal.ts';

/** Where the values come from, as their source says it. */
export interface Origin {
  readonly simulated: boolean;
  readonly sha256: string;
  /** Day on which the run began. */
  readonly on: string;
  readonly rounds: number;
}

export interface Edit {
  readonly keys: readonly string[];
  readonly value: unknown;
  /** Source of what has no place for one: a plain number, yes or no. */
  readonly comment?: string;
}

/** What every source of a measured value starts with; a scenario holds one of the two, never both. */
export const LIVE = 'measured by tollgate smoke';
export const SIMULATED = 'simulated by tollgate smoke';

export const sourceText = ({ simulated, sha256, on, rounds }: Origin, targets: readonly string[]): string =>
  `${simulated ? `${SIMULATED} --stand-in, nothing of it seen in the world,` : LIVE} on ${on}, ${targets.length === 1 ? 'target' : 'targets'} ${targets.join(', ')}, ${rounds} ${rounds === 1 ? 'round' : 'rounds'} (measurements sha256 ${sha256.slice(0, 12)})`;

interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly level: number;
}

/** A value that may be negative, in ms or as a share. */
export function normalText({ value, low, high, level }: Interval, unit: 'ms' | 'fraction'): string {
  const half = (((high - low) / 2) * Z95) / normalQuantile((1 + level) / 2);
  const [factor, name] = unit === 'ms' ? [1, 'ms'] : [100, '%'];
  const [p5, p95] = [written((value - half) * factor), written((value + half) * factor)];
  return p5 === p95 ? `${written(value * factor)} ${name}` : `${p5} to ${p95} ${name} normal`;
}

export function betaOf(hits: number, n: number): { dist: 'beta'; mean: number; sd: number } {
  const mean = (hits + 0.5) / (n + 1);
  return { dist: 'beta', mean: written(mean), sd: written(Math.sqrt((mean * (1 - mean)) / (n + 2))) };
}

/** Six digits say more than any measurement does. */
export const written = (value: number): number => Number(value.toPrecision(6)) + 0;

/** Keys as `--set` takes them: those with other characters than names have stand in brackets. */
export const pathText = (keys: readonly string[]): string =>
  keys.map((key, i) => (/^[\w-]+$/.test(key) ? `${i === 0 ? '' : '.'}${key}` : `["${key}"]`)).join('');

/** The edit as `--set` takes it: JSON is YAML. */
export const setText = ({ keys, value }: Edit): string => `${pathText(keys)}=${JSON.stringify(value)}`;
