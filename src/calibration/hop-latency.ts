/**
 * Hop latency: what a gateway adds to a request, beside the median of paired differences from the direct route.
 *
 * Milliseconds on both sides. What was added until the first token is taken, since the text after it flows at the seller's
 * pace; what was added to the whole call where no first token was seen. A baseline that is no direct route, or another
 * model, says nothing of a hop. Not compared: hops of `replay.conditions`, which are a distribution and not a mean.
 */
import { defaults } from '../scenario/defaults.ts';
import type { Calibrating } from './calibrating.ts';
import { type Edit, normalText, pathText, sourceText } from './edit.ts';
import { type Found, isMeasured, measuredFigure } from './figures.ts';
import { type Match, modelOf } from './matches.ts';
import { type Assumed, assumedOf, type Row, verdictOf } from './row.ts';

export const hopRows = (x: Calibrating): Row[] =>
  x.matches.matched.flatMap((match) => (match.is === 'gateway' ? gatewayRows(x, match) : directRows(x, match)));

interface Place {
  readonly keys: readonly string[];
  readonly assumed: Assumed;
  readonly strategies: readonly string[];
}

/** The gateway's own figure, and that of each strategy which states one. */
function placesOf({ evaluation: { question } }: Calibrating, { id, strategies }: Match): Place[] {
  const { scenario, gateways, stated } = question;
  const schedule = gateways.get(id)!;
  const own = scenario.strategies.filter((one) => one.kind !== 'phased' && one.hop_latency !== undefined);
  const through = (one: (typeof own)[number]): boolean => 'gateway' in one && one.gateway === id;
  const places = own.filter(through).map((one): Place => {
    const amount = 'hop_latency' in one ? one.hop_latency! : undefined;
    return {
      keys: ['strategies', one.id, 'hop_latency'],
      assumed: assumedOf(amount!, 'scenario', undefined, stated),
      strategies: [one.id],
    };
  });
  const others = strategies.filter((strategy) => !own.some((one) => one.id === strategy));
  if (others.length === 0) return places;
  const amount =
    schedule.hop_latency ?? (schedule.kind === 'self_hosted' ? defaults.selfHostedHop(id) : defaults.managedHop(id));
  const as_of = schedule.hop_latency === undefined || stated.has(amount.path) ? undefined : schedule.as_of;
  const assumed = assumedOf(amount, `pricing/gateways/${id}.yaml`, as_of, stated);
  return [{ keys: ['gateways', id, 'hop_latency'], assumed, strategies: others }, ...places];
}

function gatewayRows(x: Calibrating, match: Match): Row[] {
  const found = addedBy(x, match);
  return placesOf(x, match).map(({ keys, assumed, strategies }): Row => {
    const row = { quantity: 'hop_latency', path: pathText(keys), unit: 'ms', strategies, assumed } as const;
    if (!isMeasured(found)) return { ...row, measured: null, verdict: 'not_measured', why: [found.missing], edits: [] };
    const { measured } = found;
    const edit: Edit = {
      keys,
      value: {
        value: normalText(measured, 'ms'),
        source: sourceText(x.origin, measured.targets),
        as_of: x.origin.on,
      },
    };
    return { ...row, measured, verdict: verdictOf(assumed, measured), why: notesOf(x), edits: [edit] };
  });
}

function addedBy({ measurements }: Calibrating, { target }: Match): Found {
  const baseline = measurements.targets.find((one) => one.is_baseline);
  if (baseline === undefined) return { missing: 'the run had no baseline, so nothing was taken as the direct route' };
  if (baseline.id === target.id) return { missing: `${target.id} is the baseline of the run` };
  if (!['direct', 'stand_in', 'local'].includes(baseline.kind))
    return { missing: `the baseline of the run, ${baseline.id}, is no direct route` };
  if (modelOf(baseline) !== modelOf(target))
    return { missing: `the baseline of the run, ${baseline.id}, is another model than ${target.id}` };
  return measuredFigure(measurements, target, 'latency', ['added_first_token_ms', 'added_total_ms']);
}

/** What keeps a hop from having its cost, and the zero that it is measured from. */
function notesOf({ evaluation }: Calibrating): string[] {
  const { strategies, value, replay } = evaluation.question.scenario;
  const isValued = value.per_request !== undefined && value.latency !== undefined;
  const isReplayed = Object.keys(replay?.conditions.latency ?? {}).length > 0;
  const hops = strategies.filter((one) => one.kind === 'direct' && (one.hop_latency?.central ?? 0) !== 0);
  return [
    ...hops.map(({ id }) => `measured against the direct route; the hop that ${id} states is not added to it`),
    ...(isValued ? [] : ['no cost follows from it: value.per_request and value.latency are not both given']),
    ...(isReplayed ? ['where latencies are replayed, the hops of replay.conditions.latency take its place'] : []),
  ];
}

function directRows({ evaluation: { question } }: Calibrating, { is, id }: Match): Row[] {
  if (is !== 'seller') return [];
  return question.scenario.strategies.flatMap((one): Row[] =>
    one.kind !== 'direct' || one.hop_latency === undefined
      ? []
      : [
          {
            quantity: 'hop_latency',
            path: pathText(['strategies', one.id, 'hop_latency']),
            unit: 'ms',
            strategies: [one.id],
            assumed: assumedOf(one.hop_latency, 'scenario', undefined, question.stated),
            measured: null,
            verdict: 'not_measured',
            why: [`the direct route to ${id} is what hops are measured from`],
            edits: [],
          },
        ],
  );
}
