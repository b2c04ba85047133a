/** What outages, failures and slower answers cost under each strategy, and the lines and inputs that this comes from. */

import { sum } from '../../units.ts';
import { inRankOrder } from '../answer.ts';
import type { Component, Report, ReportLineItem } from '../contract.ts';
import { type Html, html } from '../escape.ts';
import { COMPONENT_WORDS } from '../words.ts';
import { input, money } from './amounts.ts';
import { folded, section, table } from './table.ts';

const LOSSES = ['outages', 'latency', 'quality'] as const satisfies readonly Component[];
const isLoss = ({ component }: ReportLineItem): boolean => LOSSES.some((one) => one === component);

export function reliabilitySection(report: Report): Html {
  const used = LOSSES.filter((component) => report.strategies.some((s) => s.by_component[component] !== undefined));
  return section(
    'outages',
    'Outages and latency',
    used.length === 0
      ? html`<p class="note">No strategy loses value to outages or slower answers here: nothing in the scenario gives a failed or slow request a price.</p>
`
      : html`<p>Value lost over the horizon, undiscounted, in US dollars: requests that fail while a provider or a gateway is down or limits traffic, and users who leave because a gateway on the way makes answers slower than under ${report.baseline}. No invoice shows it; it counts in the ranking.</p>
${table(
  'Value lost to outages and latency',
  [
    { head: 'Strategy' },
    ...used.map((component) => ({ head: COMPONENT_WORDS[component], numeric: true })),
    { head: 'Total cost, for comparison', numeric: true },
  ],
  inRankOrder(report).map((s) => [
    s.id,
    ...used.map((component) => (s.by_component[component] === undefined ? '–' : money(s.by_component[component]))),
    money(s.total_usd),
  ]),
)}${folded('Lines and inputs behind these figures', lines(report))}`,
  );
}

const lines = (report: Report): Html =>
  table(
    'Lines of outages and latency',
    [
      { head: 'Strategy' },
      { head: 'Line item' },
      { head: 'Over the horizon', numeric: true },
      { head: 'Inputs, those of the first month' },
    ],
    inRankOrder(report).flatMap((s) =>
      s.line_items.filter(isLoss).map((item) => [
        s.id,
        item.label,
        money(sum(item.amounts_usd)),
        html`${Object.entries(item.inputs).map(([name, { value, values, unit }]) => {
          const shown = value ?? values?.[item.months.from] ?? values?.[0];
          return shown === undefined ? false : html`<div><code>${name}</code> ${input(shown, unit)}</div>`;
        })}`,
      ]),
    ),
  );
