/**
 * The page's scripts as scripts/build.mjs bundled them, with the hash under which a report's policy lets them run. Where
 * they are not built, as in a fresh clone before its first build, there are none and reports have no live part.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { PageBundle } from '../report/html/what-if.ts';
import { packagePath } from './package-file.ts';

export async function readPageBundle(folder = packagePath('dist/page')): Promise<PageBundle | undefined> {
  try {
    const [page, worker] = await Promise.all(
      ['page.js', 'worker.js'].map((name) => readFile(`${folder}/${name}`, 'utf8')),
    );
    return pageBundle(page!, worker!);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

export const pageBundle = (page: string, worker: string): PageBundle => ({
  page,
  worker,
  page_hash: `sha256-${createHash('sha256').update(page).digest('base64')}`,
});
