import { expect, test } from 'vitest';
import { readText, utc } from './read-text.ts';

const DAY = { start_time: 1_790_553_600, end_time: 1_790_640_000 };
const from = { time_ms: utc('2026-09-28T00:00:00'), until_ms: utc('2026-09-29T00:00:00'), seller: 'openai' };

const page = (results: readonly object[], more: object = {}): string =>
  JSON.stringify(
    { object: 'page', data: [{ object: 'bucket', ...DAY, results }], has_more: false, next_page: null, ...more },
    null,
    2,
  );

const completions = {
  object: 'organization.usage.completions.result',
  input_tokens: 5000,
  input_cached_tokens: 1800,
  input_cache_write_tokens: 200,
  input_uncached_tokens: 3000,
  output_tokens: 1000,
  input_text_tokens: 3000,
  output_text_tokens: 1000,
  input_cached_text_tokens: 1800,
  input_audio_tokens: 0,
  input_cached_audio_tokens: 0,
  output_audio_tokens: 0,
  input_image_tokens: 0,
  input_cached_image_tokens: 0,
  output_image_tokens: 0,
  num_model_requests: 5,
  project_id: null,
  user_id: null,
  api_key_id: null,
  model: 'gpt-4o-mini-2024-07-18',
  batch: null,
  service_tier: null,
};

test('cached and cache-write tokens are taken out of the input, and empty buckets of a page are no rows', async () => {
  const text = JSON.stringify({
    object: 'page',
    data: [
      { object: 'bucket', start_time: 1_790_467_200, end_time: 1_790_553_600, results: [] },
      { object: 'bucket', ...DAY, results: [completions] },
    ],
    has_more: false,
    next_page: null,
  });
  expect(await readText(text)).toEqual({
    format: 'openai-usage',
    requests: [
      {
        ...from,
        requests: 5,
        model: 'gpt-4o-mini-2024-07-18',
        input_tokens: 3000,
        cache_read_tokens: 1800,
        cache_write_5m_tokens: 200,
        output_tokens: 1000,
      },
    ],
    skipped: {},
    rejects: [],
    warnings: [],
  });
});

test('fresh and cached audio are taken out of input, audio and images out of output', async () => {
  const audio = {
    ...completions,
    input_tokens: 1000,
    input_cached_tokens: 300,
    input_cached_text_tokens: 100,
    input_cached_audio_tokens: 200,
    input_cache_write_tokens: 0,
    input_audio_tokens: 400,
    output_tokens: 90,
    output_audio_tokens: 60,
    output_image_tokens: 10,
  };
  const { requests } = await readText(page([audio]));
  expect(requests[0]).toEqual({
    ...from,
    requests: 5,
    model: 'gpt-4o-mini-2024-07-18',
    input_tokens: 300,
    cache_read_tokens: 100,
    audio_input_tokens: 400,
    audio_cache_read_tokens: 200,
    output_tokens: 20,
    audio_output_tokens: 60,
    image_output_tokens: 10,
  });
});

test('a batch is of the tier batch whatever the tier says; words of tiers are read, unknown ones are rejects', async () => {
  const plain = { ...completions, model: null, input_cached_tokens: 0, input_cache_write_tokens: 0 };
  const { requests, rejects } = await readText(
    page([
      { ...plain, batch: true, service_tier: 'default', project_id: 'proj_a', user_id: 'user_a', api_key_id: 'key_a' },
      { ...plain, batch: false, service_tier: 'flex', api_key_id: 'key_b' },
      { ...plain, service_tier: 'priority' },
      { ...plain, service_tier: 'scale' },
      { ...plain, service_tier: 'turbo' },
    ]),
  );
  const told = requests.map(({ tier, model, team, user }) => [tier, model, team, user]);
  expect(told).toEqual([
    ['batch', undefined, 'proj_a', 'user_a'],
    ['flex', undefined, undefined, 'key_b'],
    ['priority', undefined, undefined, undefined],
    [undefined, undefined, undefined, undefined],
  ]);
  expect(rejects.map((reason) => reason.replace(/^\d+: /, ''))).toEqual([
    'service_tier: "turbo" is not one of default, standard, auto, scale, flex, priority, batch',
  ]);
});

test('embeddings, images and web searches are read; what no meter counts is left out with its reason', async () => {
  const dimensions = { project_id: null, user_id: null, api_key_id: null, model: 'm' };
  const { requests, skipped } = await readText(
    page([
      { object: 'organization.usage.embeddings.result', input_tokens: 16, num_model_requests: 2, ...dimensions },
      { object: 'organization.usage.images.result', images: 3, num_model_requests: 3, size: null, ...dimensions },
      { object: 'organization.usage.web_searches.result', num_requests: 7, num_model_requests: 4, ...dimensions },
      { object: 'organization.usage.moderations.result', input_tokens: 9, num_model_requests: 1, ...dimensions },
      { object: 'organization.usage.audio_speeches.result', characters: 45, num_model_requests: 1, ...dimensions },
      { object: 'organization.usage.code_interpreter_sessions.result', num_sessions: 1, project_id: null },
    ]),
  );
  expect(requests).toEqual([
    { ...from, requests: 2, model: 'm', input_tokens: 16 },
    { ...from, requests: 3, model: 'm', images: 3 },
    { ...from, requests: 0, model: 'm', web_searches: 7 },
  ]);
  expect(skipped).toEqual({
    'moderations, which OpenAI does not bill': 1,
    'speech and transcription, billed by characters and seconds that no meter counts': 1,
    'storage, sessions and file searches, which no meter counts': 1,
  });
});

test('as CSV, times stand with or without offset, blank buckets are left out, bad counts are named', async () => {
  const header =
    'start_time,end_time,start_time_iso,end_time_iso,input_tokens,input_cached_tokens,output_tokens,num_model_requests,model,batch';
  const rows = [
    '1790467200,1790553600,2026-09-27T00:00:00+00:00,2026-09-28T00:00:00+00:00,,,,,,',
    '1790553600,1790640000,2026-09-28T00:00:00,2026-09-29T00:00:00,100,40,7,2,gpt-5-nano,True',
    ',,2026-09-28T00:00:00,2026-09-29T00:00:00+00:00,100,40,7,2,gpt-5-nano,False',
    ',,2026-09-28T02:00:00+02:00,2026-09-29T00:00:00Z,0,0,0,1,gpt-5-nano,False',
    '1790553600,1790640000,,,-5,0,7,2,gpt-5-nano,False',
    '1790553600,1790640000,,,100,101,7,2,gpt-5-nano,False',
    '1790553600,1790640000,,,,0,7,2,gpt-5-nano,False',
  ];
  const counts = { input_tokens: 60, cache_read_tokens: 40, output_tokens: 7, model: 'gpt-5-nano' };
  expect(await readText(`\uFEFF${[header, ...rows].join('\r\n')}`)).toEqual({
    format: 'openai-usage',
    requests: [
      { ...from, ...counts, requests: 2, tier: 'batch' },
      { ...from, ...counts, requests: 2 },
      { ...from, model: 'gpt-5-nano' },
    ],
    skipped: { 'empty buckets': 1 },
    rejects: [
      '6: input_tokens: "-5" is not a whole number of 0 or more',
      '7: input_tokens 100 is less than the 101 cache and audio tokens that it includes',
      '8: input_tokens is empty',
    ],
    warnings: [],
  });
});

test('an export of an empty period has four columns and is read as empty', async () => {
  const text = 'start_time,end_time,start_time_iso,end_time_iso\n1790467200,1790553600,2026-09-27T00:00:00+00:00,\n';
  expect(await readText(text)).toEqual({
    format: 'openai-usage-empty',
    requests: [],
    skipped: { 'empty buckets': 1 },
    rejects: [],
    warnings: [],
  });
});

test('columns that nobody has seen are told beside such an export', async () => {
  const text = 'start_time,end_time,start_time_iso,end_time_iso,tokens_in\n1790467200,1790553600,,,5\n';
  const { warnings } = await readText(text);
  expect(warnings).toEqual(['column "tokens_in" is not known and is not read']);
});
