/** A break-even as the report words it: who is cheaper where, or "never" and by how much. */
import type { BreakEven } from '../analysis/break-even.ts';
import type { Month } from '../units.ts';
import type { Crossing, ReportBreakEven } from './contract.ts';
import { listed } from './format.ts';
import { roughUsd } from './known-digits.ts';
import { driverValue } from './words.ts';

export function breakEvenOf(found: BreakEven, start: Month): ReportBreakEven {
  const { a, b, driver, unit, range, at, complete } = found;
  /** `difference` is a - b: positive where b is cheaper. */
  const cheaper = (difference: number): string | undefined => (difference === 0 ? undefined : difference > 0 ? b : a);
  const crossings = found.crossings.map(({ value, kind, below, above }): Crossing => {
    const before = cheaper(below);
    const after = cheaper(above);
    return {
      value,
      kind,
      ...(before === undefined ? {} : { cheaper_below: before }),
      ...(after === undefined ? {} : { cheaper_above: after }),
    };
  });
  return {
    a,
    b,
    driver,
    unit,
    ...(found.subjects.length === 0 ? {} : { subjects: [...found.subjects] }),
    range: { ...range },
    at,
    crossings,
    verdict: verdictOf(found, crossings, start),
    complete,
  };
}

function verdictOf(
  { a, b, driver, unit, range, nearest, complete }: BreakEven,
  crossings: readonly Crossing[],
  start: Month,
): string {
  const shown = (value: number): string => driverValue(start, driver, unit, value);
  const suffix = complete ? '' : '; the search stopped at its limit, there may be more';
  const [first, ...more] = crossings;
  if (first === undefined) {
    if (nearest.difference === 0) return `${a} and ${b} cost the same${suffix}`;
    const [cheap, dear] = nearest.difference < 0 ? [a, b] : [b, a];
    const span = driver === 'month' ? 'throughout' : `from ${shown(range.from)} to ${shown(range.until)}`;
    return `never: ${cheap} is cheaper than ${dear} by at least ${roughUsd(Math.abs(nearest.difference))} ${span}${suffix}`;
  }
  const before = first.cheaper_below === undefined ? 'equal' : `${first.cheaper_below} is cheaper`;
  const after = (crossing: Crossing): string => crossing.cheaper_above ?? 'equal';
  const turns = more.map((crossing) => `, from ${shown(crossing.value)} on ${after(crossing)}`).join('');
  return `${before} up to ${shown(first.value)}, then ${after(first)}${turns}${suffix}`;
}

/** `month 14.2 (Jan 2028)`, `54,000 requests/month`, `a markup of 5.2% at openrouter`. */
export function driverInWords(
  driver: BreakEven['driver'],
  unit: string,
  value: number,
  start: Month,
  subjects: readonly string[] = [],
): string {
  const shown = driverValue(start, driver, unit, value);
  if (driver !== 'markup') return shown;
  return `a markup of ${shown}${subjects.length === 0 ? '' : ` at ${listed(subjects)}`}`;
}
