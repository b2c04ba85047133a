/**
 * Errors outside outages: one share for the whole scenario, beside the failed rounds of all its targets together.
 *
 *   measured = failed rounds of all targets / their rounds, Clopper-Pearson
 *
 * Example: 1 of 50 direct and 3 of 50 through a gateway are 4 of 100: 4 %, 1.1 % to 9.9 %. What failed for good and what a
 * second attempt would have answered are not told apart: the input is of attempts. Not compared: errors by route of
 * `replay.conditions`, which a replay meets in place of this input.
 */

import { shareInterval } from '../measurements/intervals.ts';
import { share } from '../report/format.ts';
import type { Calibrating } from './calibrating.ts';
import { betaOf, sourceText } from './edit.ts';
import { isMeasured, measuredFigure } from './figures.ts';
import { assumedOf, type MeasuredValue, type Row, verdictOf } from './row.ts';

const KEYS = ['outages', 'error_rate'] as const;

export function errorRows({ evaluation, measurements, matches, origin }: Calibrating): Row[] {
  const { scenario, stated } = evaluation.question;
  const { error_rate } = scenario.outages;
  const assumed = error_rate === undefined ? null : assumedOf(error_rate, 'scenario', undefined, stated);
  const found = matches.matched.map(({ target }) =>
    measuredFigure(measurements, target, 'latency', ['error_fraction']),
  );
  const parts = found.filter(isMeasured).map(({ measured }) => measured);
  const missing = found.flatMap((one) => (isMeasured(one) ? [] : [one.missing]));
  const row = { quantity: 'error_share', path: KEYS.join('.'), unit: 'fraction', strategies: [], assumed } as const;
  const n = parts.reduce((total, { samples }) => total + samples, 0);
  const hits = parts.reduce((total, { value, samples }) => total + Math.round(value * samples), 0);
  const estimate = shareInterval(hits, n);
  if (estimate?.low === undefined || estimate.high === undefined)
    return [{ ...row, measured: null, verdict: 'not_measured', why: missing, edits: [] }];
  const targets = parts.flatMap((part) => part.targets);
  const measured: MeasuredValue = {
    targets,
    value: estimate.value,
    low: estimate.low,
    high: estimate.high,
    level: 0.95,
    samples: n,
    on: origin.on,
    how: `${hits} of ${n} rounds without a whole answer, check latency`,
  };
  const value = { ...betaOf(hits, n), source: sourceText(origin, targets), as_of: origin.on };
  const edits = assumed === null && hits === 0 ? [] : [{ keys: KEYS, value }];
  const why = [
    ...(assumed === null ? ['the scenario counts no errors outside outages'] : []),
    ...(edits.length === 0
      ? []
      : [`written as ${share(rounded(value.mean))}, the mean of what ${n} rounds leave possible`]),
    ...(scenario.value.per_request === undefined
      ? ['lost requests are not valued: value.per_request is not given']
      : []),
    ...missing,
  ];
  return [{ ...row, measured, verdict: verdictOf(assumed, measured), why, edits }];
}

const rounded = (value: number): number => Number(value.toPrecision(2));
