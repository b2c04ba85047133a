/**
 * Text measured in columns of a terminal: how wide it is, cut to a width, padded to one, broken into lines.
 *
 * East Asian wide characters and emoji take two columns, combining marks none, everything else one. It expects text whose
 * control characters were made visible (escape.ts); right-to-left letters are counted, not reordered.
 */

const WIDE =
  /[\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{16fe0}-\u{18aff}\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
const NONE = /\p{Mn}|\p{Me}|[\u1160-\u11ff]/u;
const NARROW = /^[\u0020-\u02ff]*$/;

const columnsOf = (character: string): number => (NONE.test(character) ? 0 : WIDE.test(character) ? 2 : 1);

export const widthOf = (text: string): number =>
  NARROW.test(text) ? text.length : [...text].reduce((total, character) => total + columnsOf(character), 0);

/** The longest start that fits; a mark of combination stays with its letter. */
function startOf(text: string, width: number): string {
  let taken = 0;
  let end = 0;
  for (const character of text) {
    taken += columnsOf(character);
    if (taken > width) break;
    end += character.length;
  }
  return text.slice(0, end);
}

/** At most `width` columns; what is missing is marked. */
export const cutTo = (text: string, width: number, mark = '…'): string =>
  widthOf(text) <= width ? text : `${startOf(text, Math.max(0, width - widthOf(mark))).trimEnd()}${mark}`;

export const padEndTo = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - widthOf(text)));
export const padStartTo = (text: string, width: number): string =>
  ' '.repeat(Math.max(0, width - widthOf(text))) + text;

/** Lines of at most `width` columns, broken at spaces; a word that is longer than a line is broken where the line ends. */
export function linesOf(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').filter((part) => part !== '')) {
    let rest = word;
    const joined = line === '' ? rest : `${line} ${rest}`;
    if (widthOf(joined) <= width) {
      line = joined;
      continue;
    }
    if (line !== '') lines.push(line);
    while (widthOf(rest) > width) {
      const start = startOf(rest, width) || [...rest][0]!;
      lines.push(start);
      rest = rest.slice(start.length);
    }
    line = rest;
  }
  return line === '' ? lines : [...lines, line];
}
