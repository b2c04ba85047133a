/**
 * An event as nearly all sellers write it: `data: {…}` on one line, perhaps `event: name` before it, and an empty line behind.
 * What is written otherwise, comments and CRLF and data over several lines, takes a parser; it is never guessed at.
 */
export interface PlainEvent {
  readonly data: string;
  readonly event: string | undefined;
}

const DATA = 'data: ';
const EVENT = 'event: ';
const END = '\n\n';

/** Undefined: not written in this way. */
export function plainEvent(bytes: Buffer): PlainEvent | undefined {
  const text = bytes.toString('utf8');
  const from = text.startsWith(EVENT) ? text.indexOf('\n') + 1 : 0;
  const end = text.length - END.length;
  const isPlain = text.startsWith(DATA, from) && text.endsWith(END) && text.indexOf('\n', from) === end;
  if (!isPlain || text.includes('\r')) return undefined;
  const event = from === 0 ? undefined : text.slice(EVENT.length, from - 1);
  return { data: text.slice(from + DATA.length, end), event };
}

/** Whether an event has ended with these bytes, and none has begun behind it. */
export const endsEvent = (bytes: Buffer): boolean =>
  bytes.length >= 2 && bytes[bytes.length - 1] === 0x0a && bytes[bytes.length - 2] === 0x0a;

/** The event as it would be written in this way, without its empty line. */
export const plainText = (data: string, event: string | undefined): string =>
  event === undefined ? `${DATA}${data}` : `${EVENT}${event}\n${DATA}${data}`;

/** Where the first event that ends behind `from` ends, in the text of the wire, or the text itself. */
export function endOfEvent(wire: string, from: number): number {
  const at = wire.indexOf(END, from);
  return at < 0 ? wire.length : at + END.length;
}

/** Whether a whole event stands there, and it begins as one that is written in this way. */
export const isPlainEvent = (wire: string, from: number, end: number): boolean =>
  (wire.startsWith(DATA, from) || wire.startsWith(EVENT, from)) && wire.endsWith(END, end);
