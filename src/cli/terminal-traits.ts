/**
 * What the terminal can show: how many columns it has, and whether it draws more than ASCII. Read from the stream and the
 * environment, so that renderers get both as arguments.
 *
 * TERM=dumb and a locale that is stated and not UTF-8 mean ASCII. A locale that is not stated is taken for UTF-8: containers
 * and CI leave it out and show it.
 */
import type { CharacterSet } from '../report/text-bars.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** LC_ALL goes before LC_CTYPE, and that before LANG; an empty one says nothing. */
export function characterSetOf({ TERM, LC_ALL, LC_CTYPE, LANG }: Environment): CharacterSet {
  const locale = [LC_ALL, LC_CTYPE, LANG].find((value) => value !== undefined && value !== '');
  return TERM === 'dumb' || (locale !== undefined && !/utf-?8/i.test(locale)) ? 'ascii' : 'unicode';
}

/** Of the stream if it is a terminal, else as COLUMNS says; undefined where neither says it. */
export function columnsOf(columns: number | undefined, { COLUMNS }: Environment): number | undefined {
  const stated = Number(COLUMNS);
  return columns !== undefined && columns > 0 ? columns : Number.isInteger(stated) && stated > 0 ? stated : undefined;
}

export function terminalTraits(): { characters: CharacterSet; width?: number } {
  const width = columnsOf(process.stdout.columns, process.env);
  return { characters: characterSetOf(process.env), ...(width === undefined ? {} : { width }) };
}
