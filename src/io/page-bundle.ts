/**
 * A page's script as scripts/build.mjs bundled it, with the hash under which the page's policy lets it run: that of reports
 * or that of the ledger of claims. Where it is not built, as in a fresh clone before its first build, there is none, and
 * pages go without.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { PageBundle } from '../report/html/what-if.ts';
import { packagePath } from './package-file.ts';

export async function readPageBundle(
  folder = packagePath('dist/page'),
  name: 'page' | 'ledger' = 'page',
): Promise<PageBundle | undefined> {
  try {
    return pageBundle(await readFile(`${folder}/${name}.js`, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

export const readLedgerBundle = (): Promise<PageBundle | undefined> => readPageBundle(undefined, 'ledger');

export const pageBundle = (page: string): PageBundle => ({
  page,
  page_hash: `sha256-${createHash('sha256').update(page).digest('base64')}`,
});
