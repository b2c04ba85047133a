/**
 * The live line chart: what each strategy has cost so far less what the baseline has, month by month, with a dot where the
 * two have cost the same. Takes running differences, gives an SVG of the width that there is; it computes no cost.
 */
/// <reference lib="dom" />

import { GRID, INK, MUTED, strategyColour, strategyDash } from '../report/charts/palette.ts';
import { linearScale } from '../report/charts/scale.ts';
import { spread } from '../report/charts/spread.ts';
import { monthPoint } from '../report/format.ts';
import { roughDifference } from '../report/known-digits.ts';
import { fitted, frame, label, shortUsd, widthOf } from './chart-frame.ts';
import { drawn } from './element.ts';

export interface DifferenceLine {
  readonly id: string;
  /** Place in the report, which fixes colour and dash. */
  readonly index: number;
  /** At the start and at the end of each month. */
  readonly values: readonly number[];
  /** Months at which it has cost the same as the baseline so far. */
  readonly crossings: readonly number[];
  readonly isFaint: boolean;
}

export interface CumulativeChart {
  readonly lines: readonly DifferenceLine[];
  readonly baseline: string;
  readonly start: string;
  readonly width: number;
}

const HEIGHT = 300;
const TOP = 12;
const BOTTOM = 34;
const LEFT = 58;
const ROW = 16;

export function cumulativeChart({ lines, baseline, start, width }: CumulativeChart): SVGSVGElement {
  const months = Math.max(1, (lines[0]?.values.length ?? 1) - 1);
  const isNarrow = width < 560;
  const right = isNarrow ? 96 : 210;
  const plot = { width: width - LEFT - right, height: HEIGHT - TOP - BOTTOM };
  const scale = linearScale(
    lines.flatMap(({ values }) => values),
    plot.height,
    0,
  );
  const x = (month: number): number => LEFT + (plot.width * month) / months;
  const y = (value: number): number => TOP + scale.pixel(value);
  const chart = frame('live-cumulative', { width, height: HEIGHT }, `Cost so far against ${baseline}, live`, told());
  for (const tick of scale.ticks)
    chart.append(
      drawn('line', { x1: LEFT, x2: LEFT + plot.width, y1: y(tick), y2: y(tick), stroke: tick === 0 ? INK : GRID }),
      label(LEFT - 8, y(tick), shortUsd(tick), { 'text-anchor': 'end' }),
    );
  for (const month of monthTicks(months, plot.width))
    chart.append(
      drawn('line', { x1: x(month), x2: x(month), y1: TOP + plot.height, y2: TOP + plot.height + 5, stroke: MUTED }),
      label(x(month), TOP + plot.height + 17, String(month), { 'text-anchor': 'middle' }),
    );
  chart.append(label(LEFT + plot.width + 16, TOP + plot.height + 17, 'months'));
  for (const { index, values, isFaint } of lines)
    chart.append(
      drawn('polyline', {
        points: values.map((value, month) => `${x(month).toFixed(1)},${y(value).toFixed(1)}`).join(' '),
        fill: 'none',
        stroke: strategyColour(index),
        'stroke-width': 2.25,
        'stroke-dasharray': strategyDash(index).join(' ') || undefined,
        'stroke-linejoin': 'round',
        opacity: isFaint ? 0.45 : undefined,
      }),
    );
  for (const { id, index, crossings } of lines)
    for (const month of crossings)
      chart.append(
        drawn(
          'circle',
          { cx: x(month), cy: y(0), r: 4.5, fill: strategyColour(index), stroke: '#ffffff', 'data-month': month },
          drawn('title', {}, `${id} and ${baseline} have cost the same at ${monthPoint(start, month)}`),
        ),
      );
  const places = spread(
    lines.map(({ values }) => scale.pixel(values.at(-1)!)),
    plot.height,
    ROW,
  );
  lines.forEach(({ id, index, values }, i) => {
    const amount = shortUsd(values.at(-1)!);
    const room = right - 26;
    const name = isNarrow || id === baseline ? fitted(id, room) : `${fitted(id, room - widthOf(amount) - 8)} ${amount}`;
    const at = TOP + places[i]!;
    chart.append(
      drawn('path', {
        d: `M${LEFT + plot.width},${y(values.at(-1)!).toFixed(1)}L${LEFT + plot.width + 16},${at.toFixed(1)}`,
        stroke: strategyColour(index),
        'stroke-width': 2,
        fill: 'none',
      }),
      drawn(
        'text',
        { x: LEFT + plot.width + 21, y: at, fill: INK, 'dominant-baseline': 'central' },
        drawn('title', {}, id),
        name,
      ),
    );
  });
  return chart;

  function told(): string {
    const ends = lines.map(({ id, values }) => `${id} ${roughDifference(values.at(-1)!)}`).join('; ');
    const marks = lines.flatMap(({ id, crossings }) =>
      crossings.map((month) => `${id} at ${monthPoint(start, month)}`),
    );
    return `Running cost less that of ${baseline}, undiscounted, over ${months} months. At the end: ${ends}. The same as ${baseline} so far: ${marks.length === 0 ? 'never' : marks.join('; ')}.`;
  }
}

function monthTicks(months: number, width: number): number[] {
  const step = [1, 2, 3, 6, 12, 24, 60].find((one) => (width * one) / months >= 34) ?? 120;
  return Array.from({ length: Math.floor(months / step) + 1 }, (_, i) => i * step);
}
