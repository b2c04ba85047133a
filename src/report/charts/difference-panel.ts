/**
 * One panel of the difference-band chart: band, median, zero line, months of break-even on it, and the last month's figures
 * beside the ends. It is a layer of a spec, without title or look of its own.
 */
import { breakEvensWithBaseline, monthRange } from '../break-even-words.ts';
import type { Report } from '../contract.ts';
import { knownShare, roughDifference } from '../known-digits.ts';
import type { Uncertainty } from '../uncertainty-contract.ts';
import { DOLLARS, strategyScales } from './chart.ts';
import { INK, MUTED } from './palette.ts';
import type { Scale } from './scale.ts';
import { spread } from './spread.ts';

type Difference = Uncertainty['differences'][number];
type Crossing = Uncertainty['break_even_months'][number]['first_crossing'];

const LEAST_TOLD = 0.005;

/** When the strategy breaks even, in lines that fit above a panel. */
export function breakEvenLines(report: Report, strategy: string): string[] {
  const entry = breakEvensWithBaseline(report).find((one) => one.strategy === strategy);
  const draws = report.uncertainty?.draws;
  if (entry === undefined || draws === undefined) return [];
  const { first_crossing: first, lost_again_fraction: lost } = entry;
  const share = (part: number, words: string): string[] =>
    part >= LEAST_TOLD ? [`${words} ${knownShare(part, draws)}`] : [];
  if (first.never_fraction >= 1) return ['Break-even: never'];
  if (first.from_start_fraction >= 1) return ['Cheaper from the start', ...share(lost, 'lost again in')];
  const range = monthRange(first);
  const opening =
    first.p50_month === 1
      ? `Cheaper from the start in ${knownShare(first.from_start_fraction, draws)}`
      : range === null
        ? `No break-even in ${knownShare(first.never_fraction, draws)}`
        : `Break-even: ${range}`;
  return [
    opening,
    [...(range === null ? [] : share(first.never_fraction, 'never in')), ...share(lost, 'lost again in')].join(', '),
  ].filter((line) => line !== '');
}

export interface Size {
  readonly width: number;
  readonly height: number;
  readonly scale: Scale;
}

export function differencePanel(report: Report, one: Difference, { width, height, scale }: Size) {
  const horizon = one.by_month.p50.length;
  const { color, dash } = strategyScales(report);
  const position = color.domain.indexOf(one.strategy);
  const colour = color.range[position] ?? MUTED;
  const rows = [
    { month: 0, p5: 0, p50: 0, p95: 0 },
    ...one.by_month.p50.map((p50, i) => ({ month: i + 1, p5: one.by_month.p5[i]!, p50, p95: one.by_month.p95[i]! })),
  ];
  const x = {
    field: 'month',
    type: 'quantitative',
    scale: { domain: [0, horizon], nice: false },
    axis: { title: 'Months since the start', values: monthTicks(horizon), grid: false, format: 'd', labelFlush: false },
  };
  const y = (field: string) => ({
    field,
    type: 'quantitative',
    scale: { domain: scale.domain, nice: false, zero: false },
    axis: { title: null, labelExpr: DOLLARS, values: ticksOf(scale), domain: false, ticks: false },
  });
  const first = breakEvensWithBaseline(report).find(({ strategy }) => strategy === one.strategy)?.first_crossing;
  const last = rows.at(-1)!;
  return {
    width,
    height,
    layer: [
      {
        data: { values: rows },
        mark: { type: 'area', color: colour, opacity: 0.2 },
        encoding: { x, y: y('p95'), y2: { field: 'p5' } },
      },
      { data: { values: [{ usd: 0 }] }, mark: { type: 'rule', color: INK, strokeWidth: 1 }, encoding: { y: y('usd') } },
      {
        data: { values: rows },
        mark: { type: 'line', color: colour, strokeWidth: 2.25, strokeDash: dash.range[position] ?? [] },
        encoding: { x, y: y('p50') },
      },
      ...(first === undefined ? [] : breakEvenLayers(first, horizon, x, y('usd'))),
      ...endLabels([last.p95, last.p50, last.p5], { width, height, scale }),
    ],
  };
}

/** Not where it is cheaper from the first month on, or never: that is told in words. */
export const isMarked = ({ p5_month, p95_month }: Crossing): boolean => p5_month !== null && p95_month !== 1;

/** Where never is among the 90 %, the bar runs to the end of the months without a cap. */
function breakEvenLayers(
  first: Crossing,
  horizon: number,
  x: Readonly<Record<string, unknown>>,
  y: Readonly<Record<string, unknown>>,
): Record<string, unknown>[] {
  const { p5_month: from, p50_month: middle, p95_month: until } = first;
  if (!isMarked(first)) return [];
  return [
    {
      data: { values: [{ month: from, until: until ?? horizon, usd: 0 }] },
      mark: { type: 'rule', color: INK, strokeWidth: 3.5 },
      encoding: { x, x2: { field: 'until' }, y },
    },
    {
      data: { values: [from, until].flatMap((month) => (month === null || from === until ? [] : [{ month, usd: 0 }])) },
      mark: { type: 'tick', orient: 'vertical', color: INK, size: 11, thickness: 2 },
      encoding: { x, y },
    },
    {
      data: { values: middle === null ? [] : [{ month: middle, usd: 0 }] },
      mark: { type: 'point', filled: true, fill: '#ffffff', stroke: INK, strokeWidth: 2, size: 60, opacity: 1 },
      encoding: { x, y },
    },
  ];
}

function endLabels(values: readonly number[], { width, height, scale }: Size): Record<string, unknown>[] {
  const places = spread(values.map(scale.pixel), height, 14);
  const names = ['P95', 'median', 'P5'];
  return values.map((value, i) => ({
    data: { values: [{ text: `${names[i]} ${roughDifference(value)}` }] },
    mark: { type: 'text', align: 'left', baseline: 'middle', fontSize: 11, fontWeight: i === 1 ? 'bold' : 'normal' },
    encoding: { text: { field: 'text', type: 'nominal' }, x: { value: width + 6 }, y: { value: places[i] } },
  }));
}

const FEWEST_TICKS = 4;

/** A panel is low: where round steps leave few lines, half steps are drawn as well. */
function ticksOf({ ticks, domain, pixel }: Scale): number[] {
  const [first = 0, second = 0] = ticks;
  const half = (second - first) / 2;
  if (ticks.length >= FEWEST_TICKS || half === 0) return [...ticks];
  const between = [first - half, ...ticks.map((tick) => tick + half)];
  return [...ticks, ...between.filter((tick) => tick >= domain[0] && pixel(tick) >= 0)].sort((a, b) => a - b);
}

function monthTicks(horizon: number): number[] {
  const step = [1, 2, 3, 6, 12, 24].find((months) => horizon / months <= 6) ?? 60;
  return Array.from({ length: Math.floor(horizon / step) + 1 }, (_, i) => i * step);
}
