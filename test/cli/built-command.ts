/**
 * The built command as a process, in a folder of its own that is empty at first and goes when the file's tests have ended. Call
 * once, before hooks that write into the folder.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll } from 'vitest';

export const ROOT = path.resolve(import.meta.dirname, '../..');
const MAIN = path.join(ROOT, 'dist/cli/main.js');

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface BuiltCommand {
  readonly tollgate: (...args: string[]) => Ended;
  /** Path of a file in the folder. */
  readonly at: (name: string) => string;
  readonly write: (name: string, text: string) => void;
  readonly read: (name: string) => string;
}

export function builtCommand(): BuiltCommand {
  let folder = '';
  beforeAll(() => {
    if (!existsSync(MAIN)) throw new Error('dist/ is missing: run npm test, or npm run build before');
    folder = mkdtempSync(path.join(tmpdir(), 'tollgate-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const at = (name: string): string => path.join(folder, name);
  const tollgate = (...args: string[]): Ended => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], {
      cwd: folder,
      encoding: 'utf8',
      timeout: 120_000,
      maxBuffer: 64 * 1024 * 1024,
    });
    return { status, stdout, stderr };
  };
  return {
    tollgate,
    at,
    write: (name, text) => writeFileSync(at(name), text),
    read: (name) => readFileSync(at(name), 'utf8'),
  };
}

/** A trace of 200 requests of gpt-4o over a week. */
export const WEEK = `${[
  'time,seller,model,input_tokens,output_tokens',
  ...Array.from({ length: 200 }, (_, i) => `2026-11-0${1 + (i % 7)}T0${i % 10}:00:00Z,openai,gpt-4o,${1000 + i},100`),
].join('\n')}\n`;
