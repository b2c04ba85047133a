/**
 * Cumulative cost against the baseline: when does leaving it, or staying, pay off?
 *
 * Each line is the running economic cost of a strategy less that of the baseline, undiscounted; below zero it is cheaper so
 * far. Differences are drawn since the totals would lie on top of each other. Takes the report; null without a priced
 * baseline and a second strategy. Marks only crossings with the baseline: those are what the zero line shows.
 */
import type { Report } from '../contract.ts';
import { calendarMonth, monthPoint } from '../format.ts';
import { roughDifference } from '../known-digits.ts';
import {
  type ChartSpec,
  chartSpec,
  DOLLARS,
  notDrawn,
  shortName,
  strategyLabel,
  strategyScales,
  WIDTH,
} from './chart.ts';
import { endLabelLayers, type Mark, marksHeight, marksLayers, placeMarks, roomyHeight } from './labels.ts';
import { INK } from './palette.ts';
import { linearScale } from './scale.ts';
import { cumulativeDifferences } from './series.ts';

const LEAST_HEIGHT = 310;
const MOST_MARKS = 6;

export function cumulativeCost(report: Report): ChartSpec | null {
  const series = cumulativeDifferences(report);
  if (series.length < 2) return null;
  const horizon = report.horizon_months;
  const scales = strategyScales(report);
  const crossings = crossingMonths(report);
  const shown = crossings.slice(0, MOST_MARKS);
  const marks = placeMarks(
    shown.map(({ value, text }): Mark => ({ x: (value / horizon) * WIDTH, text })),
    WIDTH,
  );
  const height = roomyHeight(LEAST_HEIGHT + marksHeight(marks), series.length);
  const scale = linearScale(
    series.flatMap(({ values }) => values),
    height,
    marksHeight(marks),
  );
  const x = {
    field: 'month',
    type: 'quantitative',
    scale: { domain: [0, horizon], nice: false },
    axis: monthAxis(report.start, horizon),
  };
  const y = {
    field: 'usd',
    type: 'quantitative',
    scale: { domain: scale.domain, nice: false, zero: false },
    axis: {
      title: 'Cost so far less that of the baseline, USD',
      labelExpr: DOLLARS,
      values: scale.ticks,
      domain: false,
      ticks: false,
    },
  };
  const baseline = shortName(report.baseline);
  const missing = report.strategies
    .filter((s) => s.unranked === undefined && !series.some(({ strategy }) => strategy === s))
    .map(({ id }) => id);
  const ends = series.map(({ strategy, values }) => ({ strategy, end: values.at(-1)! }));
  return chartSpec(
    'cumulative-cost',
    `Cumulative cost against ${baseline}`,
    [
      'Economic cost, undiscounted. Below the zero line a strategy has cost less so far.',
      ...(crossings.length > MOST_MARKS
        ? [`The first ${MOST_MARKS} of ${crossings.length} break-even months are marked.`]
        : []),
    ],
    `Line chart over ${horizon} months. At the end: ${ends
      .map(({ strategy, end }) => `${strategyLabel(strategy)} ${roughDifference(end)}`)
      .join('; ')}. Break-even with ${baseline}: ${
      crossings.length === 0 ? 'never' : crossings.map(({ text }) => text).join('; ')
    }.${notDrawn(missing)}`,
    {
      width: WIDTH,
      height,
      layer: [
        {
          data: { values: [{ usd: 0 }] },
          mark: { type: 'rule', color: INK, strokeWidth: 1 },
          encoding: { y },
        },
        {
          data: {
            values: series.flatMap(({ strategy, values }) =>
              values.map((usd, month) => ({ strategy: strategy.id, month, usd })),
            ),
          },
          mark: { type: 'line', strokeWidth: 2.25, strokeJoin: 'round' },
          encoding: {
            x,
            y,
            color: { field: 'strategy', type: 'nominal', scale: scales.color, legend: null },
            strokeDash: { field: 'strategy', type: 'nominal', scale: scales.dash, legend: null },
          },
        },
        ...marksLayers(marks, height),
        {
          data: { values: shown.map(({ value }) => ({ month: value, usd: 0 })) },
          mark: { type: 'point', filled: true, color: INK, size: 55, opacity: 1 },
          encoding: { x, y },
        },
        ...endLabelLayers(
          ends.map(({ strategy, end }) => ({
            id: strategy.id,
            y: scale.pixel(end),
            text:
              strategy.id === report.baseline
                ? `${strategyLabel(strategy)}, baseline`
                : `${strategyLabel(strategy)} ${roughDifference(end)}`,
          })),
          { width: WIDTH, height },
          scales.color,
        ),
      ],
    },
  );
}

/** Crossings with the baseline by month, with the words that stand beside them. */
function crossingMonths(report: Report): { value: number; text: string }[] {
  return report.break_even
    .filter(({ driver, a, b }) => driver === 'month' && (a === report.baseline || b === report.baseline))
    .flatMap((entry) =>
      entry.crossings.map(({ value, cheaper_above }) => {
        const month = monthPoint(report.start, value);
        const other = shortName(entry.a === report.baseline ? entry.b : entry.a);
        return {
          value,
          text:
            cheaper_above === undefined || cheaper_above === report.baseline
              ? `${other} dearer from ${month}`
              : `${other} cheaper from ${month}`,
        };
      }),
    )
    .filter(({ value }) => value >= 0 && value <= report.horizon_months)
    .sort((p, q) => p.value - q.value);
}

/** Months since the start, and the calendar month under it. */
function monthAxis(start: string, horizon: number): Record<string, unknown> {
  const step = horizon <= 12 ? 1 : horizon <= 24 ? 3 : horizon <= 60 ? 6 : 12;
  const values = Array.from({ length: Math.floor(horizon / step) + 1 }, (_, i) => i * step);
  const everyLabel = horizon <= 12 ? 2 : 1;
  const labels = Object.fromEntries(
    values.map((month) => [month, month % everyLabel === 0 ? [String(month), calendarMonth(start, month)] : ['']]),
  );
  return {
    title: 'Months since the start',
    values,
    grid: false,
    labelExpr: `${JSON.stringify(labels)}[datum.value]`,
    labelFlush: false,
    labelOverlap: false,
  };
}
