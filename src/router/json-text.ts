/**
 * Where the top members of a JSON object stand in its bytes, so that one value can be replaced and all else stays as it
 * came: numbers keep their digits, keys their order. Takes bytes, gives spans; whether the text is JSON is JSON.parse's
 * business, and on what is none the spans mean nothing.
 */

export class Member {
  /** First byte of the value, and the one behind its last. */
  readonly start: number;
  readonly end: number;
  readonly #bytes: Uint8Array;
  readonly #key: number;
  readonly #keyEnd: number;

  constructor(bytes: Uint8Array, key: number, keyEnd: number, start: number, end: number) {
    this.#bytes = bytes;
    this.#key = key;
    this.#keyEnd = keyEnd;
    this.start = start;
    this.end = end;
  }

  /** Read when it is asked for: of most members nobody does. */
  get key(): string {
    return textOf(this.#bytes, this.#key, this.#keyEnd);
  }

  isNamed(name: string): boolean {
    const first = this.#bytes[this.#key + 1];
    return (first === name.charCodeAt(0) || first === BACKSLASH) && this.key === name;
  }
}

export interface JsonShape {
  readonly members: readonly Member[];
  readonly depth: number;
}

export const QUOTE = 0x22;
export const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
export const OPENING = 0x7b;
export const isOpening = (byte: number): boolean => byte === OPENING || byte === 0x5b;
export const isClosing = (byte: number): boolean => byte === 0x7d || byte === 0x5d;
const isSpace = (byte: number): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

export function jsonShape(bytes: Uint8Array): JsonShape {
  const members: Member[] = [];
  let depth = 0;
  let deepest = 0;
  let key = -1;
  let keyEnd = -1;
  let start = -1;
  let end = -1;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] as number;
    if (isSpace(byte)) continue;
    if (depth === 1 && (byte === COMMA || isClosing(byte))) {
      if (key >= 0 && start >= 0) members.push(new Member(bytes, key, keyEnd, start, end));
      key = -1;
      start = -1;
    } else if (depth === 1 && byte === COLON && start < 0) {
      start = i + 1;
      while (start < bytes.length && isSpace(bytes[start] as number)) start++;
      continue;
    }
    if (byte === QUOTE) {
      const from = i;
      i = endOfString(bytes, i);
      if (depth === 1 && start < 0) {
        key = from;
        keyEnd = i + 1;
      }
    } else if (isOpening(byte)) deepest = Math.max(deepest, ++depth);
    else if (isClosing(byte)) depth--;
    end = i + 1;
  }
  return { members, depth: deepest };
}

/** Keys and short texts are looked through here; strings can be long (images): from there the search is the engine's own. */
export function endOfString(bytes: Uint8Array, quote: number): number {
  const near = Math.min(bytes.length, quote + SHORT);
  for (let i = quote + 1; i < near; i++) {
    const byte = bytes[i];
    if (byte === QUOTE) return i;
    if (byte === BACKSLASH) i++;
  }
  for (let at = bytes.indexOf(QUOTE, quote + 1); at >= 0; at = bytes.indexOf(QUOTE, at + 1)) {
    let escapes = 0;
    while (bytes[at - 1 - escapes] === BACKSLASH) escapes++;
    if (escapes % 2 === 0) return at;
  }
  return bytes.length;
}

const SHORT = 48;

/** A string's text; as it stands where it is none. */
function textOf(bytes: Uint8Array, from: number, to: number): string {
  const quoted = Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('utf8');
  if (!quoted.includes('\\')) return quoted.slice(1, -1);
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return quoted;
  }
}
