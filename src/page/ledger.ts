/**
 * The script of claims.html: a search over all that stands on the page of a statement, an order of the verdicts, and all
 * folds at once. Rows and sections without a match are hidden. Without script the page stands there in full.
 */
/// <reference lib="dom" />
import { plural } from '../report/format.ts';
import { element, say } from './element.ts';
import { searchRow } from './search-row.ts';
import { unfoldButton } from './unfold.ts';

interface Told {
  readonly row: HTMLTableRowElement;
  readonly section: HTMLElement | null;
  /** All words of the row and of the section that it leads to. */
  readonly words: string;
}

const VERDICTS = ['holds', 'holds_where', 'fails', 'unknown'];

function start(): void {
  const body = document.querySelector('#verdicts tbody') as HTMLTableSectionElement | null;
  const box = document.querySelector('#verdicts .scroll');
  if (body === null || box === null) return;
  const all = [...body.rows].map((row): Told => {
    const section = document.getElementById(row.querySelector('a')?.hash.slice(1) ?? '');
    return { row, section, words: `${row.textContent} ${section?.textContent ?? ''}`.toLowerCase() };
  });
  const told = element('output', {});
  const { field, order, row } = searchRow(
    'claim',
    { find: 'Search statements', order: 'Sort' },
    [
      ['listed', 'as listed'],
      ['verdict', 'by verdict'],
      ['document', 'by document'],
    ],
    told,
  );
  row.append(' ', unfoldButton());
  box.before(row);
  field.addEventListener('input', () => {
    const wanted = field.value.trim().toLowerCase();
    let found = 0;
    for (const one of all) {
      const isHidden = !one.words.includes(wanted);
      one.row.hidden = isHidden;
      if (one.section !== null) one.section.hidden = isHidden;
      if (!isHidden) found += 1;
    }
    say(told, wanted === '' ? '' : plural(found, 'statement'));
  });
  order.addEventListener('change', () => body.append(...inOrder(all, order.value).map((one) => one.row)));
}

const verdictOf = ({ row }: Told): number => VERDICTS.findIndex((one) => row.querySelector(`.verdict.${one}`) !== null);
const documentOf = ({ row }: Told): string => row.querySelector('th small')?.textContent ?? '';

/** `all` come as listed, which is the order within a verdict or a document. */
function inOrder(all: readonly Told[], order: string): Told[] {
  if (order === 'verdict') return [...all].sort((a, b) => verdictOf(a) - verdictOf(b));
  if (order === 'document')
    return [...all].sort((a, b) => (documentOf(a) < documentOf(b) ? -1 : documentOf(a) > documentOf(b) ? 1 : 0));
  return [...all];
}

start();
