/**
 * A first scenario as text: answers in, commented YAML out, to be run as it is and changed from there. Every figure that nobody
 * gave stands there as an assumption. Parses and evaluates whatever the answers are (tested for all that can be chosen).
 */
import type { Answers, GatewayAnswer, RateAnswer } from './answers.ts';
import { type OwnBlocks, type Situation, type StarterContext, sellerOf } from './situation.ts';
import { trafficLines } from './traffic-text.ts';
import { amountText, comment, indented, yamlText } from './yaml-text.ts';

export function scenarioText(situation: Situation, answers: Answers): string {
  const models = modelsInUse(answers, situation);
  const gateway = answers.gateways.find(({ kind }) => kind === 'managed_gateway')?.id;
  const context: StarterContext = {
    models,
    gateway,
    has_trace: answers.trace !== undefined,
    found_features: answers.trace?.features ?? [],
  };
  const own = situation.own?.(context) ?? {};
  const blocks: (readonly string[])[] = [
    [
      answers.schema === undefined
        ? '# Completion in an editor: `npx tollgate schema > scenario.schema.json`, then name that file in a line as'
        : `# yaml-language-server: $schema=${answers.schema}`,
      ...(answers.schema === undefined ? ['# # yaml-language-server: $schema=./scenario.schema.json'] : []),
      comment(`Change first: ${situation.change_first}.`),
      '# Amounts: 3, 120 USD/hour, 2 to 5 USD (a 90 % interval), or {value: 2 to 5 USD, source: …}.',
    ],
    [
      `name: ${yamlText(situation.title)}`,
      `question: ${JSON.stringify(situation.question)}`,
      `start: ${answers.start}`,
      `horizon: ${situation.horizon_months} months`,
      'seed: 1',
    ],
    trafficLines(situation, answers, own),
    [
      'value: # what an answered request is worth: it is lost in outages',
      `  per_request: {value: ${situation.value_per_request}, source: assumption}`,
    ],
    [
      '# required: built where a strategy does not bring it. optional: built only where that costs less than doing without.',
      'needs:',
      ...situation.needs.map(
        ({ capability, need, why }) => `  ${capability}: ${need}${why === undefined ? '' : ` # ${why}`}`,
      ),
    ],
    ...(own.top === undefined ? [] : [own.top]),
    gatewayLines(answers.gateways, own),
    rateLines(answers.rate),
    inputLines(answers.rate),
    situation.is_deferrable
      ? ['outages: {from: none} # work that fails is done again']
      : ['outages: {from: history} # each seller’s published record'],
    strategyLines(situation, answers, own, fallbackFor(models)),
  ];
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n')}\n`;
}

/** Models of the price book, the busiest first. */
function modelsInUse({ trace, models, mapped }: Answers, situation: Situation): readonly string[] {
  if (trace === undefined) return models;
  const found = trace.models.flatMap(({ card, name, lacks }) =>
    lacks === undefined ? (card ?? mapped[name] ?? []) : [],
  );
  const all = trace.unnamed_share > 0.5 ? [...models, ...found] : [...found, ...models];
  return all.length > 0 ? [...new Set(all)] : situation.models;
}

/** A model of a seller that the first is not of. */
function fallbackFor(models: readonly string[]): string {
  const first = sellerOf(models[0]!);
  const others = [...models, 'openai/gpt-5.6-terra', 'anthropic/claude-sonnet-5'].filter(isChat);
  return others.find((model) => sellerOf(model) !== first)!;
}

const isChat = (model: string): boolean => !/embed|voyage|rerank/.test(model);

function gatewayLines(gateways: readonly GatewayAnswer[], own: OwnBlocks): string[] {
  const ofOwn = gateways.filter(({ markup }) => markup !== undefined);
  if (ofOwn.length === 0 && own.gateways === undefined) return [];
  return [
    'gateways:',
    ...ofOwn.flatMap(({ id, markup }) => [
      `  ${id}: # known by its markup alone; capabilities are an assumption`,
      `    name: Gateway with ${markup} markup`,
      '    kind: managed',
      `    fees: {token_markup: {value: ${markup}, source: you said so}}`,
      '    capabilities: {fallback: true, routing_policy: true, rate_limit_handling: true, key_management: true, attribution: true, dashboards: true}',
    ]),
    ...indented(own.gateways ?? []),
  ];
}

function rateLines(rate: RateAnswer | undefined): string[] {
  const hint =
    '  # effort: {fallback: {build: 3 to 8 days, upkeep: 2 hours/month}} # by need; what is not stated is assumed';
  if (rate?.per === 'year')
    return [
      'engineering:',
      `  # ${rate.text} with 30 to 50 % on-costs (an assumption), over 1,800 working hours`,
      '  loaded_rate: {formula: salary * on_costs / working_hours, source: own payroll}',
      hint,
    ];
  const stated =
    rate === undefined
      ? '{value: 91 USD/hour, source: "US median developer, 133,080 USD/year (BLS OOH, May 2024) / 2,080 h x 1.42 on-costs (BLS ECEC)"}'
      : `{value: ${amountText(rate.text)}, source: own figure}`;
  return ['engineering:', `  loaded_rate: ${stated}`, hint];
}

function inputLines(rate: RateAnswer | undefined): string[] {
  const members =
    rate?.per === 'year'
      ? [
          `salary: {value: ${amountText(rate.text)}, source: own payroll}`,
          'on_costs: {value: 1.3 to 1.5, source: assumption}',
          'working_hours: {value: 1800, unit: work_hour/year, source: assumption}',
        ]
      : [];
  return members.length === 0 ? [] : ['inputs:', ...indented(members)];
}

function strategyLines(situation: Situation, { gateways }: Answers, own: OwnBlocks, fallback: string): string[] {
  const needsFallback = situation.needs.some(({ capability }) => capability === 'fallback');
  const policy = needsFallback
    ? [`  policy: {kind: fallback, to: [${yamlText(fallback)}]} # where a failed request goes`]
    : [];
  const first = gateways.find(({ kind }) => kind === 'managed_gateway') ?? gateways[0];
  const members = [
    '- id: direct',
    '  kind: direct',
    ...policy,
    ...(situation.has_library
      ? [
          '- id: library',
          '  title: Direct with a client library',
          '  kind: direct',
          '  library: a client library with retries and fallback',
          ...policy,
        ]
      : []),
    ...gateways.flatMap(({ id, kind }) => [`- id: ${id}`, `  kind: ${kind}`, `  gateway: ${id}`, ...policy]),
    ...(situation.has_split && first !== undefined
      ? [
          '- id: parted',
          `  title: Each model directly or through ${first.id}, whichever is cheaper`,
          '  kind: hybrid',
          `  split: {between: [direct, ${first.id}], by: model}`,
        ]
      : []),
    ...(own.strategies ?? []),
  ];
  return [
    `baseline: ${own.baseline ?? 'direct'}${own.baseline === undefined ? '' : ' # where it stands today'}`,
    'strategies: # `tollgate price compare` shows fees of more gateways',
    ...indented(members),
  ];
}
