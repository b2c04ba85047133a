/**
 * Every run of the tests has one folder for all that they write, and leaves nothing behind. Each project of vitest.config.ts
 * calls this: the first call makes the folder, since a folder in a folder would be too long a path for a browser's socket.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const NAME = 'tollgate-tests-';

export default function setup(): () => void {
  if (process.env.TMPDIR?.includes(NAME) === true) return () => {};
  const folder = mkdtempSync(join(tmpdir(), NAME));
  process.env.TMPDIR = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
