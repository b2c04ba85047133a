/**
 * Splits a file into records with their physical line numbers: CSV records (a quoted field may hold line breaks) or
 * lines of JSON. Reads chunk by chunk; memory does not grow with the file.
 *
 * Records without a quote are split at commas, which is what a CSV parser does with them; the others go to csv-parse,
 * which with line numbers takes three times as long as all of this. Takes UTF-8 with or without BOM, LF or CRLF.
 */
import { createHash } from 'node:crypto';
import { open, stat } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import { inputError } from '../errors.ts';

const CHUNK_BYTES = 1 << 18;
const MAX_RECORD_CHARS = 1 << 24;

/** A record's text, its first physical line, and what the file holds: JSON lines if its first character is a brace. */
export type OnRecord = (text: string, line: number, container: 'csv' | 'jsonl') => void;

/** Reads all records but empty lines; gives the SHA-256 of the bytes, in hex. */
export async function readRecords(file: string, onRecord: OnRecord): Promise<string> {
  await checkFile(file);
  const handle = await open(file, 'r');
  try {
    const hash = createHash('sha256');
    const decoder = new TextDecoder('utf-8');
    const splitter = new LineSplitter(file, onRecord);
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    for (let first = true; ; first = false) {
      const { bytesRead } = await handle.read(chunk, 0, CHUNK_BYTES);
      const bytes = chunk.subarray(0, bytesRead);
      if (first) checkEncoding(file, bytes);
      if (bytesRead === 0) break;
      hash.update(bytes);
      splitter.push(decoder.decode(bytes, { stream: true }));
    }
    splitter.push(decoder.decode());
    splitter.end();
    return hash.digest('hex');
  } finally {
    await handle.close();
  }
}

async function checkFile(file: string): Promise<void> {
  const found = await stat(file).catch((error: NodeJS.ErrnoException) => {
    const reason = error.code === 'ENOENT' ? 'no such file' : `cannot be opened (${error.code})`;
    throw inputError('TRACE_MISSING', file, reason);
  });
  if (found.isDirectory()) throw inputError('TRACE_DIRECTORY', file, 'is a directory; name one trace file in it');
  if (found.isFile() && found.size === 0) throw inputError('TRACE_EMPTY', file, 'is empty');
}

function checkEncoding(file: string, bytes: Buffer): void {
  const [a, b] = bytes;
  if (a === 0x1f && b === 0x8b) throw inputError('TRACE_ENCODING', file, 'is compressed with gzip; unpack it first');
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff))
    throw inputError('TRACE_ENCODING', file, 'is UTF-16; save it as UTF-8');
  if (bytes.includes(0)) throw inputError('TRACE_ENCODING', file, 'is not a text file: it holds zero bytes');
}

class LineSplitter {
  private rest = '';
  private line = 0;
  /** Lines of a record that a quoted field keeps open. */
  private open: string[] = [];
  private openedAt = 0;
  private openChars = 0;
  private quoting = false;
  private container: 'csv' | 'jsonl' | undefined;
  private readonly file: string;
  private readonly onRecord: OnRecord;

  constructor(file: string, onRecord: OnRecord) {
    this.file = file;
    this.onRecord = onRecord;
  }

  push(text: string): void {
    const all = this.rest === '' ? text : this.rest + text;
    let from = 0;
    for (let at = all.indexOf('\n'); at >= 0; at = all.indexOf('\n', from)) {
      this.take(all.slice(from, at));
      from = at + 1;
    }
    this.rest = all.slice(from);
    if (this.rest.length > MAX_RECORD_CHARS)
      throw inputError(
        'TRACE_LINE',
        `${this.file}:${this.line + 1}`,
        `line is longer than ${MAX_RECORD_CHARS} characters`,
      );
  }

  end(): void {
    if (this.rest !== '') this.take(this.rest);
    if (this.quoting) throw this.unclosed();
  }

  private take(physical: string): void {
    this.line++;
    const text = physical.endsWith('\r') ? physical.slice(0, -1) : physical;
    if (text === '' && !this.quoting) return;
    this.container ??= /^\s*[{[]/.test(text) ? 'jsonl' : 'csv';
    if (this.container === 'jsonl' || (!this.quoting && !text.includes('"'))) {
      this.onRecord(text, this.line, this.container);
      return;
    }
    if (!this.quoting) this.openedAt = this.line;
    this.quoting = endsInQuotes(text, this.quoting);
    this.open.push(this.quoting ? physical : text);
    this.openChars += text.length;
    if (this.openChars > MAX_RECORD_CHARS) throw this.unclosed();
    if (this.quoting) return;
    const record = this.open.join('\n');
    this.open = [];
    this.openChars = 0;
    this.onRecord(record, this.openedAt, 'csv');
  }

  private unclosed(): Error {
    return inputError(
      'TRACE_QUOTE',
      `${this.file}:${this.openedAt}`,
      'a quoted field that starts in this line is never closed; quotes inside a quoted field are written twice',
    );
  }
}

/** Whether a line that starts inside (or outside) a quoted field ends inside one. */
function endsInQuotes(text: string, startsInQuotes: boolean): boolean {
  let quoting = startsInQuotes;
  let fieldStart = !startsInQuotes;
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i);
    if (quoting) {
      if (char !== 34) continue;
      if (text.charCodeAt(i + 1) === 34) i++;
      else quoting = false;
    } else if (char === 34 && fieldStart) quoting = true;
    fieldStart = !quoting && char === 44;
  }
  return quoting;
}

/** The fields of one CSV record, or the reason why it has none. */
export function csvFields(record: string): readonly string[] | string {
  if (!record.includes('"')) return record.split(',');
  try {
    const records: string[][] = parse(record, { relax_column_count: true });
    return records[0] ?? [''];
  } catch {
    return 'a quote stands inside a field; a field with quotes is quoted as a whole, and its quotes are written twice';
  }
}
