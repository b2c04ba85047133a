/**
 * Splits text into records with their physical line numbers: CSV records (a quoted field may hold line breaks) or JSON
 * values (trace-json.ts). Takes chunks of any size; memory does not grow with the text.
 *
 * Records without a quote are split at delimiters, which is what a CSV parser does with them; the others go to csv-parse,
 * which with line numbers takes three times as long as all of this.
 */
import { parse } from 'csv-parse/sync';
import { inputError } from '../errors.ts';
import { JsonValues, MAX_DOCUMENT_CHARS } from './trace-json.ts';

/** A line of CSV longer than this has lost its line ends, or its closing quote. */
export const MAX_RECORD_CHARS = 1 << 24;

const LF = '\n';

export interface RecordSink {
  /** Before the first record. */
  begin(container: 'csv' | 'json', delimiter: string): void;
  /** A record's text and its first physical line; the header is the first. */
  csv(text: string, line: number): void;
  /** A JSON value, or NOT_JSON for a line that is none. */
  json(value: unknown, line: number, text: string): void;
  /** A line that can't be taken apart. */
  broken(reason: string, line: number, text: string): void;
}

export class TraceRecords {
  container: 'csv' | 'json' | undefined;
  /** Of CSV, told from the header. */
  delimiter = ',';
  /** The first record does not stand in the first line: empty lines or `sep=;` come before. */
  starts_late = false;
  private mayHoldZeros = false;
  private waiting = '';
  private parts: string[] = [];
  private partChars = 0;
  private line = 0;
  /** Lines of a record that a quoted field keeps open. */
  private open: string[] = [];
  private openedAt = 0;
  private openChars = 0;
  private quoting = false;
  private delimiterCode = 44;
  private readonly json: JsonValues;
  private readonly file: string;
  private readonly sink: RecordSink;

  constructor(file: string, sink: RecordSink) {
    this.file = file;
    this.sink = sink;
    this.json = new JsonValues(file, (value, line, text) => sink.json(value, line, text));
  }

  /** How JSON stands in the text. */
  get json_mode(): JsonValues['mode'] {
    return this.json.mode;
  }

  push(chunk: string): void {
    let text = chunk;
    if (this.container === undefined) {
      const start = text.search(/\S/);
      if (start < 0) {
        this.skipBlank(text);
        return;
      }
      this.skipBlank(text.slice(0, start));
      text = this.waiting + text.slice(start);
      this.waiting = '';
      this.partChars = 0;
      text = this.decide(text);
    }
    // Characters that no log holds, but that a crashed writer leaves.
    this.mayHoldZeros = text.includes('\0') || (this.mayHoldZeros && this.parts.length > 0);
    let from = 0;
    let at = text.indexOf(LF);
    if (at >= 0 && this.parts.length > 0) {
      this.parts.push(text.slice(0, at));
      const whole = this.parts.join('');
      this.parts = [];
      this.partChars = 0;
      this.take(whole);
      from = at + 1;
      at = text.indexOf(LF, from);
    }
    for (; at >= 0; at = text.indexOf(LF, from)) {
      this.take(text.slice(from, at));
      from = at + 1;
    }
    if (from < text.length) this.keep(from === 0 ? text : text.slice(from));
  }

  end(): void {
    if (this.parts.length > 0) this.take(this.parts.join(''));
    if (this.quoting) throw this.unclosed();
    if (this.container === 'json') this.json.end();
  }

  /** Empty lines and spaces before the first record; the spaces of its own line belong to it. */
  private skipBlank(text: string): void {
    const last = text.lastIndexOf(LF);
    if (last < 0) {
      this.partChars += text.length;
      if (this.partChars > MAX_RECORD_CHARS) throw this.tooLong(MAX_RECORD_CHARS);
      if (this.waiting.length < 1000) this.waiting += text;
      return;
    }
    for (let at = text.indexOf(LF); at >= 0; at = text.indexOf(LF, at + 1)) this.line++;
    this.waiting = text.slice(last + 1);
    this.partChars = this.waiting.length;
  }

  /** Tells container and delimiter from the first line, and takes a line off that tells Excel the delimiter. */
  private decide(text: string): string {
    this.container = /^\s*[{[]/.test(text) ? 'json' : 'csv';
    const told = SEPARATOR_LINE.exec(text);
    this.starts_late = this.line > 0 || told !== null;
    if (this.container === 'csv') this.delimiter = told?.[1] ?? delimiterOf(firstLine(text));
    this.delimiterCode = this.delimiter.charCodeAt(0);
    this.sink.begin(this.container, this.delimiter);
    if (told === null) return text;
    this.line++;
    return text.slice(told[0].length);
  }

  private keep(text: string): void {
    this.parts.push(text);
    this.partChars += text.length;
    const most = this.container === 'json' ? MAX_DOCUMENT_CHARS : MAX_RECORD_CHARS;
    if (this.partChars > most) throw this.tooLong(most);
  }

  private take(physical: string): void {
    this.line++;
    const text = physical.charCodeAt(physical.length - 1) === 13 ? physical.slice(0, -1) : physical;
    if (text === '' && !this.quoting) return;
    if (this.container === 'json') {
      if (text.trim() !== '') this.json.take(text, this.line);
      return;
    }
    if (this.mayHoldZeros && text.includes('\0') && !this.quoting) {
      this.sink.broken('holds zero bytes', this.line, text);
      return;
    }
    if (!this.quoting && !text.includes('"')) {
      this.sink.csv(text, this.line);
      return;
    }
    if (!this.quoting) this.openedAt = this.line;
    this.quoting = endsInQuotes(text, this.quoting, this.delimiterCode);
    this.open.push(this.quoting ? physical : text);
    this.openChars += physical.length + 1;
    if (this.openChars > MAX_RECORD_CHARS) throw this.unclosed();
    if (this.quoting) return;
    const record = this.open.join(LF);
    this.open = [];
    this.openChars = 0;
    this.sink.csv(record, this.openedAt);
  }

  private tooLong(most: number): Error {
    const what = this.container === 'json' ? 'JSON line' : 'line';
    return inputError('TRACE_LINE', `${this.file}:${this.line + 1}`, `${what} is longer than ${most} characters`);
  }

  private unclosed(): Error {
    return inputError(
      'TRACE_QUOTE',
      `${this.file}:${this.openedAt}`,
      'a quoted field that starts in this line is never closed; quotes inside a quoted field are written twice',
    );
  }
}

/** What Excel writes first where a list separator is not the comma. */
const SEPARATOR_LINE = /^"?sep=([,;\t|])"?[,;\t]*\r?(?:\n|$)/i;

const firstLine = (text: string): string => {
  const end = text.indexOf(LF);
  return end < 0 ? text : text.slice(0, end);
};

/** The one of comma, semicolon and tab that stands most often in a header, outside quotes. */
function delimiterOf(header: string): string {
  const bare = header.replace(/"[^"]*"/g, '');
  const count = (delimiter: string): number => bare.split(delimiter).length;
  return [',', ';', '\t'].reduce((most, one) => (count(one) > count(most) ? one : most));
}

/** Whether a line that starts inside (or outside) a quoted field ends inside one. */
function endsInQuotes(text: string, startsInQuotes: boolean, delimiter: number): boolean {
  let quoting = startsInQuotes;
  let fieldStart = !startsInQuotes;
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i);
    if (quoting) {
      if (char !== 34) continue;
      if (text.charCodeAt(i + 1) === 34) i++;
      else quoting = false;
    } else if (char === 34 && fieldStart) quoting = true;
    fieldStart = !quoting && char === delimiter;
  }
  return quoting;
}

/** The fields of one CSV record, or the reason why it has none. */
export function csvFields(record: string, delimiter = ','): readonly string[] | string {
  if (!record.includes('"')) return record.split(delimiter);
  try {
    const records: string[][] = parse(record, { relax_column_count: true, delimiter });
    return records[0] ?? [''];
  } catch {
    return 'a quote stands inside a field; a field with quotes is quoted as a whole, and its quotes are written twice';
  }
}
