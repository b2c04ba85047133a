/** Amounts know where they stand: the path under which analysis varies them and the report lists them. */
import type { Amount } from '../amount.ts';

export const isAmount = (value: unknown): value is Amount =>
  typeof value === 'object' && value !== null && 'spec' in value && 'central' in value && 'path' in value;

/** The same value with each amount replaced; what holds none that changes is returned as it is. Maps are left alone. */
export function mapAmounts<T>(
  value: T,
  change: (amount: Amount, path: readonly PropertyKey[]) => Amount,
  path: readonly PropertyKey[] = [],
): T {
  if (isAmount(value)) return change(value, path) as T;
  if (typeof value !== 'object' || value === null || value instanceof Map) return value;
  const isList = Array.isArray(value);
  const entries = Object.entries(value).map(
    ([key, member]) => [key, member, mapAmounts(member, change, [...path, isList ? Number(key) : key])] as const,
  );
  if (entries.every(([, before, after]) => before === after)) return value;
  const members = entries.map(([key, , after]) => [key, after] as const);
  return (isList ? members.map(([, member]) => member) : Object.fromEntries(members)) as T;
}

/** Every amount below a value. */
export function amountsIn(value: unknown): Amount[] {
  if (isAmount(value)) return [value];
  if (typeof value !== 'object' || value === null) return [];
  return [...(value instanceof Map ? value.values() : Object.values(value))].flatMap(amountsIn);
}

/**
 * Fills in the path of every amount below `value`, and its source where it names none. List members with an `id` go by it:
 * `strategies.openrouter.top_up`.
 */
export function nameAmounts(value: unknown, path: string, source: string): void {
  if (isAmount(value)) {
    if (value.path === '') value.path = path;
    value.source ??= source;
    return;
  }
  if (Array.isArray(value)) {
    value.forEach((member, i) => {
      nameAmounts(member, `${path}.${idOf(member) ?? i}`, source);
    });
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [key, member] of Object.entries(value)) nameAmounts(member, path === '' ? key : `${path}.${key}`, source);
}

const idOf = (member: unknown): string | undefined => {
  const id = (member as { id?: unknown } | null)?.id;
  return typeof id === 'string' ? id : undefined;
};

/** Every path that a file states, as amounts are named: what is not among them is a default or a fact of the price book. */
export function statedPaths(raw: unknown, path = '', found = new Set<string>()): Set<string> {
  if (path !== '') found.add(path);
  if (typeof raw !== 'object' || raw === null) return found;
  for (const [key, member] of Object.entries(raw)) {
    const name = Array.isArray(raw) ? (idOf(member) ?? key) : key;
    statedPaths(member, path === '' ? name : `${path}.${name}`, found);
  }
  return found;
}
