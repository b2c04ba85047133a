/** `traffic:` of a first scenario, as lines of YAML: a trace with what was found in it, or made-up requests. */

import { HOURS_PER_MONTH } from '../units.ts';
import type { Answers } from './answers.ts';
import { HOURS, type OwnBlocks, type Situation, type StarterClass } from './situation.ts';
import type { TraceFacts, TraceModel } from './trace-facts.ts';
import { amountText, comment, grouped, indented, percent, yamlText } from './yaml-text.ts';

const SHOWN_MODELS = 12;
/** Less is chance. */
const LEAST_GROWTH = 0.02;
/** Where a trace counts tokens and no requests. */
const TOKENS_PER_REQUEST = 2500;
/** Enough of a made-up week for a steady mix, few enough to read at once. */
const REQUESTS_PER_HOUR = { least: 20, most: 200 };

export function trafficLines(situation: Situation, answers: Answers, own: OwnBlocks): string[] {
  const { trace } = answers;
  const source = trace === undefined ? syntheticLines(situation, answers) : traceLines(trace, answers);
  return ['traffic:', ...indented([...source, ...volumeLines(situation, answers, own), ...(own.traffic ?? [])])];
}

function traceLines(trace: TraceFacts, { models, mapped }: Answers): string[] {
  const unknown = trace.models.filter(({ card, name }) => card === undefined && mapped[name] === undefined);
  const rules = Object.entries(mapped).map(
    ([name, use]) => `- {model: ${yamlText(name)}, use: ${yamlText(use)}} # you said so`,
  );
  const open = unknown.map(
    ({ name, nearest }) => `# - {model: ${JSON.stringify(name)}, use: ${nearest[0] ?? 'seller/model'}}`,
  );
  const needsDefault = trace.unnamed_share > 0 && models[0] !== undefined;
  const mapping = [
    ...(needsDefault
      ? [`default: ${yamlText(models[0]!)} # for the ${percent(trace.unnamed_share)} that name no model`]
      : []),
    ...(unknown.length > 0
      ? [
          comment(
            `No card of the price book has ${unknown.length === 1 ? 'this name, so what it costs is' : 'these names, so what they cost is'} open and nothing is recommended. Say what each is priced as:`,
          ),
        ]
      : []),
    ...(rules.length > 0
      ? ['when:', ...indented([...rules, ...open])]
      : open.length > 0
        ? ['# when:', ...open.map((line) => line.replace('# ', '#   '))]
        : []),
  ];
  return [
    `trace: ${yamlText(trace.path)}`,
    ...(trace.stated_format === undefined ? [] : [`format: ${yamlText(trace.stated_format)}`]),
    ...(trace.mapping === undefined ? [] : [`mapping: ${yamlText(trace.mapping)}`]),
    ...foundLines(trace).map(comment),
    ...(mapping.some((line) => !line.startsWith('#'))
      ? ['models:', ...indented(mapping)]
      : mapping.length > 0
        ? ['# models:', ...mapping.map((line) => line.replace('# ', '#   '))]
        : []),
    ...(trace.requests === null
      ? [`tokens_per_request: ${TOKENS_PER_REQUEST} # assumption: the trace counts tokens and no requests`]
      : []),
  ];
}

function foundLines(trace: TraceFacts): string[] {
  const { window, requests, rows, summed_over_hours } = trace;
  const days = window === null ? 0 : window.hours / 24;
  const many =
    requests === null ? `${grouped(rows)} rows without a count of requests` : `${grouped(requests)} requests`;
  const span =
    window === null
      ? 'without times'
      : `from ${window.from} to ${window.until} (${days >= 2 ? `${Math.round(days)} days` : `${Number(window.hours.toPrecision(2))} hours`})`;
  const rest = trace.models.length - SHOWN_MODELS;
  return [
    `Read as ${trace.format}: ${many} ${span}.`,
    ...trace.settles.map((one) => `Settled: ${one}.`),
    ...(summed_over_hours === null
      ? []
      : [
          `Rows are sums over up to ${Number(summed_over_hours.toPrecision(3))} h: bursts and prompt sizes are not known.`,
        ]),
    ...(trace.models.length === 0 ? ['It names no model.'] : ['Models:']),
    ...trace.models.slice(0, SHOWN_MODELS).map((one) => `  ${percent(one.share)}  ${modelInWords(one)}`),
    ...(rest > 0 ? [`  and ${rest} more`] : []),
    ...(trace.features.length === 0
      ? []
      : [`Features: ${trace.features.slice(0, 12).join(', ')}${trace.features.length > 12 ? ', …' : ''}`]),
  ];
}

function modelInWords({ name, card, rule, nearest, lacks }: TraceModel): string {
  if (card === undefined)
    return `${name}: no card has this name${nearest.length === 0 ? '' : `; nearest are ${nearest.join(', ')}`}`;
  const priced = rule === undefined ? name : `${name}, priced as ${rule}`;
  return lacks === undefined ? priced : `${priced}; totals stay open, since ${lacks}: state your own under prices`;
}

function volumeLines(situation: Situation, { trace, requests_per_month }: Answers, own: OwnBlocks): string[] {
  const { growth_at_most_percent } = situation;
  const hint = trace?.growth_per_month ?? 0;
  const isOwn = trace !== undefined || requests_per_month !== String(situation.requests_per_month);
  const stated =
    requests_per_month === undefined
      ? measuredVolume(trace)
      : [
          `requests_per_month: {value: ${amountText(requests_per_month)}, source: ${isOwn ? 'own figure' : 'assumption'}}`,
        ];
  return [
    'volume:',
    ...indented([
      ...stated,
      ...(Math.abs(hint) < LEAST_GROWTH
        ? []
        : [comment(`Its second half differs from its first as ${percent(hint)} a month would`)]),
      growth_at_most_percent === 0
        ? 'growth: {value: 0 %/month, source: assumption}'
        : `growth: {dist: uniform, min: 0, max: ${growth_at_most_percent} %/month, source: assumption}`,
      ...(own.volume ?? []),
    ]),
  ];
}

function measuredVolume(trace: TraceFacts | undefined): string[] {
  if (trace?.window == null || trace.requests === null) return [];
  const monthly = (trace.requests * HOURS_PER_MONTH) / trace.window.hours;
  return [comment(`requests_per_month: absent, so the trace scaled to 730 hours: some ${grouped(monthly)}`)];
}

function syntheticLines({ classes, models: slots, requests_per_month }: Situation, answers: Answers): string[] {
  const stated = Number(answers.requests_per_month);
  const volume = Number.isFinite(stated) ? stated : requests_per_month;
  const { least, most } = REQUESTS_PER_HOUR;
  const perHour = Math.min(most, Math.max(least, Math.round(volume / HOURS_PER_MONTH)));
  return [
    'synthetic: # sizes and shares are assumptions; a log of your own is better: trace: my-log.csv',
    ...indented([
      'start: 2026-11-02',
      'duration_hours: 168',
      `requests_per_hour: ${perHour} # of the week that is made up; what a month has stands under volume`,
      'weekend_factor: 0.5',
      'classes:',
      ...classes.flatMap((one) => indented(classLines(one, slots.length, answers.models))),
    ]),
  ];
}

function classLines(one: StarterClass, slots: number, models: readonly string[]): string[] {
  const lengths = ({ p50, p95 }: { p50: number; p95: number }): string => `{p50: ${p50}, p95: ${p95}}`;
  return [
    `- feature: ${one.feature}`,
    `  share: ${one.share}`,
    ...indented(modelLines(typeof one.model === 'string' ? [one.model] : modelsOf(one.model, slots, models))),
    `  input_tokens: ${lengths(one.input_tokens)}`,
    `  output_tokens: ${lengths(one.output_tokens)}`,
    ...(one.cache_read_share === undefined ? [] : [`  cache_read_share: ${one.cache_read_share}`]),
    ...(one.hours === undefined ? [] : [`  daily_profile: [${HOURS[one.hours].join(', ')}] # UTC`]),
  ];
}

/** Fewer models than slots are used again; more are dealt out. */
function modelsOf(slot: number, slots: number, models: readonly string[]): string[] {
  const dealt = models.filter((_, i) => i % slots === slot);
  return dealt.length > 0 ? dealt : [models[slot % models.length]!];
}

function modelLines(models: readonly string[]): string[] {
  if (models.length === 1) return [`model: ${yamlText(models[0]!)}`];
  const share = Math.floor(1e6 / models.length) / 1e6;
  const last = Number((1 - share * (models.length - 1)).toFixed(6));
  const parts = models.map(
    (model, i) => `{model: ${yamlText(model)}, share: ${i === models.length - 1 ? last : share}}`,
  );
  return [`models: [${parts.join(', ')}]`];
}
