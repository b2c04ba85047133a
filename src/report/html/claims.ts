/** What the scenario's claims come to: each with its verdict, where it holds, and the figures it rests on. */
import { claimRows } from '../claim-words.ts';
import type { Report } from '../contract.ts';
import { type Html, html, linkedText } from '../escape.ts';
import { section, table } from './table.ts';

export function claimsSection(report: Report): Html | false {
  const rows = claimRows(report);
  if (rows.length === 0) return false;
  return section(
    'claims',
    'Claims put to the test',
    html`<p>Each claim is written as a condition over figures of this report. Where it names inputs, it is judged over their whole range, everything else held; shares are of the range, not probabilities.</p>
`,
    table(
      'Claims',
      [{ head: 'Claim' }, { head: 'Verdict' }, { head: 'Where' }, { head: 'Figures where the scenario stands' }],
      rows.map(({ text, source, expression, verdict, where, evidence, notes }) => [
        html`${text}<small>${linkedText(source)}</small>`,
        html`<b>${verdict}</b>`,
        html`${where}${notes.map((note) => html`<small><b>${note.head}:</b> ${linkedText(note.text)}</small>`)}`,
        html`<code>${expression}</code>${evidence.map((words) => html`<div>${words}</div>`)}`,
      ]),
    ),
  );
}
