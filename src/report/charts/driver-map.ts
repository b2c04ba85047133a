/**
 * Charts of `tollgate sweep`: the cheapest strategy over two drivers as an area map, and costs along one driver as lines.
 *
 * Takes what was swept as plain figures, gives specs. Each row of the map is cut at the values of x where the cheapest
 * changes; dots are those and the changes along y, the cross is where the scenario stands. Lines are drawn less the cost of
 * the baseline, since all of them rise with most drivers. Colours are those of the report's strategies.
 */
import { quantity, roughly } from '../format.ts';
import { type ChartSpec, chartSpec, DOLLARS, shortName, WIDTH } from './chart.ts';
import { endLabelLayers, marksHeight, marksLayers, placeMarks } from './labels.ts';
import { INK, strategyColour, strategyDash } from './palette.ts';
import { linearScale, powersOfTen, symlogScale } from './scale.ts';

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
  readonly boundary: readonly {
    readonly x: number;
    readonly y: number;
    readonly along: 'x' | 'y';
    readonly above: string;
  }[];
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
  ...(axis.scale === 'logarithmic' ? { type: 'log' } : { type: 'linear', zero: false }),
  domain: rangeOf(axis),
  nice: false,
});

const axisOf = (axis: PictureAxis) => ({
  title: `${axis.path}, ${unitWords(axis.unit)}${axis.scale === 'logarithmic' ? ' (logarithmic)' : ''}`,
  labelExpr: labelsOf(axis),
  ...(axis.scale === 'logarithmic' ? { values: decadesOf(rangeOf(axis)) } : { tickCount: 6 }),
  grid: false,
});

/** Powers of ten, or their halves and fifths as well where there are few. */
function decadesOf([low, high]: readonly [number, number]): number[] {
  const powers = powersOfTen(low, high);
  if (powers.length > 3) return powers;
  return powersOfTen(low / 10, high)
    .flatMap((power) => [power, 2 * power, 5 * power])
    .filter((value) => value >= low && value <= high);
}

/** Borders of the cells around the values: half-way between neighbours, as the scale goes. */
function cellsOf({ values, scale }: PictureAxis): [number, number][] {
  const middle = (a: number, b: number): number => (scale === 'logarithmic' ? Math.sqrt(a * b) : (a + b) / 2);
  return values.map((value, i) => [
    i === 0 ? value : middle(values[i - 1]!, value),
    i === values.length - 1 ? value : middle(value, values[i + 1]!),
  ]);
}

/** Half-way to white, so that dots and labels stand out on an opaque area. */
const tint = (colour: string): string =>
  `#${[1, 3, 5].map((i) => Math.round((Number.parseInt(colour.slice(i, i + 2), 16) + 255) / 2).toString(16)).join('')}`;

/** One row from left to right, cut where the cheapest changes; cell by cell where at some node there is none. */
function stripsOf({ x, y, boundary }: MapPicture, row: readonly (string | null)[], j: number) {
  if (row.includes(null)) {
    const cells = cellsOf(x);
    return row.map((id, i) => ({ strategy: id ?? 'none', x: cells[i]![0], x2: cells[i]![1] }));
  }
  const cuts = boundary.filter((point) => point.along === 'x' && point.y === y.values[j]).sort((a, b) => a.x - b.x);
  const [from, to] = rangeOf(x);
  return [{ x: from, above: row[0]! }, ...cuts].map(({ x: start, above }, k) => ({
    strategy: above,
    x: start,
    x2: cuts[k]?.x ?? to,
  }));
}

/** @param strategies all of the report, in its order, so that colours agree */
export function driverMapChart(map: MapPicture, strategies: readonly string[]): ChartSpec {
  const heights = cellsOf(map.y);
  const cells = map.best.flatMap((row, j) =>
    stripsOf(map, row, j).map((strip) => ({ ...strip, y: heights[j]![0], y2: heights[j]![1] })),
  );
  const shown = strategies.filter((id) => cells.some(({ strategy }) => strategy === id));
  const domain = [...shown, ...(cells.some(({ strategy }) => strategy === 'none') ? ['none'] : [])];
  const color = {
    domain,
    range: domain.map((id) => (id === 'none' ? NOBODY : tint(strategyColour(strategies.indexOf(id))))),
  };
  const nodes = map.best.flat();
  const shareOf = (id: string): string =>
    `${Math.round((nodes.filter((best) => (best ?? 'none') === id).length / nodes.length) * 100)} %`;
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
          mark: { type: 'rect', strokeWidth: 0.8 },
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
            stroke: {
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

/** @param baseline whose cost is taken off; the first that is known everywhere, if it is not known itself */
export function driverLineChart(line: LinePicture, strategies: readonly string[], baseline: string): ChartSpec {
  const known = strategies.filter((id) => line.npv_usd[id] !== undefined);
  const isWhole = (id: string): boolean => line.npv_usd[id]?.every((usd) => usd !== null) ?? false;
  const reference = isWhole(baseline) ? baseline : known.find(isWhole);
  const less = (i: number): number => (reference === undefined ? 0 : line.npv_usd[reference]![i]!);
  const along = (value: number): number => position({ ...line.x, at: value }) * WIDTH;
  const marks = placeMarks(
    [
      ...(isWithin(line.x) ? [{ x: along(line.x.at), text: 'this scenario', strong: true }] : []),
      ...line.best.slice(1).map(({ from, verdict }) => ({
        x: along(from),
        text: `${verdict === null ? 'none' : shortName(verdict)} cheapest above ${shownAt(from, line.x)}`,
      })),
    ],
    WIDTH,
  );
  const points = known.flatMap((id) =>
    line.npv_usd[id]!.flatMap((usd, i) =>
      usd === null ? [] : [{ strategy: id, x: line.x.values[i]!, usd: usd - less(i) }],
    ),
  );
  const values = points.map(({ usd }) => usd);
  const isLogarithmic = line.x.scale === 'logarithmic';
  const symlog = symlogScale(values, LINE_HEIGHT, marksHeight(marks));
  const scale = isLogarithmic ? symlog : linearScale(values, LINE_HEIGHT, marksHeight(marks));
  const color = { domain: known, range: known.map((id) => strategyColour(strategies.indexOf(id))) };
  const dash = { domain: known, range: known.map((id) => strategyDash(strategies.indexOf(id))) };
  const last = line.x.values.length - 1;
  const ends = known.flatMap((id) => {
    const usd = line.npv_usd[id]![last] ?? null;
    return usd === null ? [] : [{ id, y: scale.pixel(usd - less(last)), text: shortName(id) }];
  });
  const title =
    reference === undefined ? 'Net present cost, USD' : `Net present cost less that of ${shortName(reference)}, USD`;
  return chartSpec(
    'driver-line',
    'Cost along one driver',
    [isLogarithmic ? 'Everything else held. Both scales are logarithmic away from zero.' : 'Everything else held.'],
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
              scale: {
                domain: scale.domain,
                nice: false,
                ...(isLogarithmic ? { type: 'symlog', constant: symlog.constant } : {}),
              },
              axis: {
                title,
                values: scale.ticks,
                labelExpr: DOLLARS,
                domain: false,
                ticks: false,
                labelOverlap: false,
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

const shownAt = (value: number, { unit }: PictureAxis): string =>
  quantity(Number(value.toPrecision(3)), unit.replace(/^request\b/, 'requests'));
