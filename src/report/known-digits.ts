/**
 * Figures that come from draws, with no more digits than their standard error leaves: 35,972 with an error of 410 is
 * `$36,000`. Money is rounded to the place of the first digit of two standard errors, a share so that one step is no less
 * than one. What is known exactly (an error of 0) is shown as format.ts shows it.
 *
 * A share that is neither none nor all is never shown as 0% or 100%.
 */
import { number, plural, usd, usdDifference } from './format.ts';

const SIGNIFICANT = 3;

/** The place to which an amount is known: 1,000 for an error of 3,400; never finer than a dollar. */
const placeOf = (se: number): number => 10 ** Math.max(0, Math.floor(Math.log10(2 * se) + 1e-9));

export const knownUsd = (value: number, se: number): string => {
  if (!(se >= 1)) return usd(value);
  const place = placeOf(se);
  const magnitude = Math.round(Math.abs(value) / place) * place;
  return `${value < 0 && magnitude > 0 ? '\u2212' : ''}$${number(magnitude)}`;
};

/** With its sign, unless nothing is left of it. */
export const knownDifference = (value: number, se: number): string => {
  const text = knownUsd(value, se);
  return value > 0 && /[1-9]/.test(text) ? `+${text}` : text;
};

/** Three digits, for what no draws bound and for charts: `−$36,000`. */
export const roughUsd = (value: number): string => usd(Number(value.toPrecision(SIGNIFICANT)));
export const roughDifference = (value: number): string => usdDifference(Number(value.toPrecision(SIGNIFICANT)));

/** Two standard errors, one digit: `± $800`; empty where nothing is uncertain. */
export const usdMargin = (se: number): string => (se > 0 ? `± $${number(Number((2 * se).toPrecision(1)))}` : '');

/** 0.8325 of 2,000 draws is `83%`, 0.0005 of them `under 0.1%`. */
export function knownShare(share: number, draws: number): string {
  if (share <= 0) return '0%';
  if (share >= 1) return '100%';
  const error = 100 * Math.sqrt((share * (1 - share)) / draws);
  const decimals = Math.min(1, Math.max(0, Math.floor(-Math.log10(error) + 1e-9)));
  const least = 10 ** -decimals;
  const percent = 100 * share;
  if (percent < least) return `under ${number(least)}%`;
  if (percent > 100 - least) return `over ${number(100 - least)}%`;
  return `${number(Number(percent.toFixed(decimals)))}%`;
}

/** Two standard errors of a share in points; empty where they are less than one. */
export const shareMargin = (se: number): string => (200 * se >= 1 ? `± ${plural(Math.round(200 * se), 'point')}` : '');

/** `83% of 2,000 draws`, `all 2,000 draws`, `none of 2,000 draws`. */
export const ofDraws = (share: number, draws: number): string =>
  share >= 1
    ? `all ${number(draws)} draws`
    : share <= 0
      ? `none of ${number(draws)} draws`
      : `${knownShare(share, draws)} of ${number(draws)} draws`;
