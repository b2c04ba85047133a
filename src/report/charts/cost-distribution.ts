/**
 * How far each strategy's net present cost may lie from what is expected: 90 % of the draws as a bar, median and mean on it.
 *
 * Least mean first. Bars overlap because the strategies meet the same world in each draw; the subtitle says that this
 * does not tell how sure the ranking is. The axis need not start at zero: places are read here, not lengths.
 */
import type { Report } from '../contract.ts';
import { roughUsd } from '../known-digits.ts';
import { type ChartSpec, chartSpec, DOLLARS, shortName, strategyScales } from './chart.ts';
import { INK } from './palette.ts';

const [WIDTH, ROW] = [440, 44];

export function costDistribution(report: Report): ChartSpec | null {
  const drawn = report.uncertainty?.strategies ?? [];
  if (drawn.length === 0) return null;
  const rows = [...drawn]
    .sort((a, b) => a.npv_usd.mean - b.npv_usd.mean)
    .map(({ id, npv_usd: { mean, p5, p50, p95 } }) => ({
      strategy: id,
      mean,
      p5,
      p50,
      p95,
      text: `${roughUsd(mean)} (90%: ${roughUsd(p5)} to ${roughUsd(p95)})`,
    }));
  const names = Object.fromEntries(rows.map(({ strategy }) => [strategy, shortName(strategy)]));
  const least = Math.min(...rows.map(({ p5, mean }) => Math.min(p5, mean)));
  const most = Math.max(...rows.map(({ p95, mean }) => Math.max(p95, mean)));
  const air = most === least ? Math.max(1, Math.abs(most)) : (most - least) * 0.06;
  const x = (field: string) => ({
    field,
    type: 'quantitative',
    scale: { domain: [least - air, most + air], nice: false, zero: false },
    axis: {
      title: 'Net present cost over the horizon, USD',
      labelExpr: DOLLARS,
      tickCount: 5,
      domain: false,
      ticks: false,
    },
  });
  const y = {
    field: 'strategy',
    type: 'nominal',
    scale: { domain: rows.map(({ strategy }) => strategy) },
    axis: {
      title: null,
      labelExpr: `${JSON.stringify(names)}[datum.value]`,
      labelFontSize: 13,
      labelColor: INK,
      labelPadding: 10,
      domain: false,
      ticks: false,
    },
  };
  const color = { field: 'strategy', type: 'nominal', scale: strategyScales(report).color, legend: null };
  return chartSpec(
    'cost-distribution',
    'How far the cost of each strategy may vary',
    [
      'Bar: 90% of the draws. Line across it: median. Dot, and the first number: mean.',
      'That bars overlap says little: in each draw all strategies meet the same world. The differences tell which is cheaper.',
    ],
    `Dot and range plot, least mean first: ${rows.map(({ strategy, text, p50 }) => `${shortName(strategy)} mean ${text}, median ${roughUsd(p50)}`).join('; ')}.`,
    {
      width: WIDTH,
      height: { step: ROW },
      data: { values: rows },
      layer: [
        {
          mark: { type: 'bar', height: 16, opacity: 0.35 },
          encoding: { x: x('p5'), x2: { field: 'p95' }, y, color },
        },
        { mark: { type: 'tick', size: 24, thickness: 2.5 }, encoding: { x: x('p50'), y, color } },
        {
          mark: { type: 'point', filled: true, fill: '#ffffff', size: 60, strokeWidth: 2, opacity: 1, stroke: INK },
          encoding: { x: x('mean'), y },
        },
        {
          mark: { type: 'text', align: 'left', dx: 10, baseline: 'middle' },
          encoding: { x: x('p95'), y, text: { field: 'text', type: 'nominal' } },
        },
      ],
    },
  );
}
