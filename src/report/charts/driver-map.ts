/**
 * The map of `tollgate sweep`: which strategy is the cheapest over two drivers, as areas.
 *
 * Takes what was swept as plain figures, gives a spec. Each row is cut at the values of x where the cheapest changes; dots are
 * those and the changes along y, the cross is where the scenario stands. Areas carry their names where they fit, else there is
 * a legend. Colours are those of the report's strategies.
 */
import { quotedLabel } from '../../input-words.ts';
import { placeNames, type Rectangle } from './area-labels.ts';
import { type ChartSpec, chartSpec, shortName, WIDTH } from './chart.ts';
import { axisOf, isWithin, type PictureAxis, position, rangeOf, scaleOf } from './driver-axis.ts';
import { INK, strategyColour } from './palette.ts';
import { isolated, roomFor } from './text-width.ts';

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

const MAP_HEIGHT = 420;
const NOBODY = '#e4e7eb';
const [NAME_SIZE, NAME_MARGIN, NAME_HEIGHT] = [13, 16, 24];
const [OWN, OWN_SIZE, OWN_ASIDE, OWN_ABOVE] = ['this scenario', 12, 10, 9];

const labelOf = (id: string): string => (id === 'none' ? 'none' : shortName(id));

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
  const own = isWithin(map.x) && isWithin(map.y) ? [{ x: map.x.at, y: map.y.at, text: OWN }] : [];
  const isFarRight = own.length > 0 && position(map.x) > 0.8;
  const places = placesOf(map, own.length > 0, isFarRight);
  const legend = places === null ? { title: 'Cheapest', orient: 'right' } : null;
  return chartSpec(
    'driver-map',
    'Cheapest strategy by two drivers',
    [
      'Which has the least net present cost, everything else held.',
      domain.length > 1 ? 'Dots: where the cheapest changes.' : `${labelOf(domain[0]!)} all over this range.`,
    ],
    `Map of the cheapest strategy over ${quotedLabel(map.x.path)} and ${quotedLabel(map.y.path)}: ${domain.map((id) => `${labelOf(id)} ${shareOf(id)} of the nodes`).join(', ')}.`,
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
              legend,
            },
            stroke: {
              field: 'strategy',
              type: 'nominal',
              scale: color,
              legend,
            },
          },
        },
        {
          data: { values: map.boundary.map((point) => ({ x: point.x, y: point.y })) },
          mark: { type: 'point', filled: true, color: INK, size: 7, opacity: 0.9 },
          encoding: { x, y },
        },
        ...(places ?? []).map((place) => ({
          data: { values: [{ text: isolated(labelOf(place.name)) }] },
          mark: { type: 'text', align: 'center', baseline: 'middle', fontSize: NAME_SIZE, fontWeight: 'bold' },
          encoding: { text: { field: 'text', type: 'nominal' }, x: { value: place.x }, y: { value: place.y } },
        })),
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
            dx: isFarRight ? -OWN_ASIDE : OWN_ASIDE,
            dy: -OWN_ABOVE,
            fontWeight: 'bold',
            ...look,
          },
          encoding: { x, y, text: { field: 'text', type: 'nominal' } },
        })),
      ],
    },
  );
}

/** Places of the areas' names; null where one fits nowhere. */
function placesOf(map: MapPicture, isOwnShown: boolean, isFarRight: boolean) {
  const across = (at: number): number => position({ ...map.x, at }) * WIDTH;
  const down = (at: number): number => (1 - position({ ...map.y, at })) * MAP_HEIGHT;
  const [columns, rows] = [cellsOf(map.x), cellsOf(map.y)];
  const nodes = map.y.values.flatMap((y, j) =>
    map.x.values.map((x, i) => ({
      x: across(x),
      y: down(y),
      left: across(columns[i]![0]),
      right: across(columns[i]![1]),
      top: down(rows[j]![1]),
      bottom: down(rows[j]![0]),
      name: map.best[j]![i] ?? 'none',
    })),
  );
  const names = [...new Set(nodes.map(({ name }) => name))].map((name) => ({
    name,
    width: roomFor(labelOf(name), NAME_SIZE, 'bold') + NAME_MARGIN,
    height: NAME_HEIGHT,
  }));
  const taken: Rectangle[] = [];
  if (isOwnShown) {
    const [x, y] = [across(map.x.at), down(map.y.at)];
    const length = OWN_ASIDE + roomFor(OWN, OWN_SIZE, 'bold');
    const [left, right] = isFarRight ? [x - length, x + OWN_ASIDE] : [x - OWN_ASIDE, x + length];
    taken.push({ left, right, top: y - OWN_ABOVE - OWN_SIZE, bottom: y + OWN_ASIDE });
  }
  return placeNames(nodes, names, { width: WIDTH, height: MAP_HEIGHT }, taken);
}
