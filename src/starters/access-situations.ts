/**
 * Situations that a team is in by its contracts, markets, hardware or history.
 * Data for scenario-text.ts; all figures of traffic are assumptions of this project, to be replaced by one's own.
 */
import { type Situation, sellerOf } from './situation.ts';

const OFFICE_CHAT = {
  input_tokens: { p50: 2500, p95: 9000 },
  output_tokens: { p50: 400, p95: 1200 },
  hours: 'office',
} as const;

export const ACCESS_SITUATIONS: readonly Situation[] = [
  {
    id: 'regulated-enterprise',
    title: 'Regulated enterprise',
    summary: 'data has to stay in a region, spend is committed',
    question: 'Data stays in the region and a contract is signed: what is left to decide, and what does it cost?',
    horizon_months: 36,
    models: ['azure/eu/gpt-5.5', 'mistral/mistral-large-latest'],
    requests_per_month: 400_000,
    growth_at_most_percent: 2,
    gateways: ['portkey', 'litellm'],
    classes: [
      { feature: 'casework', share: 0.6, model: 0, ...OFFICE_CHAT },
      { feature: 'search', share: 0.4, model: 1, ...OFFICE_CHAT },
    ],
    value_per_request: '0.05 to 0.25 USD',
    needs: [
      { capability: 'guardrails', need: 'required' },
      { capability: 'attribution', need: 'required' },
      { capability: 'key_management', need: 'required' },
      { capability: 'rate_limit_handling', need: 'required' },
      { capability: 'fallback', need: 'optional' },
    ],
    change_first: 'constraints and contracts, then what is already built',
    own: ({ models, gateway }) => ({
      top: [
        'already_built: [key_management, rate_limit_handling] # costs upkeep only; an assumption',
        '',
        'constraints: {data_residency: [eu]} # what is not known of a seller or gateway excludes nothing and is told',
        ...(gateway === undefined
          ? []
          : [`# gateways: {${gateway}: {data_residency: [us]}} # what your own enquiry found: this would exclude it`]),
        '',
        '# Terms are assumptions: put in what you signed. `signed: true` makes it due whoever is called.',
        `contracts: {${sellerOf(models[0]!)}: {commitment_usd_per_month: 5000, discount: 10 %, discount_on: all, signed: true}}`,
      ],
    }),
  },
  {
    id: 'seasonal-traffic',
    title: 'Seasonal traffic',
    summary: 'busy for some months of the year',
    question: 'Busy for two months of the year: commit to a spend for a discount, or pay a gateway without fixed fees?',
    horizon_months: 12,
    models: ['openai/gpt-5.6-terra'],
    requests_per_month: 300_000,
    growth_at_most_percent: 0,
    gateways: ['openrouter'],
    classes: [{ feature: 'advice', share: 1, model: 0, ...OFFICE_CHAT }],
    value_per_request: '0.01 to 0.05 USD',
    needs: [{ capability: 'rate_limit_handling', need: 'required' }],
    change_first: 'the factors of the busy months and the contract',
    own: ({ models }) => ({
      volume: [
        'season: # over an ordinary month; months that are not named are ordinary ones',
        '  november: {value: 1.5 to 3, source: assumption}',
        '  december: {value: 3 to 6, source: assumption}',
        '  january: {value: 2 to 4, source: assumption}',
      ],
      top: [
        '# An offer to weigh: the level is searched; write the one that you were offered in place of best.',
        `contracts: {${sellerOf(models[0]!)}: {commitment_usd_per_month: best, discount: 10 %}} # an assumption`,
      ],
    }),
  },
  {
    id: 'china-and-global',
    title: 'China and global',
    summary: 'users in China and elsewhere, CNY and EUR',
    question: 'Users in China and in Europe: one seller per market, or one gateway for all?',
    horizon_months: 24,
    models: ['deepseek/deepseek-flash', 'alibaba/qwen3.7-plus', 'mistral/mistral-medium-latest'],
    requests_per_month: 400_000,
    growth_at_most_percent: 5,
    gateways: ['openrouter', 'tokenmix'],
    classes: [
      { feature: 'china', share: 0.5, model: 0, ...OFFICE_CHAT, hours: 'shanghai' },
      {
        feature: 'china_long',
        share: 0.1,
        model: 1,
        input_tokens: { p50: 20_000, p95: 80_000 },
        output_tokens: { p50: 500, p95: 1500 },
        hours: 'shanghai',
      },
      { feature: 'europe', share: 0.4, model: 2, ...OFFICE_CHAT },
    ],
    value_per_request: '0.05 to 0.20 CNY',
    needs: [
      { capability: 'routing_policy', need: 'required', why: 'by market' },
      { capability: 'rate_limit_handling', need: 'required' },
      { capability: 'key_management', need: 'optional' },
    ],
    change_first: 'shares of the markets, then constraints: how you can sign up and pay',
    own: () => ({
      top: [
        '# Amounts in CNY and EUR are converted at the dated rates of the price book, and told.',
        '# constraints: {payment_method: alipay} # what no price outweighs',
      ],
    }),
  },
  {
    id: 'local-and-paid',
    title: 'Local model beside paid ones',
    summary: 'Ollama or vLLM on an own machine for part of the work',
    question: 'A small model on an own machine for part of the work: from which volume does the machine pay?',
    horizon_months: 36,
    models: ['openai/gpt-5.6-luna', 'openai/gpt-5.6-terra'],
    requests_per_month: 300_000,
    growth_at_most_percent: 6,
    gateways: [],
    classes: [
      {
        feature: 'classify',
        share: 0.8,
        model: 0,
        input_tokens: { p50: 800, p95: 2500 },
        output_tokens: { p50: 40, p95: 120 },
      },
      {
        feature: 'write',
        share: 0.2,
        model: 1,
        input_tokens: { p50: 1500, p95: 5000 },
        output_tokens: { p50: 500, p95: 1500 },
      },
    ],
    value_per_request: '0.001 to 0.01 USD',
    needs: [{ capability: 'rate_limit_handling', need: 'optional' }],
    change_first: 'the machine, its speed as you measure it, and which part of the work it is good enough for',
    own: ({ has_trace, models }) => ({
      gateways: [
        '# Nobody bills a token that the machine answers: machine, power and care are the price.',
        'ollama:',
        '  name: Ollama on own machines',
        '  kind: self_hosted',
        '  serving:',
        `    models: [${models.map((model) => JSON.stringify(model)).join(', ')}] # those that it answers or stands in for`,
        '    machine: # or {rent: 2.50 USD/hour}',
        '      price: {value: 3500 to 6000 USD, source: "assumption: a workstation with one GPU of 32 GB"}',
        '      life: {value: 36 months, source: assumption}',
        '      power:',
        '        draw: {value: 150 to 350 W, source: assumption}',
        '        price: {value: 0.19 to 0.29 EUR/kWh, source: "EU, first half of 2025, firms and households (Eurostat)"}',
        '    throughput: # of all requests answered at once; measure yours',
        '      input: {value: 3000 to 10000 token/s, source: assumption}',
        '      output: {value: 900 to 1500 token/s, source: assumption}',
        '    utilisation: {value: 60 %, source: assumption}',
        '    sized_for: peak # machines for the busiest minute; mean: the work can wait',
        '    setup: {value: 1 to 3 days, source: assumption}',
        '    care: {value: 1 to 4 hours/month, source: assumption}',
        '    downtime: {value: 0.1 to 1 %, source: "assumption: one machine without a spare"}',
        '  hop_latency: 0 ms',
      ],
      strategies: [
        '# By itself it would answer everything with the small model, however well: read `mixed`.',
        '- {id: local, title: Ollama for everything, kind: self_hosted_gateway, gateway: ollama}',
        '- id: mixed',
        '  title: Ollama for the simple part',
        '  kind: hybrid',
        has_trace
          ? '  rules: [{share: 0.5, via: local}, {else: direct}] # or by feature, model or prompt_tokens'
          : '  rules: [{feature: classify, via: local}, {else: direct}]',
      ],
    }),
  },
  {
    id: 'leaving-a-gateway',
    title: 'Leaving a gateway',
    summary: 'the product runs through a gateway and has grown',
    question: 'The product runs through a gateway: leave it now, later, or never?',
    horizon_months: 36,
    models: ['openai/gpt-5.6-terra', 'anthropic/claude-sonnet-5'],
    requests_per_month: 360_000,
    growth_at_most_percent: 6,
    gateways: ['openrouter'],
    classes: [
      { feature: 'chat', share: 0.85, model: 0, ...OFFICE_CHAT },
      { feature: 'experiments', share: 0.15, model: 1, ...OFFICE_CHAT },
    ],
    value_per_request: '0.01 to 0.05 USD',
    needs: [
      { capability: 'rate_limit_handling', need: 'required' },
      { capability: 'key_management', need: 'required' },
      { capability: 'dashboards', need: 'required' },
      { capability: 'fallback', need: 'optional' },
    ],
    change_first: 'today’s gateway and its plan, what is built already, effort of the change-over',
    own: ({ gateway }) => ({
      top: ['already_built: [dashboards] # an assumption'],
      ...(gateway !== undefined && {
        baseline: gateway,
        strategies: [
          '- id: leave',
          '  title: Leave in the best month',
          '  kind: phased',
          `  phases: [{via: ${gateway}, for: best}, {via: direct}]`,
          '  migration: {value: 24 to 80 hours, source: assumption}',
        ],
      }),
    }),
  },
];
