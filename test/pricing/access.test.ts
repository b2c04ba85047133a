/** Every system can be called live by name: what the shipped book knows of it, what it asks for, what typos are told. */
import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { PRICE_BOOK_DIR, readPriceBook } from '../../src/io/read-price-book.ts';
import { accessOf, isAccess, type LiveAccess } from '../../src/pricing/access.ts';
import { completed } from '../../src/pricing/access-answers.ts';
import { type AccessFacts, withFurther } from '../../src/pricing/access-facts.ts';
import type { PriceBook } from '../../src/pricing/price-book.ts';
import { book as small } from './small-book.ts';

let book: PriceBook;
beforeAll(async () => {
  book = await readPriceBook();
});

const reached = (target: string): LiveAccess => {
  const found = accessOf(book, target);
  if (!isAccess(found)) throw new Error(found.message);
  return found;
};
const refused = (target: string, of: PriceBook = book): string => {
  const found = accessOf(of, target);
  if (isAccess(found)) throw new Error(`${target} is reached at ${found.base_url}`);
  return `${found.code}: ${found.message}`;
};
const asked = (target: string): string[] => reached(target).ask.map(({ name }) => name);

describe('every system is reached by name', () => {
  test.each([
    ['openai/gpt-4o-mini', 'direct', 'https://api.openai.com/v1', 'OPENAI_API_KEY', 'gpt-4o-mini'],
    ['anthropic/claude-opus-4-8', 'direct', 'https://api.anthropic.com/v1', 'ANTHROPIC_API_KEY', 'claude-opus-4-8'],
    [
      'google/gemini-2.5-flash',
      'direct',
      'https://generativelanguage.googleapis.com/v1beta/openai',
      'GEMINI_API_KEY',
      'gemini-2.5-flash',
    ],
    ['mistral/codestral-2508', 'direct', 'https://api.mistral.ai/v1', 'MISTRAL_API_KEY', 'codestral-2508'],
    ['deepseek/deepseek-flash', 'direct', 'https://api.deepseek.com', 'DEEPSEEK_API_KEY', 'deepseek-flash'],
    [
      'alibaba/qwen-plus',
      'direct',
      'https://dashscope-intl.aliyuncs.com/compatible-mode/v1',
      'DASHSCOPE_API_KEY',
      'qwen-plus',
    ],
    [
      'alibaba@us/qwen-plus',
      'direct',
      'https://dashscope-us.aliyuncs.com/compatible-mode/v1',
      'DASHSCOPE_API_KEY',
      'qwen-plus',
    ],
    [
      'alibaba@cn/qwen-plus',
      'direct',
      'https://dashscope.aliyuncs.com/compatible-mode/v1',
      'DASHSCOPE_API_KEY',
      'qwen-plus',
    ],
    ['zai/glm-4.6', 'direct', 'https://api.z.ai/api/paas/v4', 'ZAI_API_KEY', 'glm-4.6'],
    ['zhipu-cn/GLM-4-Plus', 'direct', 'https://open.bigmodel.cn/api/paas/v4', 'ZHIPUAI_API_KEY', 'GLM-4-Plus'],
    [
      'openrouter/openai/gpt-4o-mini',
      'managed_gateway',
      'https://openrouter.ai/api/v1',
      'OPENROUTER_API_KEY',
      'openai/gpt-4o-mini',
    ],
    ['tokenmix/gpt-4o-mini', 'managed_gateway', 'https://api.tokenmix.ai/v1', 'TOKENMIX_API_KEY', 'gpt-4o-mini'],
    [
      'litellm/google/gemini-2.5-flash',
      'self_hosted_gateway',
      'http://127.0.0.1:4000/v1',
      'LITELLM_PROXY_API_KEY',
      'gemini/gemini-2.5-flash',
    ],
    [
      'portkey/openai/gpt-4o-mini',
      'managed_gateway',
      'https://api.portkey.ai/v1',
      'PORTKEY_API_KEY',
      '@{provider}/gpt-4o-mini',
    ],
    ['portkey@self-hosted/xai/grok-4', 'self_hosted_gateway', 'http://127.0.0.1:8787/v1', 'XAI_API_KEY', 'grok-4'],
    [
      'cloudflare/openai/gpt-4o-mini',
      'managed_gateway',
      'https://api.cloudflare.com/client/v4/accounts/{account_id}/ai/v1',
      'CLOUDFLARE_API_TOKEN',
      'openai/gpt-4o-mini',
    ],
    [
      'cloudflare@compat/google/gemini-2.5-flash',
      'managed_gateway',
      'https://gateway.ai.cloudflare.com/v1/{account_id}/{gateway_id}/compat',
      'CLOUDFLARE_API_TOKEN',
      'google-ai-studio/gemini-2.5-flash',
    ],
    [
      'siliconflow/deepseek-ai/DeepSeek-V3',
      'managed_gateway',
      'https://api.siliconflow.com/v1',
      'SILICONFLOW_API_KEY',
      'deepseek-ai/DeepSeek-V3',
    ],
    [
      'siliconflow@cn/deepseek-ai/DeepSeek-V3',
      'managed_gateway',
      'https://api.siliconflow.cn/v1',
      'SILICONFLOW_CN_API_KEY',
      'deepseek-ai/DeepSeek-V3',
    ],
    ['openllmapi/openai/gpt-4o-mini', 'managed_gateway', undefined, 'OPENLLMAPI_API_KEY', '{model_name}'],
    ['aipower/openai/gpt-5.4', 'managed_gateway', 'https://api.aipower.me/v1', 'AIPOWER_API_KEY', 'openai/gpt-5.4'],
    ['ollama/llama3.2', 'local', 'http://127.0.0.1:11434/v1', undefined, 'llama3.2'],
    ['tollgate/openai/gpt-4o-mini', 'router', 'http://127.0.0.1:8787/v1', undefined, 'openai/gpt-4o-mini'],
    ['groq/qwen/qwen3-32b', 'direct', 'https://api.groq.com/openai/v1', 'GROQ_API_KEY', 'qwen/qwen3-32b'],
    ['together/openai/gpt-oss-120b', 'direct', 'https://api.together.ai/v1', 'TOGETHER_API_KEY', 'openai/gpt-oss-120b'],
    [
      'fireworks/kimi-k2p6',
      'direct',
      'https://api.fireworks.ai/inference/v1',
      'FIREWORKS_API_KEY',
      'accounts/fireworks/models/kimi-k2p6',
    ],
    ['xai/grok-4', 'direct', 'https://api.x.ai/v1', 'XAI_API_KEY', 'grok-4'],
    ['moonshot/kimi-k2.5', 'direct', 'https://api.moonshot.ai/v1', 'MOONSHOT_API_KEY', 'kimi-k2.5'],
    ['minimax/MiniMax-M2', 'direct', 'https://api.minimax.io/anthropic/v1', 'MINIMAX_API_KEY', 'MiniMax-M2'],
    ['cohere/command-a', 'direct', 'https://api.cohere.ai/compatibility/v1', 'COHERE_API_KEY', 'command-a-03-2025'],
    ['perplexity/sonar', 'direct', 'https://api.perplexity.ai', 'PERPLEXITY_API_KEY', 'sonar'],
    ['voyage/voyage-4', 'direct', 'https://api.voyageai.com/v1', 'VOYAGE_API_KEY', 'voyage-4'],
    ['azure/gpt-4o', 'direct', 'https://{resource}.openai.azure.com/openai/v1', 'AZURE_OPENAI_API_KEY', '{deployment}'],
    [
      'bedrock/openai.gpt-5.6-sol',
      'direct',
      'https://bedrock-runtime.{region}.amazonaws.com/openai/v1',
      'AWS_BEARER_TOKEN_BEDROCK',
      'openai.gpt-5.6-sol',
    ],
    [
      'vercel/anthropic/claude-opus-4-8',
      'managed_gateway',
      'https://ai-gateway.vercel.sh/v1',
      'AI_GATEWAY_API_KEY',
      'anthropic/claude-opus-4.8',
    ],
    [
      'requesty/openai/gpt-4o-mini',
      'managed_gateway',
      'https://router.requesty.ai/v1',
      'REQUESTY_API_KEY',
      'openai/gpt-4o-mini',
    ],
    [
      'helicone/anthropic/claude-sonnet-4-5',
      'managed_gateway',
      'https://ai-gateway.helicone.ai/v1',
      'HELICONE_API_KEY',
      'claude-4.5-sonnet',
    ],
    ['llmgateway/zai/glm-4.6', 'managed_gateway', 'https://api.llmgateway.io/v1', 'LLMGATEWAY_API_KEY', 'glm-4.6'],
    ['bifrost/openai/gpt-4o-mini', 'self_hosted_gateway', 'http://127.0.0.1:8080/v1', undefined, 'openai/gpt-4o-mini'],
    [
      'tensorzero/google/gemini-2.5-flash',
      'self_hosted_gateway',
      'http://127.0.0.1:3000/openai/v1',
      undefined,
      'tensorzero::model_name::google_ai_studio_gemini::gemini-2.5-flash',
    ],
    ['kong/openai/gpt-4o', 'managed_gateway', undefined, undefined, '{model_name}'],
  ])('%s', (target, kind, base_url, key_env, model) => {
    expect(reached(target)).toMatchObject({ target, kind, base_url, key_env, model });
  });

  test('no seller and no gateway is left out', () => {
    const silent = [...book.sellers.values(), ...book.gateways.values()]
      .filter((file) => file.access === undefined)
      .map((file) => ('seller' in file ? file.seller : file.gateway));
    expect(silent).toEqual(['siliconflow']);
    expect(book.sellers.get('siliconflow')?.access).toBeDefined();
  });

  test('Anthropic has a header and a version of its own, and DeepSeek, GLM, Qwen and Ollama speak its API too', () => {
    expect(reached('anthropic/claude-opus-4-8')).toMatchObject({
      api: 'anthropic',
      key_header: 'x-api-key',
      key_prefix: '',
      headers: { 'anthropic-version': '2023-06-01' },
    });
    const ways = ['deepseek/deepseek-flash', 'zai/glm-4.6', 'zhipu-cn/GLM-4-Plus', 'alibaba/qwen-plus', 'ollama/qwen3'];
    const urls = ways
      .map((way) => reached(way.replace('/', '@anthropic/')))
      .map(({ api, base_url }) => [api, base_url]);
    expect(urls).toEqual([
      ['anthropic', 'https://api.deepseek.com/anthropic/v1'],
      ['anthropic', 'https://api.z.ai/api/anthropic/v1'],
      ['anthropic', 'https://open.bigmodel.cn/api/anthropic/v1'],
      ['anthropic', 'https://dashscope-intl.aliyuncs.com/apps/anthropic/v1'],
      ['anthropic', 'http://127.0.0.1:11434/v1'],
    ]);
  });

  test('systems go by other names too, whatever the case', () => {
    const names = ['gemini/gemini-2.5-flash', 'qwen/qwen-plus', 'GLM/glm-4.6', 'kimi/kimi-k2.5', 'bigmodel/GLM-4-Plus'];
    expect(names.map((name) => reached(name).system)).toEqual(['google', 'alibaba', 'zai', 'moonshot', 'zhipu-cn']);
  });
});

describe('names of models', () => {
  test.each([
    ['openrouter/x-ai/grok-4', 'x-ai/grok-4', 'xai/grok-4'],
    ['openrouter/xai/grok-4', 'x-ai/grok-4', 'xai/grok-4'],
    ['openrouter/gpt-4o-mini', 'openai/gpt-4o-mini', 'openai/gpt-4o-mini'],
    ['openrouter/anthropic/claude-opus-4.8', 'anthropic/claude-opus-4.8', 'anthropic/claude-opus-4-8'],
    ['openrouter/mistralai/mistral-nemo', 'mistralai/mistral-nemo', 'mistral/open-mistral-nemo'],
    ['openrouter/qwen/qwen-2.5-72b-instruct', 'qwen/qwen-2.5-72b-instruct', 'alibaba/qwen2-5-72b-instruct'],
    ['vercel/moonshotai/kimi-k2.5', 'moonshotai/kimi-k2.5', 'moonshot/kimi-k2.5'],
    ['cloudflare@compat/grok/grok-4', 'grok/grok-4', 'xai/grok-4'],
    ['portkey/@openai-prod/gpt-4o', '@openai-prod/gpt-4o', 'openai/gpt-4o'],
    ['helicone/claude-4.5-sonnet', 'claude-4.5-sonnet', 'anthropic/claude-sonnet-4-5'],
    ['fireworks/accounts/fireworks/models/kimi-k2p6', 'accounts/fireworks/models/kimi-k2p6', 'fireworks/kimi-k2p6'],
    ['anthropic/claude-sonnet-4.5', 'claude-sonnet-4-5', 'anthropic/claude-sonnet-4-5'],
    ['anthropic/claude-sonnet-4-5-20250929', 'claude-sonnet-4-5-20250929', 'anthropic/claude-sonnet-4-5'],
    ['anthropic/claude-sonnet-4', 'claude-sonnet-4-20250514', 'anthropic/claude-sonnet-4'],
    ['openai/gpt-4o-2024-08-06', 'gpt-4o-2024-08-06', 'openai/gpt-4o'],
  ])('%s is sent as %s and priced as %s', (target, model, priced) => {
    const { model: sent, priced_as, findings } = reached(target);
    expect({ sent, priced: `${priced_as?.seller}/${priced_as?.model}`, findings }).toEqual({
      sent: model,
      priced,
      findings: [],
    });
  });

  test.each([
    ['openai/gpt-4o-mni', 'gpt-4o-mni', 'nearest are openai/gpt-4o-mini'],
    ['openrouter/meta-llama/llama-3.1-8b-instruct', 'meta-llama/llama-3.1-8b-instruct', 'no rate card has this name'],
    ['openrouter/openai/gpt-4o-mini:free', 'openai/gpt-4o-mini:free', 'no rate card has this name'],
    ['openrouter/deepseek/deepseek-chat', 'deepseek/deepseek-chat', 'openrouter calls another model so'],
    ['ollama/my-own-model', 'my-own-model', 'no rate card has this name'],
    ['ollama/gpt-4o', 'gpt-4o', 'no rate card'],
  ])('%s has no rate card: it is sent as it stands, unpriced, and that is said', (target, model, said) => {
    const found = reached(target);
    expect(found).toMatchObject({ model, priced_as: undefined });
    expect(found.findings).toMatchObject([{ severity: 'warning', code: 'ACCESS_UNPRICED' }]);
    expect(found.findings[0]?.message).toContain(said);
  });

  test('other regions sell at prices that the book does not hold', () => {
    for (const target of ['alibaba@cn/qwen-plus', 'alibaba@us/qwen-plus', 'siliconflow@cn/Qwen/Qwen3-32B']) {
      expect(reached(target)).toMatchObject({
        priced_as: undefined,
        findings: [{ severity: 'info', code: 'ACCESS_OWN_PRICES' }],
      });
    }
    expect(reached('alibaba@anthropic/qwen-plus').priced_as).toEqual({ seller: 'alibaba', model: 'qwen-plus' });
  });

  test('what no source says is not guessed', () => {
    expect(refused('openrouter/mistral/magistral-medium-latest')).toContain('write openrouter/ and its own name');
    expect(refused('tokenmix/anthropic/claude-opus-4-8')).toContain('ACCESS_MODEL_NAME');
    expect(refused('portkey@self-hosted/some-model')).toContain('write portkey@self-hosted/seller/model');
  });
});

describe('what a person has to give', () => {
  test('is asked for in words, and nothing else', () => {
    expect(asked('azure/gpt-4o')).toEqual(['resource', 'deployment']);
    expect(asked('bedrock/openai.gpt-5.6-sol')).toEqual(['region']);
    expect(asked('cloudflare/openai/gpt-4o')).toEqual(['account_id', 'gateway_id']);
    expect(asked('portkey/openai/gpt-4o')).toEqual(['provider']);
    expect(asked('portkey/@openai-prod/gpt-4o')).toEqual([]);
    expect(asked('openllmapi/gpt-4o')).toEqual(['base_url', 'model_name']);
    expect(asked('kong/openai/gpt-4o')).toEqual(['base_url', 'model_name']);
    for (const own of [
      'litellm/openai/gpt-4o',
      'bifrost/openai/gpt-4o',
      'ollama/llama3.2',
      'portkey@self-hosted/openai/o3',
    ])
      expect(asked(own)).toEqual(['base_url']);
    for (const whole of ['openai/gpt-4o', 'openrouter/openai/gpt-4o', 'aipower/openai/gpt-5.4'])
      expect(asked(whole)).toEqual([]);
  });

  test('answers fill the places, defaults hold for the rest', () => {
    expect(completed(reached('cloudflare/openai/gpt-4o'), { account_id: 'a1' })).toMatchObject({
      base_url: 'https://api.cloudflare.com/client/v4/accounts/a1/ai/v1',
      headers: { 'cf-aig-gateway-id': 'default' },
      ask: [],
    });
    expect(completed(reached('azure/gpt-4o'), { resource: 'acme', deployment: 'four-o' })).toMatchObject({
      base_url: 'https://acme.openai.azure.com/openai/v1',
      key_header: 'api-key',
      model: 'four-o',
      priced_as: { seller: 'azure', model: 'gpt-4o' },
    });
    expect(completed(reached('litellm/openai/gpt-4o'), {})).toMatchObject({ base_url: 'http://127.0.0.1:4000/v1' });
    expect(completed(reached('litellm/openai/gpt-4o'), { base_url: 'https://llm.acme.test/v1/' })).toMatchObject({
      base_url: 'https://llm.acme.test/v1',
    });
  });

  test('every open question is told at once, and an answer that nothing asks for', () => {
    expect(completed(reached('azure/gpt-4o'), { resorce: 'acme' })).toMatchObject([
      { code: 'ACCESS_ASKS', message: expect.stringContaining('(did you mean "resource"?)') },
      { message: expect.stringContaining('resource is not known: What is the Azure OpenAI resource called') },
      { message: expect.stringContaining('deployment is not known') },
    ]);
    expect(completed(reached('openllmapi/gpt-4o'), {})).toMatchObject([
      { message: expect.stringContaining('No public') },
      { message: expect.stringContaining('call this model') },
    ]);
  });
});

describe('where answers tell their cost', () => {
  test.each([
    ['openrouter/openai/gpt-4o', { in: 'usage', name: 'cost', usd_per_unit: 1, streamed: true }],
    ['xai/grok-4', { in: 'usage', name: 'cost_in_usd_ticks', usd_per_unit: 1e-10 }],
    ['vercel/openai/gpt-4o', { in: 'lookup', path: '/generation?id={id}', name: 'data.total_cost', unit: 'USD' }],
    ['litellm/openai/gpt-4o', { in: 'header', name: 'x-litellm-response-cost' }],
    ['tensorzero/openai/gpt-4o', { in: 'usage', name: 'tensorzero_cost' }],
    ['tollgate/openai/gpt-4o', { in: 'usage', name: 'cost' }],
  ])('%s', (target, cost) => expect(reached(target).reports_cost).toMatchObject(cost));

  test('nobody else is said to', () => {
    expect(reached('openai/gpt-4o').reports_cost).toBeUndefined();
    expect(reached('openrouter@anthropic/anthropic/claude-opus-4-8').reports_cost).toBeUndefined();
  });
});

describe('what is no target', () => {
  test('a misspelt system is told the nearest target', () => {
    expect(refused('openroutr/openai/gpt-4o-mini')).toBe(
      'ACCESS_UNKNOWN_SYSTEM: no seller or gateway is called "openroutr" (did you mean "openrouter/openai/gpt-4o-mini"?)',
    );
    expect(refused('litelm/openai/gpt-4o')).toContain('"litellm/openai/gpt-4o"');
    expect(refused('zzzzzzzzzzzz/x')).toContain('known are aipower, alibaba');
  });

  test('a model alone is told its seller, a system alone that a model is missing', () => {
    expect(refused('gpt-4o-mini')).toContain('did you mean "openai/gpt-4o-mini"');
    expect(refused('openrouter')).toContain('names no model');
    expect(refused('openrouter/')).toContain('names no model');
  });

  test('an unknown way in is told those there are', () => {
    expect(refused('alibaba@uss/qwen-plus')).toContain('(did you mean "us"?); it has alibaba@us, alibaba@cn');
    expect(refused('groq@eu/qwen/qwen3-32b')).toContain('it has one way in');
  });

  test('a seller whose file says nothing of access can be priced and not called', () => {
    expect(refused('acme/free', small)).toBe(
      'ACCESS_UNKNOWN: how acme is reached is not known; its file has no access block',
    );
  });

  test.each(['constructor/x', '__proto__/x', 'openai@constructor/gpt-4o', '@/x', '/', ''])('"%s"', (target) => {
    expect(refused(target)).toMatch(/^ACCESS_/);
  });
});

describe('the shipped files', () => {
  const blocks = (): (readonly [string, AccessFacts])[] =>
    [...book.sellers, ...book.gateways].flatMap(([id, { access }]) => (access ? [[id, access] as const] : []));

  test('each access has a source, and what is not documented is left out', () => {
    for (const [id, access] of blocks()) {
      for (const one of [access, ...access.also])
        expect(one.source, id).toMatch(/https?:|@[0-9a-f]{7}|npm package|rig-core|searches|Public code/);
    }
    expect(book.gateways.get('openllmapi')?.access).toMatchObject({ confidence: 'low', supports: {} });
    expect(book.sellers.get('perplexity')?.access).toMatchObject({ confidence: 'low', supports: {} });
  });

  test('addresses in the world are https, those without are of this machine', () => {
    for (const [id, access] of blocks()) {
      for (const one of [access, ...access.also.map((further) => withFurther(access, further))]) {
        const url = one.base_url ?? one.ask?.base_url?.default ?? 'https://asked.test';
        expect(url, id).toMatch(/^https:\/\/|^http:\/\/127\.0\.0\.1:\d+\//);
      }
    }
  });

  test('a local model costs no tokens by its card; one without a card is unpriced all the same', () => {
    const local = book.sellers.get('ollama')!;
    expect(local.access).toMatchObject({ kind: 'local' });
    for (const { periods } of local.cards)
      for (const { usd_per_mtok } of periods) expect(new Set(Object.values(usd_per_mtok))).toEqual(new Set([0]));
    expect(reached('ollama/llama3.2').priced_as).toEqual({ seller: 'ollama', model: 'llama3.2' });
  });

  test('no file holds a key', () => {
    const looksLikeKey =
      /\b(sk|pk|gsk|xai|tgp|pa|fw|hf|csk)[-_][A-Za-z0-9_-]{12,}|AIza[\w-]{20,}|AKIA[0-9A-Z]{12,}|Bearer [A-Za-z0-9._-]{12,}|\b(?=[A-Za-z0-9]*\d)(?=[A-Za-z0-9]*[A-Z])[A-Za-z0-9]{32,}\b/;
    expect('sk-proj-abcdefgh12345678').toMatch(looksLikeKey);
    const files = ['sellers', 'gateways'].flatMap((folder) =>
      readdirSync(`${PRICE_BOOK_DIR}/${folder}`).map((name) => `${PRICE_BOOK_DIR}/${folder}/${name}`),
    );
    expect(files.length).toBeGreaterThan(30);
    for (const file of files) expect(readFileSync(file, 'utf8'), file).not.toMatch(looksLikeKey);
  });
});
