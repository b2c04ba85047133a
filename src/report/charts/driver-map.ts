/**
 * The map of `tollgate sweep`: which strategy is the cheapest over two drivers, as areas.
 *
 * Takes what was swept as plain figures, gives a spec. Areas are strips (map-areas.ts); dots are where the cheapest was found
 * to change, the cross is where the scenario stands. Areas carry their names where they fit, else there is
 * a legend. Colours are those of the report's strategies.
 */
import { quotedLabel } from '../../input-words.ts';
import { placeNames, type Rectangle } from './area-labels.ts';
import { areaNameLayer, areaNameWidth } from './area-name.ts';
import { type ChartSpec, chartSpec, shortName, WIDTH } from './chart.ts';
import { axisOf, isWithin, position, scaleOf } from './driver-axis.ts';
import { areaStrips, cellsOf, type MapPicture } from './map-areas.ts';
import { INK, inkOn, strategyColour } from './palette.ts';
import { roomFor } from './text-width.ts';

export type { MapPicture } from './map-areas.ts';

const MAP_HEIGHT = 420;
const NOBODY = '#e4e7eb';
/** Areas are light on a dark page too. */
const ON_AREAS = inkOn(NOBODY);
const [NAME_MARGIN, NAME_HEIGHT] = [16, 24];
const [OWN, OWN_SIZE, OWN_ASIDE, OWN_ABOVE] = ['this scenario', 12, 10, 9];

const labelOf = (id: string): string => (id === 'none' ? 'none' : shortName(id));

/** Half-way to white, so that dots and labels stand out on an opaque area. */
const tint = (colour: string): string =>
  `#${[1, 3, 5].map((i) => Math.round((Number.parseInt(colour.slice(i, i + 2), 16) + 255) / 2).toString(16)).join('')}`;

/** @param strategies all of the report, in its order, so that colours agree */
export function driverMapChart(map: MapPicture, strategies: readonly string[]): ChartSpec {
  const cells = areaStrips(map);
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
          mark: { type: 'point', filled: true, color: ON_AREAS, size: 7, opacity: 0.9 },
          encoding: { x, y },
        },
        ...(places ?? []).map((place) => areaNameLayer(labelOf(place.name), place, ON_AREAS)),
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
    width: areaNameWidth(labelOf(name)) + NAME_MARGIN,
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
