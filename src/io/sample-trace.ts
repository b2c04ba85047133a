/** Names and first rows of a file of any shape, as texts: what a mapping is proposed from. Knows no format. */
import { inputError } from '../errors.ts';
import { type JsonRecord, namesOf, valueAt } from '../trace/json-path.ts';
import { unnest } from '../trace/records.ts';
import { openTraceBytes } from './trace-bytes.ts';
import { HEAD_BYTES } from './trace-file.ts';
import { csvFields, type RecordSink, TraceRecords } from './trace-lines.ts';
import { csvHeader } from './trace-opening.ts';
import { isParquet } from './trace-parquet.ts';
import { checkText, TraceText } from './trace-text.ts';

export interface TraceSample {
  readonly names: readonly string[];
  /** As many cells as names; numbers as JSON writes them. */
  readonly rows: readonly (readonly string[])[];
}

const SAMPLED = 1000;

export async function sampleTrace(file: string): Promise<TraceSample> {
  const bytes = await openTraceBytes(file, { head_bytes: HEAD_BYTES });
  try {
    if (isParquet(bytes.head)) throw inputError('TRACE_ENCODING', file, 'is Parquet; map a CSV or JSON export of it');
    checkText(bytes.name, bytes.head);
    const text = new TraceText(bytes.head);
    const sink = new FirstRecords(file);
    const records = new TraceRecords(bytes.name, sink);
    for await (const chunk of bytes.chunks()) {
      records.push(text.decode(chunk));
      if (sink.isFull) break;
    }
    if (!sink.isFull) {
      records.push(text.end());
      records.end();
    }
    return sink.sample(records.delimiter);
  } finally {
    await bytes.close();
  }
}

class FirstRecords implements RecordSink {
  private readonly file: string;
  private readonly lines: { readonly text: string; readonly line: number }[] = [];
  private readonly objects: JsonRecord[] = [];

  constructor(file: string) {
    this.file = file;
  }

  begin(): void {
    // Container and delimiter are asked of the splitter at the end.
  }

  get isFull(): boolean {
    return this.lines.length > SAMPLED || this.objects.length >= SAMPLED;
  }

  csv(text: string, line: number): void {
    if (!this.isFull) this.lines.push({ text, line });
  }

  json(value: unknown): void {
    if (!this.isFull) this.objects.push(...unnest(value).records);
  }

  broken(): void {
    // A line that can't be read says nothing about columns; reading the trace will tell it.
  }

  sample(delimiter: string): TraceSample {
    const [head, ...rest] = this.lines;
    if (head !== undefined) {
      const names = csvHeader(this.file, head.text, head.line, delimiter);
      const rows = rest
        .map(({ text }) => csvFields(text, delimiter))
        .filter((cells): cells is readonly string[] => typeof cells !== 'string' && cells.length === names.length);
      return { names, rows };
    }
    const names = [...new Set(this.objects.flatMap(namesOf))];
    if (names.length === 0) throw inputError('TRACE_EMPTY', this.file, 'holds no record');
    return { names, rows: this.objects.map((one) => names.map((name) => textOf(valueAt(one, name)))) };
  }
}

const textOf = (value: unknown): string =>
  value === undefined || value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);
