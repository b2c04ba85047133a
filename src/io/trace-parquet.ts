/** Parquet is told by its first bytes and left to an engine: it is read column by column, and not as a stream of text. */
import { type InputError, inputError } from '../errors.ts';

const MAGIC = 'PAR1';

export const isParquet = (head: Buffer): boolean => head.toString('latin1', 0, 4) === MAGIC;

export const parquetRefused = (name: string): InputError =>
  inputError('TRACE_PARQUET', name, 'is Parquet, which is not read row by row; export CSV or JSON lines');
