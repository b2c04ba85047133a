/**
 * How sure each strategy's running cost against the baseline is: a panel per strategy with the median, the band that holds
 * 90 % of the draws, and the zero line; on that line, from which month to which the break-even lies.
 *
 * Takes the report; null without draws or without a strategy besides the baseline. Panels rather than overlapping bands,
 * which could not be told apart. All have one scale, so that they compare, unless one strategy's spread would flatten
 * another's: then each has its own and the subtitle says so. The median of each month is not one draw's course.
 */
import { monthRange } from '../break-even-words.ts';
import type { Report } from '../contract.ts';
import { usdDifference } from '../format.ts';
import { knownShare } from '../known-digits.ts';
import type { Uncertainty } from '../uncertainty-contract.ts';
import { type ChartSpec, chartSpec, DOLLARS, shortName, strategyScales, WIDTH } from './chart.ts';
import { spread } from './labels.ts';
import { INK, MUTED } from './palette.ts';
import { linearScale, type Scale } from './scale.ts';

type Difference = Uncertainty['differences'][number];

const [HEIGHT, SMALL_HEIGHT, SMALL_WIDTH] = [300, 190, 270];
const FLATTENED = 8;
const HEADROOM = 10;

export function differenceBand(report: Report): ChartSpec | null {
  const found = report.uncertainty;
  const differences = (found?.differences ?? []).filter(({ by_month }) => by_month.p50.length > 0);
  if (found === undefined || differences.length === 0) return null;
  const height = differences.length === 1 ? HEIGHT : SMALL_HEIGHT;
  const ends = ({ by_month: { p5, p50, p95 } }: Difference): number[] => [...p5, ...p50, ...p95];
  const spans = differences.map((one) => Math.max(0, ...ends(one)) - Math.min(0, ...ends(one)));
  const isShared = Math.max(...spans) <= FLATTENED * Math.min(...spans);
  const shared = linearScale(differences.flatMap(ends), height, HEADROOM);
  const baseline = shortName(report.baseline);
  const panels = differences.map((one) =>
    panel(report, found, one, {
      width: differences.length === 1 ? WIDTH : SMALL_WIDTH,
      height,
      scale: isShared ? shared : linearScale(ends(one), height, HEADROOM),
    }),
  );
  return chartSpec(
    'difference-band',
    `How sure the difference to ${baseline} is`,
    [
      `Cost so far less that of ${baseline}, undiscounted, USD. Below the zero line the strategy has cost less.`,
      'Line: median of the draws. Band: 90% of them. Black bar and ring on the zero line: the same of the break-even month.',
      ...(isShared || differences.length === 1 ? [] : ['Each panel has its own scale.']),
    ],
    `Line chart with a band, one panel per strategy. At the end: ${differences
      .map(
        ({ strategy, by_month: { p5, p50, p95 } }) =>
          `${shortName(strategy)} median ${rounded(p50.at(-1)!)}, 90% of draws ${rounded(p5.at(-1)!)} to ${rounded(p95.at(-1)!)}; ${breakEvenLines(found, strategy).join(', ')}`,
      )
      .join('. ')}.`,
    differences.length === 1 ? panels[0]! : { concat: panels, columns: 2, spacing: { column: 44, row: 36 } },
  );
}

const rounded = (amount: number): string => usdDifference(Number(amount.toPrecision(3)));

function breakEvenLines(found: Uncertainty, strategy: string): string[] {
  const entry = found.break_even_months.find((one) => one.strategy === strategy);
  if (entry === undefined) return [];
  const { first_crossing: first, lost_again_fraction: lost } = entry;
  const share = (part: number, words: string): string[] =>
    part > 0 ? [`${words} ${knownShare(part, found.draws)}`] : [];
  if (first.never_fraction >= 1) return ['Break-even: never'];
  if (first.from_start_fraction >= 1) return ['Cheaper from the start', ...share(lost, 'lost again in')];
  const opening =
    first.p50_month === 1
      ? `Cheaper from the start in ${knownShare(first.from_start_fraction, found.draws)}`
      : `Break-even: ${monthRange(first) ?? 'not in half of the draws'}`;
  return [opening, [...share(first.never_fraction, 'never in'), ...share(lost, 'lost again in')].join(', ')].filter(
    (line) => line !== '',
  );
}

interface Size {
  readonly width: number;
  readonly height: number;
  readonly scale: Scale;
}

function panel(report: Report, found: Uncertainty, one: Difference, { width, height, scale }: Size) {
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
    axis: { title: 'Months since the start', values: monthTicks(horizon), grid: false, format: 'd' },
  };
  const y = (field: string) => ({
    field,
    type: 'quantitative',
    scale: { domain: scale.domain, nice: false, zero: false },
    axis: { title: null, labelExpr: DOLLARS, values: scale.ticks, domain: false, ticks: false },
  });
  const first = found.break_even_months.find((entry) => entry.strategy === one.strategy)?.first_crossing;
  const last = rows.at(-1)!;
  return {
    title: {
      text: shortName(one.strategy),
      subtitle: breakEvenLines(found, one.strategy),
      fontSize: 13,
      subtitleFontSize: 11,
      subtitleLineHeight: 15,
      subtitlePadding: 4,
      offset: 8,
    },
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

/** Where never is among the 90 %, the bar runs to the end of the months without a cap. */
function breakEvenLayers(
  first: Uncertainty['break_even_months'][number]['first_crossing'],
  horizon: number,
  x: Readonly<Record<string, unknown>>,
  y: Readonly<Record<string, unknown>>,
): Record<string, unknown>[] {
  const { p5_month: from, p50_month: middle, p95_month: until } = first;
  if (from === null) return [];
  return [
    {
      data: { values: [{ month: from, until: until ?? horizon, usd: 0 }] },
      mark: { type: 'rule', color: INK, strokeWidth: 3.5 },
      encoding: { x, x2: { field: 'until' }, y },
    },
    {
      data: { values: [from, until].flatMap((month) => (month === null ? [] : [{ month, usd: 0 }])) },
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
    data: { values: [{ text: `${names[i]} ${rounded(value)}` }] },
    mark: { type: 'text', align: 'left', baseline: 'middle', fontSize: 11, fontWeight: i === 1 ? 'bold' : 'normal' },
    encoding: { text: { field: 'text', type: 'nominal' }, x: { value: width + 6 }, y: { value: places[i] } },
  }));
}

function monthTicks(horizon: number): number[] {
  const step = [1, 2, 3, 6, 12, 24].find((months) => horizon / months <= 6) ?? 60;
  return Array.from({ length: Math.floor(horizon / step) + 1 }, (_, i) => i * step);
}
