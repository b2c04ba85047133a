/** The numbers behind the charts of how sure the answer is, as tables for who can't use the picture. */
import { shownBars } from '../charts/tornado-marks.ts';
import type { Report } from '../contract.ts';
import { flipWords, inputValue } from '../driver-words.ts';
import { type Html, html } from '../escape.ts';
import { calendarMonth } from '../format.ts';
import { differencesFromBaseline } from '../uncertainty-words.ts';
import { money, moneyDifference } from './amounts.ts';
import { inputNameAndPath } from './input-name.ts';
import { table } from './table.ts';

export function differenceBandData(report: Report): Html {
  const found = differencesFromBaseline(report);
  return table(
    'Cumulative cost less that of the baseline: median, P5 and P95 of the draws',
    [{ head: 'After month' }, ...found.map(({ strategy }) => ({ head: `${strategy}, USD`, numeric: true }))],
    Array.from({ length: found[0]?.by_month.p50.length ?? 0 }, (_, i) => [
      html`${i + 1} <small>end of ${calendarMonth(report.start, i)}</small>`,
      ...found.map(
        ({ by_month: { p5, p50, p95 } }) =>
          html`${moneyDifference(p50[i]!)}<small>${moneyDifference(p5[i]!)} to ${moneyDifference(p95[i]!)}</small>`,
      ),
    ]),
  );
}

export const costDistributionData = ({ uncertainty: found }: Report): Html =>
  table(
    'Net present cost over the draws',
    ['Strategy', 'P5, USD', 'Median, USD', 'Mean, USD', 'P95, USD'].map((head, i) => ({ head, numeric: i > 0 })),
    (found?.strategies ?? []).map(({ id, npv_usd: { p5, p50, mean, p95 } }) => [
      id,
      ...[p5, p50, mean, p95].map((amount) => money(amount)),
    ]),
  );

export function tornadoData({ uncertainty: found }: Report): Html {
  const tornado = found?.tornado ?? null;
  if (tornado === null) return html``;
  const numeric = true;
  return table(
    'Difference at the P10 and P90 of each input',
    [
      { head: 'Input' },
      { head: 'P10', numeric },
      { head: 'Mean', numeric },
      { head: 'P90', numeric },
      { head: 'Difference at P10, USD', numeric },
      { head: 'Difference at P90, USD', numeric },
      { head: 'Swing, USD', numeric },
      { head: 'The cheapest becomes' },
    ],
    shownBars(tornado).map((bar) => [
      inputNameAndPath(bar.path),
      ...[bar.low.input, bar.central, bar.high.input].map((value) => inputValue(value, bar.unit)),
      moneyDifference(bar.low.quantity_usd),
      moneyDifference(bar.high.quantity_usd),
      html`${money(bar.swing_usd)}${!bar.is_monotone && html`<small>turns in between</small>`}`,
      flipWords(bar).join('; ') || '–',
    ]),
  );
}
