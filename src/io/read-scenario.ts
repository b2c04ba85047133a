/** A scenario file, with overrides put over it and measured values read in, as a question that can be evaluated. */
import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import { dotted } from '../diagnose.ts';
import { InputError } from '../errors.ts';
import type { PriceBook } from '../pricing/price-book.ts';
import { applyOverrides, type Override, parseOverride } from '../scenario/overrides.ts';
import { type Question, resolveScenario } from '../scenario/resolve.ts';
import { withMeasuredValues } from './read-empirical.ts';
import { parseYaml, readYaml } from './read-yaml.ts';

export interface ReadScenario extends Question {
  readonly file: string;
  /** SHA-256 of the file's bytes. */
  readonly sha256: string;
  /** SHA-256 of the content with overrides and measured values: what was evaluated. */
  readonly hash: string;
  /** What the file was read to, with overrides; measured values stand as they are asked for. */
  readonly written: unknown;
}

/** Throws an InputError with everything that is wrong; a place set by `--set` is named as such. */
export async function readScenario(file: string, sets: readonly string[], book: PriceBook): Promise<ReadScenario> {
  const yaml = await readYaml(file);
  const overrides = parseOverrides(sets);
  const written = applyOverrides(yaml.value, overrides);
  const where = (path: readonly PropertyKey[]): string => {
    const set = overrides.find((override) => override.path.every((key, i) => key === idAt(written, path, i)));
    return set === undefined ? yaml.where(path) : `--set ${dotted(path)}`;
  };
  const raw = await withMeasuredValues(written, dirname(file), where);
  const question = resolveScenario(raw, book, where);
  const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
  return { ...question, file, sha256: sha256(yaml.text), hash: sha256(canonical(raw)), written };
}

function parseOverrides(sets: readonly string[]): Override[] {
  const problems: InputError[] = [];
  const overrides = sets.flatMap((text) => {
    try {
      return parseOverride(text, (value) => scalar(value));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.push(error);
      return [];
    }
  });
  if (problems.length > 0) throw new InputError(problems.flatMap((error) => error.diagnostics));
  return overrides;
}

/** `12` is a number, `[eu, us]` a list, `120 USD/hour` text; what is not YAML is text. */
function scalar(text: string): unknown {
  try {
    return parseYaml(text, '--set').value;
  } catch {
    return text;
  }
}

/** The key at a depth as an override would write it: list members by id. */
function idAt(raw: unknown, path: readonly PropertyKey[], depth: number): string | undefined {
  const key = path[depth];
  if (typeof key !== 'number') return key === undefined ? undefined : String(key);
  const list = path
    .slice(0, depth)
    .reduce<unknown>((node, k) => (node as Record<PropertyKey, unknown> | undefined)?.[k], raw);
  return (list as { id?: string }[] | undefined)?.[key]?.id ?? String(key);
}

/** JSON with sorted keys: the same content has the same text. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, node: unknown) =>
    typeof node === 'object' && node !== null && !Array.isArray(node)
      ? Object.fromEntries(Object.entries(node).sort(([a], [b]) => (a < b ? -1 : 1)))
      : node,
  );
}
