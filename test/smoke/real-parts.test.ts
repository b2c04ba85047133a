/**
 * The suite against parts that others made or that run in earnest: a mock of OpenAI's API by other hands, whose gaps are
 * known, and this project's router before the stand-in beside the stand-in itself. Everything is called over the network.
 */
import { LLMock } from '@copilotkit/aimock';
import { afterEach, describe, expect, it } from 'vitest';
import { readPriceBook } from '../../src/io/read-price-book.ts';
import type { Measurements } from '../../src/measurements/contract.ts';
import { chosenChecks } from '../../src/smoke/checks.ts';
import { prepareRun } from '../../src/smoke/prepare-run.ts';
import { Spending } from '../../src/smoke/spending.ts';
import { type StandInInput, standInSpec } from '../../src/smoke/stand-in/spec.ts';
import { startStandIn } from '../../src/smoke/stand-in/start-stand-in.ts';
import type { Target } from '../../src/smoke/target.ts';
import { startRouter } from '../router/setting.ts';
import { hasty } from './fault-run.ts';
import { run, target } from './setting.ts';

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

const MINI = { seller: 'openai', model: 'gpt-4o-mini' } as const;
const mini = (more: Partial<Target>): Target =>
  target({
    model: MINI.model,
    priced_as: MINI,
    embeddings_model: 'text-embedding-3-small',
    output_limit: 'max_completion_tokens',
    timeout_ms: 10_000,
    ...more,
  });

async function measured(targets: readonly Target[], rounds: number): Promise<Measurements> {
  const book = await readPriceBook();
  const checks = chosenChecks();
  const prepared = prepareRun(targets, { book, env: process.env, checks, rounds, on: '2026-11-01' });
  open.push(prepared.close);
  const facts = { simulated: true, tollgate: '0', node: '0', seed: 1, rounds, cap_usd: 1, price_book_sha256: '' };
  return run(prepared.ready, checks, { book, facts, clock: hasty, spending: new Spending(1) });
}

type Verdicts = Readonly<Record<string, string>>;
const verdictsOf = ({ findings }: Measurements, id: string): Verdicts =>
  Object.fromEntries(findings.flatMap((one) => (one.target === id ? [[one.check, one.verdict]] : [])));
const seenBy = ({ findings }: Measurements): string =>
  findings.map(({ target: id, check, verdict, seen }) => `${id} ${check} ${verdict}: ${seen}`).join('\n');
const findingOf = ({ findings }: Measurements, id: string, check: string) =>
  findings.find((one) => one.target === id && one.check === check)!;
const figureOf = (found: Measurements, id: string, check: string, name: string) =>
  findingOf(found, id, check).figures.find((one) => one.name === name);

async function standIn(input: StandInInput = {}) {
  const started = await startStandIn(standInSpec.parse({ first_token: 5, per_token: 0, ...input }), { seed: 1 });
  open.push(started.close);
  return started;
}

describe('a mock of OpenAI’s API by other hands', () => {
  it('passes what it has, and fails where it is known to be a mock', async () => {
    const mock = new LLMock({ host: '127.0.0.1', port: 0, logLevel: 'silent' });
    const usage = { prompt_tokens: 170, completion_tokens: 10, total_tokens: 180 };
    const called = { name: 'get_weather', arguments: JSON.stringify({ city: 'Paris', unit: 'celsius' }) };
    const paris = { city: 'Paris', continent: 'Europe', inhabitants: 2_100_000, rivers: ['Seine'] };
    const known = { model: MINI.model };
    mock
      .on({ ...known, toolName: 'get_weather' }, { toolCalls: [{ id: 'call_1', ...called }], usage })
      .on({ ...known, responseFormat: 'json_object' }, { content: '{"city":"Paris","country":"France"}', usage })
      .on({ ...known, responseFormat: 'json_schema' }, { content: JSON.stringify(paris), usage })
      .on({ ...known, userMessage: 'OK' }, { content: 'OK', usage })
      .on({ ...known, userMessage: 'days of the week' }, { content: 'Monday: work. Tuesday: more of it.', usage })
      .on({ ...known, userMessage: 'Count from 1' }, { content: 'one\ntwo\nthree\nfour\nfive\nsix', usage })
      .on({ ...known, userMessage: 'nine digits' }, { content: '123456789', usage })
      .onEmbedding(/./, { embedding: [0.25, -0.5, 1] });
    await mock.start();
    open.push(() => mock.stop());
    const found = await measured([mini({ base_url: `${mock.url}/v1` })], 6);
    const verdicts = Object.entries(verdictsOf(found, 'direct'));
    const having = (verdict: string): string[] => verdicts.flatMap(([id, one]) => (one === verdict ? [id] : [])).sort();
    expect(having('pass'), seenBy(found)).toEqual([
      'attribution',
      'cancel',
      'error_shape',
      'json_mode',
      'json_schema',
      'latency',
      'model_snapshot',
      'reachable',
      'request_id',
      'streamed_tool_calls',
      'streaming',
      'tool_calls',
    ]);
    expect(having('not_supported')).toEqual([
      'cost_reported',
      'idempotent_retries',
      'prompt_cache',
      'quota_burn',
      'retry_behaviour',
    ]);
    expect(having('fail')).toEqual(['cut_handling', 'embeddings', 'usage_accounting']);
    const { seen } = findingOf(found, 'direct', 'usage_accounting');
    expect(seen).toContain('the program prompt counts 170 tokens, expected 203 to 212');
    expect(findingOf(found, 'direct', 'embeddings').seen).toContain('the same vector for different texts');
    expect(findingOf(found, 'direct', 'cut_handling').seen).toContain('limit of 16 tokens, seen: stop');
    expect(findingOf(found, 'direct', 'prompt_cache').seen).toContain('no cached tokens are told');
  });
});

describe('this project’s router before the stand-in', () => {
  it('tells the cost that is computed and the usage that was, and its hop is measured', async () => {
    const { origin } = await standIn();
    const book = await readPriceBook();
    const base_url = `${origin}/direct/v1`;
    const { url, router } = await startRouter(
      {
        routes: {
          'gpt-4o-mini': MINI,
          'text-embedding-3-small': { seller: 'openai', model: 'text-embedding-3-small' },
        },
        routing: { policy: { kind: 'single' } },
        upstreams: { openai: { base_url } },
      },
      { book },
    );
    open.push(() => router.close());
    const costs = { usage: 'cost', header: 'x-tollgate-cost-usd' } as const;
    const routed = (['usage', 'header'] as const).map((at) =>
      mini({
        id: `router-${at}`,
        kind: 'router',
        isBaseline: false,
        base_url: `${url}/v1`,
        reports_cost: { in: at, name: costs[at], unit: 'USD', usd_per_unit: 1 },
      }),
    );
    const found = await measured([mini({ base_url }), ...routed], 12);
    const { cost_reported: _own, ...direct } = verdictsOf(found, 'direct');
    for (const { id } of routed) {
      expect(verdictsOf(found, id), seenBy(found)).toEqual({ ...direct, cost_reported: 'pass' });
      expect(figureOf(found, id, 'cost_reported', 'markup_fraction')?.value).toBeCloseTo(0, 9);
      expect(figureOf(found, id, 'usage_accounting', 'billed_tokens_ratio')?.value).toBe(1);
      const hop = figureOf(found, id, 'latency', 'added_first_token_ms')!;
      expect(hop.samples).toBe(12);
      expect(hop.interval!.low).toBeLessThanOrEqual(hop.value!);
      expect(hop.interval!.high).toBeGreaterThan(0);
      expect(hop.value!).toBeLessThan(100);
    }
    const known = found.evidence.filter(({ reported_usd }) => reported_usd !== null);
    expect(known.length).toBeGreaterThan(30);
    for (const { reported_usd, computed_usd } of known) expect(reported_usd).toBeCloseTo(computed_usd!, 12);
  });
});
