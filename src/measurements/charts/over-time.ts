/**
 * Time to the first token of each route, round by round: whether the network or a seller had a slow minute, and whether it
 * hit all routes alike. A round without an answer is a gap, marked at the top.
 *
 * Very many rounds are drawn as medians of neighbours, of very many routes the first; the subtitle says so.
 */
import { type ChartSpec, chartSpec, WIDTH } from '../../report/charts/chart.ts';
import { endLabelLayers } from '../../report/charts/labels.ts';
import { linearScale } from '../../report/charts/scale.ts';
import type { Comparison } from '../compare.ts';
import { quantileOf } from '../intervals.ts';
import { nameOf, targetScales } from './target-scale.ts';

const HEIGHT = 300;
const HEADROOM = 26;
const LABEL = 17;
const MOST_ROUNDS = 120;
const MOST_LINES = 8;

export function overTimeChart(found: Comparison): ChartSpec | null {
  const timed = found.latencies.filter(({ rounds }) => rounds.some((one) => one.first_token_ms !== undefined));
  const drawn = timed.slice(0, MOST_LINES);
  const last = Math.max(0, ...drawn.flatMap(({ rounds }) => rounds.map(({ round }) => round)));
  if (drawn.length === 0 || last < 1) return null;
  const each = Math.ceil((last + 1) / MOST_ROUNDS);
  const lines = drawn.map(({ target, rounds }) => ({ target, points: medians(rounds, each) }));
  const lost = drawn.flatMap(({ target, rounds }) =>
    rounds.filter(({ isAnswered }) => !isAnswered).map(({ round }) => ({ target, round: round + 1 })),
  );
  const height = Math.max(HEIGHT, lines.length * LABEL);
  const scale = linearScale(
    lines.flatMap(({ points }) => points.map((one) => one.ms)),
    height,
    HEADROOM,
  );
  const scales = targetScales(found);
  const x = {
    field: 'round',
    type: 'quantitative',
    scale: { domain: [1, last + 1], nice: false, zero: false },
    axis: { title: 'Round', grid: false, tickMinStep: 1, tickCount: Math.min(10, last) },
  };
  const y = {
    field: 'ms',
    type: 'quantitative',
    scale: { domain: scale.domain, nice: false, zero: false },
    axis: { title: 'Milliseconds until the first token', values: scale.ticks, domain: false, ticks: false },
  };
  const color = { field: 'target', type: 'nominal', scale: scales.color, legend: null };
  return chartSpec(
    'over-time',
    'Time to the first token, round by round',
    [
      'In each round all routes are called one after the other: what slows all of them lies in front of them or behind them.',
      ...(timed.length > MOST_LINES ? [`The first ${MOST_LINES} of ${timed.length} routes are drawn.`] : []),
      ...(each > 1 ? [`Each point is the median of ${each} rounds.`] : []),
      ...(lost.length > 0 ? ['Crosses at the top: rounds without an answer.'] : []),
    ],
    `Line chart over ${last + 1} rounds: ${lines.map(({ target }) => nameOf(found, target)).join(', ')}. Rounds without an answer: ${
      lost.length === 0
        ? 'none'
        : lost
            .map(({ target, round }) => `${nameOf(found, target)} in round ${round}`)
            .slice(0, 20)
            .join('; ')
    }.`,
    {
      width: WIDTH,
      height,
      layer: [
        {
          data: { values: lines.flatMap(({ target, points }) => points.map((one) => ({ target, ...one }))) },
          mark: { type: 'line', strokeWidth: 2, strokeJoin: 'round' },
          encoding: {
            x,
            y,
            detail: { field: 'part', type: 'nominal' },
            color,
            strokeDash: { field: 'target', type: 'nominal', scale: scales.dash, legend: null },
          },
        },
        ...(lost.length === 0
          ? []
          : [
              {
                data: { values: lost },
                mark: { type: 'point', shape: 'cross', filled: true, size: 70, opacity: 1 },
                encoding: { x, y: { value: 8 }, color },
              },
            ]),
        ...endLabelLayers(
          lines.map(({ target, points }) => ({
            id: target,
            text: nameOf(found, target),
            y: scale.pixel(points.at(-1)!.ms),
          })),
          { width: WIDTH, height },
          scales.color,
        ),
      ],
    },
  );
}

interface Point {
  readonly round: number;
  readonly ms: number;
  /** Counts up at each gap, so that no line is drawn over it. */
  readonly part: number;
}

type Rounds = Comparison['latencies'][number]['rounds'];

function medians(rounds: Rounds, each: number): readonly Point[] {
  const groups = new Map<number, number[]>();
  for (const { round, first_token_ms } of rounds) {
    const group = Math.floor(round / each);
    if (first_token_ms !== undefined) groups.set(group, [...(groups.get(group) ?? []), first_token_ms]);
  }
  const points: Point[] = [];
  for (const [group, times] of [...groups].sort(([a], [b]) => a - b)) {
    const before = points.at(-1);
    const round = group * each + (each - 1) / 2 + 1;
    points.push({
      round,
      ms: quantileOf(
        times.sort((a, b) => a - b),
        0.5,
      ),
      part: before === undefined ? 0 : before.part + (round - before.round > each ? 1 : 0),
    });
  }
  return points;
}
