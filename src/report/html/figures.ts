/** A drawn chart with what to read from it, and the numbers behind it as a table for who can't use the picture. */

import type { ChartId } from '../charts/chart.ts';
import { cumulativeDifferences, volumeDifferences } from '../charts/series.ts';
import { COMPONENTS, type Report } from '../contract.ts';
import { type Html, html, raw } from '../escape.ts';
import { calendarMonth, number } from '../format.ts';
import { COMPONENT_WORDS } from '../words.ts';
import { money, moneyDifference } from './amounts.ts';
import { bestMapData } from './best-map-data.ts';
import { folded, table } from './table.ts';
import { costDistributionData, differenceBandData, tornadoData } from './uncertainty-data.ts';

export interface DrawnChart {
  readonly id: string;
  readonly title: string;
  /** Markup of our own making, see io/render-chart. */
  readonly svg: string;
}

/** The figure, or a line that says why there is none. */
export function figure(report: Report, drawn: readonly DrawnChart[], id: ChartId, caption: string): Html {
  const chart = drawn.find((c) => c.id === id);
  if (chart === undefined)
    return html`<p class="note">No chart: ${
      report.unpriced.length > 0 ? 'it needs totals, and usage is unpriced.' : 'the report holds no numbers for it.'
    }</p>
`;
  return html`<figure><div class="chart scroll" role="group" aria-label="Chart: ${chart.title}" tabindex="0">${raw(chart.svg)}</div>
<figcaption>${caption}</figcaption></figure>
${folded('Numbers behind this chart', DATA[id](report))}`;
}

const DATA: Record<ChartId, (report: Report) => Html> = {
  'cumulative-cost': (report) => {
    const series = cumulativeDifferences(report);
    return table(
      'Cumulative cost less that of the baseline',
      [{ head: 'After month' }, ...series.map(({ strategy }) => ({ head: `${strategy.id}, USD`, numeric: true }))],
      Array.from({ length: report.horizon_months }, (_, i) => [
        html`${i + 1} <small>end of ${calendarMonth(report.start, i)}</small>`,
        ...series.map(({ values }) => moneyDifference(values[i + 1] ?? null)),
      ]),
    );
  },
  'difference-band': differenceBandData,
  'cost-distribution': costDistributionData,
  tornado: tornadoData,
  'driver-map': bestMapData,
  ranking: (report) =>
    table(
      'Net present cost',
      [
        { head: 'Strategy' },
        { head: 'Net present cost, USD', numeric: true },
        { head: 'Its cash part, USD', numeric: true },
      ],
      report.strategies.map((s) => [s.id, money(s.npv_usd), money(s.cash_npv_usd)]),
    ),
  composition: (report) => {
    const used = COMPONENTS.filter((c) => report.strategies.some((s) => s.by_component[c] !== undefined));
    return table(
      'Total by component',
      [{ head: 'Component' }, ...report.strategies.map(({ id }) => ({ head: `${id}, USD`, numeric: true }))],
      [
        ...used.map((c) => [
          COMPONENT_WORDS[c],
          ...report.strategies.map((s) => (s.by_component[c] === undefined ? '–' : money(s.by_component[c]))),
        ]),
        ['Total', ...report.strategies.map((s) => money(s.total_usd))],
      ],
    );
  },
  'cost-against-volume': (report) => {
    const sweep = volumeDifferences(report);
    if (sweep === null) return html``;
    return table(
      'Net present cost less that of the baseline, by volume',
      [
        { head: 'Volume, requests per month' },
        ...sweep.series.map(({ strategy }) => ({ head: `${strategy.id}, USD`, numeric: true })),
      ],
      sweep.volumes.map((volume, i) => [
        number(volume),
        ...sweep.series.map(({ values }) => moneyDifference(values[i]!)),
      ]),
    );
  },
};
