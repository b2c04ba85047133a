/**
 * A button that opens every fold of the page, or closes them again: for who searches in the page, and for paper, on which
 * what is folded stays folded. Controls of the live part are left as they are.
 */
/// <reference lib="dom" />
import { element } from './element.ts';

export function unfoldButton(): HTMLButtonElement {
  const button = element('button', { type: 'button', class: 'unfold' }, 'Unfold all');
  button.addEventListener('click', () => {
    const folds = [...document.querySelectorAll('details')].filter((one) => one.closest('#what-if-panel') === null);
    const opens = folds.some((one) => !one.open);
    for (const one of folds) one.open = opens;
    button.textContent = opens ? 'Fold all' : 'Unfold all';
  });
  return button;
}

/** At the end of the page's own contents. */
export function addUnfoldButton(): void {
  document.querySelector('nav ul')?.append(element('li', {}, unfoldButton()));
}
