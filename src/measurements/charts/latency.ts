/**
 * How a time spreads over the calls of each target: every call a point, the middle half a bar, the median a line with its
 * number. Times are never normal, so that neither mean nor deviation is drawn. Places are read here, not lengths, so that
 * the axis need not start at zero.
 *
 * Of very many calls a sample is drawn, evenly over their ranks, and the subtitle says so; bar and median are of all.
 */
import { type ChartSpec, chartSpec } from '../../report/charts/chart.ts';
import { INK } from '../../report/charts/palette.ts';
import type { Comparison } from '../compare.ts';
import { known, type TimeOfRound } from '../compare-rounds.ts';
import { quantileOf } from '../intervals.ts';
import { ms } from '../words.ts';
import { nameOf, targetAxis, targetScales } from './target-scale.ts';

const [WIDTH, ROW] = [520, 58];
const MOST_POINTS = 300;
const WORDS = {
  first_token_ms: { id: 'first-token', title: 'Time to the first token', axis: 'Milliseconds until the first token' },
  total_ms: { id: 'total-time', title: 'Time to the whole answer', axis: 'Milliseconds until the whole answer' },
} as const;

export function latencyChart(found: Comparison, what: TimeOfRound): ChartSpec | null {
  const timed = found.latencies.flatMap(({ target, rounds }) => {
    const sorted = known(rounds, what).sort((a, b) => a - b);
    return sorted.length === 0 ? [] : [{ target, sorted }];
  });
  if (timed.length === 0) return null;
  const { id, title, axis } = WORDS[what];
  const each = Math.max(5, Math.floor(MOST_POINTS / timed.length));
  const isSample = timed.some(({ sorted }) => sorted.length > each);
  const points = timed.flatMap(({ target, sorted }) =>
    evenly(sorted, each).map((value, i) => ({ target, ms: value, offset: JITTER[i % JITTER.length]! })),
  );
  const boxes = timed.map(({ target, sorted }) => {
    const [q1, median, q3] = [0.25, 0.5, 0.75].map((p) => quantileOf(sorted, p)) as [number, number, number];
    return { target, q1, median, q3, least: sorted[0]!, most: sorted.at(-1)!, text: `median ${ms(median)}` };
  });
  const [least, most] = [Math.min(...boxes.map((one) => one.least)), Math.max(...boxes.map((one) => one.most))];
  const air = most === least ? Math.max(1, most * 0.1) : (most - least) * 0.05;
  const x = (field: string) => ({
    field,
    type: 'quantitative',
    scale: { domain: [Math.max(0, least - air), most + air], nice: false, zero: false },
    axis: { title: axis, tickCount: 6, domain: false, ticks: false },
  });
  const y = targetAxis(
    found,
    timed.map(({ target }) => target),
  );
  const color = { field: 'target', type: 'nominal', scale: targetScales(found).color, legend: null };
  return chartSpec(
    id,
    title,
    [
      'Points: one answered call each. Bar: the middle half of the calls. Line: median. The axis need not start at zero.',
      ...(isSample ? [`Of many calls ${each} a route are drawn, evenly over their ranks.`] : []),
    ],
    `Strip plot over milliseconds: ${boxes
      .map(({ target, q1, q3, text }) => `${nameOf(found, target)} ${text}, middle half ${ms(q1)} to ${ms(q3)}`)
      .join('; ')}.`,
    {
      width: WIDTH,
      height: { step: ROW },
      layer: [
        {
          data: { values: boxes },
          mark: { type: 'bar', height: 26, opacity: 0.22 },
          encoding: { x: x('q1'), x2: { field: 'q3' }, y, color },
        },
        {
          data: { values: points },
          mark: { type: 'point', filled: true, size: 26, opacity: 0.6 },
          encoding: {
            x: x('ms'),
            y,
            yOffset: { field: 'offset', type: 'quantitative', scale: { domain: [-1, 1] } },
            color,
          },
        },
        {
          data: { values: boxes },
          mark: { type: 'tick', size: 32, thickness: 2.5 },
          encoding: { x: x('median'), y, color },
        },
        {
          data: { values: boxes },
          mark: { type: 'text', align: 'left', dx: 10, baseline: 'middle', color: INK },
          encoding: { x: { value: WIDTH }, y, text: { field: 'text', type: 'nominal' } },
        },
      ],
    },
  );
}

/** Heights within a row that part points which lie close together; neighbours in rank lie far apart. */
const JITTER = [0, -0.42, 0.3, -0.18, 0.44, -0.32, 0.14];

/** At most so many of the sorted values, the first and the last among them. */
const evenly = (sorted: readonly number[], most: number): readonly number[] =>
  sorted.length <= most
    ? sorted
    : Array.from({ length: most }, (_, i) => sorted[Math.round((i * (sorted.length - 1)) / (most - 1))]!);
