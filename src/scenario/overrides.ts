/**
 * `--set path=value`, or a variant's path with its value: changes one place of a scenario before it is checked, so that a
 * wrong value meets the same messages as in the file. List members go by their id or their position:
 * `strategies.openrouter.plan=payg`. A key with dots stands in brackets: `prices["openai/gpt-4.1"].input=1.5`.
 */
import { inputError } from '../errors.ts';

const PATH_PART = /\["([^"]+)"\]|\[(\d+)\]|([^.[\]]+)/g;

export interface Override {
  readonly path: readonly string[];
  /** As the YAML of a single value would be read: a number stays a number, the rest is text. */
  readonly value: unknown;
  /** How it is named where it is wrong; default: `--set` with its path. */
  readonly told?: string;
}

const PATH = /^(?:[^=[\]]|\["[^"]+"\]|\[\d+\])+$/;
const keysOf = (text: string): string[] =>
  [...text.matchAll(PATH_PART)].map((part) => (part[1] ?? part[2] ?? part[3] ?? '').trim());
const isForbidden = (key: string): boolean => key === '__proto__' || key === 'constructor' || key === 'prototype';
const toldOf = ({ told, path }: Omit<Override, 'value'>): string => told ?? `--set ${path.join('.')}`;

/** The override of a path that stands apart from its value. @param told how it is named where it is wrong */
export function overrideOf(text: string, value: unknown, told: string): Override {
  const path = PATH.test(text) ? keysOf(text) : [];
  if (path.length === 0 || path.includes(''))
    throw inputError('SET', told, `"${text}" is no path; expected one such as engineering.loaded_rate`);
  if (path.some(isForbidden)) throw inputError('SET', told, 'this path is not allowed');
  return { path, value, told };
}

export function parseOverride(text: string, parseValue: (text: string) => unknown): Override {
  const found = /^(?<path>(?:[^=[\]]|\["[^"]+"\]|\[\d+\])+)=(?<value>.*)$/s.exec(text)?.groups;
  const keys = keysOf(found?.path ?? '');
  if (found === undefined || keys.length === 0 || keys.includes('')) {
    throw inputError('SET', `--set ${text}`, 'expected path=value, such as engineering.loaded_rate="120 USD/hour"');
  }
  if (keys.some(isForbidden)) {
    throw inputError('SET', `--set ${text}`, 'this path is not allowed');
  }
  return { path: keys, value: parseValue((found.value ?? '').trim()) };
}

/** A copy of the raw scenario with the overrides applied; missing objects on the way are made. */
export function applyOverrides(raw: unknown, overrides: readonly Override[]): unknown {
  const copy: unknown = structuredClone(raw);
  for (const override of overrides) {
    const { path, value } = override;
    let node = copy as Record<string, unknown> | unknown[];
    path.forEach((key, i) => {
      const index = Array.isArray(node) ? indexIn(node, key, override) : key;
      const record = node as Record<string | number, unknown>;
      if (i === path.length - 1) {
        record[index] = value;
        return;
      }
      const next = Object.hasOwn(record, index) ? record[index] : undefined;
      if (next === undefined || next === null) record[index] = {};
      else if (typeof next !== 'object') {
        throw inputError(
          'SET',
          toldOf(override),
          `"${path.slice(0, i + 1).join('.')}" is ${JSON.stringify(next)}, which has no parts`,
        );
      }
      node = record[index] as Record<string, unknown>;
    });
  }
  return copy;
}

function indexIn(list: readonly unknown[], key: string, override: Override): number {
  const position = /^\d+$/.test(key)
    ? Number(key)
    : list.findIndex((member) => (member as { id?: unknown } | null)?.id === key);
  if (position >= 0 && position < list.length) return position;
  const ids = list.flatMap((member) => (member as { id?: string } | null)?.id ?? []);
  throw inputError(
    'SET',
    toldOf(override),
    `the list has no "${key}"; it has ${ids.length > 0 ? ids.join(', ') : `positions 0 to ${list.length - 1}`}`,
  );
}
