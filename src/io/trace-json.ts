/**
 * JSON values out of lines of text: one value a line, or one document over many lines, or several of those.
 *
 * Lines are read one by one. A document is kept whole until it closes, so it is bounded; what is not closed or not valid
 * is an InputError with its line, whereas a line that is no JSON among lines that are is for the caller to reject.
 */
import { inputError } from '../errors.ts';

/** A value, its first physical line and its text; `NOT_JSON` for a line that is none. */
export type OnValue = (value: unknown, line: number, text: string) => void;

export const NOT_JSON = Symbol('not JSON');

export const MAX_DOCUMENT_CHARS = 1 << 28;
const MAX_NESTING = 1000;

export class JsonValues {
  private mode: 'first' | 'lines' | 'document' = 'first';
  private lines: string[] = [];
  private chars = 0;
  private openedAt = 0;
  private stack: number[] = [];
  private readonly file: string;
  private readonly onValue: OnValue;
  private readonly largest: number;

  constructor(file: string, onValue: OnValue, { largest = MAX_DOCUMENT_CHARS }: { readonly largest?: number } = {}) {
    this.file = file;
    this.onValue = onValue;
    this.largest = largest;
  }

  take(text: string, line: number): void {
    if (this.mode === 'lines') {
      this.onValue(parsed(text), line, text);
      return;
    }
    if (this.lines.length === 1 && this.isBrokenLine(text)) {
      this.mode = 'lines';
      const [first] = this.lines;
      this.lines = [];
      this.onValue(NOT_JSON, this.openedAt, first!);
      this.onValue(parsed(text), line, text);
      return;
    }
    if (this.mode === 'first') {
      const value = parsed(text);
      this.mode = value === NOT_JSON && this.opens(text) ? 'document' : 'lines';
      if (this.mode === 'lines') {
        this.onValue(value, line, text);
        return;
      }
      this.stack = [];
    }
    this.append(text, line);
  }

  end(): void {
    if (this.lines.length > 0)
      throw inputError(
        'TRACE_JSON',
        `${this.file}:${this.openedAt}`,
        'the JSON document that starts here is never closed; the file may be cut off',
      );
  }

  private append(text: string, line: number): void {
    if (this.lines.length === 0) this.openedAt = line;
    this.lines.push(text);
    this.chars += text.length + 1;
    if (this.chars > this.largest)
      throw inputError(
        'TRACE_JSON',
        `${this.file}:${this.openedAt}`,
        `a JSON document of more than ${this.largest >> 20} MB is not read; write one record a line instead (jq -c '.data[]')`,
      );
    scan(text, this.stack, this.file, line);
    if (this.stack.length > 0) return;
    const whole = this.lines.join('\n');
    this.lines = [];
    this.chars = 0;
    this.onValue(parsedDocument(whole, this.file, this.openedAt), this.openedAt, whole);
  }

  /** Whether a first line leaves brackets open, as that of a document does. */
  private opens(text: string): boolean {
    this.stack = [];
    scan(text, this.stack, this.file, 1);
    return this.stack.length > 0;
  }

  /** Whether what was taken for the first line of a document is a broken line before a good one. */
  private isBrokenLine(second: string): boolean {
    const innermost = this.stack.at(-1);
    return innermost === BRACE && !/:\s*$/.test(this.lines[0]!) && /^\s*\{/.test(second) && parsed(second) !== NOT_JSON;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return NOT_JSON;
  }
}

function parsedDocument(text: string, file: string, openedAt: number): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const at = Number(/position (\d+)/.exec(String(error))?.[1] ?? 0);
    const before = text.slice(0, at).split('\n');
    const line = openedAt + before.length - 1;
    const shown = text.slice(Math.max(0, at - 20), at + 20).replace(/\s+/g, ' ');
    throw inputError('TRACE_JSON', `${file}:${line}`, `no valid JSON near "${shown}"`);
  }
}

const QUOTE = 34;
const BACKSLASH = 92;
const BRACKET = 91;
const BRACE = 123;

/** Follows brackets through a line. A text can't go on over a line end in JSON, so each line starts outside of one. */
function scan(text: string, stack: number[], file: string, line: number): void {
  let inText = false;
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i);
    if (inText) {
      if (char === BACKSLASH) i++;
      else if (char === QUOTE) inText = false;
    } else if (char === QUOTE) inText = true;
    else if (char === BRACE || char === BRACKET) {
      stack.push(char);
      if (stack.length > MAX_NESTING)
        throw inputError('TRACE_JSON', `${file}:${line}`, `JSON is nested deeper than ${MAX_NESTING} levels`);
    } else if (char === BRACE + 2 || char === BRACKET + 2) stack.pop();
  }
}
