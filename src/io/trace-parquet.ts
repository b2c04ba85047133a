/**
 * Parquet: told by its first bytes and read by an engine, which is loaded only then, since a file of columns is no stream of
 * text. Gives what reading text gives: outcomes row by row, and what the file is.
 */
import { inputError, warning } from '../errors.ts';
import { type Detected, type DetectOptions, detectFormat, headerFindings } from '../trace/detect.ts';
import { fileDigest } from './file-digest.ts';
import type { OnOutcome, SampleOptions } from './trace-sample.ts';

const MAGIC = 'PAR1';

export const isParquet = (head: Buffer): boolean => head.toString('latin1', 0, 4) === MAGIC;

export interface ParquetFile {
  readonly detected: Detected;
  readonly names: readonly string[];
  readonly warnings: readonly string[];
}

/** Format and columns of a Parquet file. */
export async function openParquet(file: string, options: DetectOptions): Promise<ParquetFile> {
  const { parquetColumns } = await import('../engines/duckdb.ts');
  const names = (await parquetColumns(file)).map(({ name }) => name);
  const detected = detectFormat({ container: 'parquet', names }, file, options);
  return { detected, names, warnings: headerFindings(detected.adapter, names) };
}

export async function readParquet(
  file: string,
  onOutcome: OnOutcome,
  options: SampleOptions & { readonly onBytes?: (bytes: number) => void },
) {
  if (file === '-') throw inputError('TRACE_PARQUET', 'standard input', 'is Parquet, which is read from a file only');
  const { streamRequests } = await import('../engines/duckdb.ts');
  const { detected, names, warnings } = await openParquet(file, options);
  options.onDetected?.(detected, names);
  await streamRequests({ path: file, adapter: detected.adapter, container: 'parquet', names }, onOutcome);
  return {
    detected,
    container: 'parquet' as const,
    delimiter: undefined,
    names,
    sha256: await fileDigest(file),
    warnings: warnings.map((text) => warning('TRACE_COLUMN', file, text)),
  };
}
