/**
 * YAML files whose values were parsed at build time, found by the SHA-256 of their text. Parsing the price book takes some
 * 300 ms in a fresh process, reading the same values as JSON takes two. An edited file has another hash and is parsed as
 * ever, so what is read never depends on whether it was compiled.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseYaml, readText, type YamlFile } from './read-yaml.ts';

export type CompiledYaml = ReadonlyMap<string, unknown>;

/** Beside io/ in the built package; absent when run from source. */
export const COMPILED_PATH = fileURLToPath(new URL('../price-book.json', import.meta.url));

export const contentHash = (text: string): string => createHash('sha256').update(text).digest('hex');

/** What was compiled, or nothing. */
export async function readCompiled(path: string = COMPILED_PATH): Promise<CompiledYaml> {
  try {
    return new Map(Object.entries(JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>));
  } catch {
    return new Map();
  }
}

/** As readYaml; lines are found by parsing only when somebody asks for one. */
export async function readYamlOnce(path: string, compiled: CompiledYaml): Promise<YamlFile> {
  const text = await readText(path);
  const hash = contentHash(text);
  if (!compiled.has(hash)) return parseYaml(text, path);
  return { file: path, text, value: compiled.get(hash), where: (at) => parseYaml(text, path).where(at) };
}

/** The file to write: the values of YAML files by hash, as JSON. */
export async function compileYaml(paths: readonly string[]): Promise<string> {
  const files = await Promise.all(paths.map(async (path) => parseYaml(await readText(path), path)));
  return JSON.stringify(Object.fromEntries(files.map(({ text, value }) => [contentHash(text), value])));
}
