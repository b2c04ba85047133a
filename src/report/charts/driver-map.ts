/**
 * Charts of `tollgate sweep`: the cheapest strategy over two drivers as an area map, and costs along one driver as lines.
 *
 * Takes what was swept as plain figures, gives specs. Each node of the map fills the cell around it; dots are boundary points
 * found by bisection, the cross is where the scenario stands. Colours are those of the report's strategies. Axes that run
 * over more than a decade are logarithmic.
 */
import { quantity, roughly } from '../format.ts';
import { type ChartSpec, chartSpec, DOLLARS, shortName, WIDTH } from './chart.ts';
import { endLabelLayers, marksHeight, marksLayers, placeMarks } from './labels.ts';
import { INK, strategyColour, strategyDash } from './palette.ts';
import { linearScale } from './scale.ts';

export interface PictureAxis {
  readonly path: string;
  readonly unit: string;
  readonly at: number;
  readonly scale: 'linear' | 'logarithmic';
  readonly values: readonly number[];
}

export interface MapPicture {
  readonly x: PictureAxis;
  readonly y: PictureAxis;
  readonly best: readonly (readonly (string | null)[])[];
  readonly boundary: readonly { readonly x: number; readonly y: number }[];
}

export interface LinePicture {
  readonly x: PictureAxis;
  readonly npv_usd: Readonly<Record<string, readonly (number | null)[]>>;
  readonly best: readonly { readonly from: number; readonly to: number; readonly verdict: string | null }[];
}

const MAP_HEIGHT = 420;
const LINE_HEIGHT = 340;
const NOBODY = '#e4e7eb';

const rangeOf = ({ values }: PictureAxis): [number, number] => [values[0]!, values.at(-1)!];
const isWithin = (axis: PictureAxis): boolean => axis.at >= rangeOf(axis)[0] && axis.at <= rangeOf(axis)[1];

/** A share is read in per cent, money in dollars. */
const labelsOf = ({ unit }: PictureAxis): string =>
  unit === '1' || unit.startsWith('fraction')
    ? "format(datum.value, '~%')"
    : unit.startsWith('USD')
      ? "'$' + format(datum.value, '~s')"
      : "format(datum.value, '~s')";

const unitWords = (unit: string): string =>
  unit === '1' ? 'share or ratio' : unit.replace('work_hour', 'hour of work').replace(/^request\//, 'requests/');

const scaleOf = (axis: PictureAxis) => ({
  type: axis.scale === 'logarithmic' ? 'log' : 'linear',
  domain: rangeOf(axis),
  nice: false,
  zero: false,
});

const axisOf = (axis: PictureAxis) => ({
  title: `${axis.path}, ${unitWords(axis.unit)}${axis.scale === 'logarithmic' ? ' (logarithmic)' : ''}`,
  labelExpr: labelsOf(axis),
  tickCount: 6,
  grid: false,
});

/** Borders of the cells around the values: half-way between neighbours, as the scale goes. */
function cellsOf({ values, scale }: PictureAxis): [number, number][] {
  const middle = (a: number, b: number): number => (scale === 'logarithmic' ? Math.sqrt(a * b) : (a + b) / 2);
  return values.map((value, i) => [
    i === 0 ? value : middle(values[i - 1]!, value),
    i === values.length - 1 ? value : middle(value, values[i + 1]!),
  ]);
}

/** @param strategies all of the report, in its order, so that colours agree */
export function driverMapChart(map: MapPicture, strategies: readonly string[]): ChartSpec {
  const [columns, rows] = [cellsOf(map.x), cellsOf(map.y)];
  const cells = map.best.flatMap((row, j) =>
    row.map((id, i) => ({
      strategy: id ?? 'none',
      x: columns[i]![0],
      x2: columns[i]![1],
      y: rows[j]![0],
      y2: rows[j]![1],
    })),
  );
  const shown = strategies.filter((id) => cells.some(({ strategy }) => strategy === id));
  const domain = [...shown, ...(cells.some(({ strategy }) => strategy === 'none') ? ['none'] : [])];
  const color = {
    domain,
    range: domain.map((id) => (id === 'none' ? NOBODY : strategyColour(strategies.indexOf(id)))),
  };
  const shareOf = (id: string): string =>
    `${Math.round((cells.filter(({ strategy }) => strategy === id).length / cells.length) * 100)} %`;
  const x = { field: 'x', type: 'quantitative', scale: scaleOf(map.x), axis: axisOf(map.x) };
  const y = { field: 'y', type: 'quantitative', scale: scaleOf(map.y), axis: axisOf(map.y) };
  const own = isWithin(map.x) && isWithin(map.y) ? [{ x: map.x.at, y: map.y.at, text: 'this scenario' }] : [];
  const isFarRight = own.length > 0 && position(map.x) > 0.8;
  return chartSpec(
    'driver-map',
    'Cheapest strategy by two drivers',
    ['Net present cost, everything else held. Dots: where the cheapest changes.'],
    `Map of the cheapest strategy over ${map.x.path} and ${map.y.path}: ${domain.map((id) => `${shortName(id)} ${shareOf(id)} of the nodes`).join(', ')}.`,
    {
      width: WIDTH,
      height: MAP_HEIGHT,
      layer: [
        {
          data: { values: cells },
          mark: { type: 'rect', opacity: 0.55, strokeWidth: 0 },
          encoding: {
            x,
            x2: { field: 'x2' },
            y,
            y2: { field: 'y2' },
            color: {
              field: 'strategy',
              type: 'nominal',
              scale: color,
              legend: { title: 'Cheapest', orient: 'right' },
            },
          },
        },
        {
          data: { values: map.boundary.map((point) => ({ x: point.x, y: point.y })) },
          mark: { type: 'point', filled: true, color: INK, size: 7, opacity: 0.9 },
          encoding: { x, y },
        },
        {
          data: { values: own },
          mark: { type: 'point', shape: 'cross', filled: true, color: INK, stroke: '#ffffff', size: 130, opacity: 1 },
          encoding: { x, y },
        },
        ...[{ stroke: '#ffffff', strokeWidth: 4 }, {}].map((look) => ({
          data: { values: own },
          mark: {
            type: 'text',
            align: isFarRight ? 'right' : 'left',
            dx: isFarRight ? -10 : 10,
            dy: -9,
            fontWeight: 'bold',
            ...look,
          },
          encoding: { x, y, text: { field: 'text', type: 'nominal' } },
        })),
      ],
    },
  );
}

/** Where the scenario stands along an axis, from 0 to 1. */
function position(axis: PictureAxis): number {
  const [from, to] = rangeOf(axis);
  return axis.scale === 'logarithmic' ? Math.log(axis.at / from) / Math.log(to / from) : (axis.at - from) / (to - from);
}

export function driverLineChart(line: LinePicture, strategies: readonly string[]): ChartSpec {
  const ids = strategies.filter((id) => line.npv_usd[id] !== undefined);
  const along = (value: number): number => position({ ...line.x, at: value }) * WIDTH;
  const marks = placeMarks(
    [
      ...(isWithin(line.x) ? [{ x: along(line.x.at), text: 'this scenario', strong: true }] : []),
      ...line.best.slice(1).map(({ from, verdict }) => ({
        x: along(from),
        text: `${verdict === null ? 'none' : shortName(verdict)} cheapest above ${quantity(Number(from.toPrecision(3)), line.x.unit)}`,
      })),
    ],
    WIDTH,
  );
  const known = ids.flatMap((id) => line.npv_usd[id]!.filter((usd) => usd !== null));
  const scale = linearScale(known, LINE_HEIGHT, marksHeight(marks));
  const domain = ids;
  const color = { domain, range: ids.map((id) => strategyColour(strategies.indexOf(id))) };
  const dash = { domain, range: ids.map((id) => strategyDash(strategies.indexOf(id))) };
  const points = ids.flatMap((id) =>
    line.npv_usd[id]!.flatMap((usd, i) => (usd === null ? [] : [{ strategy: id, x: line.x.values[i]!, usd }])),
  );
  const ends = ids.flatMap((id) => {
    const last = line.npv_usd[id]!.at(-1) ?? null;
    return last === null ? [] : [{ id, y: scale.pixel(last), text: shortName(id) }];
  });
  return chartSpec(
    'driver-line',
    'Cost along one driver',
    ['Net present cost of each strategy, everything else held.'],
    `Line chart of net present cost over ${line.x.path}: ${line.best.map(({ from, to, verdict }) => `${verdict === null ? 'none' : shortName(verdict)} cheapest from ${roughly(from)} to ${roughly(to)}`).join('; ')}.`,
    {
      width: WIDTH,
      height: LINE_HEIGHT,
      layer: [
        {
          data: { values: points },
          mark: { type: 'line', strokeWidth: 2.25, strokeJoin: 'round' },
          encoding: {
            x: { field: 'x', type: 'quantitative', scale: scaleOf(line.x), axis: axisOf(line.x) },
            y: {
              field: 'usd',
              type: 'quantitative',
              scale: { domain: scale.domain, nice: false },
              axis: {
                title: 'Net present cost, USD',
                values: scale.ticks,
                labelExpr: DOLLARS,
                domain: false,
                ticks: false,
              },
            },
            color: { field: 'strategy', type: 'nominal', scale: color, legend: null },
            strokeDash: { field: 'strategy', type: 'nominal', scale: dash, legend: null },
          },
        },
        ...marksLayers(marks, LINE_HEIGHT),
        ...endLabelLayers(ends, { width: WIDTH, height: LINE_HEIGHT }, color),
      ],
    },
  );
}
