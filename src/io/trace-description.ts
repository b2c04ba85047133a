/**
 * What a trace file is, told from its first megabyte: format and dialect, container, names, delimiter, encoding; and
 * whether an engine that knows plain files alone can read it by itself. Rows are left unread.
 *
 * The head speaks for the file: a page, a byte that is no UTF-8 or a later dialect beyond it shows only in reading.
 */
import { type Diagnostic, inputError, warning } from '../errors.ts';
import type { Adapter, Container } from '../trace/adapter.ts';
import type { DetectOptions } from '../trace/detect.ts';
import { openTraceBytes } from './trace-bytes.ts';
import { closedPrefix } from './trace-json.ts';
import { TraceRecords } from './trace-lines.ts';
import { isParquet, openParquet } from './trace-parquet.ts';
import { SampledReader } from './trace-sample.ts';
import { STANDARD_INPUT } from './trace-sources.ts';
import { checkText, type Encoding, TraceText } from './trace-text.ts';

export interface TraceDescription {
  readonly file: string;
  /** In the dialect that the sample gave away. */
  readonly adapter: Adapter;
  readonly reasons: readonly string[];
  readonly container: Container;
  readonly names: readonly string[];
  /** Of CSV. */
  readonly delimiter: string | undefined;
  readonly encoding: Encoding | undefined;
  readonly is_compressed: boolean;
  readonly size_bytes: number;
  /** UTF-8 with LF or CRLF, not compressed; CSV with the header in its first line, or a record of JSON a line. */
  readonly is_plain: boolean;
  readonly warnings: readonly Diagnostic[];
}

const HEAD_BYTES = 1 << 20;

export async function describeTrace(file: string, options: DetectOptions = {}): Promise<TraceDescription> {
  if (file === STANDARD_INPUT)
    throw inputError('TRACE_NOT_A_FILE', 'standard input', 'can be read only once, so it has no description');
  const bytes = await openTraceBytes(file, { head_bytes: HEAD_BYTES });
  try {
    const { head, is_compressed } = bytes;
    const size_bytes = bytes.size_bytes!;
    if (isParquet(head)) return await describeParquet(file, size_bytes, options);
    checkText(file, head);
    const decoder = new TraceText(head);
    const text = decoder.decode(head) + (bytes.is_whole ? decoder.end() : '');
    const reader = new SampledReader(file, () => {}, options);
    const records = new TraceRecords(file, reader);
    const lastLine = text.lastIndexOf('\n');
    records.push(bytes.is_whole || lastLine < 0 ? text : text.slice(0, lastLine + 1));
    if (bytes.is_whole) records.end();
    else if (records.container === 'json' && !reader.has_records) {
      const value = closedPrefix(text);
      if (value !== undefined) reader.json(value, 1, text);
    }
    const opened = reader.finish();
    if (records.container === undefined) throw inputError('TRACE_EMPTY', file, 'holds nothing but empty lines');
    if (opened === undefined)
      throw inputError(
        'TRACE_NO_ROWS',
        file,
        bytes.is_whole ? 'holds no record' : `holds no record in its first ${HEAD_BYTES} bytes`,
      );
    const isLine = records.container === 'csv' || (records.json_mode === 'lines' && !reader.has_envelopes);
    return {
      file,
      adapter: opened.detected.adapter,
      reasons: opened.detected.reasons,
      container: records.container,
      names: opened.names,
      delimiter: records.container === 'csv' ? records.delimiter : undefined,
      encoding: decoder.encoding,
      is_compressed,
      size_bytes,
      is_plain:
        isLine &&
        !is_compressed &&
        decoder.encoding === 'utf-8' &&
        decoder.warnings.length === 0 &&
        !decoder.has_lone_returns &&
        !records.starts_late &&
        !(decoder.has_mark && records.container === 'json'),
      warnings: [
        ...decoder.warnings.map((one) => warning('TRACE_ENCODING', file, one)),
        ...opened.warnings.map((one) => warning('TRACE_COLUMN', file, one)),
        ...reader.warnings.map((one) => warning('TRACE_PAGES', file, one)),
      ],
    };
  } finally {
    await bytes.close();
  }
}

async function describeParquet(file: string, size_bytes: number, options: DetectOptions): Promise<TraceDescription> {
  const { detected, names, warnings } = await openParquet(file, options);
  return {
    file,
    adapter: detected.adapter,
    reasons: detected.reasons,
    container: 'parquet',
    names,
    delimiter: undefined,
    encoding: undefined,
    is_compressed: false,
    size_bytes,
    is_plain: false,
    warnings: warnings.map((one) => warning('TRACE_COLUMN', file, one)),
  };
}
