/**
 * Whether JSON is what a schema asks for: type, enum, properties, required, additionalProperties false, items. As much of
 * JSON Schema as the suite's own schemas use, and no more; other keywords are a bug here, not a pass.
 */
import { isObject } from '../../router/reported-usage.ts';

const KNOWN = new Set(['type', 'enum', 'properties', 'required', 'additionalProperties', 'items', 'description']);
type Schema = Readonly<Record<string, unknown>>;

/** What is wrong, with its path; empty: it conforms. */
export function nonconformities(value: unknown, schema: Schema, path = 'it'): readonly string[] {
  const unknown = Object.keys(schema).find((keyword) => !KNOWN.has(keyword));
  if (unknown !== undefined) throw new Error(`the keyword ${unknown} is not known here`);
  if (Array.isArray(schema.enum) && !schema.enum.includes(value))
    return [`${path} is none of ${schema.enum.join(', ')}`];
  if (schema.type !== undefined && !isOfType(value, schema.type)) return [`${path} is no ${String(schema.type)}`];
  if (Array.isArray(value) && isObject(schema.items)) {
    const { items } = schema;
    return value.flatMap((one, i) => nonconformities(one, items as Schema, `${path}[${i}]`));
  }
  return isObject(value) ? ofObject(value, schema, path) : [];
}

function ofObject(value: Schema, { properties, required, additionalProperties }: Schema, path: string): string[] {
  const known = isObject(properties) ? properties : {};
  const missing = Array.isArray(required) ? required.filter((name) => !((name as string) in value)) : [];
  const more = additionalProperties === false ? Object.keys(value).filter((name) => !(name in known)) : [];
  return [
    ...missing.map((name) => `${path} has no ${String(name)}`),
    ...(more.length === 0 ? [] : [`${path} has ${more.length} members that the schema does not have`]),
    ...Object.entries(known).flatMap(([name, schema]) =>
      name in value && isObject(schema) ? nonconformities(value[name], schema, name) : [],
    ),
  ];
}

function isOfType(value: unknown, type: unknown): boolean {
  switch (type) {
    case 'object':
      return isObject(value);
    case 'array':
      return Array.isArray(value);
    case 'integer':
      return Number.isInteger(value);
    case 'string':
    case 'number':
    case 'boolean':
      return typeof value === type;
    default:
      throw new Error(`the type ${String(type)} is not known here`);
  }
}
