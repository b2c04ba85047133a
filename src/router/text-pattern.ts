/**
 * What chunks of one stream have in common: most differ from the one before in one text alone. A chunk that is the same but
 * for a text without quotes, escapes and control characters is the same JSON with that text, and needs no parser to be read.
 */
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;

export class TextPattern {
  #before: string | undefined;
  #after = '';

  /** @param data JSON in which `text` is the value of `key` */
  learn(data: string, key: string, text: string): void {
    const member = `"${key}":${JSON.stringify(text)}`;
    const at = data.indexOf(member);
    if (at < 0 || data.indexOf(member, at + 1) >= 0) return;
    this.#before = data.slice(0, at + key.length + 4);
    this.#after = data.slice(at + member.length - 1);
  }

  /** Undefined: it is another JSON, and has to be parsed. */
  textIn(data: string): string | undefined {
    const before = this.#before;
    if (before === undefined || data.length < before.length + this.#after.length) return undefined;
    if (!data.startsWith(before) || !data.endsWith(this.#after)) return undefined;
    const text = data.slice(before.length, data.length - this.#after.length);
    return isPlain(text) ? text : undefined;
  }
}

/** What may stand in JSON as it is. Texts are a word long; the pattern for it is slower. */
function isPlain(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE || code === BACKSLASH || code < SPACE) return false;
  }
  return true;
}
