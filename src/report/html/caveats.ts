/** What to know before relying on the answer: unpriced usage, rejected rows, warnings, notes of the scenario. */
import type { Report } from '../contract.ts';
import { type Html, html } from '../escape.ts';
import { number, plural } from '../format.ts';
import { list, section, table } from './table.ts';

export function caveatsSection({ unpriced, traffic, diagnostics, scenario }: Report): Html {
  const nothing = unpriced.length + traffic.rejected + diagnostics.length + scenario.notes.length === 0;
  return section(
    'caveats',
    'What to know before relying on this',
    nothing &&
      html`<p>All usage is priced, no row was rejected, nothing was warned about.</p>
`,
    unpriced.length > 0 &&
      html`<h3>Unpriced usage</h3>
<p>An unknown price is never taken as zero: the strategies named here have no total.</p>
${table(
  'Unpriced usage',
  [{ head: 'Model' }, { head: 'Requests', numeric: true }, { head: 'Why' }, { head: 'Strategies touched' }],
  unpriced.map((u) => [u.model, number(u.requests), u.reason, u.strategies.join(', ')]),
)}`,
    traffic.rejected > 0 &&
      html`<h3>Rejected rows</h3>
<p>${plural(traffic.rejected, 'row')} of the traffic could not be read and ${traffic.rejected === 1 ? 'is' : 'are'} not counted.</p>
`,
    diagnostics.length > 0 &&
      html`<h3>Warnings and notices</h3>
${table(
  'Warnings and notices',
  [{ head: 'Where' }, { head: 'Kind' }, { head: 'What' }],
  diagnostics.map((d) => [
    d.path,
    html`${d.severity === 'info' ? 'notice' : d.severity}<small>${d.code}</small>`,
    d.message,
  ]),
)}`,
    scenario.notes.length > 0 &&
      html`<h3>Notes of the scenario</h3>
${list(scenario.notes)}`,
  );
}
