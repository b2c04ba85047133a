/** Where the numbers come from: assumptions and prices with source and age, and how to get the same report again. */
import { daysBetween } from '../../units.ts';
import type { Report } from '../contract.ts';
import { type Html, html, linkedText } from '../escape.ts';
import { age, monthName, plural } from '../format.ts';
import { input } from './amounts.ts';
import { inputNameAndPath } from './input-name.ts';
import { folded, list, section, table } from './table.ts';

export function assumptionsSection(report: Report): Html {
  const stated = report.assumptions.filter(({ given }) => given);
  const defaults = report.assumptions.filter(({ given }) => !given);
  return section(
    'assumptions',
    'Assumptions',
    html`<p>Numbers that are not measured. The report computes with the mean of each range. Where the scenario says nothing, the project does: its stated defaults and the facts of its price book.</p>
`,
    stated.length > 0 &&
      html`<h3>Stated by the scenario</h3>
${assumptionTable(report, 'Assumptions of the scenario', stated)}`,
    defaults.length > 0 &&
      folded(
        `Stated by the project, as the scenario says nothing: ${plural(defaults.length, 'assumption')}`,
        assumptionTable(report, 'Assumptions of the project', defaults),
      ),
  );
}

const assumptionTable = (report: Report, label: string, rows: Report['assumptions']): Html =>
  table(
    label,
    [
      { head: 'Assumption' },
      { head: 'Value', numeric: true },
      { head: 'Range' },
      { head: 'Source' },
      { head: 'As of' },
    ],
    rows.map((a) => [
      inputNameAndPath(a.path),
      input(a.value, a.unit),
      a.range ?? 'one value',
      linkedText(a.source),
      a.as_of === undefined ? 'no date' : dated(report, a.as_of),
    ]),
  );

/** A date, and its age at the start of the scenario. */
function dated(report: Report, on: string): Html {
  const days = daysBetween(on, `${report.start}-01`);
  return html`<span class="date">${on}</span>${Number.isFinite(days) && html`<small>${age(days)}${days >= 0 && ' old'}</small>`}`;
}

export function pricesSection(report: Report): Html {
  const { price_book } = report.provenance;
  return section(
    'prices',
    'Prices used',
    html`<p>Ages are counted to the start of the scenario, ${monthName(report.start)}. The newest price of the book is of ${price_book.newest_on}.</p>
`,
    table(
      'Prices used',
      [{ head: 'Model' }, { head: 'As of' }, { head: 'Age', numeric: true }, { head: 'Source' }],
      price_book.prices.map((p) => [p.model, p.as_of, age(p.age_days), linkedText(p.source)]),
    ),
  );
}

export function reproductionSection(report: Report): Html {
  const { version, inputs, price_book, command } = report.provenance;
  return section(
    'reproduce',
    'How to get the same report again',
    html`<p><code>${command}</code></p>
`,
    list([
      html`Tollgate ${version}, seed ${String(report.seed)}`,
      html`Scenario <code>${report.scenario.hash}</code>`,
      html`Price book <code>${price_book.sha256}</code>`,
      ...inputs.map(({ name, sha256 }) => html`${name} <code>${sha256}</code>`),
    ]),
  );
}
