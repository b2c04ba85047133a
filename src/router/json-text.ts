/**
 * Where the top members of a JSON object stand in its text, so that one value can be replaced and all else stays as it
 * came: numbers keep their digits, keys their order. Takes a wire text, gives spans; whether it is JSON is JSON.parse's
 * business, and on what is none the spans mean nothing.
 */
import { textOfWire } from './wire-text.ts';

export class Member {
  /** First character of the value, and the one behind its last. */
  readonly start: number;
  readonly end: number;
  readonly #wire: string;
  readonly #key: number;
  readonly #keyEnd: number;

  constructor(wire: string, key: number, keyEnd: number, start: number, end: number) {
    this.#wire = wire;
    this.#key = key;
    this.#keyEnd = keyEnd;
    this.start = start;
    this.end = end;
  }

  /** Read when it is asked for: of most members nobody does. */
  get key(): string {
    return textOf(this.#wire.slice(this.#key, this.#keyEnd));
  }

  isNamed(name: string): boolean {
    const first = this.#wire.charCodeAt(this.#key + 1);
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
export const isOpening = (code: number): boolean => code === OPENING || code === 0x5b;
export const isClosing = (code: number): boolean => code === 0x7d || code === 0x5d;
export const isSpace = (code: number): boolean => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;

export function jsonShape(wire: string): JsonShape {
  const members: Member[] = [];
  let depth = 0;
  let deepest = 0;
  let key = -1;
  let keyEnd = -1;
  let start = -1;
  let end = -1;
  for (let i = 0; i < wire.length; i++) {
    const code = wire.charCodeAt(i);
    if (code === QUOTE) {
      const from = i;
      i = endOfString(wire, i);
      if (depth === 1 && start < 0) {
        key = from;
        keyEnd = i + 1;
      }
    } else if (isSpace(code)) continue;
    else if (depth === 1 && code === COLON && start < 0) {
      start = i + 1;
      while (isSpace(wire.charCodeAt(start))) start++;
      continue;
    } else if (depth === 1 && (code === COMMA || isClosing(code))) {
      if (key >= 0 && start >= 0) members.push(new Member(wire, key, keyEnd, start, end));
      key = -1;
      start = -1;
      if (code !== COMMA) depth--;
    } else if (isOpening(code)) deepest = Math.max(deepest, ++depth);
    else if (isClosing(code)) depth--;
    end = i + 1;
  }
  return { members, depth: deepest };
}

/** Where the string ends that begins with a quote; the length of the text where it does not end. */
export function endOfString(wire: string, quote: number): number {
  for (let at = wire.indexOf('"', quote + 1); at >= 0; at = wire.indexOf('"', at + 1)) {
    let escapes = 0;
    while (wire.charCodeAt(at - 1 - escapes) === BACKSLASH) escapes++;
    if (escapes % 2 === 0) return at;
  }
  return wire.length;
}

/** A string's text; as it stands where it is none. */
function textOf(wire: string): string {
  const quoted = textOfWire(wire);
  if (!quoted.includes('\\')) return quoted.slice(1, -1);
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return quoted;
  }
}
