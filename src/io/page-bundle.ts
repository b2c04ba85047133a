/**
 * The page's script as scripts/build.mjs bundled it, with the hash under which a report's policy lets it run. Where
 * it is not built, as in a fresh clone before its first build, there is none and reports have no live part.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { PageBundle } from '../report/html/what-if.ts';
import { packagePath } from './package-file.ts';

export async function readPageBundle(folder = packagePath('dist/page')): Promise<PageBundle | undefined> {
  try {
    return pageBundle(await readFile(`${folder}/page.js`, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

export const pageBundle = (page: string): PageBundle => ({
  page,
  page_hash: `sha256-${createHash('sha256').update(page).digest('base64')}`,
});
