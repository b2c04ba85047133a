/** Casts of texts: as they stand, a part of them, other words for them, one of some words. */
import type { ColumnRule } from './adapter.ts';
import { type CellCast, isAscii, MISFIT, noObject, type QuickCast, sqlWord } from './cell-cast.ts';

/** A text; a part of it or another word for it where the rule says so. */
export function textOf({ take, values }: ColumnRule): CellCast {
  const means = new Map(Object.entries(values ?? {}));
  const cut = (whole: string): string =>
    take === 'before_comma' ? whole.split(',')[0]!.trim() : take === 'undated' ? whole.replace(DATED, '') : whole;
  const cutSql = (t: string): string =>
    take === 'before_comma'
      ? `trim(split_part(${t}, ',', 1), ${SPACES})`
      : take === 'undated'
        ? `regexp_replace(${t}, '${DATED.source}', '')`
        : t;
  const words = [...means.keys()];
  return {
    expected: 'a text',
    read: (cell) => {
      if (typeof cell === 'object') return MISFIT;
      const part = cut(String(cell));
      return means.get(part.toLowerCase()) ?? part;
    },
    value: (t) =>
      words.length === 0
        ? cutSql(t)
        : `CASE lower(${cutSql(t)}) ${words.map((word) => `WHEN ${sqlWord(word)} THEN ${sqlWord(String(means.get(word)))}`).join(' ')} ELSE ${cutSql(t)} END`,
    fits: (t) => (words.length === 0 ? 'true' : isAscii(t)),
    ...(words.length === 0 && take === undefined ? { quick: plainText } : {}),
    ofJson: noObject,
  };
}

/** Without spaces around it, and not empty. */
const plainText: QuickCast = {
  value: (c) => c,
  certain: (c) => `${c} >= '!' AND NOT ends_with(${c}, ' ')`,
  takes_all: true,
};

/** What JavaScript's trim takes away. */
const SPACES = `chr(9)||chr(10)||chr(11)||chr(12)||chr(13)||chr(32)||chr(160)||chr(5760)||${Array.from({ length: 11 }, (_, i) => `chr(${8192 + i})`).join('||')}||chr(8232)||chr(8233)||chr(8239)||chr(8287)||chr(12288)||chr(65279)`;

const DATED = /-20[0-9]{6}$/;

export const slug: CellCast = {
  expected: 'a text',
  read: (cell) => (typeof cell === 'object' ? MISFIT : String(cell).toLowerCase().replaceAll(' ', '-')),
  value: (t) => `replace(lower(${t}), ' ', '-')`,
  fits: isAscii,
  ofJson: noObject,
};

export function oneOf(values: Readonly<Record<string, string | number>>): CellCast {
  const words = Object.keys(values);
  const means = new Map(Object.entries(values));
  const cases = words.map((word) => `WHEN ${sqlWord(word)} THEN ${sqlWord(values[word]!)}`).join(' ');
  return {
    expected: `one of ${words.join(', ')}`,
    read: (cell) => (typeof cell === 'object' ? MISFIT : (means.get(String(cell).toLowerCase()) ?? MISFIT)),
    value: (t) => `CASE lower(${t}) ${cases} END`,
    fits: isAscii,
    quick: { value: (c) => `CASE ${c} ${cases} END`, certain: (_, v) => `${v} IS NOT NULL` },
  };
}
