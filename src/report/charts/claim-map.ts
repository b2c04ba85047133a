/**
 * Where a claim holds over two inputs: areas with their words, the boundary between them and where the scenario stands.
 *
 * Takes rows of stretches along the first input at rising values of the second. Between rows that are cut alike, cuts are
 * drawn on straight lines, so that a boundary looks like the curve that it is; areas are where rows say so.
 */
import { placeNames, type Rectangle } from './area-labels.ts';
import { areaNameLayer, areaNameWidth } from './area-name.ts';
import { type ChartSpec, chartSpec, WIDTH } from './chart.ts';
import {
  type AboutClaim,
  type ClaimAxis,
  claimAxisOf,
  type PictureStretch,
  pictureAxis,
  VERDICT_COLOURS,
  VERDICT_WORDS,
} from './claim-axis.ts';
import { isWithin, type PictureAxis, position, scaleOf } from './driver-axis.ts';
import { INK } from './palette.ts';
import { roomFor } from './text-width.ts';

interface Row {
  readonly at: number;
  readonly stretches: readonly PictureStretch[];
}

const HEIGHT = 300;
const WIDE = 20;
/** Thin rows between two that were judged. */
const BETWEEN = 3;
const COLUMNS = 33;
const [NAME_MARGIN, NAME_HEIGHT] = [16, 24];
const [OWN, OWN_SIZE, OWN_ASIDE, OWN_ABOVE] = ['this scenario', 12, 10, 9];

export function claimMapChart(about: AboutClaim, across: ClaimAxis, up: ClaimAxis, rows: readonly Row[]): ChartSpec {
  const [x, y] = [pictureAxis(across, WIDE), pictureAxis(up, Number.POSITIVE_INFINITY)];
  const bands = bandsOf(rows, x);
  const own = isWithin(x) && isWithin(y) ? [{ x: x.at, y: y.at, text: OWN }] : [];
  const isFarRight = own.length > 0 && position(x) > 0.8;
  const places = placesOf(rows, x, y, own.length > 0, isFarRight);
  const encoded = {
    x: { field: 'x', type: 'quantitative', scale: scaleOf(x), axis: claimAxisOf(x) },
    y: { field: 'y', type: 'quantitative', scale: scaleOf(y), axis: claimAxisOf(y) },
  };
  const legend = places === null ? { title: null, orient: 'right' } : null;
  const color = { field: 'verdict', type: 'nominal', scale: VERDICT_COLOURS, legend };
  return chartSpec(
    about.id,
    about.title,
    ['Everything else held. The edge between the areas is where the verdict changes.'],
    `Map over ${across.name} and ${up.name}: ${about.description}.`,
    {
      width: WIDTH,
      height: HEIGHT,
      layer: [
        {
          data: { values: bands },
          mark: { type: 'rect', strokeWidth: 0.8 },
          encoding: {
            ...encoded,
            x2: { field: 'x2' },
            y2: { field: 'y2' },
            color,
            stroke: color,
          },
        },
        {
          data: { values: edgesOf(rows) },
          mark: { type: 'rule', color: INK, strokeWidth: 1.4, strokeCap: 'round' },
          encoding: { ...encoded, x2: { field: 'x2' }, y2: { field: 'y2' } },
        },
        ...(places ?? []).map((place) =>
          areaNameLayer(VERDICT_WORDS[place.name as keyof typeof VERDICT_WORDS], place, INK),
        ),
        {
          data: { values: own },
          mark: { type: 'point', shape: 'cross', filled: true, color: INK, stroke: '#ffffff', size: 130, opacity: 1 },
          encoding: encoded,
        },
        {
          data: { values: own },
          mark: {
            type: 'text',
            align: isFarRight ? 'right' : 'left',
            dx: isFarRight ? -OWN_ASIDE : OWN_ASIDE,
            dy: -OWN_ABOVE,
            fontWeight: 'bold',
            color: INK,
          },
          encoding: { ...encoded, text: { field: 'text', type: 'nominal' } },
        },
      ],
    },
  );
}

const isAlike = (a: Row, b: Row): boolean =>
  a.stretches.length === b.stretches.length &&
  a.stretches.every(({ verdict }, i) => verdict === b.stretches[i]!.verdict);

/** Part of the way from one value to another, as the scale goes. */
const between = (from: number, to: number, part: number, { scale }: PictureAxis): number =>
  scale === 'logarithmic' ? from * (to / from) ** part : from + (to - from) * part;

interface Band {
  readonly verdict: PictureStretch['verdict'];
  readonly x: number;
  readonly x2: number;
  readonly y: number;
  readonly y2: number;
}

function bandsOf(rows: readonly Row[], x: PictureAxis): Band[] {
  const thin = rows.slice(1).flatMap((next, j) => {
    const row = rows[j]!;
    const alike = isAlike(row, next);
    const steps = alike ? (row.stretches.length === 1 ? 1 : BETWEEN) : 2;
    return Array.from({ length: steps }, (_, k) => {
      const [low, high] = [row.at + ((next.at - row.at) * k) / steps, row.at + ((next.at - row.at) * (k + 1)) / steps];
      const part = (k + 0.5) / steps;
      const own = alike || k === 0 ? row : next;
      return own.stretches.map(({ from, to, verdict }, i) => ({
        verdict,
        x: alike ? between(from, next.stretches[i]!.from, part, x) : from,
        x2: alike ? between(to, next.stretches[i]!.to, part, x) : to,
        y: low,
        y2: high,
      }));
    }).flat();
  });
  const bands = new Map<string, Band>();
  const drawn: Band[] = [];
  for (const band of thin) {
    const key = `${band.verdict} ${band.x} ${band.x2}`;
    const below = bands.get(key);
    if (below?.y2 === band.y) {
      const grown = { ...below, y2: band.y2 };
      drawn[drawn.indexOf(below)] = grown;
      bands.set(key, grown);
    } else {
      drawn.push(band);
      bands.set(key, band);
    }
  }
  return drawn;
}

function edgesOf(rows: readonly Row[]) {
  return rows.slice(1).flatMap((next, j) => {
    const row = rows[j]!;
    if (!isAlike(row, next)) return [];
    return row.stretches
      .slice(1)
      .map(({ from }, i) => ({ x: from, x2: next.stretches[i + 1]!.from, y: row.at, y2: next.at }));
  });
}

/** Places of the areas' words; null where one fits nowhere. */
function placesOf(rows: readonly Row[], x: PictureAxis, y: PictureAxis, isOwnShown: boolean, isFarRight: boolean) {
  const [from, to] = [x.values[0]!, x.values.at(-1)!];
  const column = WIDTH / (COLUMNS - 1);
  const line = HEIGHT / (rows.length - 1);
  const nodes = rows.flatMap(({ stretches }, j) =>
    Array.from({ length: COLUMNS }, (_, i) => {
      const value = between(from, to, i / (COLUMNS - 1), x);
      const name = (stretches.find((one) => value <= one.to) ?? stretches.at(-1)!).verdict;
      const [px, py] = [i * column, HEIGHT - j * line];
      return {
        x: px,
        y: py,
        left: px - column / 2,
        right: px + column / 2,
        top: py - line / 2,
        bottom: py + line / 2,
        name,
      };
    }),
  );
  const names = [...new Set(nodes.map(({ name }) => name))].map((name) => ({
    name,
    width: areaNameWidth(VERDICT_WORDS[name]) + NAME_MARGIN,
    height: NAME_HEIGHT,
  }));
  const taken: Rectangle[] = [];
  if (isOwnShown) {
    const [px, py] = [position(x) * WIDTH, (1 - position(y)) * HEIGHT];
    const length = OWN_ASIDE + roomFor(OWN, OWN_SIZE, 'bold');
    const [left, right] = isFarRight ? [px - length, px + OWN_ASIDE] : [px - OWN_ASIDE, px + length];
    taken.push({ left, right, top: py - OWN_ABOVE - OWN_SIZE, bottom: py + OWN_ASIDE });
  }
  return placeNames(nodes, names, { width: WIDTH, height: HEIGHT }, taken);
}
