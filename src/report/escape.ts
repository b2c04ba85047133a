/**
 * Text from scenarios, traces and price books made safe for the format in which it is shown.
 *
 * `html` is a template tag that escapes every value unless it is Html itself; `markdownText` does the same for Markdown,
 * tables included; `plainText` makes invisible characters visible for all formats. It decides nothing about layout.
 */

/** Controls and bidirectional marks, which can hide or reorder what a reader sees, and lone surrogates. */
const INVISIBLE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

const codePoint = (character: string): string =>
  `\u27e8U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}\u27e9`;

/** One line of visible text: a right-to-left override becomes `⟨U+202E⟩`, a line break a space. */
export const plainText = (text: string): string => text.replace(INVISIBLE, codePoint).replace(/[\t\r\n]+/g, ' ');

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text for an element or a quoted attribute. */
export const escapeHtml = (text: string): string => plainText(text).replace(/[&<>"']/g, (c) => ENTITIES[c]!);

/** Markup that is safe as it stands. Only `html` and `raw` make it. */
export class Html {
  readonly markup: string;
  constructor(markup: string) {
    this.markup = markup;
  }
  toString(): string {
    return this.markup;
  }
}

export type HtmlValue = string | number | Html | readonly HtmlValue[] | false | null | undefined;

const markupOf = (value: HtmlValue): string => {
  if (value === false || value === null || value === undefined) return '';
  if (value instanceof Html) return value.markup;
  if (typeof value === 'object') return value.map(markupOf).join('');
  return escapeHtml(String(value));
};

/** Escapes every value; arrays are joined; false, null and undefined are left out. */
export const html = (parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Html =>
  new Html(parts.reduce((text, part, i) => text + markupOf(values[i - 1]) + part));

/** Vouches for markup of our own making. Never for text that was read. */
export const raw = (markup: string): Html => new Html(markup);

const URLS = /https?:\/\/[\w.~:/?#@!$&*+,;=%-]*[\w/#=&~-]/gi;

const MARKED = new RegExp(`${URLS.source}|\`([^\`]+)\``, 'gi');

/** Text in which web addresses, and nothing else (no `javascript:`), become links, and words between backticks code. */
export function linkedText(text: string): Html {
  const visible = plainText(text);
  const parts: HtmlValue[] = [];
  let end = 0;
  for (const match of visible.matchAll(MARKED)) {
    const [found, code] = match;
    parts.push(visible.slice(end, match.index));
    parts.push(
      code === undefined ? html`<a href="${found}" rel="noopener noreferrer">${found}</a>` : html`<code>${code}</code>`,
    );
    end = match.index + found.length;
  }
  return html`${[...parts, visible.slice(end)]}`;
}

/** Text for running Markdown and for cells of its tables: no markup, no HTML, no link, no new cell. */
export const markdownText = (text: string): string =>
  plainText(text)
    .replace(/[\\`*_[\]{}|~#]/g, '\\$&')
    .replace(/[&<>]/g, (c) => ENTITIES[c]!)
    .replace(/^(\s*)([-+=]|\d+(?=[.)]))/, (_, space: string, mark: string) =>
      /\d/.test(mark) ? `${space}${mark}\\` : `${space}\\${mark}`,
    );

/** The same; a plain web address stays one. */
export function markdownLinkedText(text: string): string {
  const visible = plainText(text);
  let out = '';
  let end = 0;
  for (const match of visible.matchAll(URLS)) {
    out += `${end === match.index && end === 0 ? '' : markdownText(visible.slice(end, match.index))}<${match[0]}>`;
    end = match.index + match[0].length;
  }
  return out + (end === visible.length ? '' : markdownText(visible.slice(end)));
}
