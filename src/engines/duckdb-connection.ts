/**
 * An embedded DuckDB for the time of one job: loaded when first asked for, held to a fixed memory, its temporary files in a
 * folder of its own that is removed. Errors of files are InputErrors that name them.
 */
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { InputError, inputError } from '../errors.ts';

/** What DuckDB holds in buffers; the process takes some 200 MB beside it. */
const MEMORY = '320MB';

export interface DuckdbOptions {
  /** Rows come in the order of the file. Default false. */
  readonly keeps_order?: boolean;
  readonly threads?: number;
}

export async function withDuckdb<T>(
  work: (connection: DuckDBConnection) => Promise<T>,
  { keeps_order = false, threads = availableParallelism() }: DuckdbOptions = {},
): Promise<T> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const folder = await mkdtemp(join(tmpdir(), 'tollgate-duckdb-'));
  try {
    const instance = await DuckDBInstance.create(':memory:', {
      memory_limit: MEMORY,
      threads: String(threads),
      preserve_insertion_order: String(keeps_order),
      temp_directory: folder,
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
    });
    try {
      const connection = await instance.connect();
      try {
        return await work(connection);
      } finally {
        connection.closeSync();
      }
    } finally {
      instance.closeSync();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const PROGRESS_MS = 200;

/** Runs work while telling how far the running query is, 0 to 1. */
export async function withProgress<T>(
  connection: DuckDBConnection,
  onProgress: ((fraction: number) => void) | undefined,
  work: () => Promise<T>,
): Promise<T> {
  if (onProgress === undefined) return await work();
  const timer = setInterval(() => {
    const { percentage } = connection.progress;
    if (percentage >= 0) onProgress(Math.min(percentage / 100, 1));
  }, PROGRESS_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}

/** The size of a file in bytes; an InputError where it cannot be read. */
export async function checkedSize(path: string): Promise<number> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw fileError(path, error);
  });
  if (found.isDirectory()) throw inputError('TRACE_DIRECTORY', path, 'is a directory; name one trace file in it');
  return found.size;
}

export function fileError(path: string, error: NodeJS.ErrnoException): InputError {
  const reason =
    error.code === 'ENOENT'
      ? 'no such file'
      : error.code === 'EACCES'
        ? 'may not be read (EACCES)'
        : `cannot be read (${error.code ?? error.message})`;
  return inputError('TRACE_MISSING', path, reason);
}

/** What DuckDB says of a file, without its advice on its own options. */
export const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0]!.trim();

/** What of its messages is about a file that is gone or closed to us. */
export async function rethrowFileErrors(path: string, error: unknown): Promise<void> {
  if (error instanceof InputError) throw error;
  await checkedSize(path);
  if (/IO Error: (?:Cannot open file|Could not (?:open|read))/.test(firstLine(error)))
    throw inputError('TRACE_MISSING', path, `cannot be read (${firstLine(error)})`);
  if (/Out of Memory/i.test(firstLine(error)))
    throw inputError('TRACE_TOO_LARGE', path, `needs more memory or disk than there is (${firstLine(error)})`);
}

/** DuckDB's messages start with the kind of error. */
export const isDuckdbError = (error: unknown): boolean => /^[A-Z][A-Za-z ]* Error: /.test(firstLine(error));
