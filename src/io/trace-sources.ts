/**
 * Which files a source means: names, patterns with `*`, `?` and `**`, and `-` for standard input, in the order given and
 * sorted within a pattern. A file that several of them mean comes once.
 *
 * It looks at names alone. Hidden files and folders are passed over unless a pattern names the dot.
 */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { inputError } from '../errors.ts';
import { byText } from '../units.ts';

export const STANDARD_INPUT = '-';

const MOST_FILES = 10_000;

export async function traceFiles(source: string | readonly string[]): Promise<readonly string[]> {
  const patterns = typeof source === 'string' ? [source] : source;
  if (patterns.length === 0) throw inputError('TRACE_MISSING', 'trace', 'no file is named');
  const files = new Map<string, string>();
  for (const pattern of patterns) {
    const isPattern = /[*?]/.test(pattern) && !existsSync(pattern);
    const found = isPattern ? await matching(pattern) : [pattern];
    if (found.length === 0) throw inputError('TRACE_MISSING', pattern, 'no file matches this pattern');
    for (const file of found) {
      const key = file === STANDARD_INPUT ? file : path.resolve(file);
      if (!files.has(key)) files.set(key, file);
    }
    if (files.size > MOST_FILES)
      throw inputError('TRACE_MISSING', pattern, `means more than ${MOST_FILES} files; name a narrower pattern`);
  }
  return [...files.values()];
}

/** Files alone, sorted by name. */
async function matching(pattern: string): Promise<string[]> {
  const segments = pattern.replaceAll('\\', path.sep === '\\' ? '/' : '\\').split('/');
  const first = segments.findIndex((segment) => /[*?]/.test(segment));
  const root = segments.slice(0, first).join('/');
  const found: string[] = [];
  const walk = async (folder: string, rest: readonly string[]): Promise<void> => {
    const [segment, ...further] = rest;
    if (segment === undefined || found.length > MOST_FILES) return;
    if (segment === '**') await walk(folder, further.length === 0 ? ['*'] : further);
    const fits = segmentPattern(segment === '**' ? '*' : segment);
    const entries = await readdir(folder === '' ? (first === 0 ? '.' : '/') : folder, { withFileTypes: true }).catch(
      () => [],
    );
    for (const entry of entries) {
      if (!fits.test(entry.name) || (entry.name.startsWith('.') && !segment.startsWith('.'))) continue;
      const name = folder === '' && first === 0 ? entry.name : `${folder}/${entry.name}`;
      if (segment === '**') {
        if (entry.isDirectory()) await walk(name, rest);
      } else if (further.length > 0) {
        if (entry.isDirectory() || entry.isSymbolicLink()) await walk(name, further);
      } else if (!entry.isDirectory()) found.push(name);
    }
  };
  await walk(root, segments.slice(first));
  return [...new Set(found)].sort(byText);
}

const segmentPattern = (segment: string): RegExp =>
  new RegExp(
    `^${segment
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replace(/\*+/g, '[^/]*')
      .replaceAll('?', '[^/]')}$`,
    'u',
  );
