/**
 * What the terminal can show: how many columns it has, and whether it draws more than ASCII. Read from the stream and the
 * environment, so that renderers get both as arguments.
 *
 * TERM=dumb and a locale that is not UTF-8 mean ASCII; so does an old Windows console. A locale that says nothing at all is
 * POSIX, which is ASCII.
 */
import type { CharacterSet } from '../report/text-bars.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export function characterSetOf(environment: Environment, platform: string): CharacterSet {
  const { TERM, LC_ALL, LC_CTYPE, LANG } = environment;
  if (TERM === 'dumb') return 'ascii';
  const locale = [LC_ALL, LC_CTYPE, LANG].find((value) => value !== undefined && value !== '');
  if (locale !== undefined) return /utf-?8/i.test(locale) ? 'unicode' : 'ascii';
  if (platform === 'darwin') return 'unicode';
  return platform === 'win32' && (environment.WT_SESSION ?? environment.TERM_PROGRAM) !== undefined
    ? 'unicode'
    : 'ascii';
}

/** Of the stream if it is a terminal, else as COLUMNS says; undefined where neither says it. */
export function columnsOf(columns: number | undefined, { COLUMNS }: Environment): number | undefined {
  const stated = Number(COLUMNS);
  return columns ?? (Number.isInteger(stated) && stated > 0 ? stated : undefined);
}

export function terminalTraits(): { characters: CharacterSet; width?: number } {
  const width = columnsOf(process.stdout.columns, process.env);
  return { characters: characterSetOf(process.env, process.platform), ...(width === undefined ? {} : { width }) };
}
