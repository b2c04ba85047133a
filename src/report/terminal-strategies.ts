/**
 * The strategies of a report as a table of a terminal: aligned amounts, a bar for each, and what is to be said of it.
 *
 * Takes rows with shown amounts, gives lines of at most the width. On a narrow terminal heads get shorter, then bars, remarks
 * and the cash column go; a sign before the name tells the recommended and those that are not ranked.
 */
import { cutTo, padEndTo, padStartTo, widthOf } from './display-width.ts';
import type { StrategyRow } from './first-screen.ts';
import { bars, type CharacterSet } from './text-bars.ts';

type Paint = (text: string) => string;

export interface TableLook {
  readonly width: number;
  readonly characters: CharacterSet;
  readonly mark: string;
  readonly say: (text: string) => string;
  readonly colours: { readonly bold: Paint; readonly dim: Paint; readonly green: Paint };
}

export interface StrategyTable {
  readonly lines: readonly string[];
  /** Remarks that found no room beside their row. */
  readonly untold: readonly string[];
}

const MOST_ROWS = 8;
const NAME = 28;
const LEAST_REMARK = 12;
const GAP = 2;
/** Name, net present cost, cash, against the baseline, cheapest in. */
const HEADS = [
  ['Strategy', 'Net present cost', 'of it cash', 'vs baseline', 'cheapest in'],
  ['Strategy', 'Net present', 'cash', 'vs baseline', 'cheapest'],
  ['Strategy', 'Cost', 'cash', 'vs base', 'best in'],
] as const;
const [CASH, AGAINST, CHEAPEST] = [2, 3, 4];

interface Layout {
  readonly heads: readonly string[];
  readonly columns: readonly number[];
  readonly widths: readonly number[];
  readonly bar: number;
}

export function strategyTable(all: readonly StrategyRow[], look: TableLook): StrategyTable {
  const { width, characters, mark, say, colours } = look;
  const rows = shownRows(all);
  const cells = rows.map((row) => [
    say(row.strategy.id),
    say(row.npv),
    say(row.cash),
    say(row.against),
    say(row.cheapest),
  ]);
  const layout = layoutOf(cells, width);
  const { heads, columns, widths, bar } = layout;
  const room = width - taken(layout);
  const line = (texts: readonly string[]): string =>
    columns
      .map((column, i) =>
        i === 0 ? padEndTo(cutTo(texts[0]!, widths[0]!, mark), widths[0]!) : padStartTo(texts[column]!, widths[i]!),
      )
      .join(' '.repeat(GAP));
  const costs = rows.map(({ strategy }) => strategy.npv_usd);
  const drawn = bars(costs, bar, characters);
  const untold: string[] = [];
  const body = rows.map((row, i) => {
    const remark = say(row.remarks.join(', '));
    const isTold = room >= LEAST_REMARK + GAP;
    if (!row.isRanked && (!isTold || widthOf(remark) > room - GAP))
      untold.push(`${row.strategy.id}: ${row.remarks.join(', ')}`);
    const sign = row.isChosen ? colours.green(say(SIGN[characters].chosen)) : row.isRanked ? ' ' : SIGN[characters].out;
    const text = line(cells[i]!);
    const painted = row.isChosen ? colours.bold(text) : row.isRanked ? text : colours.dim(text);
    const tail = [
      ...(bar === 0 ? [] : [padEndTo(drawn[i]!, bar)]),
      ...(isTold ? [cutTo(remark, room - GAP, mark)] : []),
    ];
    return `${sign} ${[painted, ...tail].join(' '.repeat(GAP))}`.trimEnd();
  });
  const more = all.length - rows.length;
  return {
    lines: [
      colours.dim(`  ${line(heads)}`.trimEnd()),
      ...body,
      ...(more > 0 ? [colours.dim(`  and ${more} more in the report`)] : []),
    ],
    untold,
  };
}

const SIGN: Record<CharacterSet, { readonly chosen: string; readonly out: string }> = {
  unicode: { chosen: '▸', out: '×' },
  ascii: { chosen: '>', out: 'x' },
};

/** The cheapest, and with them the recommended and the baseline wherever they stand. */
function shownRows(all: readonly StrategyRow[]): readonly StrategyRow[] {
  if (all.length <= MOST_ROWS) return all;
  const isNeeded = (row: StrategyRow): boolean => row.isChosen || row.against === 'baseline';
  const others = MOST_ROWS - 1 - all.filter(isNeeded).length;
  const kept = new Set([...all.filter(isNeeded), ...all.filter((row) => !isNeeded(row)).slice(0, others)]);
  return all.filter((row) => kept.has(row));
}

interface Option {
  readonly heads: readonly string[];
  readonly bar: number;
  /** A longer name is cut to no less than this before the next option is tried. */
  readonly name: number;
  readonly without: readonly number[];
}

const OPTIONS: readonly Option[] = [
  ...[14, 10].map((bar) => ({ heads: HEADS[0], bar, name: NAME, without: [] })),
  ...[14, 10, 8].map((bar) => ({ heads: HEADS[1], bar, name: NAME, without: [] })),
  ...[14, 10, 8].map((bar) => ({ heads: HEADS[2], bar, name: NAME, without: [] })),
  { heads: HEADS[2], bar: 0, name: 16, without: [] },
  { heads: HEADS[2], bar: 0, name: 6, without: [CASH] },
  { heads: HEADS[2], bar: 0, name: 6, without: [CASH, CHEAPEST] },
  { heads: HEADS[2], bar: 0, name: 1, without: [CASH, CHEAPEST, AGAINST] },
];

/** The first that fits, from the widest heads and bars to name and cost alone. */
function layoutOf(cells: readonly (readonly string[])[], width: number): Layout {
  const isDrawn = cells.some((row) => row[CHEAPEST] !== '');
  const layouts = OPTIONS.map(({ heads, bar, name, without }): Layout => {
    const columns = heads
      .map((_, column) => column)
      .filter((column) => !without.includes(column) && (column !== CHEAPEST || isDrawn));
    const widths = columns.map((column) =>
      Math.max(...[heads[column]!, ...cells.map((row) => row[column]!)].map(widthOf)),
    );
    const natural = Math.min(NAME, widths[0]!);
    const room = natural + width - taken({ widths: [natural, ...widths.slice(1)], bar });
    return {
      heads,
      columns,
      widths: [Math.min(natural, Math.max(Math.min(name, natural), room)), ...widths.slice(1)],
      bar,
    };
  });
  return layouts.find((one) => taken(one) <= width) ?? layouts.at(-1)!;
}

const taken = ({ widths, bar }: Pick<Layout, 'widths' | 'bar'>): number =>
  GAP + widths.reduce((sum, one) => sum + one, 0) + GAP * (widths.length - 1) + (bar === 0 ? 0 : GAP + bar);
