/** Small pieces of YAML as text: quoted values, comments, indented lines. Makes no structure; that stands in the templates. */

/** As it is where YAML reads it back as the same text, else in double quotes. */
export const yamlText = (text: string): string =>
  /^[A-Za-z.][\w./-]*(?: [A-Za-z][\w./-]*)*$/.test(text) && !WORDS.test(text) ? text : JSON.stringify(text);
const WORDS = /^(true|false|yes|no|on|off|null|\.inf|\.nan)$/i;

/** An amount as somebody typed it: a plain number stays one. */
export const amountText = (text: string): string =>
  /^\d+(\.\d+)?( [A-Za-z%/]+)?$/.test(text) ? text : JSON.stringify(text);

/** A comment of one line, whatever the text holds. */
export const comment = (text: string): string => `# ${text.replaceAll(/\s+/g, ' ').trim()}`;

export const indented = (lines: readonly string[], by = '  '): string[] =>
  lines.map((line) => (line === '' ? '' : `${by}${line}`));

/** `50 %`, `3 %`, `0.4 %` */
export const percent = (share: number): string => `${Number((share * 100).toPrecision(2))} %`;

/** `4,471` */
export const grouped = (count: number): string => Math.round(count).toLocaleString('en-US');
