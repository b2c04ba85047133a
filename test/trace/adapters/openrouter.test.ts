import { expect, test } from 'vitest';
import { readPriceBook } from '../../../src/io/read-price-book.ts';
import { resolveModel } from '../../../src/pricing/resolve.ts';
import { readText, utc } from './read-text.ts';

const HEADER =
  'generation_id,created_at,cost_total,cost_web_search,cost_cache,cost_file_processing,byok_usage_inference,tokens_prompt,tokens_completion,tokens_reasoning,tokens_cached,model_permaslug,provider_name,variant,cancelled,streamed,user,finish_reason_raw,finish_reason_normalized,generation_time_ms,time_to_first_token_ms,api_key_disabled,api_key_name,app_name';

interface Row {
  readonly cost: string;
  readonly tokens: string;
  readonly slug: string;
  readonly variant: string;
  readonly cancelled: string;
  readonly finish: string;
  readonly at: string;
}

const USUAL: Row = {
  cost: '0.0123',
  tokens: '10389,137,30,389',
  slug: 'deepseek/deepseek-v3.2-20251201',
  variant: 'standard',
  cancelled: 'false',
  finish: 'stop',
  at: '2026-06-28 03:46:57.713',
};
const row = (change: Partial<Row> = {}): string => {
  const { cost, tokens, slug, variant, cancelled, finish, at } = { ...USUAL, ...change };
  return `gen-1782618417-billableAAA,${at},${cost},0,-0.001,0,0,${tokens},${slug},DeepSeek,${variant},${cancelled},true,u1,${finish},${finish},2150.5,310,false,backend,"Chat, web"`;
};

const usual = {
  time_ms: utc('2026-06-28T03:46:57.713'),
  model: 'deepseek/deepseek-v3.2',
  input_tokens: 10_000,
  cache_read_tokens: 389,
  output_tokens: 107,
  reasoning_tokens: 30,
  billed_nano_usd: 12_300_000,
  latency_ms: 2150.5,
  ttft_ms: 310,
  team: 'backend',
  user: 'u1',
  feature: 'Chat, web',
};

test('the activity export: one request a row, cached and reasoning tokens taken out, dates cut off the model', async () => {
  const rows = [
    row(),
    row({ variant: 'free', cost: '0' }),
    row({ variant: '', cancelled: 'true', finish: '' }),
    row({ finish: 'error', tokens: '0,0,0,0', cost: '0' }),
    row({ tokens: '100,5,,101' }),
    row({ tokens: '100,5,6,0' }),
    row({ tokens: '100,-5,0,0' }),
    row({ tokens: ',5,0,0' }),
    row({ at: '28/06/2026' }),
  ];
  const { input_tokens, cache_read_tokens, output_tokens, reasoning_tokens, ...unused } = usual;
  expect(await readText([HEADER, ...rows].join('\n'))).toEqual({
    format: 'openrouter-activity',
    requests: [
      usual,
      { ...usual, model: 'deepseek/deepseek-v3.2:free', billed_nano_usd: 0 },
      usual,
      { ...unused, status: 500, billed_nano_usd: 0 },
    ],
    skipped: {},
    rejects: [
      '6: input_tokens 100 is less than the 101 cache tokens that it includes',
      '7: output_tokens 5 is less than the 6 reasoning tokens that it includes',
      '8: tokens_completion: "-5" is not a whole number of 0 or more',
      '9: tokens_prompt is empty',
      '10: created_at: "28/06/2026" is not a date and time such as 2026-03-01T09:30:00Z',
    ],
    warnings: [],
  });
});

test.each([
  ['anthropic/claude-4.5-sonnet-20250929', 'anthropic/claude-sonnet-4-5'],
  ['anthropic/claude-4.6-opus-20260205', 'anthropic/claude-opus-4-6'],
  ['anthropic/claude-4-sonnet-20250522', 'anthropic/claude-sonnet-4'],
  ['openai/gpt-5.4-mini-20260317', 'openai/gpt-5.4-mini'],
  ['openai/gpt-4.1-2025-04-14', 'openai/gpt-4.1'],
  ['deepseek/deepseek-v3.2-20251201', 'deepseek/deepseek-v3.2'],
])('the price book knows the slug %s', async (slug, card) => {
  const { requests } = await readText([HEADER, row({ slug })].join('\n'));
  const found = resolveModel(await readPriceBook(), requests[0]!.model!);
  expect(found).toMatchObject({ seller: card.split('/')[0], model: card.split('/')[1] });
});

test('activity by day: buckets with requests and what was used in dollars', async () => {
  const item = {
    byok_usage_inference: 0.012,
    completion_tokens: 125,
    date: '2026-08-24',
    endpoint_id: '550e8400-e29b-41d4-a716-446655440000',
    model: 'openai/gpt-4.1',
    model_permaslug: 'openai/gpt-4.1-2025-04-14',
    prompt_tokens: 50,
    provider_name: 'OpenAI',
    reasoning_tokens: 25,
    requests: 5,
    usage: 0.015,
  };
  const text = JSON.stringify({
    data: [
      item,
      { ...item, model: null, model_permaslug: 'anthropic/claude-4.5-haiku-20251001', usage: 1.5e-7 },
      { ...item, requests: null },
      { ...item, reasoning_tokens: 126 },
    ],
  });
  const day = {
    time_ms: utc('2026-08-24T00:00:00'),
    until_ms: utc('2026-08-25T00:00:00'),
    requests: 5,
    input_tokens: 50,
    output_tokens: 100,
    reasoning_tokens: 25,
  };
  const { format, requests, rejects, warnings } = await readText(text);
  expect(format).toBe('openrouter-days');
  expect(requests).toEqual([
    { ...day, model: 'openai/gpt-4.1', billed_nano_usd: 15_000_000 },
    { ...day, model: 'anthropic/claude-haiku-4.5', billed_nano_usd: 150 },
  ]);
  expect(rejects.map((reason) => reason.replace(/^\d+: /, ''))).toEqual([
    'requests is empty',
    'output_tokens 125 is less than the 126 reasoning tokens that it includes',
  ]);
  expect(warnings).toEqual([]);
});

test('a generation: native tokens are read, and a fee for a key of one’s own is no cost of the tokens', async () => {
  const generation = {
    id: 'gen-3bhGkxlo4XFrqiabUM7NDtwDzWwG',
    upstream_id: 'chatcmpl-1',
    total_cost: 0.0015,
    cache_discount: null,
    upstream_inference_cost: 0.0012,
    created_at: '2026-07-15T23:33:19.433273+00:00',
    model: 'sao10k/l3-stheno-8b',
    app_id: 12345,
    streamed: true,
    cancelled: false,
    provider_name: 'Infermatic',
    latency: 1250,
    moderation_latency: 50,
    generation_time: 1200,
    finish_reason: 'stop',
    tokens_prompt: 99,
    tokens_completion: 98,
    native_tokens_prompt: 10,
    native_tokens_completion: 25,
    native_tokens_completion_images: 0,
    native_tokens_reasoning: 5,
    native_tokens_cached: 3,
    num_search_results: 5,
    origin: 'https://example.com/',
    usage: 0.0015,
    is_byok: false,
    service_tier: 'priority',
    external_user: 'user-123',
  };
  const read = {
    time_ms: utc('2026-07-15T23:33:19.433'),
    model: 'sao10k/l3-stheno-8b',
    tier: 'priority',
    input_tokens: 7,
    cache_read_tokens: 3,
    output_tokens: 20,
    reasoning_tokens: 5,
    latency_ms: 1250,
    feature: 'https://example.com/',
    user: 'user-123',
  };
  const own = { ...generation, is_byok: true, finish_reason: 'error' };
  const text = [{ data: generation }, { data: own }, { data: { ...generation, native_tokens_prompt: null } }]
    .map((record) => JSON.stringify(record))
    .join('\n');
  expect(await readText(text)).toEqual({
    format: 'openrouter-generation',
    requests: [
      { ...read, billed_nano_usd: 1_500_000 },
      { ...read, status: 500 },
    ],
    skipped: {},
    rejects: ['3: native_tokens_prompt is empty'],
    warnings: [],
  });
});
