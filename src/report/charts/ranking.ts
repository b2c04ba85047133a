/**
 * Net present cost of every strategy that may be ranked, cheapest first, with the cash part of it drawn as a thin bar inside.
 *
 * Bars start at zero, so their lengths are honest and the differences are written beside them. The cash part is a bar of
 * its own rather than a stack: value gained can make the economic total smaller than the cash.
 */
import type { Report } from '../contract.ts';
import { roughDifference, roughUsd } from '../known-digits.ts';
import { type ChartSpec, chartSpec, DOLLARS, notDrawn, strategyLabel, strategyScales, WIDTH } from './chart.ts';
import { INK } from './palette.ts';

const ROW = 46;

export function ranking(report: Report): ChartSpec | null {
  const shown = report.strategies.filter((s) => s.unranked === undefined);
  const priced = shown.filter((s) => s.npv_usd !== null);
  if (priced.length === 0) return null;
  const ranked = [...priced].sort(
    (a, b) => Number(a.excluded !== undefined) - Number(b.excluded !== undefined) || a.npv_usd! - b.npv_usd!,
  );
  const baseline = priced.find(({ id }) => id === report.baseline)?.npv_usd ?? null;
  const rows = ranked.map((s) => ({
    strategy: s.id,
    label: strategyLabel(s),
    usd: s.npv_usd!,
    cash_usd: s.cash_npv_usd ?? 0,
    end: Math.max(0, s.npv_usd!, s.cash_npv_usd ?? 0),
    text:
      baseline === null || s.id === report.baseline
        ? `${roughUsd(s.npv_usd!)}${s.id === report.baseline ? ', baseline' : ''}`
        : `${roughUsd(s.npv_usd!)} (${roughDifference(s.npv_usd! - baseline)})`,
  }));
  const scales = strategyScales(report);
  const order = ranked.map(({ id }) => id);
  const names = Object.fromEntries(rows.map((row) => [row.strategy, row.label]));
  const y = {
    field: 'strategy',
    type: 'nominal',
    scale: { domain: order },
    axis: {
      title: null,
      labelExpr: `${JSON.stringify(names)}[datum.value]`,
      labelFontSize: 13,
      labelColor: INK,
      domain: false,
      ticks: false,
      labelPadding: 10,
    },
  };
  const x = {
    field: 'usd',
    type: 'quantitative',
    axis: {
      title: 'Net present cost over the horizon, USD',
      labelExpr: DOLLARS,
      tickCount: 5,
      domain: false,
      ticks: false,
    },
  };
  const color = { field: 'strategy', type: 'nominal', scale: scales.color, legend: null };
  const missing = shown.filter((s) => s.npv_usd === null).map(({ id }) => id);
  return chartSpec(
    'ranking',
    'Net present cost by strategy',
    [
      'Wide bar: economic cost, by which strategies are ranked. Thin bar inside: its cash part.',
      ...(baseline === null || rows.length < 2 ? [] : ['In brackets: more or less than the baseline.']),
    ],
    `Bar chart, cheapest first: ${rows
      .map((row) => `${row.label} ${roughUsd(row.usd)}, of which cash ${roughUsd(row.cash_usd)}`)
      .join('; ')}.${notDrawn(missing)}`,
    {
      width: WIDTH,
      height: { step: ROW },
      data: { values: rows },
      layer: [
        { mark: { type: 'bar', height: 28, opacity: 0.35 }, encoding: { x, y, color } },
        { mark: { type: 'bar', height: 10 }, encoding: { x: { ...x, field: 'cash_usd' }, y, color } },
        {
          mark: { type: 'text', align: 'left', dx: 8, baseline: 'middle' },
          encoding: { x: { ...x, field: 'end' }, y, text: { field: 'text', type: 'nominal' } },
        },
      ],
    },
  );
}
