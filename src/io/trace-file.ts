/**
 * Reads one trace file from its bytes to outcomes, record by record: unpacked, decoded, split and cast, in bounded memory.
 *
 * It counts and prices nothing; what a source of several files amounts to is for read-trace.ts.
 */
import { type Diagnostic, inputError, warning } from '../errors.ts';
import type { Container } from '../trace/adapter.ts';
import type { Detected } from '../trace/detect.ts';
import { openTraceBytes } from './trace-bytes.ts';
import { TraceRecords } from './trace-lines.ts';
import { isParquet, readParquet } from './trace-parquet.ts';
import { type OnOutcome, SampledReader, type SampleOptions } from './trace-sample.ts';
import { checkText, TraceText } from './trace-text.ts';

export const HEAD_BYTES = 1 << 16;

export interface FileReading {
  /** Undefined if the file held no record that could tell. */
  readonly detected: Detected | undefined;
  readonly container: Container;
  readonly delimiter: string | undefined;
  readonly names: readonly string[];
  readonly sha256: string;
  readonly warnings: readonly Diagnostic[];
}

export interface FileOptions extends SampleOptions {
  /** Called between chunks with the bytes taken from the file so far. */
  readonly onBytes?: (bytes: number) => void;
  readonly stdin?: AsyncIterable<Buffer>;
}

export async function readTraceFile(file: string, onOutcome: OnOutcome, options: FileOptions): Promise<FileReading> {
  const { stdin, onBytes } = options;
  const bytes = await openTraceBytes(file, { head_bytes: HEAD_BYTES, ...(stdin === undefined ? {} : { stdin }) });
  const { name } = bytes;
  try {
    if (isParquet(bytes.head)) return await readParquet(file, onOutcome, options);
    checkText(name, bytes.head);
    if (bytes.head.length === 0) throw inputError('TRACE_EMPTY', name, 'is empty');
    const text = new TraceText(bytes.head);
    const reader = new SampledReader(name, onOutcome, options);
    const records = new TraceRecords(name, reader);
    for await (const chunk of bytes.chunks()) {
      records.push(text.decode(chunk));
      onBytes?.(bytes.taken_bytes());
    }
    records.push(text.end());
    records.end();
    const opened = reader.finish();
    if (records.container === undefined) throw inputError('TRACE_EMPTY', name, 'holds nothing but empty lines');
    return {
      detected: opened?.detected,
      container: records.container,
      delimiter: records.container === 'csv' ? records.delimiter : undefined,
      names: opened?.names ?? [],
      sha256: bytes.sha256(),
      warnings: [
        ...text.warnings.map((one) => warning('TRACE_ENCODING', name, one)),
        ...(opened?.warnings ?? []).map((one) => warning('TRACE_COLUMN', name, one)),
        ...reader.warnings.map((one) => warning('TRACE_PAGES', name, one)),
      ],
    };
  } finally {
    await bytes.close();
  }
}
