/**
 * The bytes of a message as a text with one character for each (Latin-1): cut, searched and joined at the speed of texts, and
 * sent as exactly the bytes that came. It is no text for people: beyond ASCII its characters are parts of UTF-8.
 */
import { isAscii } from 'node:buffer';

export const wireOf = (bytes: Buffer): string => bytes.toString('latin1');
export const bytesOfWire = (wire: string): Buffer => Buffer.from(wire, 'latin1');

/** A text that people read, as it goes over the wire. */
export const wireOfText = (text: string): string => (PLAIN.test(text) ? text : Buffer.from(text).toString('latin1'));
/** The text that is written there. */
export const textOfWire = (wire: string): string => (PLAIN.test(wire) ? wire : bytesOfWire(wire).toString('utf8'));

/** What is written there as JSON; throws a SyntaxError. @param bytes the same, where they are at hand */
export const jsonOfWire = (wire: string, bytes = bytesOfWire(wire)): unknown =>
  JSON.parse(isAscii(bytes) ? wire : bytes.toString('utf8')) as unknown;

// biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII.
const PLAIN = /^[\x00-\x7f]*$/;
