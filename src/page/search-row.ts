/** A field to search with and a choice of order above a list: made here, wired by whoever knows the list. */
/// <reference lib="dom" />
import { element } from './element.ts';

export interface SearchRow {
  readonly field: HTMLInputElement;
  readonly order: HTMLSelectElement;
  readonly row: HTMLElement;
}

/**
 * @param id begins the ids of field and choice
 * @param orders value and words of each order, the first chosen
 * @param told where the number of matches is said
 */
export function searchRow(
  id: string,
  words: { readonly find: string; readonly order: string },
  orders: readonly (readonly [value: string, words: string])[],
  told: HTMLElement,
): SearchRow {
  const field = element('input', { type: 'search', id: `${id}-search`, autocomplete: 'off' });
  const order = element(
    'select',
    { id: `${id}-order` },
    ...orders.map(([value, text]) => element('option', { value }, text)),
  );
  const row = element(
    'p',
    { class: 'line-search' },
    element('label', { for: field.id }, `${words.find} `),
    field,
    ' ',
    element('label', { for: order.id }, `${words.order} `),
    order,
    ' ',
    told,
  );
  return { field, order, row };
}
