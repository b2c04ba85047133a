/**
 * Findings about an evaluation that a reader has to know before trusting it: a short window, unpriced usage, old prices,
 * volumes past which no price is published.
 */
import { hoursOf } from './costs/demand.ts';
import { seasonNotices } from './costs/season-notices.ts';
import { type Diagnostic, notice, problem, warning } from './errors.ts';
import { Machine } from './model/machine.ts';
import type { Prepared } from './prepare.ts';
import { staleWarning } from './pricing/as-of.ts';
import type { ReplayedStrategies } from './replay/replayed.ts';
import { replayFindings } from './replay-findings.ts';
import type { Question } from './scenario/resolve.ts';
import { matches } from './strategies/hybrid.ts';
import { addMonths, HOURS_PER_WEEK, MS_PER_HOUR } from './units.ts';
import type { UsageTable } from './usage/table.ts';

export function findings(
  question: Question,
  usage: UsageTable,
  prepared: Prepared,
  replays: ReplayedStrategies,
): Diagnostic[] {
  const { scenario } = question;
  const on = `${scenario.start}-01`;
  return [
    ...(question.converted ?? []),
    ...withoutEffect(question, usage, prepared),
    ...seasonNotices(scenario, usage),
    ...shortWindow(scenario.traffic.volume.requests_per_month !== undefined, usage),
    ...summedTraffic(usage, prepared),
    ...replayFindings(question, replays, usage),
    ...Object.entries({ ...question.resolved_names, ...usage.resolved_names }).map(([name, words]) =>
      notice('MODEL_BY_RULE', name, `is priced as ${words}`),
    ),
    ...[...prepared.quotes.unpriced.values()].map(({ model, reason, requests, strategies }) =>
      problem('UNPRICED', model, `${requests} requests have no price in ${[...strategies].join(', ')}: ${reason}`),
    ),
    ...[...prepared.quotes.used].flatMap(([model, { as_of, source }]) =>
      source === 'contract'
        ? [notice('CONTRACT_PRICE', model, 'is priced at the rate that the scenario states')]
        : (staleWarning(as_of, on, model) ?? []),
    ),
    ...prepared.quotes.warnings.values(),
    ...prepared.warnings,
  ];
}

/** Rules that take no request of this traffic, and phases past the horizon: most likely slips. */
function withoutEffect(
  { scenario }: Question,
  { rows, edges }: UsageTable,
  { model, switches }: Prepared,
): Diagnostic[] {
  const idle = (path: string, text: string): Diagnostic => warning('WITHOUT_EFFECT', path, text);
  const features = new Set(rows.map((row) => row.feature));
  return [
    ...scenario.traffic.models.when.flatMap(({ feature }, i) =>
      feature === undefined || features.has(feature)
        ? []
        : [idle(`traffic.models.when[${i}]`, `takes no request: the traffic has no feature "${feature}"`)],
    ),
    ...scenario.strategies.flatMap((strategy) =>
      strategy.kind !== 'hybrid'
        ? []
        : strategy.rules.flatMap((rule, i) =>
            'else' in rule || rows.some((row) => matches(rule, row, edges))
              ? []
              : [idle(`strategies.${strategy.id}.rules[${i}]`, 'takes no request of this traffic')],
          ),
    ),
    ...model.phased.flatMap(({ id, starts }) =>
      starts.flatMap((start, i) =>
        start < model.months || switches.some(({ strategy }) => strategy === id)
          ? []
          : [idle(`strategies.${id}.phases[${i}]`, `is never reached within ${model.months} months`)],
      ),
    ),
  ];
}

function shortWindow(isVolumeGiven: boolean, usage: UsageTable): Diagnostic[] {
  const hours = hoursOf(usage);
  if (hours >= HOURS_PER_WEEK - 2) return [];
  const span = hours < 2 ? `${Math.round(hours * 60)} minutes` : `${Math.round(hours)} hours`;
  const stands = isVolumeGiven ? 'its mix of tokens' : 'its volume and its mix of tokens';
  const text = `the traffic covers ${span}; ${stands} stand for whole months`;
  return hours < 24
    ? [warning('SHORT_WINDOW', 'traffic', `${text}. Days, nights and weekends are not in it`)]
    : [
        notice(
          'SHORT_WINDOW',
          'traffic',
          `${text}. It is no whole week: workdays, nights and weekends may weigh too much or too little`,
        ),
      ];
}

/** What traffic that is summed by the hour or the day can't tell. */
function summedTraffic({ buckets, edges, rows }: UsageTable, { demand, model }: Prepared): Diagnostic[] {
  if (buckets === undefined) return [];
  const hours = buckets.longest_ms / MS_PER_HOUR;
  const span = hours >= 24 ? `${Math.round(hours / 24)} day(s)` : `${Number(hours.toPrecision(2))} h`;
  const peak = Number(new Machine(model, []).value(demand.peak_to_mean.ref).toPrecision(3));
  const stepped = buckets.lacks_prompt_sizes
    ? [...new Set(rows.map((row) => row.model))].filter((name) => (edges[name] ?? []).length > 0)
    : [];
  return [
    notice(
      'SUMMED_TRAFFIC',
      'traffic',
      `it is summed over up to ${span}: bursts within are not known (the busiest minute is taken at ${peak} x the mean), nor which prompts repeat, so no cache can be replayed`,
    ),
    ...stepped.map((name) =>
      warning(
        'SUMMED_PROMPT_SIZES',
        name,
        `has a price step at ${edges[name]!.join(' and ')} prompt tokens; sums do not say which prompts reach it, so all are priced below it: the true cost may be higher`,
      ),
    ),
    ...(buckets.lacks_requests
      ? [
          warning(
            'REQUESTS_ESTIMATED',
            'traffic.tokens_per_request',
            'the trace counts no requests; they are estimated from its tokens, so whatever is charged or fails per request rests on that figure',
          ),
        ]
      : []),
  ];
}

/** Per strategy, the volume of an ordinary month at the start up to which every price that it needs is published in every month. */
export function publishedVolumes({ quotes, model, demand }: Prepared, machine: Machine): Map<string, number> {
  const most = new Map<string, number>();
  const at = machine.value(demand.requests_per_month.ref);
  for (const { strategy, quantity, max } of quotes.limits) {
    const peak = Math.max(...Array.from({ length: model.months }, (_, month) => machine.value(quantity.ref, month)));
    most.set(strategy, Math.min(most.get(strategy) ?? Number.POSITIVE_INFINITY, (at * max) / peak));
  }
  for (const { id, phases } of model.phased) {
    most.set(
      id,
      Math.min(...phases.map(({ strategy }) => most.get(model.strategies[strategy]!.id) ?? Number.POSITIVE_INFINITY)),
    );
  }
  return most;
}

/** Strategies whose volume passes what the gateway publishes a price for, with the reason: they can't be ranked. */
export function pastPublishedPrices({ quotes, model }: Prepared, machine: Machine, start: string): Map<string, string> {
  const reasons = new Map<string, string>();
  for (const { strategy, quantity, max, message } of quotes.limits) {
    for (let month = 0; month < model.months; month++) {
      const value = machine.value(quantity.ref, month);
      if (value <= max) continue;
      reasons.set(strategy, `${message}; ${Math.round(value)} in ${addMonths(start, month)}, published up to ${max}`);
      break;
    }
  }
  for (const { id, phases } of model.phased) {
    const reason = phases
      .map(({ strategy }) => reasons.get(model.strategies[strategy]!.id))
      .find((found) => found !== undefined);
    if (reason !== undefined) reasons.set(id, reason);
  }
  return reasons;
}
