/**
 * Which names are asked of the records of a JSON file, by the row reader and by SQL alike: those of a sample that the adapter
 * reads, then other spellings of them and of fields that the sample lacks, since records may spell a key as they like.
 */
import { type Adapter, bindColumns, columnKey, rowTests } from './adapter.ts';

export function jsonHeader(adapter: Adapter, names: readonly string[]): string[] {
  const bound = bindColumns(adapter, names).columns.map(({ rule }) => rule);
  const fields = new Set(bound.map(({ field }) => field));
  const tested = rowTests(adapter).flatMap(({ column }) => column);
  const asked = adapter.rules.flatMap(({ from, suffix }) => [...from, ...(suffix?.from ?? [])]);
  const wanted = new Set([...asked, ...tested].map(columnKey));
  const lacking = adapter.rules.filter(({ field, required }) => !fields.has(field) && required !== true);
  return distinctColumns([
    ...names.filter((name) => wanted.has(columnKey(name))),
    ...[...bound, ...lacking].flatMap(({ from }) => from),
    ...tested,
  ]);
}

/** Names that differ in case alone are one column, as everywhere. */
export function distinctColumns(names: readonly string[]): string[] {
  const seen = new Map<string, string>();
  for (const name of names) if (!seen.has(columnKey(name))) seen.set(columnKey(name), name);
  return [...seen.values()];
}
