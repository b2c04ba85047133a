/** How long answers took: distributions, their medians, and the course over the rounds. */
import { type Html, html } from '../../report/escape.ts';
import type { DrawnChart } from '../../report/html/figures.ts';
import { section, table } from '../../report/html/table.ts';
import type { Comparison } from '../compare.ts';
import type { Estimate } from '../intervals.ts';
import { LEVEL } from '../intervals.ts';
import { figureInterval, ms, percent } from '../words.ts';
import { chartFigure } from './chart-figure.ts';

const numeric = true;

export function latencySection({ latencies }: Comparison, charts: readonly DrawnChart[]): Html | false {
  const timed = latencies.filter(({ rounds }) => rounds.length > 0);
  if (timed.length === 0) return false;
  return section(
    'latency',
    'How long answers took',
    html`<p>One stream of the same prompt a round, over all routes in turn. The first token is when a person sees that something comes. Rounds that were refused for want of room (HTTP 429) are left out.</p>
`,
    table(
      'Latency by route',
      [
        { head: 'Route' },
        { head: 'First token, median', numeric },
        { head: '95% interval', numeric },
        { head: 'Whole answer, median', numeric },
        { head: '95% interval', numeric },
        { head: 'Failed', numeric },
        { head: 'Rounds', numeric },
      ],
      timed.map(({ target, first_token, total, errors, rounds }) => [
        target,
        value(first_token),
        interval(first_token),
        value(total),
        interval(total),
        errors === undefined ? '–' : percent(errors.value),
        String(rounds.length),
      ]),
    ),
    chartFigure(
      charts,
      'first-token',
      'A few points far to the right are the slow calls that users remember; the bar does not show them, the points do.',
    ),
    chartFigure(charts, 'total-time', 'Depends on how much was answered, which differs from call to call.'),
    chartFigure(
      charts,
      'over-time',
      'Lines that rise together had a slow minute in common. A line that rises alone is a route’s own matter.',
    ),
  );
}

const value = (estimate: Estimate | undefined): string => (estimate === undefined ? '–' : ms(estimate.value));
const interval = (estimate: Estimate | undefined): string =>
  estimate?.low === undefined || estimate.high === undefined
    ? 'too few samples'
    : figureInterval({ interval: { low: estimate.low, high: estimate.high, level: LEVEL }, unit: 'ms' });
