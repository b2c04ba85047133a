/**
 * Reports to render: five strategies over 36 months with hostile texts in every field that a user writes, and the same with
 * a model that has no price. Totals are sums of the line items, so that what is shown can be checked against its parts.
 */
import { COMPONENTS, type Component, type Report, type ReportLineItem } from '../../src/report/contract.ts';

export const HORIZON = 36;
export const HOSTILE = {
  script: '<script>alert(1)</script>',
  closing: '</script></style></title><img src=x onerror=alert(2)>',
  attribute: '" onmouseover="alert(3)',
  pipes: '| pipes | and *stars* |',
  formula: '=HYPERLINK("https://evil.example","click")',
  backticks: '`rm -rf` ```',
  bidi: 'gpt-\u202e4o-lairt',
  link: '[click](javascript:alert(4))',
  newline: 'two\nlines\u001b[31m',
};

const START_VOLUME = 4_000_000;
const months = Array.from({ length: HORIZON }, (_, i) => i);
const volume = months.map((m) => START_VOLUME * 1.04 ** m);
const perMonth = (of: (month: number) => number, from = 0, until = HORIZON): number[] =>
  months.map((m) => (m >= from && m < until ? of(m) : 0));
const once = (usd: number, at = 0): number[] => months.map((m) => (m === at ? usd : 0));

interface Options {
  readonly timing?: 'start' | 'monthly';
  readonly cash?: boolean;
  readonly from?: number;
  readonly until?: number;
  readonly formula?: string;
  readonly inputs?: ReportLineItem['inputs'];
}

const item = (component: Component, label: string, amounts_usd: number[], options: Options = {}): ReportLineItem => ({
  component,
  label,
  timing: options.timing ?? 'monthly',
  months: { from: options.from ?? 0, until: options.until ?? HORIZON },
  amounts_usd,
  cash: options.cash ?? true,
  formula: options.formula ?? 'requests * usd_per_request',
  inputs: options.inputs ?? {
    requests: { values: volume, unit: 'requests/month', source: `trace ${HOSTILE.script}` },
    usd_per_request: {
      value: 0.00412,
      unit: 'USD/request',
      source: 'https://example.com/prices?a=1&b=2, seen 2026-11-02',
    },
  },
});

const hours = (build: number, rate = 95): ReportLineItem['inputs'] => ({
  build_hours: { value: build, unit: 'hours', source: 'assumption: capability matrix' },
  loaded_rate: { value: rate, unit: 'USD/hour', source: 'assumption of the scenario' },
});

const tokens = (factor: number, from = 0, until = HORIZON): ReportLineItem[] => [
  item(
    'token_charges',
    'Input tokens (mistral/mistral-large-latest)',
    perMonth((m) => volume[m]! * 0.00262 * factor, from, until),
    { from, until },
  ),
  item(
    'token_charges',
    `Output tokens (${HOSTILE.bidi})`,
    perMonth((m) => volume[m]! * 0.0015 * factor, from, until),
    { from, until },
  ),
];
const lost = (usd: number, latency: number, from = 0, until = HORIZON): ReportLineItem[] => [
  item(
    'outages',
    'Requests lost in outages',
    perMonth((m) => usd * 1.04 ** m, from, until),
    {
      cash: false,
      from,
      until,
      formula: 'requests * failing_share * (1 - recovered_share) * value_per_request',
      inputs: {
        requests: { values: volume, unit: 'requests/month', source: 'trace, projected' },
        failing_share: { value: 0.0021, unit: '1', source: 'status history of the seller, 24 months to 2026-10' },
        recovered_share: { value: 0.6, unit: '1', source: 'assumption' },
        value_per_request: { value: 0.05, unit: 'USD/request', source: HOSTILE.link },
      },
    },
  ),
  ...(latency === 0
    ? []
    : [
        item(
          'latency',
          'Churn from added latency',
          perMonth(() => latency, from, until),
          { cash: false, from, until },
        ),
      ]),
];
const build = (label: string, count: number, at = 0): ReportLineItem =>
  item('engineering', label, once(count * 95, at), {
    timing: 'start',
    from: at,
    formula: 'build_hours * loaded_rate',
    inputs: hours(count),
  });
const upkeep = (usd: number, from = 0, until = HORIZON): ReportLineItem =>
  item(
    'engineering',
    'Upkeep of adapters and keys',
    perMonth(() => usd, from, until),
    {
      from,
      until,
      formula: 'upkeep_hours * loaded_rate',
      inputs: hours(usd / 95),
    },
  );

const LINES: Record<string, ReportLineItem[]> = {
  direct: [
    ...tokens(1),
    build('Adapters per provider', 60),
    build('Budgets and attribution', 40),
    upkeep(900),
    ...lost(620, 0),
  ],
  openrouter: [
    ...tokens(1),
    item(
      'gateway_fees',
      `Fee on credit purchase ${HOSTILE.formula}`,
      perMonth((m) => volume[m]! * 0.00412 * 0.055),
    ),
    build('Integration', 24),
    upkeep(250),
    ...lost(310, 160),
    item(
      'early_access',
      'New models a month earlier',
      perMonth(() => -140),
      { cash: false },
    ),
  ],
  litellm: [
    ...tokens(1),
    item(
      'infrastructure',
      'Replicas, database and log store',
      perMonth((m) => 620 + 4 * m),
    ),
    build('Set-up, guardrails, on-call', 120),
    upkeep(420),
    ...lost(410, 60),
    item(
      'credits',
      'SLA credits of the cloud',
      perMonth(() => -35),
    ),
  ],
  'mixed <b>& co</b>': [
    ...tokens(0.985),
    item(
      'gateway_fees',
      'Fee on credit purchase, gpt-4o only',
      perMonth((m) => volume[m]! * 0.0009 * 0.055),
    ),
    build('Adapters and routing rules', 110),
    upkeep(640),
    ...lost(330, 40),
    item(
      'credits',
      'Volume credit, tier 2',
      perMonth(() => -220),
    ),
  ],
  'start-then-leave': [
    ...tokens(1),
    item(
      'gateway_fees',
      'Fee on credit purchase',
      perMonth((m) => volume[m]! * 0.00412 * 0.055, 0, 14),
      { until: 14 },
    ),
    build('Integration', 24),
    build('Migration and adapters', 130, 14),
    upkeep(250, 0, 14),
    upkeep(900, 14),
    ...lost(310, 160, 0, 14),
    ...lost(620, 0, 14),
  ],
};
const KINDS = ['direct', 'managed_gateway', 'self_hosted_gateway', 'hybrid', 'phased'];
const TITLES = [
  'Direct to Mistral and OpenAI',
  'Everything through OpenRouter',
  'Own LiteLLM',
  `Mixed ${HOSTILE.pipes}`,
  'OpenRouter first, then direct',
];

const total = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const discounted = (values: readonly number[]): number => total(values.map((v, i) => v / 1.08 ** ((i + 1) / 12)));
const byMonth = (lines: readonly ReportLineItem[]): number[] =>
  months.map((m) => total(lines.map((l) => l.amounts_usd[m]!)));

const strategies: Report['strategies'] = Object.entries(LINES).map(([id, line_items], i) => {
  const monthly_usd = byMonth(line_items);
  const cash = byMonth(line_items.filter((l) => l.cash));
  return {
    id,
    kind: KINDS[i]!,
    title: TITLES[i]!,
    ...(id === 'start-then-leave'
      ? { excluded: 'data_residency: OpenRouter does not keep the traffic within [eu] <b>' }
      : {}),
    total_usd: total(monthly_usd),
    cash_usd: total(cash),
    npv_usd: discounted(monthly_usd),
    cash_npv_usd: discounted(cash),
    monthly_usd,
    by_component: Object.fromEntries(
      COMPONENTS.flatMap((c) => {
        const lines = line_items.filter((l) => l.component === c);
        return lines.length === 0 ? [] : [[c, total(byMonth(lines))]];
      }),
    ),
    choices: [
      {
        need: 'fallback',
        required: false,
        answer: i === 0 ? 'done_without' : 'brought',
        reason: i === 0 ? 'building it costs $14,000, its absence $9,200' : 'the gateway brings it',
      },
      {
        need: 'budgets',
        required: true,
        answer: i === 0 ? 'built' : 'brought',
        reason: `required by the scenario ${HOSTILE.backticks}`,
      },
      { need: 'key_management', required: true, answer: 'already_built', reason: HOSTILE.attribute },
      { need: `odd_need ${HOSTILE.script}`, required: false, answer: 'done_without', reason: HOSTILE.newline },
    ],
    line_items,
  };
});

const npv = (id: string): number => strategies.find((s) => s.id === id)!.npv_usd!;
const MIXED = 'mixed <b>& co</b>';

/** Zeros of the cumulative difference between two strategies. */
function monthCrossings(a: string, b: string): Report['break_even'][number]['crossings'] {
  const of = (id: string) => strategies.find((s) => s.id === id)!.monthly_usd as number[];
  let before = 0;
  return of(a).flatMap((amount, m) => {
    const after = before + amount - of(b)[m]!;
    const crossing =
      before * after < 0
        ? [
            {
              value: m + before / (before - after),
              kind: 'continuous' as const,
              cheaper_below: before < 0 ? a : b,
              cheaper_above: before < 0 ? b : a,
            },
          ]
        : [];
    before = after;
    return crossing;
  });
}

const pair = (
  a: string,
  b: string,
  driver: Report['break_even'][number]['driver'],
  crossings: Report['break_even'][number]['crossings'],
): Report['break_even'][number] => ({
  a,
  b,
  driver,
  unit: { month: 'month', volume: 'request/month', markup: 'fraction', hourly_rate: 'USD/hour' }[driver],
  range: {
    month: { from: 1, until: HORIZON },
    volume: { from: 40_000, until: 40_000_000 },
    markup: { from: 0, until: 0.2 },
    hourly_rate: { from: 20, until: 300 },
  }[driver],
  at: { month: HORIZON, volume: START_VOLUME, markup: 0.055, hourly_rate: 95 }[driver],
  crossings,
  verdict:
    crossings.length === 0
      ? `never: ${b} stays cheaper, by at least $1,240`
      : `${a} and ${b} cost the same ${crossings.length} time(s)`,
  complete: driver !== 'markup',
});

const others = strategies.map(({ id }) => id).filter((id) => id !== 'direct');
const volumes = Array.from({ length: 25 }, (_, i) => 40_000 * 10 ** (i / 8));
const component = (id: string, c: Component): number => strategies.find((s) => s.id === id)!.by_component[c] ?? 0;
/** Everything but engineering and infrastructure grows with traffic. */
const atVolume = (id: string, v: number): number => {
  const fixed = component(id, 'engineering') + component(id, 'infrastructure');
  return 0.89 * (fixed + (strategies.find((s) => s.id === id)!.total_usd! - fixed) * (v / START_VOLUME));
};
const sweep = {
  driver: 'volume' as const,
  unit: 'request/month',
  values: volumes,
  npv_usd: Object.fromEntries(strategies.map(({ id }) => [id, volumes.map((v) => atVolume(id, v))])),
};
const volumeCrossings = (a: string, b: string): Report['break_even'][number]['crossings'] => {
  const d = (v: number): number => atVolume(a, v) - atVolume(b, v);
  const slope = d(2) - d(1);
  const value = 1 - d(1) / slope;
  return value > volumes[0]! && value < volumes.at(-1)!
    ? [
        {
          value,
          kind: 'continuous',
          cheaper_below: d(volumes[0]!) < 0 ? a : b,
          cheaper_above: d(volumes[0]!) < 0 ? b : a,
        },
      ]
    : [];
};

export const report: Report = {
  schema_version: 1,
  scenario: {
    name: `Support chatbot ${HOSTILE.script}`,
    question: `Mistral and OpenAI directly, or through a gateway? ${HOSTILE.closing}`,
    hash: '4f1c0a9be2d37786b1e0c5ad9f3e2b7748a6d0c1958e3f6a7b2c4d5e6f708192',
    notes: [`The window has no holiday in it. ${HOSTILE.link}`],
  },
  seed: 1,
  start: '2026-12',
  horizon_months: HORIZON,
  currency: 'USD',
  discount_rate_per_year: 0.08,
  baseline: 'direct',
  traffic: {
    source: 'data/support-week.csv, one row per request',
    requests: 371_204,
    failed_requests: 1_208,
    rejected: 17,
    window: { from: '2026-11-02T00:00:00Z', until: '2026-11-09T00:00:00Z', hours: 168 },
    tokens: { input: 512_339_120, cache_read: 88_120_004, cache_write: 1_200_340, output: 96_004_118 },
    models: [
      {
        model: 'mistral/mistral-large-latest',
        requests: 300_000,
        tokens: { input: 400_000_000, cache_read: 80_000_000, cache_write: 1_000_000, output: 80_000_000 },
      },
      {
        model: HOSTILE.bidi,
        requests: 71_204,
        tokens: { input: 112_339_120, cache_read: 8_120_004, cache_write: 200_340, output: 16_004_118 },
      },
    ],
    features: [
      {
        feature: `chat ${HOSTILE.pipes}`,
        requests: 310_000,
        tokens: { input: 410_000_000, cache_read: 70_000_000, cache_write: 900_000, output: 82_000_000 },
      },
      {
        feature: HOSTILE.formula,
        requests: 61_204,
        tokens: { input: 102_339_120, cache_read: 18_120_004, cache_write: 300_340, output: 14_004_118 },
      },
    ],
    monthly_requests: volume,
  },
  strategies,
  break_even: [
    ...others.map((id) => pair('direct', id, 'month', monthCrossings('direct', id))),
    ...others.map((id) => pair('direct', id, 'volume', volumeCrossings('direct', id))),
    pair('openrouter', 'litellm', 'volume', volumeCrossings('openrouter', 'litellm')),
    pair('direct', 'openrouter', 'markup', [
      { value: 0.0713, kind: 'continuous', cheaper_below: 'openrouter', cheaper_above: 'direct' },
      { value: 0.1, kind: 'jump', cheaper_below: 'direct', cheaper_above: 'openrouter' },
    ]),
    pair('direct', MIXED, 'hourly_rate', [
      { value: 41.5, kind: 'continuous', cheaper_below: 'direct', cheaper_above: MIXED },
    ]),
    pair('litellm', MIXED, 'hourly_rate', []),
  ],
  sweeps: [sweep],
  recommendation: {
    strategy: MIXED,
    saving_usd: npv('direct') - npv(MIXED),
    versus: 'direct',
    reasons: [
      'Fewer hours for adapters and budgets: $28,000 less engineering.',
      `Fees on gpt-4o only. ${HOSTILE.script}`,
    ],
    would_change_if: ['the hourly rate falls below $41.50/hour', 'volume stays below 90,000 requests/month'],
    cash_only_strategy: 'litellm',
  },
  unpriced: [],
  assumptions: [
    {
      path: 'engineering.loaded_rate',
      value: 95,
      unit: 'USD/hour',
      range: '70 to 120 (90 % interval, log-normal)',
      source: 'https://example.com/salaries (2026)',
      as_of: '2026-10-01',
      given: true,
    },
    {
      path: 'value.per_request',
      value: 0.05,
      unit: 'USD/request',
      range: '0.02 to 0.10',
      source: HOSTILE.attribute,
      given: true,
    },
    { path: 'traffic.growth', value: 0.04, unit: '1/month', source: HOSTILE.formula, given: true },
    {
      path: 'outages.pooled_availability',
      value: 0.9972,
      unit: '1',
      source: 'pooled history of four sellers',
      as_of: '2026-11-01',
      given: false,
    },
    {
      path: 'self_hosting.cpu_ms_per_request',
      value: 3.2,
      unit: 'ms',
      source: 'benchmark javascript:alert(5)',
      given: false,
    },
  ],
  diagnostics: [
    {
      severity: 'warning',
      code: 'PRICE_OLD',
      path: 'pricing/openai.yaml',
      message: `price is 412 days old ${HOSTILE.script}`,
    },
    { severity: 'info', code: 'TRAFFIC_SHORT', path: 'data/support-week.csv', message: 'one week: no seasons in it' },
  ],
  provenance: {
    version: '0.1.0',
    inputs: [
      { name: 'scenarios/support.yaml', sha256: 'a'.repeat(64) },
      { name: `data/${HOSTILE.bidi}.csv`, sha256: 'b'.repeat(64) },
    ],
    price_book: {
      sha256: 'c'.repeat(64),
      newest_on: '2026-11-20',
      prices: [
        {
          model: 'mistral/mistral-large-latest',
          source: 'https://mistral.ai/pricing',
          as_of: '2026-11-20',
          age_days: 11,
        },
        { model: 'openai/gpt-4o', source: HOSTILE.link, as_of: '2025-10-15', age_days: 412 },
      ],
    },
    command: `tollgate run scenarios/support.yaml --seed 1 # ${HOSTILE.backticks}`,
  },
};

/** A model without a price touches every strategy: no totals, no ranking, no recommendation. */
export const unpricedReport: Report = {
  ...report,
  strategies: strategies.map((s) => ({
    ...s,
    total_usd: null,
    cash_usd: null,
    npv_usd: null,
    cash_npv_usd: null,
    monthly_usd: s.monthly_usd.map(() => null),
    by_component: { ...s.by_component, token_charges: null },
  })),
  break_even: [],
  sweeps: [],
  recommendation: {
    strategy: null,
    saving_usd: null,
    versus: null,
    reasons: [],
    would_change_if: [],
    cash_only_strategy: null,
  },
  unpriced: [
    {
      model: `acme/${HOSTILE.bidi}`,
      reason: `no rate card names this model ${HOSTILE.pipes}`,
      requests: 4_211,
      strategies: strategies.map(({ id }) => id),
    },
  ],
};
