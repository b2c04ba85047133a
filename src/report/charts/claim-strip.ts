/**
 * Where a claim holds along one input: the whole range as a strip of stretches, each with its word, each boundary with its
 * value, and where the scenario stands.
 */

import { areaNameLayer, areaNameWidth } from './area-name.ts';
import { type ChartSpec, chartSpec, WIDTH } from './chart.ts';
import {
  type AboutClaim,
  type ClaimAxis,
  claimAxisOf,
  markWords,
  type PictureStretch,
  pictureAxis,
  VERDICT_COLOURS,
  VERDICT_WORDS,
} from './claim-axis.ts';
import { isWithin, position, scaleOf } from './driver-axis.ts';
import { marksHeight, marksLayers, placeMarks } from './labels.ts';
import { INK } from './palette.ts';

const STRIP = 46;
const NAME_MARGIN = 10;
const WIDE = 20;

export function claimStripChart(about: AboutClaim, input: ClaimAxis, stretches: readonly PictureStretch[]): ChartSpec {
  const axis = pictureAxis(input, WIDE);
  const pixel = (value: number): number => position({ ...axis, at: value }) * WIDTH;
  const marks = placeMarks(
    [
      ...(isWithin(axis) ? [{ x: pixel(axis.at), text: 'this scenario', strong: true }] : []),
      ...stretches.slice(1).map(({ from }) => ({ x: pixel(from), text: markWords(from, input.unit) })),
    ],
    WIDTH,
  );
  const top = marksHeight(marks);
  const height = top + STRIP;
  const names = stretches.flatMap(({ from, to, verdict }) => {
    const [left, right] = [pixel(from), pixel(to)];
    const text = VERDICT_WORDS[verdict];
    return areaNameWidth(text) + NAME_MARGIN > right - left ? [] : [{ x: (left + right) / 2, text }];
  });
  const x = { field: 'from', type: 'quantitative', scale: scaleOf(axis), axis: claimAxisOf(axis) };
  const isLabelled =
    new Set(stretches.map(({ verdict }) => verdict)).size <= new Set(names.map(({ text }) => text)).size;
  const legend = !isLabelled ? { title: null, orient: 'right' } : null;
  const color = { field: 'verdict', type: 'nominal', scale: VERDICT_COLOURS, legend };
  return chartSpec(
    about.id,
    about.title,
    [`Along ${input.name}, everything else held.`],
    `Strip of the range of ${input.name}: ${about.description}.`,
    {
      width: WIDTH,
      height,
      layer: [
        {
          data: { values: stretches.map((one) => ({ ...one })) },
          mark: { type: 'rect', strokeWidth: 0.8 },
          encoding: {
            x,
            x2: { field: 'to' },
            y: { value: top },
            y2: { value: height },
            color,
            stroke: color,
          },
        },
        ...names.map(({ text, x }) => areaNameLayer(text, { x, y: top + STRIP / 2 }, INK)),
        ...marksLayers(marks, height),
      ],
    },
  );
}
