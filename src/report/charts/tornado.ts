/**
 * What the difference between the recommended strategy and its rival hangs on: a bar per input, from the difference at the
 * input's P10 to that at its P90, all other inputs at their means.
 *
 * Values of the input stand at the ends; a diamond marks the value at which another strategy becomes the best, placed on the
 * zero line where the two of the chart change places and else by straight interpolation. Ends that lie on the same side
 * are drawn as two thin bars: what happens between is not shown. Takes the report; null without a tornado or a swing.
 */
import type { Report } from '../contract.ts';
import { roughDifference } from '../known-digits.ts';
import { type ChartSpec, chartSpec, DOLLARS, shortName } from './chart.ts';
import { INK, MUTED } from './palette.ts';
import {
  describe,
  type End,
  endsOf,
  flipsOf,
  labelLines,
  roomBeside,
  shownBars,
  TEXT_SIZE,
  textGap,
} from './tornado-marks.ts';

const [BARS_WIDTH, ROW] = [340, 50];
const [LOW, HIGH] = ['#8fb8d8', '#e0a15e'];

export function tornadoChart(report: Report): ChartSpec | null {
  const found = report.uncertainty?.tornado ?? null;
  if (found === null) return null;
  const bars = shownBars(found);
  if (bars.length === 0) return null;
  const ends = bars.flatMap((bar) => endsOf(bar, found));
  const flips = bars.flatMap((bar) => flipsOf(bar, found));
  const all = [0, found.base_usd, ...ends.map(({ usd }) => usd)];
  const [least, most] = [Math.min(...all), Math.max(...all)];
  const room = roomBeside(ends, flips, { least, most, width: BARS_WIDTH });
  const perPixel = (most - least) / BARS_WIDTH;
  const [strategy, versus] = [shortName(found.strategy), shortName(found.versus)];
  const x = (field: string) => ({
    field,
    type: 'quantitative',
    scale: { domain: [least - room.left * perPixel, most + room.right * perPixel], nice: false, zero: false },
    axis: {
      title: `Net present cost of ${strategy} less that of ${versus}, USD`,
      labelExpr: DOLLARS,
      tickCount: 6,
      domain: false,
      ticks: false,
    },
  });
  const y = {
    field: 'path',
    type: 'nominal',
    scale: { domain: bars.map(({ path }) => path) },
    axis: null,
  };
  const rule = (usd: number, look: Readonly<Record<string, unknown>>) => ({
    data: { values: [{ usd }] },
    mark: { type: 'rule', ...look },
    encoding: { x: x('usd') },
  });
  const barsOf = (kind: End['kind'], isMonotone: boolean) => ({
    data: { values: ends.filter((end) => end.kind === kind && end.isMonotone === isMonotone) },
    mark: {
      type: 'bar',
      height: isMonotone ? 20 : 10,
      yOffset: shiftOf(kind, isMonotone),
      color: kind === 'low' ? LOW : HIGH,
    },
    encoding: { x: x('usd'), x2: { field: 'base_usd' }, y },
  });
  const textsOf = (kind: End['kind'], isMonotone: boolean) =>
    [true, false].flatMap((isLeft) => {
      const values = ends
        .filter((e) => e.kind === kind && e.isMonotone === isMonotone && e.isLeft === isLeft)
        .map((end) => {
          const gap = textGap(end, flips, 1 / perPixel) * perPixel;
          return { path: end.path, text: end.text, text_usd: isLeft ? end.usd - gap : end.usd + gap };
        });
      const look = { align: isLeft ? 'right' : 'left', dy: shiftOf(kind, isMonotone) };
      return haloed(values, { x: x('text_usd'), y }, look);
    });
  const kinds = (['low', 'high'] as const).flatMap((kind) => [[kind, true] as const, [kind, false] as const]);
  const hidden = found.bars.filter(({ swing_usd }) => swing_usd > 0).length - bars.length;
  return chartSpec(
    'tornado',
    `What the choice between ${strategy} and ${versus} hangs on`,
    [
      `Each input alone at its P10 (blue) and its P90 (orange), all others at their means (dashed line).`,
      `Left of zero ${strategy} is cheaper, right of it ${versus}.${
        flips.length > 0 ? ' Diamond: from there on another strategy is the cheapest of all.' : ''
      }`,
      ...(hidden > 0 ? [`The ${bars.length} inputs that move it most, of ${bars.length + hidden} that move it.`] : []),
    ],
    `Tornado chart. At the means ${roughDifference(found.base_usd)}. ${bars.map(describe).join('; ')}.`,
    {
      width: Math.round(BARS_WIDTH + room.left + room.right),
      height: { step: ROW },
      layer: [
        ...kinds.map(([kind, isMonotone]) => barsOf(kind, isMonotone)),
        rule(found.base_usd, { color: MUTED, strokeDash: [3, 3] }),
        rule(0, { color: INK, strokeWidth: 1.5 }),
        ...kinds.flatMap(([kind, isMonotone]) => textsOf(kind, isMonotone)),
        ...flips.flatMap(({ isToLeft, shift, ...flip }) => {
          const look = { align: isToLeft ? 'right' : 'left', dx: isToLeft ? shift : -shift, dy: 18 };
          return haloed([flip], { x: x('usd'), y }, look);
        }),
        {
          data: { values: flips },
          mark: { type: 'point', shape: 'diamond', filled: true, fill: INK, stroke: '#ffffff', size: 110, opacity: 1 },
          encoding: { x: x('usd'), y },
        },
        ...bars.map(({ path }) => labelLayer(path, y)),
      ],
    },
  );
}

/** Ends on the same side share the row. */
const shiftOf = (kind: End['kind'], isMonotone: boolean): number => (isMonotone ? 0 : kind === 'low' ? -6 : 6);

/** Texts on a white edge that parts them from rules and bars. */
function haloed(
  values: readonly object[],
  place: Readonly<Record<string, unknown>>,
  look: Readonly<Record<string, unknown>>,
): Record<string, unknown>[] {
  const text = (edge: Readonly<Record<string, unknown>>) => ({
    data: { values },
    mark: { type: 'text', baseline: 'middle', fontSize: TEXT_SIZE, ...look, ...edge },
    encoding: { ...place, text: { field: 'text', type: 'nominal' } },
  });
  return values.length === 0 ? [] : [text({ stroke: '#ffffff', strokeWidth: 4 }), text({})];
}

/** The name of a row, its lines centred on the row, which labels of an axis are not. */
function labelLayer(path: string, y: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const lines = labelLines(path);
  return {
    data: { values: [{ path }] },
    mark: {
      type: 'text',
      text: lines,
      align: 'right',
      baseline: 'middle',
      lineHeight: 14,
      dy: 7 * (1 - lines.length),
    },
    encoding: { x: { value: -10 }, y },
  };
}
