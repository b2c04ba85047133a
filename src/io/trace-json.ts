/**
 * JSON values out of lines of text: one value a line, or one document over many lines, or several of those.
 *
 * Lines are read one by one. A document is kept whole until it closes, so it is bounded; what is not closed or not valid
 * is an InputError with its line, whereas a line that is no JSON among lines that are is for the caller to reject.
 */
import { inputError } from '../errors.ts';

/** A value, its first physical line and its text; `Unread` for a line that gives none. */
export type OnValue = (value: unknown, line: number, text: string) => void;

export const NOT_AN_OBJECT = 'not a JSON object';

/** Why a line gives no value. */
export class Unread {
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }
}

const NOT_JSON = new Unread(NOT_AN_OBJECT);
const TOO_DEEP = new Unread('JSON is nested deeper than 1000 levels');

export const MAX_DOCUMENT_CHARS = 1 << 28;
const BLOCK_CHARS = 1 << 20;
/** What serialises and compares values must not run out of stack. */
const MAX_NESTING = 1000;

export class JsonValues {
  /** First: none was read yet, so that nothing is known. */
  mode: 'first' | 'lines' | 'document' = 'first';
  private lines: string[] = [];
  /** Lines joined. */
  private blocks: string[] = [];
  private chars = 0;
  private unjoined = 0;
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
    if (this.lines.length === 1 && this.blocks.length === 0 && this.isBrokenLine(text)) {
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
    if (this.lines.length + this.blocks.length > 0)
      throw inputError(
        'TRACE_JSON',
        `${this.file}:${this.openedAt}`,
        'the JSON document that starts here is never closed; the file may be cut off',
      );
  }

  private append(text: string, line: number): void {
    if (this.lines.length + this.blocks.length === 0) this.openedAt = line;
    this.lines.push(text);
    this.chars += text.length + 1;
    this.unjoined += text.length + 1;
    if (this.unjoined > BLOCK_CHARS && this.stack.length > 0) {
      // One text instead of many short ones, which take more room than their characters.
      this.blocks.push(this.lines.join('\n'));
      this.lines = [];
      this.unjoined = 0;
    }
    if (this.chars > this.largest)
      throw inputError(
        'TRACE_JSON',
        `${this.file}:${this.openedAt}`,
        `a JSON document of more than ${this.largest >> 20} MB is not read; write one record a line instead (jq -c '.data[]')`,
      );
    scan(text, this.stack, this.file, line);
    if (this.stack.length > 0) return;
    const whole = [...this.blocks, ...this.lines].join('\n');
    this.lines = [];
    this.blocks = [];
    this.chars = 0;
    this.unjoined = 0;
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
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return NOT_JSON;
  }
  if (text.length > 2 * MAX_NESTING && isDeep(value, 0)) return TOO_DEEP;
  const twice = keyTwice(value, text);
  return twice === undefined ? value : new Unread(`the key "${twice}" is there twice`);
}

function isDeep(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (depth > MAX_NESTING) return true;
  for (const inner of Object.values(value)) if (isDeep(inner, depth + 1)) return true;
  return false;
}

function parsedDocument(text: string, file: string, openedAt: number): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const at = Number(/position (\d+)/.exec(String(error))?.[1] ?? 0);
    const before = text.slice(0, at).split('\n');
    const shown = text.slice(Math.max(0, at - 20), at + 20).replace(/\s+/g, ' ');
    throw inputError('TRACE_JSON', `${file}:${openedAt + before.length - 1}`, `no valid JSON near "${shown}"`);
  }
  const twice = keyTwice(value, text);
  if (twice === undefined) return value;
  throw inputError('TRACE_JSON', `${file}:${openedAt}`, `the key "${twice}" is there twice in one object`);
}

/** A key that an object has twice, of which JSON.parse keeps the last: its text has more keys than the value. */
function keyTwice(value: unknown, text: string): string | undefined {
  let colons = 0;
  for (let at = text.indexOf('":'); at >= 0; at = text.indexOf('":', at + 2)) colons++;
  return colons > keysIn(value) ? firstKeyTwice(text) : undefined;
}

function keysIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  let keys = 0;
  if (Array.isArray(value)) {
    for (const inner of value) keys += keysIn(inner);
    return keys;
  }
  for (const key in value) keys += 1 + keysIn((value as Record<string, unknown>)[key]);
  return keys;
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

/** Follows the objects of a valid JSON text; keys that escapes write differently are told apart. */
function firstKeyTwice(text: string): string | undefined {
  const objects: (Set<string> | undefined)[] = [];
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i);
    if (char === BRACE) objects.push(new Set());
    else if (char === BRACKET) objects.push(undefined);
    else if (char === BRACE + 2 || char === BRACKET + 2) objects.pop();
    else if (char === QUOTE) {
      const start = i + 1;
      for (i = start; text.charCodeAt(i) !== QUOTE; i++) if (text.charCodeAt(i) === BACKSLASH) i++;
      if (!/^\s*:/.test(text.slice(i + 1, i + 10))) continue;
      const key = text.slice(start, i);
      const keys = objects.at(-1);
      if (keys?.has(key)) return key;
      keys?.add(key);
    }
  }
  return undefined;
}

/** The value of a document that is cut off: up to the last item of a list that is complete, then closed. */
export function closedPrefix(text: string): unknown {
  const stack: number[] = [];
  let end = 0;
  let open: number[] = [];
  let inText = false;
  for (let i = 0; i < text.length && stack.length <= MAX_NESTING; i++) {
    const char = text.charCodeAt(i);
    if (inText) {
      if (char === BACKSLASH) i++;
      else if (char === QUOTE) inText = false;
    } else if (char === QUOTE) inText = true;
    else if (char === BRACE || char === BRACKET) stack.push(char);
    else if (char === BRACE + 2 || char === BRACKET + 2) {
      stack.pop();
      if (stack.at(-1) !== BRACKET) continue;
      end = i + 1;
      open = [...stack];
    }
  }
  const closing = open.reverse().map((char) => String.fromCharCode(char + 2));
  const value = parsed(text.slice(0, end) + closing.join(''));
  return value instanceof Unread ? undefined : value;
}
