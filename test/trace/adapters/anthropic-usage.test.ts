import { expect, test } from 'vitest';
import { readText, utc } from './read-text.ts';

const HEADER =
  'usage_date_utc,model_version,api_key,workspace,usage_type,context_window,usage_input_tokens_no_cache,usage_input_tokens_cache_write_5m,usage_input_tokens_cache_write_1h,usage_input_tokens_cache_read,usage_output_tokens,web_search_count,inference_geo,speed';
const TO_WINDOW = '2026-08-05,claude-opus-5,Closer App,Default';

const day = {
  time_ms: utc('2026-08-05T00:00:00'),
  until_ms: utc('2026-08-06T00:00:00'),
  requests: undefined,
  seller: 'anthropic',
};
const closer = { ...day, model: 'claude-opus-5', user: 'Closer App', team: 'Default' };

test('the four input columns are disjoint, a day is a bucket, and prompts are at least as long as the window says', async () => {
  const rows = [
    `${TO_WINDOW},standard,≤ 200k,46981,15969,0,0,16932,0,global,`,
    `${TO_WINDOW},batch,> 200k,1,2,3,4,5,6,not_available,`,
    `${TO_WINDOW},standard,,7,0,0,0,8,0,us,fast`,
    `${TO_WINDOW},Priority,≤ 200k,7,0,0,0,8,0,us,standard`,
  ];
  expect(await readText([HEADER, ...rows].join('\n'))).toEqual({
    format: 'anthropic-usage',
    requests: [
      {
        ...closer,
        context_from_tokens: 0,
        input_tokens: 46_981,
        cache_write_5m_tokens: 15_969,
        output_tokens: 16_932,
      },
      {
        ...closer,
        tier: 'batch',
        context_from_tokens: 200_001,
        input_tokens: 1,
        cache_write_5m_tokens: 2,
        cache_write_1h_tokens: 3,
        cache_read_tokens: 4,
        output_tokens: 5,
        web_searches: 6,
      },
      { ...closer, tier: 'fast', input_tokens: 7, output_tokens: 8 },
      { ...closer, tier: 'priority', context_from_tokens: 0, input_tokens: 7, output_tokens: 8 },
    ],
    skipped: {},
    rejects: [],
    warnings: [],
  });
});

test('an older export has one column of cache writes, times of day and no speed', async () => {
  const text = `usage_date_utc,model_version,api_key,workspace,usage_type,usage_input_tokens_no_cache,usage_input_tokens_cache_write,usage_input_tokens_cache_read,usage_output_tokens,web_search_count
2026-08-05T00:00:00Z,claude-3-5-haiku-20241022,key,Claude Code,standard,8,40,2,1,0\r
2026-08-05,,key,Claude Code,standard,8,,,1,`;
  const { format, requests } = await readText(text);
  expect(format).toBe('anthropic-usage');
  const counts = { input_tokens: 8, output_tokens: 1, user: 'key', team: 'Claude Code' };
  expect(requests).toEqual([
    { ...day, ...counts, model: 'claude-3-5-haiku-20241022', cache_write_5m_tokens: 40, cache_read_tokens: 2 },
    { ...day, ...counts },
  ]);
});

test('UTF-16 changes nothing', async () => {
  const text = `${HEADER}\r\n${TO_WINDOW},standard,≤ 200k,46981,15969,0,0,16932,0,global,`;
  const plain = await readText(text);
  expect(await readText(Buffer.from(`\uFEFF${text}`, 'utf16le'))).toEqual(plain);
  expect(plain.requests).toHaveLength(1);
});

test('words and counts that are not known are rejects that name their column', async () => {
  const rows = [
    `${TO_WINDOW},express,≤ 200k,1,0,0,0,1,0,global,`,
    `${TO_WINDOW},standard,≤ 1M,1,0,0,0,1,0,global,`,
    `${TO_WINDOW},standard,≤ 200k,1,0,0,0,1,0,global,warp`,
    `${TO_WINDOW},standard,≤ 200k,1,-2,0,0,1,0,global,`,
    `${TO_WINDOW},standard,≤ 200k,NULL,0,0,0,1,0,global,`,
    `05.08.2026,claude-opus-5,Closer App,Default,standard,≤ 200k,1,0,0,0,1,0,global,`,
  ];
  const { rejects } = await readText([HEADER, ...rows].join('\n'));
  expect(rejects).toEqual([
    '2: usage_type: "express" is not one of standard, batch, priority, priority_on_demand, flex, flex_discount',
    '3: context_window: "≤ 1M" is not one of ≤ 200k, <= 200k, 0-200k, > 200k, 200k-1m',
    '4: speed: "warp" is not one of fast',
    '5: usage_input_tokens_cache_write_5m: "-2" is not a whole number of 0 or more',
    '6: usage_input_tokens_no_cache: "NULL" is not a whole number of 0 or more',
    '7: usage_date_utc: "05.08.2026" is not a date such as 2026-03-01',
  ]);
});

const result = {
  uncached_input_tokens: 1500,
  cache_creation: { ephemeral_1h_input_tokens: 1000, ephemeral_5m_input_tokens: 500 },
  cache_read_input_tokens: 200,
  output_tokens: 500,
  server_tool_use: { web_search_requests: 10 },
  api_key_id: null,
  workspace_id: null,
  model: null,
  service_tier: null,
  context_window: null,
  inference_geo: null,
};

const report = (results: readonly object[]): string =>
  JSON.stringify({
    data: [
      { starting_at: '2026-08-05T00:00:00Z', ending_at: '2026-08-05T01:00:00Z', results },
      { starting_at: '2026-08-05T01:00:00Z', ending_at: '2026-08-05T02:00:00Z', results: [] },
    ],
    has_more: false,
    next_page: null,
  });

test('the Admin API: buckets hold results, of which each tells its tokens apart', async () => {
  const hour = { ...day, until_ms: utc('2026-08-05T01:00:00') };
  const counts = {
    input_tokens: 1500,
    cache_read_tokens: 200,
    cache_write_5m_tokens: 500,
    cache_write_1h_tokens: 1000,
    output_tokens: 500,
    web_searches: 10,
  };
  const grouped = { model: 'claude-opus-4-6', api_key_id: 'apikey_01', workspace_id: 'wrkspc_01' };
  expect(
    await readText(
      report([
        result,
        { ...result, ...grouped, service_tier: 'priority_on_demand', context_window: '200k-1M' },
        { ...result, ...grouped, service_tier: 'flex_discount', context_window: '0-200k', requests: 12 },
      ]),
    ),
  ).toEqual({
    format: 'anthropic-usage-api',
    requests: [
      { ...hour, ...counts },
      {
        ...hour,
        ...counts,
        model: 'claude-opus-4-6',
        user: 'apikey_01',
        team: 'wrkspc_01',
        tier: 'priority',
        context_from_tokens: 200_001,
      },
      {
        ...hour,
        ...counts,
        model: 'claude-opus-4-6',
        user: 'apikey_01',
        team: 'wrkspc_01',
        tier: 'flex',
        context_from_tokens: 0,
        requests: 12,
      },
    ],
    skipped: {},
    rejects: [],
    warnings: [],
  });
});

test('the Admin API: an unknown tier and a missing count are rejects that name their key', async () => {
  const { rejects } = await readText(
    report([
      result,
      { ...result, service_tier: 'turbo' },
      { ...result, cache_read_input_tokens: null },
      { ...result, cache_creation: { ephemeral_5m_input_tokens: -1 } },
    ]),
  );
  expect(rejects.map((reason) => reason.replace(/^\d+: /, ''))).toEqual([
    'service_tier: "turbo" is not one of standard, batch, priority, priority_on_demand, flex, flex_discount',
    'cache_read_input_tokens is empty',
    'cache_creation.ephemeral_5m_input_tokens: "-1" is not a whole number of 0 or more',
  ]);
});
