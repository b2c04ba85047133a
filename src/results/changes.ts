/**
 * Changes between two sets of named values, in the order of the later; then what the earlier alone has. Numbers that differ by
 * less than a billionth are the same. A share is of the earlier value; of 0 there is none.
 */

export type Value = number | string | null;

export interface Change {
  readonly name: string;
  readonly unit: string;
  readonly before?: Value;
  readonly after?: Value;
  /** (after - before) / |before| */
  readonly relative: number | null;
}

export interface Known {
  readonly value: Value;
  readonly unit: string;
}

const SAME = 1e-9;

export const isSame = (a: Value | undefined, b: Value | undefined): boolean =>
  typeof a === 'number' && typeof b === 'number'
    ? a === b || Math.abs(a - b) <= SAME * Math.max(Math.abs(a), Math.abs(b))
    : a === b;

export function changeOf(name: string, before: Known | undefined, after: Known | undefined): Change {
  const [a, b] = [before?.value, after?.value];
  const isRelative =
    typeof a === 'number' && typeof b === 'number' && a !== 0 && Number.isFinite(a) && Number.isFinite(b);
  return {
    name,
    unit: (after ?? before)?.unit ?? '',
    ...(a === undefined ? {} : { before: a }),
    ...(b === undefined ? {} : { after: b }),
    relative: isRelative ? (b - a) / Math.abs(a) : null,
  };
}

/** Changes by name, in the order of the later; then what the earlier alone has. */
export function changesOf(before: ReadonlyMap<string, Known>, after: ReadonlyMap<string, Known>): Change[] {
  return namesOf(before, after)
    .filter((name) => !isSame(before.get(name)?.value, after.get(name)?.value))
    .map((name) => changeOf(name, before.get(name), after.get(name)));
}

export const namesOf = (before: ReadonlyMap<string, unknown>, after: ReadonlyMap<string, unknown>): string[] => [
  ...after.keys(),
  ...[...before.keys()].filter((name) => !after.has(name)),
];

export const known = (entries: readonly (readonly [string, Value, string?])[]): Map<string, Known> =>
  new Map(entries.map(([name, value, unit = '']) => [name, { value, unit }]));
