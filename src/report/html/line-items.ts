/** The working: every line item of every strategy with its formula, its inputs and where they come from. */

import { sum } from '../../units.ts';
import type { Report, ReportLineItem } from '../contract.ts';
import { type Html, html, linkedText } from '../escape.ts';
import { calendarMonth, plural, quantity, usd } from '../format.ts';
import { COMPONENT_WORDS } from '../words.ts';
import { folded, section } from './table.ts';

export const lineItemsSection = (report: Report): Html =>
  section(
    'line-items',
    'Line items',
    html`<p>What each total is the sum of, undiscounted. A formula is in terms of the inputs under it and is evaluated month by month; all months are in line-items.csv.</p>
`,
    report.strategies.map((s) =>
      folded(
        html`<b>${s.id}</b> ${plural(s.line_items.length, 'line item')}, ${usd(s.total_usd)}`,
        s.line_items.map((item) => lineItem(report, item)),
      ),
    ),
  );

const lineItem = (report: Report, item: ReportLineItem): Html => html`<div class="item">
<p class="head"><span>${item.label}</span><span>${usd(sum(item.amounts_usd))}</span></p>
<p class="sub">${COMPONENT_WORDS[item.component]} · ${when(report, item)} · ${item.cash ? 'cash' : 'value lost or gained, on no invoice'}</p>
<code>= ${item.formula}</code>
<ul>${Object.entries(item.inputs).map(
  ([name, input]) => html`<li><b>${name}</b> ${inputWords(input)} <span>· ${linkedText(input.source)}</span></li>
`,
)}</ul></div>
`;

function when(report: Report, { timing, months }: ReportLineItem): string {
  if (timing === 'start') return `once, in ${calendarMonth(report.start, months.from)}`;
  if (months.from === 0 && months.until === report.horizon_months) return 'every month';
  return `monthly, ${calendarMonth(report.start, months.from)} to ${calendarMonth(report.start, months.until - 1)}`;
}

function inputWords({ value, values, unit }: ReportLineItem['inputs'][string]): string {
  if (value !== undefined) return quantity(value, unit);
  if (values === undefined || values.length === 0) return 'no value';
  const [first, last] = [quantity(values[0]!, unit), quantity(values.at(-1)!, unit)];
  return values.every((v) => v === values[0]) ? first : `${first} in the first month, ${last} in the last`;
}
