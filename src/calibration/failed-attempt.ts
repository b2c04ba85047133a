/**
 * Failed attempts: how long one takes until it is told, which a failover waits for before the next attempt.
 *
 *   failover = failed attempt + first token of the next
 *
 * Beside `replay.conditions.latency.<route>.failure`, a median and a 95 % quantile; without it the model knows no failover time.
 * Of the rounds of the latency check alone: errors that other checks provoke are no outage. Six failures give an interval.
 */
import { medianInterval, quantileInterval } from '../measurements/intervals.ts';
import { number } from '../report/format.ts';
import type { Calibrating } from './calibrating.ts';
import { pathText, sourceText, written } from './edit.ts';
import { isMeasured, measuredFigure } from './figures.ts';
import type { Match } from './matches.ts';
import { exactly, type MeasuredValue, type Row, verdictOf } from './row.ts';

const NOT_MODELLED = 'no replay of the scenario states how long a failed attempt takes (replay.conditions.latency)';

export function failedAttemptRows(x: Calibrating): Row[] {
  const direct = x.matches.matched.filter(({ is }) => is === 'seller');
  const rows = direct.flatMap((match) => routesOf(x, match).map((route) => rowOf(x, match, route)));
  if (rows.length > 0) return rows;
  const seen = x.matches.matched.map((match) => ({ match, times_ms: failedTimes(x, match) }));
  const most = seen.reduce((a, b) => (b.times_ms.length > a.times_ms.length ? b : a), seen[0]!);
  return [
    {
      quantity: 'failed_attempt',
      path: null,
      unit: 'ms',
      strategies: [],
      assumed: null,
      measured: measuredOf(x, most.match, most.times_ms) ?? null,
      verdict: 'not_modelled',
      why: [NOT_MODELLED, ...nextOf(x, most.match)],
      edits: [],
    },
  ];
}

function routesOf({ evaluation }: Calibrating, { target, id }: Match): string[] {
  const { routes, replay } = evaluation.question.scenario;
  return Object.entries(routes).flatMap(([name, { seller, model }]) =>
    seller === id && model === target.priced_as?.model && replay?.conditions.latency[name]?.failure !== undefined
      ? [name]
      : [],
  );
}

function rowOf(x: Calibrating, match: Match, route: string): Row {
  const { scenario, stated } = x.evaluation.question;
  const { failure } = scenario.replay!.conditions.latency[route]!;
  const keys = ['replay', 'conditions', 'latency', route, 'failure'];
  const row = { quantity: 'failed_attempt', path: pathText([...keys, 'p50']), unit: 'ms', strategies: [] } as const;
  const times_ms = failedTimes(x, match);
  const measured = measuredOf(x, match, times_ms);
  if (failure === undefined || !('p50' in failure))
    return {
      ...row,
      path: pathText(keys),
      assumed: null,
      measured: measured ?? null,
      verdict: 'not_modelled',
      why: ['it is stated as a table of quantiles, which no median stands beside'],
      edits: [],
    };
  const { p50 } = failure;
  const assumed = exactly(p50.central, {
    source: p50.source ?? 'scenario',
    as_of: p50.as_of ?? null,
    given: stated.has(p50.path),
  });
  if (measured === undefined) {
    const why = [`${times_ms.length} rounds on ${match.target.id} failed; an interval needs six`];
    return { ...row, assumed, measured: null, verdict: 'not_measured', why, edits: [] };
  }
  const p95_ms = quantileInterval(times_ms, 0.95)!.value;
  const said = { source: sourceText(x.origin, measured.targets), as_of: x.origin.on };
  const value = {
    p50: { value: `${written(measured.value)} ms`, ...said },
    p95: { value: `${written(p95_ms)} ms`, ...said },
  };
  return {
    ...row,
    assumed,
    measured,
    verdict: verdictOf(assumed, measured),
    why: nextOf(x, match),
    edits: measured.value > 0 ? [{ keys, value }] : [],
  };
}

/** Until rounds of the latency check ended that a next attempt would follow. */
const failedTimes = ({ measurements }: Calibrating, { target }: Match): number[] =>
  measurements.evidence.flatMap(({ target: of, check, status, end, total_ms }) =>
    of === target.id &&
    check === 'latency' &&
    end !== 'cancelled' &&
    total_ms !== null &&
    (status === null || status >= 500 || end !== 'whole')
      ? [total_ms]
      : [],
  );

function measuredOf(
  { origin }: Calibrating,
  { target }: Match,
  times_ms: readonly number[],
): MeasuredValue | undefined {
  const median = medianInterval(times_ms);
  if (median?.low === undefined || median.high === undefined) return undefined;
  return {
    targets: [target.id],
    value: median.value,
    low: median.low,
    high: median.high,
    level: 0.95,
    samples: median.n,
    on: origin.on,
    how: 'median time of failed rounds of the check latency',
  };
}

function nextOf({ measurements }: Calibrating, { target }: Match): string[] {
  const next = measuredFigure(measurements, target, 'latency', ['first_token_p50_ms']);
  return isMeasured(next)
    ? [
        `a failover waits for the next attempt too: its first token took ${number(next.measured.value)} ms on ${target.id} (median)`,
      ]
    : [];
}
