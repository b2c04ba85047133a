/** Parquet files: told by their first bytes, read column by column by an engine that is loaded only then. */
import { inputError } from '../errors.ts';
import type { DetectOptions } from '../trace/detect.ts';
import type { TraceBytes } from './trace-bytes.ts';
import type { TraceDescription } from './trace-description.ts';
import type { FileOptions, FileReading } from './trace-file.ts';
import type { OnOutcome } from './trace-sample.ts';

const MAGIC = 'PAR1';

export const isParquet = (head: Buffer): boolean => head.toString('latin1', 0, 4) === MAGIC;

export async function readParquet(
  _file: string,
  bytes: TraceBytes,
  _onOutcome: OnOutcome,
  _options: FileOptions,
): Promise<FileReading> {
  throw inputError('TRACE_ENCODING', bytes.name, 'is Parquet, which is not read here; export CSV or JSON lines');
}

export async function describeParquet(
  file: string,
  _size_bytes: number,
  _options: DetectOptions,
): Promise<TraceDescription> {
  throw inputError('TRACE_ENCODING', file, 'is Parquet, which is not read here; export CSV or JSON lines');
}
