/**
 * The lines of `tollgate sweep`: net present cost of every strategy along one driver.
 *
 * Takes what was swept as plain figures, gives a spec. Drawn less the cost of the baseline, since all costs rise with most
 * drivers. Colours are those of the report's strategies.
 */
import { inputLabel, quotedLabel } from '../../input-words.ts';
import { quantity, roughly } from '../format.ts';
import { type ChartSpec, chartSpec, DOLLARS, shortName, WIDTH } from './chart.ts';
import { axisOf, isWithin, type PictureAxis, position, scaleOf } from './driver-axis.ts';
import { endLabelLayers, marksHeight, marksLayers, placeMarks, roomyHeight } from './labels.ts';
import { strategyColour, strategyDash } from './palette.ts';
import { linearScale, symlogScale } from './scale.ts';

export interface LinePicture {
  readonly x: PictureAxis;
  readonly npv_usd: Readonly<Record<string, readonly (number | null)[]>>;
  readonly best: readonly { readonly from: number; readonly to: number; readonly verdict: string | null }[];
}

const LEAST_HEIGHT = 310;

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
  const height = roomyHeight(LEAST_HEIGHT + marksHeight(marks), known.length);
  const points = known.flatMap((id) =>
    line.npv_usd[id]!.flatMap((usd, i) =>
      usd === null ? [] : [{ strategy: id, x: line.x.values[i]!, usd: usd - less(i) }],
    ),
  );
  const values = points.map(({ usd }) => usd);
  const isLogarithmic = line.x.scale === 'logarithmic';
  const symlog = symlogScale(values, height, marksHeight(marks));
  const scale = isLogarithmic ? symlog : linearScale(values, height, marksHeight(marks));
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
    `Cost along: ${inputLabel(line.x.path)}`,
    [
      `${reference === undefined ? '' : 'Below the zero line a strategy is cheaper. '}Everything else held.${
        isLogarithmic ? ' Both scales are logarithmic away from zero.' : ''
      }`,
    ],
    `Line chart of net present cost over ${quotedLabel(line.x.path)}: ${line.best.map(({ from, to, verdict }) => `${verdict === null ? 'none' : shortName(verdict)} cheapest from ${roughly(from)} to ${roughly(to)}`).join('; ')}.`,
    {
      width: WIDTH,
      height: height,
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
        ...marksLayers(marks, height),
        ...endLabelLayers(ends, { width: WIDTH, height: height }, color),
      ],
    },
  );
}

const shownAt = (value: number, { unit }: PictureAxis): string =>
  quantity(Number(value.toPrecision(3)), unit.replace(/^request\b/, 'requests'));
