/** A figure of a check on a target, or why there is none, in words of our own: nothing that a target said is repeated. */
import type { CheckId, MeasuredTarget, Measurements } from '../measurements/contract.ts';
import type { MeasuredValue } from './row.ts';

export type Found = { readonly measured: MeasuredValue } | { readonly missing: string };

/** @param names in order of preference */
export function measuredFigure(
  { findings, started_at }: Measurements,
  target: MeasuredTarget,
  check: CheckId,
  names: readonly string[],
): Found {
  if (target.skipped !== null) return { missing: `${target.id} was skipped: ${target.skipped}` };
  const finding = findings.find((one) => one.target === target.id && one.check === check);
  if (finding === undefined) return { missing: `the check ${check} was not made on ${target.id}` };
  const figures = names.flatMap((name) => finding.figures.filter((one) => one.name === name && one.value !== null));
  const figure = figures.find(({ interval }) => interval !== null) ?? figures[0];
  if (figure === undefined)
    return {
      missing: `the check ${check} on ${target.id} gave no ${names.join(' or ')} (${finding.verdict.replace('_', ' ')})`,
    };
  const { value, interval, samples, name } = figure;
  if (value === null || interval === null)
    return {
      missing: `${name} of ${target.id} has ${samples} ${samples === 1 ? 'sample' : 'samples'}: too few for an interval`,
    };
  return {
    measured: {
      targets: [target.id],
      value,
      low: interval.low,
      high: interval.high,
      level: interval.level,
      samples,
      on: started_at.slice(0, 10),
      how: `${name} of the check ${check}`,
    },
  };
}

export const isMeasured = (found: Found): found is { readonly measured: MeasuredValue } => 'measured' in found;
