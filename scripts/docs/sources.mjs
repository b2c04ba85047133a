/** The TypeScript files of src/, by path below it. */
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const SRC = new URL('../../src/', import.meta.url);

/** @returns {Promise<Map<string, string>>} */
export async function readSources() {
  const all = await readdir(fileURLToPath(SRC), { recursive: true, withFileTypes: true });
  const paths = all
    .filter((one) => one.isFile() && one.name.endsWith('.ts'))
    .map((one) =>
      `${one.parentPath}/${one.name}`.replaceAll('\\', '/').slice(fileURLToPath(SRC).length).replace(/^\/+/, ''),
    );
  return new Map(
    await Promise.all(
      paths.sort().map(async (path) => /** @type {const} */ ([path, await readFile(new URL(path, SRC), 'utf8')])),
    ),
  );
}
