/**
 * JSON with something replaced or added: all else stays as it came, to the digits of its numbers. Takes wire texts of JSON
 * that has been parsed already, and spans of json-text.ts.
 */
import {
  BACKSLASH,
  endOfString,
  isClosing,
  isOpening,
  isSpace,
  jsonShape,
  type Member,
  OPENING,
  QUOTE,
} from './json-text.ts';

export interface Edit {
  readonly start: number;
  readonly end: number;
  /** As it goes over the wire. */
  readonly text: string;
}

/** The text with these spans replaced; the edits stand in order and don't overlap. */
export function edited(wire: string, edits: readonly Edit[]): string {
  let made = '';
  let from = 0;
  for (const { start, end, text } of edits) {
    made += wire.slice(from, start) + text;
    from = end;
  }
  return made + wire.slice(from);
}

/** The object that is the value of a top member, with one more number at its end; undefined where there is no such object. */
export function withNumber(wire: string, member: string, key: string, value: number): string | undefined {
  const span = objectNearEnd(wire, member) ?? jsonShape(wire).members.findLast((one) => one.isNamed(member));
  if (span === undefined || wire.charCodeAt(span.start) !== OPENING) return undefined;
  const object = wire.slice(span.start, span.end);
  // A key may be written with escapes; most objects hold neither.
  const mayHold = object.includes(`"${key}"`) || object.includes('\\');
  if (mayHold && jsonShape(object).members.some((one) => one.isNamed(key))) return undefined;
  let at = span.end - 1;
  while (isSpace(wire.charCodeAt(at - 1))) at--;
  const isEmpty = at === span.start + 1;
  return `${wire.slice(0, at)}${isEmpty ? '' : ','}"${key}":${decimal(value)}${wire.slice(at)}`;
}

/**
 * The same span without reading what stands before it: sellers report usage at the end of long answers. Looked at is the
 * last place of the name alone, and undefined is no more than "not seen": a text, deeper down, no object.
 */
function objectNearEnd(wire: string, member: string): Pick<Member, 'start' | 'end'> | undefined {
  const at = wire.lastIndexOf(`"${member}":{`);
  // In a text its quote would be escaped.
  if (at < 0 || wire.charCodeAt(at - 1) === BACKSLASH) return undefined;
  const start = at + member.length + 3;
  let end = -1;
  let depth = 0;
  for (let i = start; i < wire.length; i++) {
    const code = wire.charCodeAt(i);
    if (code === QUOTE) i = endOfString(wire, i);
    else if (isOpening(code)) depth++;
    else if (isClosing(code) && --depth === 0) end = end < 0 ? i + 1 : end;
  }
  // One bracket more closes than opens: that of the top.
  return depth === -1 ? { start, end } : undefined;
}

const ZERO = 0x30;

/** To 12 places and without an exponent, which not every reader of money expects. */
export function decimal(value: number): string {
  const text = value.toFixed(12);
  let end = text.length;
  while (text.charCodeAt(end - 1) === ZERO) end--;
  return text.slice(0, text[end - 1] === '.' ? end - 1 : end);
}
