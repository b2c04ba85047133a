/** Building blocks of the page: tables that scroll inside their own box, sections, texts with units. No section of its own. */
import { type Html, type HtmlValue, html, raw } from '../escape.ts';

export interface Column {
  readonly head: string;
  /** Numbers stand right, in figures of equal width. */
  readonly numeric?: boolean;
}

/** A table; the first column heads its row. `label` is its caption and names the scrolling box for who can't see it. */
export function table(label: string, columns: readonly Column[], rows: readonly (readonly HtmlValue[])[]): Html {
  const kind = (i: number): Html | false => columns[i]?.numeric === true && raw(' class="n"');
  return html`<div class="scroll" role="group" aria-label="${label}" tabindex="0"><table>
<caption>${label}</caption>
<thead><tr>${columns.map(({ head }, i) => (head === '' ? html`<td${kind(i)}></td>` : html`<th scope="col"${kind(i)}>${head}</th>`))}</tr></thead>
<tbody>
${rows.map(
  (
    row,
  ) => html`<tr>${row.map((cell, i) => (i === 0 ? html`<th scope="row">${cell}</th>` : html`<td${kind(i)}>${cell}</td>`))}</tr>
`,
)}</tbody></table></div>
`;
}

export const section = (id: string, title: string, ...content: readonly HtmlValue[]): Html =>
  html`<section id="${id}"><h2>${title}</h2>
${content}</section>
`;

export const folded = (summary: HtmlValue, content: HtmlValue): Html =>
  html`<details><summary>${summary}</summary>
${content}</details>
`;

/** Stands in the footer, on paper alone. */
export const PAPER_NOTE = html`<span class="paper"> On paper: what was folded on the page is left out or stands as a line “(folded)”; unfold it there and print again.</span>`;

export const list = (items: readonly HtmlValue[]): Html => html`<ul>${items.map((item) => html`<li>${item}</li>`)}</ul>
`;
