/**
 * Turns what a zod schema refused into diagnostics for people: which path, what was found, what is allowed, the nearest
 * right key. The allowed keys come from the schema itself, by way of its JSON Schema.
 */
import * as z from 'zod';
import { type Diagnostic, problem } from './errors.ts';
import { didYouMean } from './nearest.ts';

type Key = PropertyKey;
interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
  readonly const?: unknown;
  readonly propertyNames?: { readonly enum?: readonly string[] };
}

/** `strategies[1].plan` */
export const dotted = (path: readonly Key[]): string =>
  path.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : `${text}${text === '' ? '' : '.'}${String(key)}`),
    '',
  );

/**
 * @param where gives the text in front of a path: `file.yaml:12 traffic.volume`
 * @param input what was parsed, to show the value that was refused
 */
export function diagnose(
  code: string,
  error: z.ZodError,
  schema: z.ZodType,
  input: unknown,
  where: (path: readonly Key[]) => string,
): Diagnostic[] {
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
  return error.issues
    .flatMap((issue) => flatten(issue, []))
    .flatMap(({ issue, path }) => {
      const found = at(input, path);
      if (issue.code === 'unrecognized_keys') {
        return issue.keys.map((key) => {
          const known = allowedKeys(json, path, input);
          const said = known.includes(key)
            ? `"${key}" can't stand beside ${Object.keys(found as object)
                .filter((other) => other !== key)
                .join(', ')}`
            : `unknown key "${key}"${didYouMean(key, known)}; allowed are ${known.join(', ')}`;
          return problem(code, where([...path, key]), said);
        });
      }
      return [problem(code, where(path), message(issue, found))];
    });
}

type Issue = z.core.$ZodIssue;

/** A union's failure is told as its likeliest branch: the one that got furthest. */
function flatten(issue: Issue, prefix: readonly Key[]): { issue: Issue; path: readonly Key[] }[] {
  const path = [...prefix, ...issue.path];
  if (issue.code !== 'invalid_union' || issue.errors.length === 0 || !/^Invalid input/.test(issue.message))
    return [{ issue, path }];
  const depth = (branch: readonly Issue[]): number =>
    Math.max(0, ...branch.map((i) => i.path.length + (i.code === 'unrecognized_keys' ? 1 : 0)));
  const best = [...issue.errors].sort((a, b) => depth(b) - depth(a) || a.length - b.length)[0];
  if (best === undefined || depth(best) === 0) return [{ issue, path }];
  return best.flatMap((inner) => flatten(inner, path));
}

function message(issue: Issue, found: unknown): string {
  const shown = found === undefined ? 'missing' : `found ${show(found)}`;
  switch (issue.code) {
    case 'invalid_type':
      return found === undefined ? `is missing; expected ${issue.expected}` : `${shown}; expected ${issue.expected}`;
    case 'invalid_value':
      return `${shown}; allowed are ${issue.values.map(String).join(', ')}${typeof found === 'string' ? didYouMean(found, issue.values.map(String)) : ''}`;
    case 'invalid_key':
      return `${issue.issues.map((i) => i.message).join('; ')}`;
    case 'invalid_union':
      return found === undefined ? 'is missing' : `${shown}; ${expectations(issue, found)}`;
    case 'custom':
      return issue.message;
    default:
      return `${shown}; ${issue.message}`;
  }
}

/** What the branches of a union would have taken, where no branch got any further. */
function expectations(issue: Issue & { code: 'invalid_union' }, found: unknown): string {
  const kinds = /^Invalid discriminator value/.test(issue.message)
    ? [...issue.message.matchAll(/'([^']+)'/g)].map(([, kind]) => kind!)
    : [];
  if (kinds.length > 0)
    return `allowed are ${kinds.join(', ')}${typeof found === 'string' ? didYouMean(found, kinds) : ''}`;
  if (!/^Invalid input/.test(issue.message)) return issue.message;
  const inner = issue.errors.flat();
  const values = inner.flatMap((one) => (one.code === 'invalid_value' ? one.values.map(String) : []));
  const types = inner.flatMap((one) => (one.code === 'invalid_type' ? [`a value of type ${one.expected}`] : []));
  const near = typeof found === 'string' ? didYouMean(found, values) : '';
  const allowed = [...new Set([...values, ...types])];
  return allowed.length === 0 ? issue.message : `allowed are ${allowed.join(', ')}${near}`;
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

function at(input: unknown, path: readonly Key[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<Key, unknown> | null | undefined)?.[key], input);
}

/** Property names that the schema allows at a path; where branches differ by a constant (`kind`), those of the chosen one. */
export function allowedKeys(root: JsonSchema, path: readonly Key[], input: unknown): string[] {
  let nodes: JsonSchema[] = [root];
  path.forEach((key, i) => {
    nodes = nodes
      .flatMap((node) => branches(node, root, at(input, path.slice(0, i))))
      .flatMap((node) => {
        if (typeof key === 'number') return node.items ?? [];
        const property = node.properties?.[String(key)];
        if (property !== undefined) return property;
        return typeof node.additionalProperties === 'object' ? node.additionalProperties : [];
      });
  });
  const keys = nodes
    .flatMap((node) => branches(node, root, at(input, path)))
    .flatMap((node) => [...Object.keys(node.properties ?? {}), ...(node.propertyNames?.enum ?? [])]);
  return [...new Set(keys)].filter((key) => key !== '$schema');
}

function branches(node: JsonSchema, root: JsonSchema, value: unknown): JsonSchema[] {
  if (node.$ref !== undefined) {
    const target = root.$defs?.[node.$ref.replace('#/$defs/', '')];
    return target === undefined ? [] : branches(target, root, value);
  }
  const options = [...(node.anyOf ?? []), ...(node.oneOf ?? []), ...(node.allOf ?? [])];
  if (options.length === 0) return [node];
  const all = [node, ...options.flatMap((option) => branches(option, root, value))];
  const chosen = all.filter((option) =>
    Object.entries(option.properties ?? {}).some(([key, p]) => p.const !== undefined && p.const === at(value, [key])),
  );
  return chosen.length > 0 ? chosen : all;
}
