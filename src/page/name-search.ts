/**
 * Search and order of the tables of costs by model, feature, team, user and agent: a field and a choice above them, which without
 * script stand there in full, the largest first. Rows that sum others and what is not attributed stay last.
 */
/// <reference lib="dom" />
import { plural } from '../report/format.ts';
import { element, say } from './element.ts';
import { searchRow } from './search-row.ts';

export function addNameSearch(): void {
  const section = document.getElementById('by-model');
  const first = section?.querySelector('h3');
  if (section === null || first === null || first === undefined) return;
  const bodies = [...section.querySelectorAll('tbody')].map((body) => ({ body, rows: [...body.rows] }));
  const told = element('output', {});
  const { field, order, row } = searchRow(
    'name',
    { find: 'Search names', order: 'Sort' },
    [
      ['largest', 'largest first'],
      ['name', 'by name'],
    ],
    told,
  );
  first.before(row);
  field.addEventListener('input', () => {
    const wanted = field.value.trim().toLowerCase();
    let found = 0;
    for (const one of bodies.flatMap(({ rows }) => rows)) {
      one.hidden = !nameOf(one).toLowerCase().includes(wanted);
      if (!one.hidden) found += 1;
    }
    say(told, wanted === '' ? '' : plural(found, 'row'));
  });
  order.addEventListener('change', () => {
    for (const { body, rows } of bodies)
      body.append(...(order.value === 'name' ? [...rows].sort((a, b) => byName(nameOf(a), nameOf(b))) : rows));
  });
}

const nameOf = (row: HTMLTableRowElement): string => row.cells[0]?.textContent ?? '';
const isLast = (name: string): number => (/^(all others \(|not attributed$|not stated$)/.test(name) ? 1 : 0);
const byName = (a: string, b: string): number => isLast(a) - isLast(b) || (isLast(a) ? 0 : a < b ? -1 : a > b ? 1 : 0);
