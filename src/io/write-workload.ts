/** A workload spec as YAML that people can read: tables of numbers in full lines, everything else in blocks, a comment on top. */
import { randomUUID } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { inputError } from '../errors.ts';
import type { WorkloadSpecInput } from '../workload/schema.ts';

const WIDTH = 120;

export const workloadText = (spec: WorkloadSpecInput, comments: readonly string[]): string =>
  [...comments.map((line) => `# ${line.replaceAll(/\s/g, ' ')}`), ...block(spec, ''), ''].join('\n');

/** Lines of a mapping or a list; a value of its own stands on the line of its key. */
function block(value: object, indent: string): string[] {
  if (Array.isArray(value))
    return value.flatMap((item: unknown) => {
      if (!isNested(item)) return [`${indent}- ${scalar(item)}`];
      const [first, ...rest] = block(item, `${indent}  `);
      return [`${indent}- ${first!.trimStart()}`, ...rest];
    });
  return Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .flatMap(([key, item]: [string, unknown]) => {
      if (!isNested(item)) return [`${indent}${key}: ${scalar(item)}`];
      if (isTable(item)) return [`${indent}${key}:`, ...wrapped(item, `${indent}  `)];
      return [`${indent}${key}:`, ...block(item, `${indent}  `)];
    });
}

const isNested = (value: unknown): value is object => typeof value === 'object' && value !== null;
const isTable = (value: object): value is number[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'number');

/** [1, 2, ...] in lines of at most `WIDTH` characters. */
function wrapped(numbers: readonly number[], indent: string): string[] {
  const lines: string[] = [];
  let line = `${indent}[`;
  for (const [i, number] of numbers.entries()) {
    const text = `${number}${i === numbers.length - 1 ? ']' : ','}`;
    if (line.length + text.length + 1 > WIDTH) {
      lines.push(line.trimEnd());
      line = `${indent} `;
    }
    line += `${text} `;
  }
  return [...lines, line.trimEnd()];
}

/** A JSON text is YAML too; plain words and instants need no quotes. */
function scalar(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  const isWord = /^[a-z][a-z0-9./_-]*$/i.test(value) && !/^(true|false|null|yes|no|on|off|y|n)$/i.test(value);
  return isWord ? value : JSON.stringify(value);
}

/** Under a temporary name first, so that nobody sees half a file. */
export async function writeWorkload(file: string, text: string): Promise<void> {
  const staging = join(dirname(file), `.${basename(file)}.${randomUUID()}`);
  try {
    await writeFile(staging, text, { flag: 'wx' });
    await rename(staging, file);
  } catch (error) {
    await rm(staging, { force: true }).catch(() => undefined);
    throw inputError('OUT_NOT_WRITABLE', file, `can't be written: ${(error as Error).message}`);
  }
}
