/**
 * Looks at the bytes of a text file for what DuckDB and the row reader take differently: quotes out of place, single
 * carriage returns, zero bytes. Says how the file is to be read, or why it is not for DuckDB.
 *
 * Files without a quote, nearly all of them, cost four searches that run at the speed of memory.
 */
import { open } from 'node:fs/promises';
import { fileError } from './duckdb-connection.ts';

export interface TextScan {
  /** Why the row reader has to read it. */
  readonly falls_back?: string;
  readonly has_quotes: boolean;
  /** Inside quoted cells. */
  readonly has_line_breaks: boolean;
  /** Lines up to the first row: empty ones, `sep=;` and the header. */
  readonly skip_lines: number;
}

const CHUNK_BYTES = 1 << 20;
const LF = 10;
const CR = 13;
const QUOTE = 34;

/** @param delimiter undefined for lines of JSON, where quotes are no matter of columns */
export async function scanText(path: string, delimiter: string | undefined): Promise<TextScan> {
  const handle = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    throw fileError(path, error);
  });
  try {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    const bytes = new ByteScan(delimiter);
    for (;;) {
      const { bytesRead } = await handle.read(chunk, 0, CHUNK_BYTES);
      if (bytesRead === 0) break;
      const problem = bytes.push(chunk.subarray(0, bytesRead));
      if (problem !== undefined) return { ...bytes.found, falls_back: problem };
    }
    const problem = bytes.end();
    return problem === undefined ? bytes.found : { ...bytes.found, falls_back: problem };
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) throw fileError(path, error as NodeJS.ErrnoException);
    throw error;
  } finally {
    await handle.close();
  }
}

const MALFORMED = 'a quote stands inside a cell';

class ByteScan {
  found: TextScan = { has_quotes: false, has_line_breaks: false, skip_lines: 0 };
  private isFirst = true;
  private quoting = false;
  /** The last byte was a quote that closes a cell or is the first of two. */
  private mayClose = false;
  private last = LF;
  private hasLf = false;
  private hasCrLf = false;
  private readonly delimiter: number | undefined;

  constructor(delimiter: string | undefined) {
    this.delimiter = delimiter?.charCodeAt(0);
  }

  push(bytes: Buffer): string | undefined {
    if (this.isFirst) {
      this.isFirst = false;
      const problem = this.begin(bytes);
      if (problem !== undefined) return problem;
    }
    if (bytes.indexOf(0) >= 0) return 'it holds zero bytes';
    if (bytes.indexOf(1) >= 0) return 'it holds control characters';
    return (
      this.lineEnds(bytes) ?? (this.delimiter === undefined ? this.keepLast(bytes) : this.quotes(bytes, this.delimiter))
    );
  }

  end(): string | undefined {
    if (this.last === CR) return 'it ends in a single carriage return';
    return this.quoting && !this.mayClose ? MALFORMED : undefined;
  }

  private begin(bytes: Buffer): string | undefined {
    const [a, b, c] = bytes;
    if ((a === 0x1f && b === 0x8b) || (a === 0x28 && b === 0xb5)) return 'it is compressed';
    const hasMark = a === 0xef && b === 0xbb && c === 0xbf;
    if (this.delimiter === undefined) return hasMark ? 'it starts with a byte order mark' : undefined;
    const skip_lines = headerLines(bytes.toString('utf8', hasMark ? 3 : 0));
    if (skip_lines === undefined) return 'its header is too long';
    this.found = { ...this.found, skip_lines };
    if (hasMark) this.last = LF;
    return undefined;
  }

  /** Carriage returns stand before line feeds, and then before all of them. */
  private lineEnds(bytes: Buffer): string | undefined {
    const first = bytes.indexOf(CR);
    if (first < 0 && this.last !== CR) {
      this.hasLf ||= bytes.indexOf(LF) >= 0;
      return this.hasLf && this.hasCrLf ? 'its lines end in two ways' : undefined;
    }
    if (this.last === CR && bytes[0] !== LF) return 'it holds single carriage returns';
    for (let at = first; at >= 0; at = bytes.indexOf(CR, at + 1))
      if (at + 1 < bytes.length && bytes[at + 1] !== LF) return 'it holds single carriage returns';
    for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, at + 1))
      if ((at === 0 ? this.last : bytes[at - 1]) === CR) this.hasCrLf = true;
      else this.hasLf = true;
    return this.hasLf && this.hasCrLf ? 'its lines end in two ways' : undefined;
  }

  private keepLast(bytes: Buffer): undefined {
    this.last = bytes[bytes.length - 1]!;
  }

  /** Quotes open a cell where it starts, and close it where it ends; inside they are doubled. */
  private quotes(bytes: Buffer, delimiter: number): string | undefined {
    const mark = this.found.skip_lines > 0 && bytes[0] === 0xef && !this.found.has_quotes ? 3 : 0;
    let at = 0;
    while (at < bytes.length) {
      if (this.mayClose) {
        this.mayClose = false;
        const next = bytes[at]!;
        if (next === QUOTE) at++;
        else if (next === delimiter || next === LF || next === CR) this.quoting = false;
        else return MALFORMED;
        continue;
      }
      const quote = bytes.indexOf(QUOTE, at);
      if (this.quoting) {
        const until = quote < 0 ? bytes.length : quote;
        const lineBreak = this.found.has_line_breaks ? -1 : bytes.indexOf(LF, at);
        if (lineBreak >= 0 && lineBreak < until) this.found = { ...this.found, has_line_breaks: true };
        if (quote < 0) break;
        this.mayClose = true;
      } else {
        if (quote < 0) break;
        const before = quote === 0 ? this.last : quote === mark ? LF : bytes[quote - 1]!;
        if (before !== delimiter && before !== LF) return MALFORMED;
        if (!this.found.has_quotes) this.found = { ...this.found, has_quotes: true };
        this.quoting = true;
      }
      at = quote + 1;
    }
    return this.keepLast(bytes);
  }
}

/** Lines up to the end of the header, or undefined if it does not end here. */
function headerLines(head: string): number | undefined {
  let lines = 0;
  let at = 0;
  const start = head.search(/\S/);
  if (start < 0) return undefined;
  for (let end = head.indexOf('\n'); end >= 0 && end < start; end = head.indexOf('\n', end + 1)) {
    lines++;
    at = end + 1;
  }
  const told = /^"?sep=[,;\t|]"?[,;\t]*\r?(?:\n|$)/i.exec(head.slice(at));
  if (told !== null) {
    lines++;
    at += told[0].length;
  }
  for (let quoting = false; ; ) {
    const end = head.indexOf('\n', at);
    const line = end < 0 ? head.slice(at) : head.slice(at, end);
    for (const char of line) if (char === '"') quoting = !quoting;
    lines++;
    if (!quoting && line.trim() !== '') return end < 0 && head.length >= CHUNK_BYTES ? undefined : lines;
    if (end < 0) return undefined;
    at = end + 1;
  }
}
