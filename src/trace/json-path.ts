/**
 * Names that lead into JSON records. `amount.value` is the key of that very name, or `value` inside `amount`; keys with dots
 * of their own, as OpenTelemetry writes them, need no other spelling.
 */
export type JsonRecord = Readonly<Record<string, unknown>>;

export const isRecord = (value: unknown): value is JsonRecord =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value under a name, or undefined. */
export function valueAt(record: JsonRecord, name: string): unknown {
  if (Object.hasOwn(record, name)) return record[name];
  for (let dot = name.indexOf('.'); dot > 0; dot = name.indexOf('.', dot + 1)) {
    const inner = record[name.slice(0, dot)];
    if (!isRecord(inner)) continue;
    const found = valueAt(inner, name.slice(dot + 1));
    if (found !== undefined) return found;
  }
  return undefined;
}

const MOST_NAMES = 2000;
const MOST_DEPTH = 6;

/** All names of a record that lead to a value that is no object. */
export function namesOf(record: JsonRecord): string[] {
  const names: string[] = [];
  const walk = (inner: JsonRecord, prefix: string, depth: number): void => {
    for (const [key, value] of Object.entries(inner)) {
      if (names.length >= MOST_NAMES) return;
      if (isRecord(value) && depth < MOST_DEPTH) walk(value, `${prefix}${key}.`, depth + 1);
      else names.push(prefix + key);
    }
  };
  walk(record, '', 1);
  return names;
}
