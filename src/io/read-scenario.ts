/** A scenario file, with overrides put over it and measured values read in, as a question that can be evaluated. */
import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import { dotted } from '../diagnose.ts';
import { allOrProblems, InputError } from '../errors.ts';
import type { PriceBook } from '../pricing/price-book.ts';
import { applyOverrides, type Override, parseOverride } from '../scenario/overrides.ts';
import { type Question, resolveScenario } from '../scenario/resolve.ts';
import { checkVariant, variantOverrides } from '../scenario/variants.ts';
import { withMeasuredValues } from './read-empirical.ts';
import { parseYaml, readYaml, type YamlFile } from './read-yaml.ts';

export interface ReadScenario extends Question {
  readonly file: string;
  /** SHA-256 of the file's bytes. */
  readonly sha256: string;
  /** SHA-256 of the content with overrides and measured values: what was evaluated. */
  readonly hash: string;
  /** What the file was read to, with overrides; measured values stand as they are asked for. */
  readonly written: unknown;
  /** The variant that was asked for; `of` is the scenario's own name. */
  readonly variant: { readonly id: string; readonly title: string; readonly of: string } | undefined;
}

/**
 * Throws an InputError with everything that is wrong; a place set by `--set` or by a variant is named as such. Where no
 * variant is asked for, every variant of the file is checked too.
 */
export async function readScenario(
  file: string,
  sets: readonly string[],
  book: PriceBook,
  variant: string | undefined = undefined,
): Promise<ReadScenario> {
  const yaml = await readYaml(file);
  const names = variantNames(yaml.value);
  if (variant !== undefined) checkVariant(names, variant, file);
  const overrides = [
    ...(variant === undefined ? [] : variantOverrides(yaml.value, variant, yaml.where)),
    ...parseOverrides(sets),
  ];
  const { written, raw, question } = await resolved(yaml, overrides, book, variant);
  if (variant === undefined) await checkVariants(yaml, names, book);
  const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
  return {
    ...named(question, variant),
    file,
    sha256: sha256(yaml.text),
    hash: sha256(canonical(raw)),
    written,
  };
}

async function resolved(yaml: YamlFile, overrides: readonly Override[], book: PriceBook, variant: string | undefined) {
  const written = applyOverrides(yaml.value, overrides);
  const where = (path: readonly PropertyKey[]): string => {
    const keys = path.map((_, i) => idAt(written, path, i));
    const isNew = !isIn(yaml.value, path);
    const set = overrides.findLast(
      (override) =>
        (isNew || override.path.length <= path.length) &&
        override.path.slice(0, path.length).every((key, i) => key === keys[i] || key === String(path[i])),
    );
    if (set === undefined || path.length === 0) return yaml.where(path);
    return set.told ?? `--set ${dotted(path)}`;
  };
  const raw = await withMeasuredValues(written, dirname(yaml.file), where);
  return { written, raw, question: resolveScenario(raw, book, where, variant) };
}

async function checkVariants(yaml: YamlFile, names: readonly string[], book: PriceBook): Promise<void> {
  const results = await Promise.allSettled(
    names.map(async (name) => resolved(yaml, variantOverrides(yaml.value, name, yaml.where), book, name)),
  );
  allOrProblems(results, (result) => {
    if (result.status === 'rejected') throw result.reason;
  });
}

function variantNames(raw: unknown): string[] {
  const variants = (raw as { variants?: unknown } | null)?.variants;
  return typeof variants === 'object' && variants !== null && !Array.isArray(variants) ? Object.keys(variants) : [];
}

/** The report of a variant says which one it is. */
function named(question: Question, id: string | undefined): Question & Pick<ReadScenario, 'variant'> {
  if (id === undefined) return { ...question, variant: undefined };
  const { name, notes, variants } = question.scenario;
  const { title, source } = variants[id]!;
  const note = `Variant ${id}: ${title}${source === undefined ? '' : ` (${source})`}`;
  return {
    ...question,
    scenario: { ...question.scenario, name: `${name}: ${title}`, notes: [note, ...notes] },
    variant: { id, title, of: name },
  };
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

const isIn = (raw: unknown, path: readonly PropertyKey[]): boolean =>
  path.reduce<unknown>((node, key) => (node as Record<PropertyKey, unknown> | null | undefined)?.[key], raw) !==
  undefined;

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
