/**
 * Net present cost against the baseline over traffic volume: from how much traffic on does a strategy pay?
 *
 * Volume runs over decades, and with it the cost: absolute lines would lie on top of each other where volume is large and a
 * percentage would explode where it is small. So this draws the difference, on a scale that is linear around zero and
 * logarithmic further out (symlog): fixed costs on the left, markups on the right and every crossing stay readable.
 * Crossings with the baseline are marked on the zero line, those of two other strategies by a ring; both are points of the
 * lines as well, so that lines drawn between the steps of the sweep meet where they do.
 */
import type { Report } from '../contract.ts';
import { roughly } from '../format.ts';
import { roughDifference } from '../known-digits.ts';
import {
  amountLabels,
  type ChartSpec,
  chartSpec,
  DOLLARS,
  shortName,
  strategyLabel,
  strategyScales,
  WIDTH,
} from './chart.ts';
import { endLabelLayers, type Mark, marksHeight, marksLayers, placeMarks, roomyHeight } from './labels.ts';
import { INK } from './palette.ts';
import { powersOfTen, symlogScale } from './scale.ts';
import { type VolumeSweep, volumeDifferences } from './series.ts';

const LEAST_HEIGHT = 310;
const MOST_MARKS = 6;

export function costAgainstVolume(report: Report): ChartSpec | null {
  const sweep = volumeDifferences(report);
  if (sweep === null || sweep.series.length < 2) return null;
  const [low, high] = [Math.min(...sweep.volumes), Math.max(...sweep.volumes)];
  if (low === high) return null;
  const along = (volume: number): number => (Math.log(volume / low) / Math.log(high / low)) * WIDTH;
  const entries = report.break_even.filter(({ driver }) => driver === 'volume');
  const isBaseline = (id: string): boolean => id === report.baseline;
  const crossings = entries.flatMap((entry) =>
    entry.crossings.flatMap((c) => (c.value >= low && c.value <= high ? [{ entry, ...c }] : [])),
  );
  const own = entries[0]?.at;
  const withBaseline = crossings.filter(({ entry }) => isBaseline(entry.a) || isBaseline(entry.b));
  const shown = [...withBaseline].sort((p, q) => p.value - q.value).slice(0, MOST_MARKS);
  const marks = placeMarks(
    [
      ...(own !== undefined && own >= low && own <= high
        ? [{ x: along(own), text: `this scenario: ${roughly(own)} requests/month`, strong: true }]
        : []),
      ...shown.map(({ value, entry, cheaper_above }): Mark => {
        const other = shortName(isBaseline(entry.a) ? entry.b : entry.a);
        const side = cheaper_above === undefined || isBaseline(cheaper_above) ? 'dearer' : 'cheaper';
        return { x: along(value), text: `${other} ${side} above ${roughly(value)}` };
      }),
    ],
    WIDTH,
  );
  const height = roomyHeight(LEAST_HEIGHT + marksHeight(marks), sweep.series.length);
  const scale = symlogScale(
    sweep.series.flatMap(({ values }) => values),
    height,
    marksHeight(marks),
  );
  const points = sweep.series.flatMap(({ strategy, values }) =>
    values.map((usd, i) => ({ strategy: strategy.id, volume: sweep.volumes[i]!, usd })),
  );
  const rings = crossings
    .filter((c) => !withBaseline.includes(c))
    .flatMap(({ entry, value }) =>
      heightOn(sweep, entry.a, value).map((point) => ({ ...point, a: entry.a, b: entry.b })),
    );
  const met = [
    ...withBaseline.map(({ entry, value }) => ({
      strategy: isBaseline(entry.a) ? entry.b : entry.a,
      volume: value,
      usd: 0,
    })),
    ...rings.flatMap(({ a, b, ...point }) => [
      { strategy: a, ...point },
      { strategy: b, ...point },
    ]),
  ];
  const x = {
    field: 'volume',
    type: 'quantitative',
    scale: { type: 'log', domain: [low, high], nice: false },
    axis: {
      title: `Traffic volume, requests per month (logarithmic)`,
      labelExpr: amountLabels(''),
      values: powersOfTen(low, high),
      grid: false,
    },
  };
  const y = {
    field: 'usd',
    type: 'quantitative',
    scale: { type: 'symlog', constant: scale.constant, domain: scale.domain, nice: false },
    axis: {
      title: 'Net present cost less that of the baseline, USD',
      values: scale.ticks,
      labelExpr: DOLLARS,
      domain: false,
      ticks: false,
      labelOverlap: false,
    },
  };
  const scales = strategyScales(report);
  const baseline = shortName(report.baseline);
  return chartSpec(
    'cost-against-volume',
    `Cost against ${baseline} as traffic grows`,
    [
      'Below the zero line a strategy is cheaper. Both scales are logarithmic away from zero.',
      ...(withBaseline.length > MOST_MARKS
        ? [`The first ${MOST_MARKS} of ${withBaseline.length} break-even volumes are marked.`]
        : []),
      ...(rings.length > 0 ? ['Ring: two other strategies cost the same there.'] : []),
    ],
    `Line chart of net present cost less that of ${baseline}, from ${roughly(low)} to ${roughly(high)} requests per month. ${sweep.series
      .filter(({ strategy }) => !isBaseline(strategy.id))
      .map(
        (s) => `${strategyLabel(s.strategy)} ${roughDifference(s.values[0]!)} to ${roughDifference(s.values.at(-1)!)}`,
      )
      .join('; ')}.`,
    {
      width: WIDTH,
      height,
      layer: [
        { data: { values: [{ usd: 0 }] }, mark: { type: 'rule', color: INK }, encoding: { y } },
        {
          data: { values: [...points, ...met] },
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
          data: { values: shown.map(({ value }) => ({ volume: value, usd: 0 })) },
          mark: { type: 'point', filled: true, color: INK, size: 55, opacity: 1 },
          encoding: { x, y },
        },
        {
          data: { values: rings },
          mark: { type: 'point', filled: false, color: INK, size: 60, strokeWidth: 1.25, opacity: 1 },
          encoding: { x, y },
        },
        ...endLabelLayers(
          sweep.series.map(({ strategy, values }) => ({
            id: strategy.id,
            y: scale.pixel(values.at(-1)!),
            text: isBaseline(strategy.id) ? `${strategyLabel(strategy)}, baseline` : strategyLabel(strategy),
          })),
          { width: WIDTH, height },
          scales.color,
        ),
      ],
    },
  );
}

/** The point of a strategy's line at a volume between two points of the sweep. */
function heightOn(sweep: VolumeSweep, id: string, volume: number): { volume: number; usd: number }[] {
  const values = sweep.series.find(({ strategy }) => strategy.id === id)?.values;
  const next = sweep.volumes.findIndex((v) => v >= volume);
  if (values === undefined || next === -1) return [];
  if (next === 0) return [{ volume, usd: values[0]! }];
  const [from, until] = [sweep.volumes[next - 1]!, sweep.volumes[next]!];
  const part = (volume - from) / (until - from);
  return [{ volume, usd: values[next - 1]! + part * (values[next]! - values[next - 1]!) }];
}
