/**
 * Writes a few files into a folder, which is made if it is missing; an InputError names a folder that can't be written. Null
 * in place of a file's text removes the one that an earlier run left.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { inputError } from '../errors.ts';

/** Gives the paths, in the order of writing. */
export async function writeFiles(
  folder: string,
  texts: readonly (readonly [string, string | Uint8Array | null])[],
): Promise<string[]> {
  const written: string[] = [];
  try {
    await makeFolder(folder);
    for (const [name, text] of texts) {
      const file = path.join(folder, name);
      if (text === null) await rm(file, { force: true });
      else {
        await writeFile(file, text);
        written.push(file);
      }
    }
  } catch (error) {
    throw inputError('OUT_NOT_WRITABLE', folder, `can't be written: ${(error as Error).message}`);
  }
  return written;
}

/** Node's recursive mkdir never returns where the file system refuses, as /proc does. */
async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return;
    if (code !== 'ENOENT' || path.dirname(folder) === folder) throw error;
    await makeFolder(path.dirname(folder));
    await mkdir(folder);
  }
}
