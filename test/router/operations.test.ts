import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ANSWER, ask, CANARY, CHAT, KEY, sha256, startRouter, type TestRouter } from './setting.ts';
import { json, TestUpstream } from './upstream.ts';

let openai: TestUpstream;
let claude: TestUpstream;
let router: TestRouter;

beforeAll(async () => {
  [openai, claude] = await Promise.all([new TestUpstream().listen(), new TestUpstream().listen()]);
  router = await startRouter({
    routes: { a: { seller: 'alpha', model: 'm' }, c: { seller: 'claude', model: 'm' } },
    routing: { policy: { kind: 'fallback', to: ['c'] } },
    upstreams: {
      alpha: { base_url: openai.base_url },
      claude: { base_url: claude.base_url, api: 'anthropic', key_env: 'TEST_KEY' },
    },
    clients: [{ name: 'web', key_sha256: sha256(KEY) }],
    models: { sonnet: 'c' },
  });
});

beforeEach(() => {
  openai.script();
  claude.script();
  router.entries.length = 0;
});

afterAll(async () => {
  await router.router.close();
  await Promise.all([openai.close(), claude.close()]);
});

const MESSAGE = { model: 'sonnet', max_tokens: 100, messages: [{ role: 'user', content: 'Hello' }] };
const USED = { input_tokens: 500, cache_read_input_tokens: 1000, cache_creation_input_tokens: 0, output_tokens: 200 };
/** 500 fresh and 1,000 cached tokens in, 200 out: 0.0015 + 0.0003 + 0.003. */
const USED_USD = 0.0048;
const event = (type: string, more: object): string => `event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`;

describe('messages of Anthropic', () => {
  test('pass through with the model rewritten, the router’s own key and the cost in the usage object', async () => {
    const answer = {
      id: 'msg_1',
      type: 'message',
      content: [{ type: 'text', text: 'Hi' }],
      stop_reason: 'end_turn',
      usage: USED,
    };
    claude.script(json(answer));
    const { status, text } = await ask(router, MESSAGE, {
      path: '/v1/messages',
      headers: { authorization: '', 'x-api-key': KEY, 'anthropic-version': '2023-06-01', 'anthropic-beta': 'x' },
    });
    expect([status, JSON.parse(text)]).toEqual([200, { ...answer, usage: { ...USED, cost: USED_USD } }]);
    expect(claude.calls[0]).toMatchObject({
      path: '/v1/messages',
      headers: { 'x-api-key': CANARY, 'anthropic-version': '2023-06-01', 'anthropic-beta': 'x' },
      body: { ...MESSAGE, model: 'm' },
    });
    expect((await router.entry()).attempts[0]?.counts).toMatchObject({ input_tokens: 500, cache_read_tokens: 1000 });
  });

  test('stream byte for byte, with usage put together from its parts', async () => {
    const { output_tokens: _, ...asked } = USED;
    const events = [
      event('message_start', { message: { id: 'msg_1', usage: { ...asked, output_tokens: 1 } } }),
      event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
      event('ping', {}),
      event('content_block_delta', { index: 0, delta: { type: 'text_delta', text: 'Hi' } }),
      event('content_block_stop', { index: 0 }),
      event('message_delta', { delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 200 } }),
      event('message_stop', {}),
    ];
    claude.script(claude.events(events));
    const { text, end } = await ask(router, { ...MESSAGE, stream: true }, { path: '/v1/messages' });
    expect([text, end]).toEqual([events.join(''), 'whole']);
    expect(claude.calls[0]?.body).not.toHaveProperty('stream_options');
    const { attempts } = await router.entry();
    expect(attempts[0]?.cost.status).toBe('exact');
    expect(attempts[0]?.cost.usd).toBeCloseTo(USED_USD, 12);
  });

  test('cost their web searches as well, and their speed, whole and streamed', async () => {
    // 0.0048 for the tokens, twice that in fast mode, and two searches at 0.01.
    const cases = [
      [{ ...USED, server_tool_use: { web_search_requests: 2, web_fetch_requests: 1 } }, USED_USD + 0.02],
      [{ ...USED, speed: 'fast', service_tier: 'standard' }, 2 * USED_USD],
      [{ ...USED, speed: 'standard', service_tier: 'standard' }, USED_USD],
    ] as const;
    for (const [usage, usd] of cases) {
      claude.script(
        json({ id: 'msg_1', type: 'message', content: [{ type: 'text', text: 'Hi' }], usage }),
        claude.events([
          event('message_start', { message: { id: 'msg_1', usage } }),
          event('content_block_delta', { index: 0, delta: { type: 'text_delta', text: 'Hi' } }),
          event('message_delta', { delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 200 } }),
          event('message_stop', {}),
        ]),
      );
      router.entries.length = 0;
      for (const stream of [false, true]) await ask(router, { ...MESSAGE, stream }, { path: '/v1/messages' });
      await router.entry(2);
      for (const { attempts } of router.entries) {
        expect(attempts[0]?.cost.status).toBe('exact');
        expect(attempts[0]?.cost.usd).toBeCloseTo(usd, 12);
      }
    }
  });

  test('that overload in the first event are no answer, and errors are in Anthropic’s shape', async () => {
    claude.script(claude.events([event('error', { error: { type: 'overloaded_error', message: 'Overloaded' } })]));
    const { status, text } = await ask(router, { ...MESSAGE, stream: true }, { path: '/v1/messages' });
    expect(status).toBe(502);
    expect(JSON.parse(text).error.type).toBe('overloaded_error');
    expect((await router.entry()).attempts[0]?.result).toBe('overloaded');
    const refused = await ask(router, MESSAGE, { path: '/v1/messages', headers: { authorization: 'Bearer no' } });
    expect(JSON.parse(refused.text)).toMatchObject({ type: 'error', error: { code: 'invalid_api_key' } });
  });

  test('never go to a seller that speaks another API, nor chats to this one', async () => {
    openai.script(json({ error: { message: 'busy' } }, 503));
    expect((await ask(router, CHAT)).status).toBe(503);
    expect(claude.calls).toHaveLength(0);
    const { status, text } = await ask(router, { ...CHAT, model: 'sonnet' });
    expect([status, JSON.parse(text).error.code]).toEqual([400, 'unsupported_operation']);
    expect(claude.calls).toHaveLength(0);
  });
});

describe('other operations', () => {
  test('embeddings are priced by their prompt', async () => {
    openai.script(
      json({ object: 'list', data: [{ embedding: [0.1] }], usage: { prompt_tokens: 1000, total_tokens: 1000 } }),
    );
    const { headers } = await ask(router, { model: 'a', input: 'Hello' }, { path: '/v1/embeddings' });
    expect(headers['x-tollgate-cost-usd']).toBe('0.003');
    expect(openai.calls[0]?.path).toBe('/v1/embeddings');
  });

  test('images without a count of tokens are counted by the piece, and unpriced where the book has no such price', async () => {
    openai.script(json({ created: 1, data: [{ url: 'x' }, { url: 'y' }] }));
    const { status, headers } = await ask(
      router,
      { model: 'a', prompt: 'a cat', n: 2 },
      { path: '/v1/images/generations' },
    );
    expect([status, headers['x-tollgate-cost-status']]).toEqual([200, 'unpriced']);
    expect((await router.entry()).attempts[0]?.counts).toMatchObject({ images: 2, input_tokens: 0 });
  });

  test('models are listed in OpenAI’s shape: routes by name and by seller/model, and what the file names', async () => {
    const response = await fetch(`${router.url}/v1/models`, { headers: { authorization: `Bearer ${KEY}` } });
    const { object, data } = (await response.json()) as { object: string; data: { id: string; object: string }[] };
    expect([object, data.map(({ id }) => id).sort()]).toEqual(['list', ['a', 'alpha/m', 'c', 'claude/m', 'sonnet']]);
  });

  test('health and readiness are told to anybody, other paths are an error that programs read', async () => {
    expect((await fetch(`${router.url}/health`)).status).toBe(200);
    expect((await fetch(`${router.url}/ready`)).status).toBe(200);
    const { status, text } = await ask(router, ANSWER, { path: '/v1/completions' });
    expect([status, JSON.parse(text).error.code]).toEqual([404, 'not_found']);
  });
});
