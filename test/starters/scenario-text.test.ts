/** Whatever is answered, the text parses, evaluates, and leaves nothing open that it could have settled. */
import { beforeAll, describe, expect, it } from 'vitest';
import { evaluate } from '../../src/evaluate.ts';
import { readPriceBook } from '../../src/io/read-price-book.ts';
import { parseYaml } from '../../src/io/read-yaml.ts';
import { measure } from '../../src/measure.ts';
import type { PriceBook } from '../../src/pricing/price-book.ts';
import { resolveScenario } from '../../src/scenario/resolve.ts';
import { type Answers, type GatewayAnswer, readGateways, readRate } from '../../src/starters/answers.ts';
import { scenarioText } from '../../src/starters/scenario-text.ts';
import { SITUATIONS } from '../../src/starters/situations.ts';
import { traceFacts } from '../../src/starters/trace-facts.ts';
import type { TraceRequest } from '../../src/trace/request.ts';
import { createRollup } from '../../src/usage/rollup.ts';
import type { UsageTable } from '../../src/usage/table.ts';
import { workloadSpec } from '../../src/workload/schema.ts';
import { synthesise } from '../../src/workload/synthesise.ts';

const START = '2026-12';
const ON = `${START}-01`;
let book: PriceBook;
let logged: readonly TraceRequest[];

beforeAll(async () => {
  book = await readPriceBook();
  const spec = workloadSpec.parse({
    start: '2026-10-01',
    duration_hours: 31 * 24,
    requests: 1500,
    classes: [
      { feature: 'chat: "a, b" #1', share: 0.7, model: 'openai/gpt-4o', ...sizes(900) },
      { feature: 'search', share: 0.3, model: 'anthropic/claude-sonnet-4.5', ...sizes(3000) },
    ],
  });
  logged = [...synthesise(spec, 1)];
});

const sizes = (tokens: number) => ({
  input_tokens: { p50: tokens, p95: 3 * tokens },
  output_tokens: { p50: 200, p95: 600 },
});

function factsOf(requests: readonly TraceRequest[], clock: 'absolute' | 'none' = 'absolute') {
  const rollup = createRollup();
  for (const request of requests) rollup.add(request);
  const read = {
    path: 'my logs/export #1.csv',
    format: 'a test',
    stated_format: undefined,
    mapping: undefined,
    unnamed_seller: undefined,
    rows: requests.length,
    settles: ['input\nincludes cached tokens'],
    clock,
  };
  return traceFacts(rollup.table(), read, book, ON);
}

const gatewaysOf = (text: string): readonly GatewayAnswer[] => {
  const read = readGateways(text, book);
  if ('problem' in read) throw new Error(read.problem);
  return read.value;
};

const answersTo = (change: Partial<Answers>): Answers => ({
  start: START,
  trace: undefined,
  models: [],
  mapped: {},
  requests_per_month: undefined,
  gateways: gatewaysOf('openrouter'),
  rate: undefined,
  schema: '../scenario.schema.json',
  ...change,
});

const questionOf = (text: string) => {
  const yaml = parseYaml(text, 'scenario.yaml');
  return resolveScenario(yaml.value, book, yaml.where);
};

function usageOf(text: string, requests?: readonly TraceRequest[]): UsageTable {
  const { scenario } = questionOf(text);
  const measured = measure(scenario, book, ON);
  for (const request of requests ?? synthesise(scenario.traffic.synthetic!, scenario.seed)) measured.add(request);
  return measured.table();
}

function outcome(text: string, usage: UsageTable) {
  const evaluation = evaluate(questionOf(text), usage, book);
  return {
    errors: evaluation.diagnostics.filter(({ severity }) => severity === 'error'),
    unpriced: evaluation.prepared.quotes.unpriced.size,
    recommended: evaluation.recommendation !== undefined,
  };
}

const FINE = { errors: [], unpriced: 0, recommended: true };
const CHOICES = ['none', 'openrouter', 'openrouter, portkey', 'litellm'];

describe.each(SITUATIONS.map((situation) => [situation.id, situation] as const))('%s', (_, situation) => {
  it('made-up traffic evaluates with each choice of gateways', () => {
    let usage: UsageTable | undefined;
    for (const choice of CHOICES) {
      const text = scenarioText(situation, answersTo({ models: situation.models, gateways: gatewaysOf(choice) }));
      usage ??= usageOf(text);
      expect(outcome(text, usage), `${choice}\n${text}`).toEqual(FINE);
    }
  });

  it('a trace evaluates with each choice of gateways', () => {
    let usage: UsageTable | undefined;
    for (const choice of CHOICES) {
      const text = scenarioText(situation, answersTo({ trace: factsOf(logged), gateways: gatewaysOf(choice) }));
      usage ??= usageOf(text, logged);
      expect(outcome(text, usage), `${choice}\n${text}`).toEqual(FINE);
      expect(questionOf(text).scenario.traffic.trace).toBe('my logs/export #1.csv');
    }
  });

  it('needs no more than its own gateways, a rate, a salary or a markup to be complete', () => {
    const own = situation.gateways.length === 0 ? 'none' : situation.gateways.join(',');
    const rates = ['80 EUR/hour', '110000 USD/year', '70 to 120'].map((text) => {
      const read = readRate(text);
      return 'value' in read ? read.value : undefined;
    });
    for (const rate of rates) {
      const gateways = [...gatewaysOf(own), ...gatewaysOf('12.5 %')];
      const text = scenarioText(situation, answersTo({ models: situation.models, gateways, rate }));
      const { scenario } = questionOf(text);
      expect(scenario.engineering.loaded_rate!.central).toBeGreaterThan(60);
      expect(scenario.strategies.map(({ id }) => id)).toContain('markup-12-5');
    }
  });
});

const saas = SITUATIONS.find(({ id }) => id === 'multi-model-saas')!;

describe('models', () => {
  it('fewer than features are used again, more are dealt out', () => {
    const classes = (models: readonly string[]) =>
      questionOf(scenarioText(saas, answersTo({ models }))).scenario.traffic.synthetic!.classes;
    expect(classes(['openai/gpt-4o']).map(({ model }) => model)).toEqual(Array(3).fill('openai/gpt-4o'));
    const many = [
      'openai/gpt-4o',
      'openai/gpt-5',
      'openai/o3',
      'openai/gpt-5-mini',
      'openai/gpt-4.1',
      'openai/gpt-4.1-mini',
      'openai/gpt-4.1-nano',
    ];
    const used = classes(many).flatMap((one) => one.models?.map(({ model }) => model) ?? [one.model]);
    expect(used.sort()).toEqual([...many].sort());
  });

  it('a trace that names none gets one, where it lacks them', () => {
    const bare = logged.map((request, i) =>
      i % 2 === 0 ? { ...request, seller: undefined, model: undefined } : request,
    );
    const text = scenarioText(saas, answersTo({ trace: factsOf(bare), models: ['mistral/mistral-large-latest'] }));
    expect(questionOf(text).scenario.traffic.models.default).toBe('mistral/mistral-large-latest');
    expect(outcome(text, usageOf(text, bare))).toEqual(FINE);
  });

  it('a trace whose models all have cards needs no rules', () => {
    const text = scenarioText(saas, answersTo({ trace: factsOf(logged), models: ['mistral/mistral-large-latest'] }));
    expect(questionOf(text).scenario.traffic.models).toEqual({ when: [] });
    expect(text).toContain('anthropic/claude-sonnet-4.5, priced as anthropic/claude-sonnet-4-5, resolved by rule');
  });

  it('an unknown one is told with the nearest, and left open', () => {
    const odd = logged.map((request) => ({ ...request, seller: 'openai', model: 'gpt-4oo' }));
    const text = scenarioText(saas, answersTo({ trace: factsOf(odd) }));
    expect(text).toContain('openai/gpt-4oo: no card has this name; nearest are openai/gpt-4o');
    expect(text).toContain('- {model: "openai/gpt-4oo", use: openai/gpt-4o}');
    expect(outcome(text, usageOf(text, odd)).unpriced).toBe(1);
    const mapped = scenarioText(
      saas,
      answersTo({ trace: factsOf(odd), mapped: { 'openai/gpt-4oo': 'openai/gpt-4o' } }),
    );
    expect(outcome(mapped, usageOf(mapped, odd))).toEqual(FINE);
  });
});

describe('volume', () => {
  it('of a trace with times is what the trace holds; the comment says how much', () => {
    const text = scenarioText(saas, answersTo({ trace: factsOf(logged) }));
    expect(questionOf(text).scenario.traffic.volume.requests_per_month).toBeUndefined();
    expect(text).toMatch(/# requests_per_month: absent, so the trace scaled to 730 hours: some 1,4\d\d\n/);
  });

  it('of one without times is what was answered', () => {
    const text = scenarioText(
      saas,
      answersTo({ trace: factsOf(logged, 'none'), requests_per_month: '20000 to 80000' }),
    );
    expect(questionOf(text).scenario.traffic.volume.requests_per_month!.central).toBeGreaterThan(40_000);
  });

  it('of sums that count no requests takes tokens per request', () => {
    const sums = logged.map((request) => ({ ...request, requests: undefined, until_ms: request.time_ms + 86_400_000 }));
    const text = scenarioText(saas, answersTo({ trace: factsOf(sums) }));
    expect(text).toContain('Rows are sums over up to 24 h');
    expect(outcome(text, usageOf(text, sums))).toEqual(FINE);
  });

  it('growth is told from five weeks on, and not assumed', () => {
    const day = 86_400_000;
    const from = Date.UTC(2026, 8, 1);
    const rising = Array.from({ length: 56 }, (_, d) => Array<number>(d < 28 ? 10 : 20).fill(from + d * day)).flat();
    const requests = rising.map((time_ms) => ({ ...logged[0]!, time_ms }));
    // Twice as much, half a window of some 28 days later.
    expect(factsOf(requests).growth_per_month).toBeCloseTo(2 ** (730 / (27.5 * 24)) - 1, 2);
    expect(factsOf(requests.slice(0, 200)).growth_per_month).toBeNull();
  });
});
