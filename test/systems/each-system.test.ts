/**
 * Every system that people ask about by name, put to the same three things: a scenario that uses it, a replay that routes over
 * it, and the first checks of the smoke suite on its own target before a stand-in. Nothing leaves this machine.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseYaml } from '../../src/io/read-yaml.ts';
import { standInSpec } from '../../src/smoke/stand-in/spec.ts';
import { type StandIn, startStandIn } from '../../src/smoke/stand-in/start-stand-in.ts';
import { RUN_AS_PROGRAM } from '../../src/systems/beside-the-book.ts';
import { knownSystems, systemCalled } from '../../src/systems/systems.ts';
import { totals } from '../../src/usage/rollup.ts';
import { ask, CHAT, startRouter } from '../router/setting.ts';
import { ALL_PASS, book, dayOf, expectPriced, fileOf, lineSum, run, smoke, targetCalled } from './setting.ts';

let standIn: StandIn;
beforeAll(async () => {
  standIn = await startStandIn(standInSpec.parse({ first_token: 1, per_token: 0 }), { seed: 1 });
});
afterAll(() => standIn.close());

const all = knownSystems(book);
const direct = { id: 'direct', kind: 'direct' };

describe('providers', () => {
  const PROVIDERS = [
    ['OpenAI', 'openai', 'gpt-4o-mini'],
    ['Anthropic', 'anthropic', 'claude-haiku-4-5'],
    ['Google Gemini', 'google', 'gemini-2.5-flash'],
    ['Mistral', 'mistral', 'mistral-large-latest'],
    ['DeepSeek', 'deepseek', 'deepseek-flash'],
    ['Qwen', 'alibaba', 'qwen-plus'],
    ['GLM', 'zai', 'glm-4.6'],
  ] as const;

  test.each(PROVIDERS)('%s is found by that name, as %s', (called, id) => {
    expect(systemCalled(all, called === 'Google Gemini' ? 'gemini' : called).id).toBe(id);
  });

  test.each(PROVIDERS)('%s: a scenario prices its model by its own card', async (_, seller, model) => {
    const found = await run({ traffic: dayOf(`${seller}/${model}`), strategies: [direct] });
    expectPriced(found);
    for (const part of ['Input', 'Output']) {
      const label = new RegExp(`^${part} tokens \\(${seller}/${model}\\)`);
      expect(lineSum(found, 'direct', label), part).toBeGreaterThan(0);
    }
  });

  test.each(PROVIDERS)('%s: a replay falls back from it and to it', async (_, seller, model) => {
    const other =
      seller === 'openai'
        ? { seller: 'anthropic', model: 'claude-haiku-4-5' }
        : { seller: 'openai', model: 'gpt-4o-mini' };
    const found = await run({
      traffic: dayOf('openai/gpt-4o-mini'),
      strategies: [direct, { id: 'first', kind: 'direct' }, { id: 'second', kind: 'direct' }],
      routes: { own: { seller, model }, other },
      replay: {
        conditions: { error_rate: { own: { status: { 500: '30 %' } }, other: { status: { 500: '30 %' } } } },
        strategies: {
          first: { routing: { policy: { kind: 'fallback', first: 'own', to: ['other'] } } },
          second: { routing: { policy: { kind: 'fallback', first: 'other', to: ['own'] } } },
        },
      },
    });
    expectPriced(found);
    const label = new RegExp(`tokens \\(${seller}/${model}\\)`);
    expect(lineSum(found, 'first', label)).toBeGreaterThan(lineSum(found, 'second', label)!);
    expect(lineSum(found, 'second', label)).toBeGreaterThan(0);
  });

  test.each(PROVIDERS)('%s: its target passes the first checks before a stand-in', async (_, seller, model) => {
    const target = targetCalled(`${seller}/${model}`);
    expect(target.base_url).toMatch(/^https:\/\//);
    expect(target.key_env).toMatch(/_KEY$/);
    expect(await smoke(target, standIn)).toEqual(ALL_PASS);
  });
});

describe('gateways', () => {
  interface Case {
    readonly called: string;
    readonly id: string;
    readonly kind: 'managed_gateway' | 'self_hosted_gateway';
    /** Line that only this gateway brings, and its sign. */
    readonly line: RegExp;
    readonly sign: 1 | -1;
    readonly model?: string;
    readonly target: string;
    readonly more?: object;
  }
  const managed = { kind: 'managed_gateway', sign: 1 } as const;
  const GATEWAYS: readonly Case[] = [
    {
      ...managed,
      called: 'OpenRouter',
      id: 'openrouter',
      line: /credit purchase|Fee on credit|credit/i,
      target: 'openrouter/openai/gpt-4o-mini',
    },
    {
      ...managed,
      called: 'TokenMix.ai',
      id: 'tokenmix',
      line: /^Markup on tokens/,
      sign: -1,
      target: 'tokenmix/openai/gpt-4o-mini',
    },
    {
      called: 'LiteLLM',
      id: 'litellm',
      kind: 'self_hosted_gateway',
      sign: 1,
      line: /^Gateway replicas/,
      target: 'litellm/openai/gpt-4o-mini',
    },
    {
      ...managed,
      called: 'Portkey',
      id: 'portkey',
      line: /[Ss]ubscription|[Pp]lan/,
      target: 'portkey@self-hosted/openai/gpt-4o-mini',
    },
    {
      ...managed,
      called: 'Cloudflare AI Gateway',
      id: 'cloudflare',
      line: /credit/i,
      target: 'cloudflare/openai/gpt-4o-mini',
      more: { answers: { account_id: 'a' } },
    },
    {
      ...managed,
      called: 'SiliconFlow',
      id: 'siliconflow',
      line: /^Input tokens \(siliconflow\//,
      model: 'siliconflow/deepseek-ai/DeepSeek-V3',
      target: 'siliconflow/deepseek-ai/DeepSeek-V3',
    },
    {
      ...managed,
      called: 'OpenLLMAPI',
      id: 'openllmapi',
      line: /^Input tokens \(openai\//,
      target: 'openllmapi/openai/gpt-4o-mini',
      more: { base_url: 'https://gateway.test/v1', answers: { model_name: 'm' } },
    },
    {
      ...managed,
      called: 'AIPower',
      id: 'aipower',
      line: /^Free requests at signup/,
      sign: -1,
      target: 'aipower/openai/gpt-4o-mini',
    },
  ];
  const strategyOf = ({ id, kind }: Case) => ({ id, kind, gateway: id });

  test.each(GATEWAYS)('$called: a scenario charges what only it charges or gives', async (one) => {
    expect(systemCalled(all, one.called).id).toBe(one.id);
    const found = await run({
      traffic: dayOf(one.model ?? 'openai/gpt-4o-mini'),
      strategies: [direct, strategyOf(one)],
    });
    expectPriced(found);
    expect(lineSum(found, one.id, one.line)! * one.sign).toBeGreaterThan(0);
    if (!/tokens \\\(/.test(one.line.source)) expect(lineSum(found, 'direct', one.line)).toBeUndefined();
  });

  test.each(GATEWAYS)('$called: a replay through it retries and falls back', async (one) => {
    const own = one.model ?? 'openai/gpt-4o-mini';
    const slash = own.indexOf('/');
    const found = await run({
      traffic: dayOf('openai/gpt-4o-mini'),
      strategies: [direct, strategyOf(one)],
      routes: {
        own: { seller: own.slice(0, slash), model: own.slice(slash + 1) },
        other: { seller: 'anthropic', model: 'claude-haiku-4-5' },
      },
      replay: {
        conditions: { error_rate: { own: { status: { 500: '40 %' } } } },
        strategies: {
          [one.id]: {
            routing: { policy: { kind: 'fallback', first: 'own', to: ['other'] }, retries: { per_route: 1 } },
          },
        },
      },
    });
    expectPriced(found);
    expect(found.replays.get(one.id)!.result.requests).toBeGreaterThan(100);
    expect(lineSum(found, one.id, /tokens \(anthropic\/claude-haiku-4-5\)/)).toBeGreaterThan(0);
  });

  test.each(GATEWAYS)('$called: its target passes the first checks before a stand-in', async ({ target, more }) => {
    expect(await smoke(targetCalled(target, more), standIn)).toEqual(ALL_PASS);
  });

  test('AIPower: both dated readings of its free calls stand side by side, and a scenario picks one', async () => {
    const readings = systemCalled(all, 'aipower').fees.map(({ as_of, fees }) => [as_of, fees.join('; ')]);
    expect(readings[0]![1]).toContain('10 requests free');
    expect(readings[1]).toEqual(['2026-04-16', expect.stringContaining('50 requests free')]);
    const spec = { id: 'aipower', kind: 'managed_gateway', gateway: 'aipower' };
    const found = await run({
      traffic: dayOf('openai/gpt-4o-mini'),
      strategies: [direct, spec, { ...spec, id: 'fifty', fee_variant: 'fifty-free-calls' }],
    });
    const free = /^Free requests at signup/;
    expect(lineSum(found, 'fifty', free)! / lineSum(found, 'aipower', free)!).toBeCloseTo(5, 9);
  });

  test('OpenLLMAPI: a report says that nothing is known of it', () => {
    const { confidence, fees, unverified } = systemCalled(all, 'openllmapi');
    expect(confidence).toBe('none');
    expect(fees.map((one) => one.fees)).toEqual([[]]);
    expect(unverified.join(' ')).toContain('no trace of it');
  });

  test('SiliconFlow: its signup credit is in CNY and counts in dollars', async () => {
    const found = await run({ traffic: dayOf('siliconflow/deepseek-ai/DeepSeek-V3'), strategies: [direct] });
    expect(lineSum(found, 'direct', /[Ss]ignup credit/)).toBeLessThan(0);
    expect(systemCalled(all, 'siliconflow').credits.join()).toContain('14 CNY');
  });
});

describe('clients', () => {
  const CLIENTS = [
    ['OpenAI SDK', 'openai'],
    ['Anthropic SDK', '@anthropic-ai/sdk'],
    ['LangChain', '@langchain/openai'],
    ['LlamaIndex', '@llamaindex/openai'],
    ['Vercel AI SDK', 'ai'],
    ['plain HTTP', undefined],
  ] as const;

  test.each(CLIENTS)('%s: a test runs the real package against the router', (called, pkg) => {
    const { id, kinds } = systemCalled(all, called);
    expect(kinds).toEqual(['client']);
    const text = readFileSync(path.resolve(import.meta.dirname, '../..', RUN_AS_PROGRAM[id]!), 'utf8');
    expect(text).toContain(pkg === undefined ? "'curl'" : `from '${pkg}'`);
    expect(text).toContain('clientSetting()');
  });

  test.each(CLIENTS)('%s: a scenario builds what it does not do by itself, and no more', async (called) => {
    const { use, what } = systemCalled(all, called);
    const written = parseYaml(use.scenario.lines!.join('\n'), 'lines').value as object;
    const traffic = dayOf('openai/gpt-4o-mini');
    const needs = { rate_limit_handling: 'required', fallback: 'required' };
    const buildOf = async (more: object): Promise<number> =>
      lineSum(await run({ ...more, traffic, needs }), 'direct', /^Build: (?!adapters)/) ?? 0;
    const [bare, own] = [await buildOf({ strategies: [direct] }), await buildOf(written)];
    if (/[Tt]r(y|ies) again/.test(what!)) expect(own).toBeLessThan(bare);
    else expect(own).toBe(bare);
    if (/fall back/.test(what!)) expect(own).toBe(0);
    else expect(own).toBeGreaterThan(0);
  });

  test('plain HTTP goes through the router to a stand-in, is answered and priced', async () => {
    const router = await startRouter(
      {
        routes: { mini: { seller: 'openai', model: 'gpt-4o-mini' } },
        routing: { policy: { kind: 'single' } },
        upstreams: { openai: { base_url: `${standIn.origin}/direct/v1` } },
      },
      { book },
    );
    try {
      const answer = await ask(router, { ...CHAT, model: 'mini' });
      expect(answer.status).toBe(200);
      const { attempts } = await router.entry();
      expect(attempts).toHaveLength(1);
      expect(attempts[0]!.cost.usd).toBeGreaterThan(0);
    } finally {
      await router.router.close();
    }
  });

  test('the router as a target passes the first checks before a stand-in', async () => {
    expect(await smoke(targetCalled('tollgate/openai/gpt-4o-mini'), standIn)).toEqual(ALL_PASS);
  });
});

describe('logs', () => {
  const START = '2026-11-02T08:00:00Z';
  const langfuse = Array.from({ length: 30 }, (_, i) => ({
    id: `o${i}`,
    traceId: `t${i}`,
    type: 'GENERATION',
    startTime: new Date(Date.parse(START) + i * 3_600_000).toISOString(),
    model: 'gpt-4o-mini',
    usageDetails: { input: 500, output: 200, total: 700 },
    costDetails: { total: 0.000195 },
    totalCost: 0.000195,
    traceName: 'chat',
    traceTags: [],
    traceTimestamp: START,
    level: 'DEFAULT',
  }));
  const datadog = Array.from({ length: 30 }, (_, i) => ({
    id: `s${i}`,
    type: 'spans',
    attributes: {
      span_kind: 'llm',
      name: 'chat',
      start_ns: (Date.parse(START) + i * 3_600_000) * 1e6,
      duration: 900_000_000,
      ml_app: 'shop',
      model_name: 'gpt-4o-mini',
      model_provider: 'openai',
      metrics: { input_tokens: 500, output_tokens: 200, total_tokens: 700 },
    },
  }));

  test.each([
    ['Langfuse', 'langfuse', langfuse],
    ['Datadog', 'datadog', datadog],
  ])('%s: an export is read as it is and priced', async (called, id, rows) => {
    const { trace_formats, use } = systemCalled(all, called);
    expect(trace_formats.length).toBeGreaterThan(0);
    expect(trace_formats.every(({ format }) => format.startsWith(id))).toBe(true);
    expect(use.scenario.lines!.join()).toContain(trace_formats[0]!.format);
    const trace = fileOf(`${id}.jsonl`, rows.map((row) => JSON.stringify(row)).join('\n'));
    const found = await run({
      traffic: { trace },
      strategies: [direct, { id: 'openrouter', kind: 'managed_gateway', gateway: 'openrouter' }],
    });
    expectPriced(found);
    expect(totals(found.usage).requests).toBe(30);
    expect(
      lineSum(found, 'direct', /^Input tokens \(openai\/gpt-4o-mini\)/)! /
        lineSum(found, 'direct', /^Output tokens \(openai\/gpt-4o-mini\)/)!,
    ).toBeCloseTo((500 * 0.15) / (200 * 0.6), 9);
    expect(lineSum(found, 'openrouter', /credit/i)).toBeGreaterThan(0);
  });
});

describe('one’s own machine', () => {
  const serving = {
    ...{ models: ['ollama/llama3.2'], machine: { rent: '300 USD/month' }, time_per_request: '4 s' },
    ...{ utilisation: '60 %', sized_for: 'mean', setup: '2 days', care: '3 hours/month' },
  };

  test('Ollama: tokens cost nothing, the machine does', async () => {
    const found = await run({
      traffic: dayOf('openai/gpt-4o-mini'),
      gateways: { 'own-machine': { kind: 'self_hosted', serving } },
      strategies: [direct, { id: 'own', kind: 'self_hosted_gateway', gateway: 'own-machine' }],
      routes: { local: { seller: 'ollama', model: 'llama3.2' }, mini: { seller: 'openai', model: 'gpt-4o-mini' } },
      replay: {
        conditions: { error_rate: { local: { status: { 500: '20 %' } } } },
        strategies: { own: { routing: { policy: { kind: 'fallback', first: 'local', to: ['mini'] } } } },
      },
    });
    expectPriced(found);
    expect(lineSum(found, 'own', /tokens \(ollama\/llama3\.2\)/)).toBeUndefined();
    expect(lineSum(found, 'own', /tokens \(openai\/gpt-4o-mini\)/)).toBeGreaterThan(0);
    expect(lineSum(found, 'own', /^Machines, rented \(own-machine\)/)).toBe(12 * 300);
  });

  test('Ollama: a price of 0 without a machine is told', async () => {
    const own = { 'own-machine': { kind: 'self_hosted', serving } };
    const found = await run({
      traffic: dayOf('openai/gpt-4o-mini'),
      gateways: own,
      strategies: [direct, { id: 'own', kind: 'self_hosted_gateway', gateway: 'own-machine' }],
      routes: { local: { seller: 'ollama', model: 'llama3.2' } },
      replay: { strategies: { direct: { routing: { policy: 'local' } }, own: { routing: { policy: 'local' } } } },
    });
    const told = found.diagnostics.filter(({ code }) => code === 'HARDWARE_NOT_COUNTED');
    expect(told.map(({ path }) => path)).toEqual(['strategies.direct']);
    expect(told[0]!.message).toContain('no machine of the scenario answers it');
  });

  test('Ollama: its target is this machine, needs no key, and passes the first checks before a stand-in', async () => {
    const target = targetCalled('ollama/llama3.2');
    expect(target).toMatchObject({ base_url: 'http://127.0.0.1:11434/v1', key_env: undefined, kind: 'local' });
    expect(await smoke(target, standIn)).toEqual(ALL_PASS);
  });
});
