/**
 * What each strategy's total is made of: one bar per strategy, stacked by component, credits and gains to the left of zero.
 *
 * Undiscounted totals over the horizon, in the order of the report. Components that are zero everywhere are left out. Where
 * token charges are most of every total, a second panel shows the rest at its own scale: an axis that did not start at
 * zero would show it too, but would lie about the proportions.
 */
import { COMPONENTS, type Component, type Report, type ReportStrategy } from '../contract.ts';
import { usd } from '../format.ts';
import { COMPONENT_WORDS } from '../words.ts';
import { type ChartSpec, chartSpec, DOLLARS, notDrawn, strategyLabel, WIDTH } from './chart.ts';
import { COMPONENT_COLOURS, INK } from './palette.ts';

const ROW = 42;
const MOSTLY_TOKENS = 0.6;

export function composition(report: Report): ChartSpec | null {
  const priced = report.strategies.filter((s) => s.total_usd !== null);
  if (priced.length === 0) return null;
  const used = COMPONENTS.filter((c) => priced.some((s) => part(s, c) !== 0));
  const rest = used.filter((c) => c !== 'token_charges');
  const split =
    rest.length > 0 && priced.every((s) => part(s, 'token_charges') > MOSTLY_TOKENS * Math.abs(s.total_usd!));
  const missing = report.strategies.filter((s) => s.total_usd === null).map(({ id }) => id);
  return chartSpec(
    'composition',
    'What the total is made of',
    ['Money spent and value lost to the right, credits and value gained to the left; the number is the sum.'],
    `Stacked bars per strategy. ${priced
      .map(
        (s) =>
          `${strategyLabel(s)} ${usd(s.total_usd)}: ${used
            .filter((c) => part(s, c) !== 0)
            .map((c) => `${COMPONENT_WORDS[c].toLowerCase()} ${usd(part(s, c))}`)
            .join(', ')}`,
      )
      .join('; ')}.${notDrawn(missing)}`,
    split
      ? {
          vconcat: [
            panel(priced, used, used, 'All of it'),
            panel(priced, rest, used, 'All but token charges, at its own scale'),
          ],
          spacing: 34,
        }
      : panel(priced, used, used, null),
  );
}

const part = (strategy: ReportStrategy, component: Component): number => strategy.by_component[component] ?? 0;

/** Bars of the `shown` components; colours and legend are those of all that are `used`. */
function panel(
  strategies: readonly ReportStrategy[],
  shown: readonly Component[],
  used: readonly Component[],
  title: string | null,
): Record<string, unknown> {
  const ends = strategies.map((s) => ({
    strategy: s.id,
    low: shown.reduce((low, c) => low + Math.min(0, part(s, c)), 0),
    end: shown.reduce((end, c) => end + Math.max(0, part(s, c)), 0),
    text: usd(shown.length === used.length ? s.total_usd : shown.reduce((sum, c) => sum + part(s, c), 0)),
  }));
  const low = Math.min(...ends.map((e) => e.low));
  const names = Object.fromEntries(strategies.map((s) => [s.id, strategyLabel(s)]));
  const plain = { domain: false, ticks: false };
  const y = {
    field: 'strategy',
    type: 'nominal',
    scale: { domain: strategies.map(({ id }) => id) },
    axis: {
      ...plain,
      title: null,
      labelExpr: `${JSON.stringify(names)}[datum.value]`,
      labelFontSize: 13,
      labelColor: INK,
      labelPadding: 10,
    },
  };
  const x = {
    type: 'quantitative',
    scale: { domain: [low, Math.max(low + 1, ...ends.map(({ end }) => end))], nice: false },
    axis: { ...plain, title: 'Over the horizon, undiscounted, USD', labelExpr: DOLLARS, tickCount: 6 },
  };
  const color = {
    field: 'component',
    type: 'nominal',
    scale: { domain: used.map((c) => COMPONENT_WORDS[c]), range: used.map((c) => COMPONENT_COLOURS[c]) },
    legend: { title: null, orient: 'bottom', columns: 4, offset: 18 },
  };
  const values = strategies.flatMap((s) =>
    shown.map((c, order) => ({ strategy: s.id, component: COMPONENT_WORDS[c], order, usd: part(s, c) })),
  );
  return {
    ...(title === null ? {} : { title: { text: title, fontSize: 12, offset: 8 } }),
    width: WIDTH,
    height: { step: ROW },
    layer: [
      {
        data: { values },
        mark: { type: 'bar', height: 24, stroke: '#ffffff', strokeWidth: 0.75 },
        encoding: {
          y,
          x: { ...x, field: 'usd', stack: 'zero' },
          order: { field: 'order', type: 'quantitative' },
          color,
        },
      },
      {
        data: { values: [{ usd: 0 }] },
        mark: { type: 'rule', color: INK },
        encoding: { x: { ...x, field: 'usd' } },
      },
      {
        data: { values: ends },
        mark: { type: 'text', align: 'left', dx: 8, baseline: 'middle' },
        encoding: { y, x: { ...x, field: 'end' }, text: { field: 'text', type: 'nominal' } },
      },
    ],
  };
}
