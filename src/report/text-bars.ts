/**
 * Bars and a curve in characters, for where nothing can be drawn: eighths of blocks, or plain ASCII where a terminal has no
 * more. Takes numbers, gives text of at most the width asked for. Bars of one table share a scale and a zero line.
 */

export type CharacterSet = 'unicode' | 'ascii';

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];
/** Room for a line with something on both its sides. */
const LEAST_BAR = 3;
const CURVE: Record<CharacterSet, readonly string[]> = {
  unicode: ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'],
  ascii: ['_', '.', '-', '~', "'", '"'],
};

/** One bar for each value, null where there is none; below zero they run to the left of a common line. */
export function bars(values: readonly (number | null)[], width: number, set: CharacterSet): string[] {
  const known = values.filter((value) => value !== null);
  const least = Math.min(0, ...known);
  const most = Math.max(0, ...known);
  if (most - least <= 0 || width < LEAST_BAR) return values.map(() => '');
  const room = least < 0 ? width - 1 : width;
  const left =
    least < 0 ? Math.max(1, Math.min(room - (most > 0 ? 1 : 0), Math.round((room * -least) / (most - least)))) : 0;
  const scale = Math.min(
    least < 0 ? left / -least : Number.POSITIVE_INFINITY,
    most > 0 ? (room - left) / most : Number.POSITIVE_INFINITY,
  );
  const line = set === 'unicode' ? '│' : '|';
  return values.map((value) => {
    if (value === null) return '';
    const columns = Math.abs(value) * scale;
    if (least >= 0) return filled(columns, set);
    return value < 0
      ? `${block(set).repeat(Math.round(columns)).padStart(left)}${line}`
      : `${' '.repeat(left)}${line}${filled(columns, set)}`;
  });
}

const block = (set: CharacterSet): string => (set === 'unicode' ? '█' : '#');

function filled(columns: number, set: CharacterSet): string {
  if (set === 'ascii') return block(set).repeat(Math.round(columns));
  const eighths = Math.round(columns * 8);
  return `${block(set).repeat(Math.floor(eighths / 8))}${EIGHTHS[eighths % 8]!}`;
}

export interface Curve {
  readonly text: string;
  /** How many values stand in one character. */
  readonly perCharacter: number;
}

/** Low values low; a character shows the last of its values. Zero is within the scale. */
export function curve(values: readonly number[], width: number, set: CharacterSet): Curve {
  const perCharacter = Math.max(1, Math.ceil(values.length / Math.max(1, width)));
  const shown = values.filter((_, i) => (i + 1) % perCharacter === 0 || i === values.length - 1);
  const least = Math.min(0, ...shown);
  const most = Math.max(0, ...shown);
  const steps = CURVE[set];
  const place = (value: number): number =>
    most === least ? 0 : Math.min(steps.length - 1, Math.floor(((value - least) / (most - least)) * steps.length));
  return { text: shown.map((value) => steps[place(value)]!).join(''), perCharacter };
}

const SPELLED: readonly (readonly [RegExp, string])[] = [
  [/[\u2212\u2013]/g, '-'],
  [/\u2014/g, '--'],
  [/[\u2018\u2019]/g, "'"],
  [/[\u201c\u201d]/g, '"'],
  [/\u2026/g, '...'],
  [/\u00b1/g, '+/-'],
  [/\u00d7/g, 'x'],
  [/\u2192/g, '->'],
  [/\u27e8/g, '<'],
  [/\u27e9/g, '>'],
  [/\u00b7/g, '-'],
  [/\u00a0/g, ' '],
];

/** Our own typography in ASCII. Letters of names stay what they are: to lose them would lose the name. */
export const spelledFor = (text: string, set: CharacterSet): string =>
  set === 'unicode' ? text : SPELLED.reduce((spelled, [sign, plain]) => spelled.replace(sign, plain), text);
