/** An input as a page names it: in words, with the path by which files and flags know it on hover or below. */
import { inputLabel } from '../../input-words.ts';
import { type Html, html } from '../escape.ts';

export const inputName = (path: string): Html => html`<span title="${path}">${inputLabel(path)}</span>`;

export const inputNames = (paths: readonly string[]): Html =>
  html`${paths.map((path, i) => html`${i > 0 && ' and '}${inputName(path)}`)}`;

/** In tables that carry figures over to a scenario. */
export const inputNameAndPath = (path: string): Html =>
  inputLabel(path) === path ? html`<code>${path}</code>` : html`${inputLabel(path)}<small><code>${path}</code></small>`;
