/**
 * The working: every line item of every strategy with its formula, its inputs and where they come from, folded away. Each item
 * carries its component, amount and label as data, by which a script may search and sort; without one it opens by itself.
 */
import { sum } from '../../units.ts';
import type { Report, ReportLineItem, ReportStrategy } from '../contract.ts';
import { type Html, html, linkedText } from '../escape.ts';
import { calendarMonth, plural } from '../format.ts';
import { COMPONENT_WORDS } from '../words.ts';
import { input, money } from './amounts.ts';
import { folded, section } from './table.ts';

export const lineItemsSection = (report: Report): Html =>
  section(
    'line-items',
    'Line items',
    html`<p>What each total is the sum of, undiscounted, over the whole horizon. Open an item for its formula: it is in terms of the inputs under it and is evaluated month by month. All months are in line-items.csv.</p>
`,
    html`<div id="line-item-list">${report.strategies.map((s) =>
      folded(
        html`<b>${s.id}</b> ${plural(s.line_items.length, 'line item')}, ${money(s.total_usd)}`,
        html`<div class="items">${s.line_items.map((item) => lineItem(report, s, item))}</div>
`,
      ),
    )}</div>
`,
  );

function lineItem(report: Report, { id }: ReportStrategy, item: ReportLineItem): Html {
  const total = sum(item.amounts_usd);
  return html`<details class="item" data-strategy="${id}" data-component="${item.component}" data-usd="${String(total)}" data-label="${item.label}">
<summary><span class="label">${item.label}<small>${COMPONENT_WORDS[item.component]} · ${when(report, item)} · ${item.cash ? 'cash' : 'value lost or gained, on no invoice'}</small></span><span class="n">${money(total)}</span></summary>
<code>= ${item.formula}</code>
<ul>${Object.entries(item.inputs).map(
    ([name, given]) => html`<li><b>${name}</b> ${inputWords(given)} <span>· ${linkedText(given.source)}</span></li>
`,
  )}</ul></details>
`;
}

function when(report: Report, { timing, months }: ReportLineItem): string {
  if (timing === 'start') return `once, in ${calendarMonth(report.start, months.from)}`;
  if (months.from === 0 && months.until === report.horizon_months) return 'every month';
  return `monthly, ${calendarMonth(report.start, months.from)} to ${calendarMonth(report.start, months.until - 1)}`;
}

function inputWords({ value, values, unit }: ReportLineItem['inputs'][string]): Html {
  if (value !== undefined) return input(value, unit);
  if (values === undefined || values.length === 0) return html`no value`;
  const [first, last] = [values[0]!, values.at(-1)!];
  const [least, most] = [Math.min(...values), Math.max(...values)];
  if (least === most) return input(first, unit);
  const ends = html`${input(first, unit)} in the first month, ${input(last, unit)} in the last`;
  const between = html`${ends}, between ${input(least, unit)} and ${input(most, unit)}`;
  return Math.min(first, last) > least || Math.max(first, last) < most ? between : ends;
}
