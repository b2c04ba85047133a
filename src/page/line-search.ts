/**
 * Search and order of line items: a field and a choice above the list, which without script is there in full. Works on the
 * data that each item carries; a strategy with a match opens, items without one are hidden.
 */
/// <reference lib="dom" />
import { plural } from '../report/format.ts';
import { element, say } from './element.ts';

type Order = 'listed' | 'dearest' | 'label';

export function addLineSearch(): void {
  const list = document.getElementById('line-item-list');
  if (list === null) return;
  const items = [...list.querySelectorAll<HTMLElement>('details.item')];
  const words = new Map(items.map((item) => [item, (item.textContent ?? '').toLowerCase()]));
  const field = element('input', { type: 'search', id: 'line-search', autocomplete: 'off' });
  const order = element(
    'select',
    { id: 'line-order' },
    element('option', { value: 'listed' }, 'as listed'),
    element('option', { value: 'dearest' }, 'largest first'),
    element('option', { value: 'label' }, 'by name'),
  );
  const told = element('span', { role: 'status' });
  list.before(
    element(
      'p',
      { class: 'line-search' },
      element('label', { for: 'line-search' }, 'Find '),
      field,
      ' ',
      element('label', { for: 'line-order' }, 'Order '),
      order,
      ' ',
      told,
    ),
  );
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
