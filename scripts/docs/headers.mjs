/**
 * What the header of a source file says, taken apart: its job, formulas, worked example, source and what is not modelled. Takes the
 * file's text; the parts are told by their first words, as CONTRIBUTING.md asks for them. It reads no code.
 */

/** @typedef {{says: string, formulas: string[], after: string, example: string, source: string, notModelled: string}} Header */

const PARTS = /(?:^|(?<=[.)] ))(Examples?|Sources?|Not modelled(?: here)?)(?::| of the example:) ?/;

/** @param {string} text @returns {Header | undefined} undefined: the file has no header */
export function headerOf(text) {
  const found = /^\/\*\*([\s\S]*?)\*\//.exec(text);
  if (found === null) return undefined;
  const lines = found[1].split('\n').map((line) => line.replace(/^\s*\* ?/, '').replace(/^ (?=\S)/, ''));
  /** @type {string[]} */
  const prose = [];
  /** @type {string[]} */
  const formulas = [];
  /** @type {string[]} */
  const after = [];
  for (const line of lines) {
    if (/^ {2,}\S/.test(line)) formulas.push(line.slice(2).trimEnd());
    else (formulas.length === 0 ? prose : after).push(line.trim());
  }
  const [says, ...none] = cut(joined(formulas.length === 0 ? prose : prose));
  const [rest, ...parts] = cut(joined(after));
  const all = [...none, ...parts];
  const part = (/** @type {RegExp} */ name) =>
    all
      .filter((one) => name.test(one.name))
      .map((one) => one.text)
      .join(' ');
  return {
    says: says.text,
    formulas,
    after: rest.text,
    example: part(/^Example/),
    source: part(/^Source/),
    notModelled: part(/^Not modelled/),
  };
}

/** Lines as paragraphs. @param {readonly string[]} lines */
const joined = (lines) =>
  lines
    .join('\n')
    .split(/\n{2,}/)
    .map((one) => one.replaceAll('\n', ' ').trim())
    .filter(Boolean)
    .join('\n\n');

/** Text before the first part, then each part. @param {string} text */
function cut(text) {
  const pieces = text.split(new RegExp(PARTS, 'gm'));
  const parts = [{ name: '', text: (pieces[0] ?? '').trim() }];
  for (let i = 1; i < pieces.length; i += 2) parts.push({ name: pieces[i], text: (pieces[i + 1] ?? '').trim() });
  return parts;
}
