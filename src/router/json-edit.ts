/**
 * JSON with something replaced or added, as bytes: all else stays as it came, to the digits of its numbers. Takes JSON that
 * has been parsed already, and spans of json-text.ts.
 */
import { BACKSLASH, endOfString, isClosing, isOpening, jsonShape, type Member, OPENING, QUOTE } from './json-text.ts';

export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The bytes with these spans replaced; the edits stand in order and don't overlap. */
export function edited(bytes: Buffer, edits: readonly Edit[]): Buffer {
  let length = bytes.length;
  for (const { start, end, text } of edits) length += Buffer.byteLength(text) - (end - start);
  const made = Buffer.allocUnsafe(length);
  let from = 0;
  let at = 0;
  for (const { start, end, text } of edits) {
    at += bytes.copy(made, at, from, start);
    at += made.write(text, at);
    from = end;
  }
  bytes.copy(made, at, from);
  return made;
}

/** The object that is the value of a top member, with one more number at its end; undefined where there is no such object. */
export function withNumber(bytes: Buffer, member: string, key: string, value: number): Buffer | undefined {
  const span = objectNearEnd(bytes, member) ?? jsonShape(bytes).members.findLast((one) => one.isNamed(member));
  if (span === undefined || bytes[span.start] !== OPENING) return undefined;
  const inner = jsonShape(bytes.subarray(span.start, span.end)).members;
  if (inner.some((one) => one.isNamed(key))) return undefined;
  const text = `${inner.length === 0 ? '' : ','}${JSON.stringify(key)}:${decimal(value)}`;
  const last = inner.at(-1);
  const at = last === undefined ? span.start + 1 : span.start + last.end;
  return edited(bytes, [{ start: at, end: at, text }]);
}

/**
 * The same span without reading what stands before it: sellers report usage at the end of long answers. Looked at is the
 * last place of the name alone, and undefined is no more than "not seen": a text, deeper down, no object.
 */
function objectNearEnd(bytes: Buffer, member: string): Pick<Member, 'start' | 'end'> | undefined {
  const at = bytes.lastIndexOf(`"${member}":{`);
  // In a text its quote would be escaped.
  if (at < 0 || bytes[at - 1] === BACKSLASH) return undefined;
  const start = at + member.length + 3;
  let end = -1;
  let depth = 0;
  for (let i = start; i < bytes.length; i++) {
    const byte = bytes[i] as number;
    if (byte === QUOTE) i = endOfString(bytes, i);
    else if (isOpening(byte)) depth++;
    else if (isClosing(byte) && --depth === 0) end = end < 0 ? i + 1 : end;
  }
  // One bracket more closes than opens: that of the top.
  return depth === -1 ? { start, end } : undefined;
}

/** To 12 places and without an exponent, which not every reader of money expects. */
export const decimal = (value: number): string => value.toFixed(12).replace(/\.?0+$/, '');
