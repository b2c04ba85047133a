/**
 * What differs between the compared reports apart from costs, one part per subject: assumptions with value, range and source,
 * prices, traffic, settings. Long lists are folded; a part of which nothing differs says so.
 */
import { type Html, type HtmlValue, html } from '../report/escape.ts';
import { plural } from '../report/format.ts';
import { folded, table } from '../report/html/table.ts';
import { type ComparedReport, columnsOf } from './compared-report.ts';
import type { SideBySide, SideRow } from './side-by-side.ts';
import { assumptionCell, rowCells } from './side-cells.ts';

export const part = (
  title: string,
  said: string,
  content: HtmlValue,
  id?: string,
): Html => html`<section${id !== undefined && html` id="${id}"`}><h2>${title}</h2>
<p>${said}</p>
${content}</section>
`;

const LONGEST_OPEN = 25;

const foldedIfLong = (rows: number, content: Html): Html =>
  rows > LONGEST_OPEN ? folded(`All ${rows} rows`, content) : content;

/** Nothing, or a sentence, where nothing differs. */
export const differences = (
  title: string,
  said: string,
  sides: readonly ComparedReport[],
  rows: readonly SideRow[],
  isToldWhenSame = true,
): Html | false =>
  rows.length === 0
    ? isToldWhenSame && part(title, 'Nothing differs.', false)
    : part(title, said, rowsTable(title, sides, rows));

const rowsTable = (title: string, sides: readonly ComparedReport[], rows: readonly SideRow[]): Html =>
  foldedIfLong(
    rows.length,
    table(
      title,
      columnsOf('', sides, rows.every(isNumeric)),
      rows.map((row) => [row.name, ...rowCells(row)]),
    ),
  );

const isNumeric = ({ cells }: SideRow): boolean =>
  cells.every((cell) => typeof cell === 'string' || typeof cell.value !== 'string');

export const assumptionsPart = (sides: readonly ComparedReport[], found: SideBySide): Html => {
  const same = `${plural(found.same_assumptions, 'assumption')} ${found.same_assumptions === 1 ? 'is' : 'are'} the same in all.`;
  return part(
    'Assumptions that differ',
    found.assumptions.length === 0 ? `None: ${same}` : same,
    found.assumptions.length > 0 &&
      foldedIfLong(
        found.assumptions.length,
        table(
          'Assumptions that differ',
          columnsOf('Assumption', sides, false),
          found.assumptions.map(({ path, sides: values }) => [
            html`<code>${path}</code>`,
            ...values.map((one, i) => assumptionCell(one, values[0], i === 0)),
          ]),
        ),
      ),
    'assumptions',
  );
};

/** Unit prices stand apart from where they come from: figures here, addresses there. */
export function pricesPart(sides: readonly ComparedReport[], rows: readonly SideRow[]): Html | false {
  const [charged, sources] = [rows.filter(isNumeric), rows.filter((row) => !isNumeric(row))];
  if (rows.length === 0) return differences('Prices', '', sides, rows);
  return part(
    'Prices',
    'Unit prices that were charged, and the entries of the price book that they come from. A price that changes within the horizon stands at the first month in which it differs.',
    html`${charged.length > 0 && rowsTable('Unit prices', sides, charged)}${sources.length > 0 && rowsTable('Sources of prices', sides, sources)}`,
  );
}
