/**
 * Where the top members of a JSON object stand in its bytes, so that one value can be replaced and all else stays as it
 * came: numbers keep their digits, keys their order. Takes bytes, gives spans; whether the text is JSON is JSON.parse's
 * business, and on what is none the spans mean nothing.
 */

export interface Member {
  readonly key: string;
  /** First byte of the value, and the one behind its last. */
  readonly start: number;
  readonly end: number;
}

export interface JsonShape {
  readonly members: readonly Member[];
  readonly depth: number;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const isOpening = (byte: number): boolean => byte === 0x7b || byte === 0x5b;
const isClosing = (byte: number): boolean => byte === 0x7d || byte === 0x5d;
const isSpace = (byte: number): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

export function jsonShape(bytes: Uint8Array): JsonShape {
  const members: Member[] = [];
  let depth = 0;
  let deepest = 0;
  let key: string | undefined;
  let start = -1;
  let end = -1;
  const close = (): void => {
    if (key !== undefined && start >= 0) members.push({ key, start, end });
    key = undefined;
    start = -1;
  };
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] as number;
    if (isSpace(byte)) continue;
    if (depth === 1 && (byte === COMMA || isClosing(byte))) close();
    else if (depth === 1 && byte === COLON && start < 0) {
      start = i + 1;
      while (start < bytes.length && isSpace(bytes[start] as number)) start++;
      continue;
    }
    if (byte === QUOTE) {
      const from = i;
      i = endOfString(bytes, i);
      if (depth === 1 && start < 0) key = textOf(bytes, from, i + 1);
    } else if (isOpening(byte)) deepest = Math.max(deepest, ++depth);
    else if (isClosing(byte)) depth--;
    end = i + 1;
  }
  return { members, depth: deepest };
}

/** Strings can be long (images): the search for the quote is the engine's own. */
function endOfString(bytes: Uint8Array, quote: number): number {
  for (let at = bytes.indexOf(QUOTE, quote + 1); at >= 0; at = bytes.indexOf(QUOTE, at + 1)) {
    let escapes = 0;
    while (bytes[at - 1 - escapes] === BACKSLASH) escapes++;
    if (escapes % 2 === 0) return at;
  }
  return bytes.length;
}

/** A string's text; undefined where it is none. */
function textOf(bytes: Uint8Array, from: number, to: number): string | undefined {
  const quoted = Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('utf8');
  if (!quoted.includes('\\')) return quoted.slice(1, -1);
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return undefined;
  }
}

export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The bytes with these spans replaced; the edits stand in order and don't overlap. */
export function edited(bytes: Uint8Array, edits: readonly Edit[]): Buffer {
  const parts: Uint8Array[] = [];
  let at = 0;
  for (const { start, end, text } of edits) {
    parts.push(bytes.subarray(at, start), Buffer.from(text, 'utf8'));
    at = end;
  }
  return Buffer.concat([...parts, bytes.subarray(at)]);
}

/** The object that is the value of a top member, with one more number at its end; undefined where there is no such object. */
export function withNumber(bytes: Uint8Array, member: string, key: string, value: number): Buffer | undefined {
  const span = jsonShape(bytes).members.findLast((one) => one.key === member);
  if (span === undefined || bytes[span.start] !== 0x7b) return undefined;
  const inner = jsonShape(bytes.subarray(span.start, span.end)).members;
  if (inner.some((one) => one.key === key)) return undefined;
  const text = `${inner.length === 0 ? '' : ','}${JSON.stringify(key)}:${decimal(value)}`;
  const last = inner.at(-1);
  const at = last === undefined ? span.start + 1 : span.start + last.end;
  return edited(bytes, [{ start: at, end: at, text }]);
}

/** To 12 places and without an exponent, which not every reader of money expects. */
export const decimal = (value: number): string => value.toFixed(12).replace(/\.?0+$/, '');
