/**
 * Search and order of line items: a field and a choice above the list, which without script is there in full. Works on the
 * data that each item carries; a strategy with a match opens, items without one are hidden.
 */
/// <reference lib="dom" />
import { plural } from '../report/format.ts';
import { element, say } from './element.ts';
import { searchRow } from './search-row.ts';

type Order = 'listed' | 'dearest' | 'label';

export function addLineSearch(): void {
  const list = document.getElementById('line-item-list');
  if (list === null) return;
  const items = [...list.querySelectorAll<HTMLElement>('details.item')];
  const words = new Map(items.map((item) => [item, (item.textContent ?? '').toLowerCase()]));
  const told = element('span', { role: 'status' });
  const { field, order, row } = searchRow(
    'line',
    { find: 'Find', order: 'Order' },
    [
      ['listed', 'as listed'],
      ['dearest', 'largest first'],
      ['label', 'by name'],
    ],
    told,
  );
  list.before(row);
  field.addEventListener('input', () => {
    const wanted = field.value.trim().toLowerCase();
    let found = 0;
    for (const item of items) {
      item.hidden = !words.get(item)!.includes(wanted);
      if (!item.hidden) found += 1;
    }
    for (const group of list.querySelectorAll<HTMLDetailsElement>(':scope > details')) {
      const matches = group.querySelector('details.item:not([hidden])') !== null;
      group.hidden = !matches;
      group.open = matches && wanted !== '';
    }
    say(told, wanted === '' ? '' : plural(found, 'line item'));
  });
  order.addEventListener('change', () => {
    for (const group of list.querySelectorAll('.items'))
      group.append(
        ...inOrder(
          items.filter((item) => item.parentElement === group),
          order.value as Order,
        ),
      );
  });
}

const usd = (item: HTMLElement): number => Math.abs(Number(item.dataset.usd));
const label = (item: HTMLElement): string => item.dataset.label ?? '';

/** `items` come as listed. */
function inOrder(items: readonly HTMLElement[], order: Order): HTMLElement[] {
  if (order === 'listed') return [...items];
  return [...items].sort((a, b) =>
    order === 'dearest' ? usd(b) - usd(a) : label(a) < label(b) ? -1 : label(a) > label(b) ? 1 : 0,
  );
}
