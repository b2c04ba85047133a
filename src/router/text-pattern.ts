/**
 * What events of one stream have in common: most differ from the one before in one text alone. An event that is the same but
 * for a text without quotes, escapes and control characters is the same JSON with that text, and needs no parser to be read.
 * Works on the text of the wire, in which a character is a byte.
 */
import { wireOf } from './wire-text.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;

export class TextPattern {
  /** Bytes of text in the events that were skipped last. */
  text_bytes = 0;
  #before: string | undefined;
  #after = '';

  /** @param event a plain event without its empty line, in whose JSON `text` is the value of `key` */
  learn(event: string, key: string, text: string): void {
    const member = `"${key}":${JSON.stringify(text)}`;
    const at = event.indexOf(member);
    if (at < 0 || event.indexOf(member, at + 1) >= 0) return;
    // By way of bytes: compared are texts of one piece, many times.
    this.#before = wireOf(Buffer.from(event.slice(0, at + key.length + 4)));
    this.#after = wireOf(Buffer.from(`${event.slice(at + member.length - 1)}\n\n`));
  }

  /** Where the events of this kind end that stand one after another from `from` on; `from` itself where there is none. */
  skip(wire: string, from: number): number {
    const before = this.#before;
    const after = this.#after;
    let bytes = 0;
    let at = from;
    for (;;) {
      const start = at + (before ?? '').length;
      if (wire.substring(at, start) !== before) break;
      const end = endOfPlain(wire, start);
      if (wire.substring(end, end + after.length) !== after) break;
      bytes += end - start;
      at = end + after.length;
    }
    this.text_bytes = bytes;
    return at;
  }
}

/** Where what may stand in JSON as it is ends. Texts are a word long; a regular expression for it is slower. */
function endOfPlain(wire: string, from: number): number {
  for (let i = from; i < wire.length; i++) {
    const code = wire.charCodeAt(i);
    if (code === QUOTE || code === BACKSLASH || code < SPACE) return i;
  }
  return wire.length;
}
