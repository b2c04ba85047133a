/**
 * Paragraphs for a screen of so many lines: each says how few lines it can do with and how many it may take; what is spare goes
 * to the first that want more. A paragraph that gets less ends in a mark. Takes visible text, knows nothing of reports.
 */
import { cutTo, linesOf, padEndTo, widthOf } from './display-width.ts';

type Paint = (text: string) => string;

export interface Block {
  readonly lines: readonly string[];
  readonly least: number;
  readonly most: number;
  /** The smaller, the sooner it gets lines that are spare; 0 never gives one away. */
  readonly rank: number;
  readonly shown: (lines: readonly string[]) => readonly string[];
}

export interface Page {
  readonly width: number;
  /** Of labels that stand beside their paragraph; 0: they stand in it. */
  readonly labels: number;
  readonly mark: string;
}

/** From here on labels have a column of their own. */
const WIDE = 72;
const LABELS = 12;
const INDENT = 2;

export const pageOf = (width: number, mark: string): Page => ({ width, labels: width >= WIDE ? LABELS : 0, mark });

export const indentOf = ({ labels }: Page): number => (labels === 0 ? INDENT : labels);

export interface Lines {
  readonly least: number;
  readonly most: number;
  readonly rank: number;
}

/** `Why         Engineering: …`; on a narrow screen `Why: Engineering: …`. An empty label leaves its column empty. */
export function paragraph(page: Page, label: string, text: string, lines: Lines, paint: Paint = same): Block {
  const indent = indentOf(page);
  const isBeside = page.labels > 0 || label === '';
  const head = isBeside ? padEndTo(label, indent) : `${label}: `;
  const first = isBeside ? '' : `${label}: `;
  const wrapped = linesOf(`${first}${text}`, page.width - indent);
  return {
    ...lines,
    lines: wrapped,
    shown: (kept) =>
      ended(kept, wrapped, page.width - indent, page.mark).map((line, i) => {
        if (isBeside) return `${i === 0 ? paint(head) : ' '.repeat(indent)}${line}`;
        return i === 0
          ? `${paint(head.trimEnd())}${line.slice(head.trimEnd().length)}`
          : `${' '.repeat(indent)}${line}`;
      }),
  };
}

/** Over the whole width, without a label. */
export function plainParagraph(page: Page, text: string, lines: Lines, paint: Paint = same): Block {
  const wrapped = linesOf(text, page.width);
  return { ...lines, lines: wrapped, shown: (kept) => ended(kept, wrapped, page.width, page.mark).map(paint) };
}

/** Lines that are neither broken nor left out. */
export const fixed = (lines: readonly string[]): Block => ({
  lines,
  least: lines.length,
  most: lines.length,
  rank: 0,
  shown: (kept) => kept,
});

const same = (text: string): string => text;

/** The last line that is kept says that something is missing. */
function ended(kept: readonly string[], all: readonly string[], width: number, mark: string): string[] {
  const last = kept.at(-1);
  if (last === undefined || kept.length === all.length) return [...kept];
  const next = all[kept.length]!;
  const joined = `${last} ${next}`;
  const cut =
    widthOf(joined) > width ? cutTo(joined, width, mark) : `${cutTo(joined, width - widthOf(mark) - 1, mark)} ${mark}`;
  return [...kept.slice(0, -1), cut];
}

/** All blocks within so many lines: least first, then what is spare; where even that is too much, the last in rank give way. */
export function fitted(blocks: readonly Block[], most: number): string[] {
  const counts = blocks.map(({ lines, least }) => Math.min(lines.length, least));
  const byRank = blocks.map((_, i) => i).sort((a, b) => blocks[a]!.rank - blocks[b]!.rank || a - b);
  let spare = most - counts.reduce((total, count) => total + count, 0);
  const give = (i: number, lines: number): void => {
    counts[i] = counts[i]! + lines;
    spare -= lines;
  };
  for (const kept of [1, 0])
    for (const i of byRank.toReversed())
      if (blocks[i]!.rank > 0) give(i, -Math.max(0, Math.min(-spare, counts[i]! - kept)));
  for (const i of byRank) {
    const { lines, most: limit } = blocks[i]!;
    give(i, Math.max(0, Math.min(spare, Math.min(lines.length, limit) - counts[i]!)));
  }
  return blocks.flatMap(({ lines, shown }, i) => shown(lines.slice(0, counts[i])));
}
