/** What a person reads who points a client at the router and is wrong about a path, a model, a key or a stream. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ANSWER, type Answer, ask, CHAT, content, KEY, ROLE, sha256, startRouter, type TestRouter } from './setting.ts';
import { json, pause, TestUpstream } from './upstream.ts';

let seller: TestUpstream;
let claude: TestUpstream;
let router: TestRouter;

beforeAll(async () => {
  [seller, claude] = await Promise.all([new TestUpstream().listen(), new TestUpstream().listen()]);
  router = await startRouter({
    routes: { a: { seller: 'alpha', model: 'm' }, c: { seller: 'claude', model: 'm' } },
    routing: { policy: { kind: 'single' } },
    upstreams: { alpha: { base_url: seller.base_url }, claude: { base_url: claude.base_url, api: 'anthropic' } },
    clients: [{ name: 'web', key_sha256: sha256(KEY) }],
  });
});

beforeEach(() => {
  seller.script();
  claude.script();
  router.entries.length = 0;
});

afterAll(async () => {
  await router.router.close();
  await Promise.all([seller.close(), claude.close()]);
});

const MESSAGE = { model: 'c', max_tokens: 100, messages: [{ role: 'user', content: 'Hello' }] };
const MESSAGES = { path: '/v1/messages' };
const errorOf = ({ text }: Answer) => JSON.parse(text).error as Record<string, unknown>;
const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(router.url + path, { headers: { authorization: `Bearer ${KEY}`, ...headers } });
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

describe('a path that is not here', () => {
  test('of the Responses API says what to ask for instead, in words of the clients that choose it by themselves', async () => {
    const answer = await ask(router, { model: 'a', input: 'Hello' }, { path: '/v1/responses' });
    expect([answer.status, errorOf(answer)]).toEqual([
      404,
      {
        message:
          'there is no POST /v1/responses here: the Responses API is not served; ask for chat completions ' +
          '(openai: client.chat.completions.create; LangChain: useResponsesApi: false; AI SDK: openai.chat(model))',
        type: 'invalid_request_error',
        param: null,
        code: 'not_found',
      },
    ]);
  });

  test('for want of /v1, or with one too many, says what the base URL is to be', async () => {
    const [without, twice] = [
      await ask(router, CHAT, { path: '/chat/completions' }),
      await ask(router, MESSAGE, { path: '/v1/v1/messages' }),
    ];
    expect([without.status, errorOf(without).message]).toEqual([
      404,
      'there is no POST /chat/completions here, but POST /v1/chat/completions: the base URL of this client has to end with /v1',
    ]);
    expect([twice.status, errorOf(twice).message]).toEqual([
      404,
      'there is no POST /v1/v1/messages here, but POST /v1/messages: the base URL of this client has to end without /v1',
    ]);
  });

  test('names all that there is, in the shape of the API that was meant', async () => {
    const known =
      'there are POST /v1/chat/completions, POST /v1/embeddings, POST /v1/images/generations, POST /v1/messages, GET /v1/models';
    const openai = await ask(router, {}, { path: '/v1/audio/speech' });
    expect(errorOf(openai)).toMatchObject({ message: `there is no POST /v1/audio/speech here; ${known}` });
    const anthropic = await ask(router, MESSAGE, { path: '/v1/messages/count_tokens' });
    expect([anthropic.status, JSON.parse(anthropic.text)]).toEqual([
      404,
      {
        type: 'error',
        error: {
          type: 'not_found_error',
          message: `there is no POST /v1/messages/count_tokens here; ${known}`,
          code: 'not_found',
        },
        request_id: anthropic.headers['request-id'],
      },
    ]);
  });

  test('with another method says which it takes', async () => {
    const response = await get('/v1/chat/completions');
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
    expect(await response.json()).toMatchObject({
      error: { code: 'method_not_allowed', message: 'there is no GET /v1/chat/completions here; it takes POST' },
    });
  });
});

describe('the id of a request', () => {
  test('is told with every error of the router’s own, where OpenAI’s and Anthropic’s clients look for it', async () => {
    const wrong = { headers: { authorization: 'Bearer no' } };
    for (const [body, options] of [
      [CHAT, wrong],
      [{ ...CHAT, model: 'x' }, {}],
      ['{', {}],
      [{}, { path: '/v1/responses' }],
    ] as const)
      expect((await ask(router, body, options)).headers['x-request-id']).toMatch(UUID);
    const refused = await ask(router, MESSAGE, { ...MESSAGES, ...wrong });
    expect(refused.headers['request-id']).toMatch(UUID);
    expect(JSON.parse(refused.text).request_id).toBe(refused.headers['request-id']);
  });

  test('is the seller’s where it gave one, else the router’s, for answers, errors and streams', async () => {
    const named = { 'x-request-id': 'req_1' };
    seller.script(json(ANSWER, 200, named), json(ANSWER), json({ error: {} }, 400, named), json({ error: {} }, 400));
    for (const id of ['req_1', undefined, 'req_1', undefined]) {
      const { headers } = await ask(router, CHAT);
      expect(headers['x-request-id']).toBe(id ?? headers['x-tollgate-request']);
    }
    seller.script(seller.events([ROLE, content('x'), 'data: [DONE]\n\n']));
    const { headers } = await ask(router, { ...CHAT, stream: true });
    expect(headers['x-request-id']).toBe(headers['x-tollgate-request']);
    claude.script(json({ content: [], usage: { input_tokens: 1, output_tokens: 1 } }));
    const message = await ask(router, MESSAGE, MESSAGES);
    expect(message.headers['request-id']).toBe(message.headers['x-tollgate-request']);
  });
});

describe('errors of the router’s own on /v1/messages', () => {
  test.each([
    ['a wrong key', MESSAGE, { authorization: 'Bearer no' }, 401, 'authentication_error', 'invalid_api_key'],
    ['a model that is not there', { ...MESSAGE, model: 'x' }, {}, 404, 'not_found_error', 'model_not_found'],
    ['a body without a model', {}, {}, 400, 'invalid_request_error', 'model_missing'],
    ['a model of another API', { ...MESSAGE, model: 'a' }, {}, 400, 'invalid_request_error', 'unsupported_operation'],
  ])('for %s have a type that Anthropic’s clients know, and the router’s code', async (_, body, headers, ...told) => {
    const answer = await ask(router, body, { ...MESSAGES, headers });
    const { type, code } = errorOf(answer);
    expect([answer.status, type, code]).toEqual(told);
  });

  test('for a seller that can’t be reached, or that broke off, are an api_error', async () => {
    claude.script((response) => void response.socket?.resetAndDestroy());
    const unreachable = await ask(router, MESSAGE, MESSAGES);
    expect([unreachable.status, errorOf(unreachable)]).toMatchObject([
      502,
      {
        type: 'api_error',
        code: 'upstream_unreachable',
        message: 'the connection to the seller failed (ECONNRESET)',
      },
    ]);
    const delta = { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hi' } };
    claude.script(claude.events([`event: content_block_delta\ndata: ${JSON.stringify(delta)}\n\n`], 'cut'));
    const { text, end } = await ask(router, { ...MESSAGE, stream: true }, MESSAGES);
    const [, data] = /event: error\ndata: (.*)\n\n$/.exec(text) ?? [];
    expect(JSON.parse(data ?? '{}')).toMatchObject({
      type: 'error',
      error: { type: 'api_error', code: 'stream_truncated' },
    });
    expect(end).toBe('broken');
  });

  test('that a seller’s stream begins with come in Anthropic’s envelope', async () => {
    const error = { type: 'overloaded_error', message: 'Overloaded' };
    claude.script(claude.events([`event: error\ndata: ${JSON.stringify({ type: 'error', error })}\n\n`]));
    const { text } = await ask(router, { ...MESSAGE, stream: true }, MESSAGES);
    expect(JSON.parse(text)).toEqual({ type: 'error', error });
  });
});

describe('a stream that is not served', () => {
  test('is refused before a seller makes and bills it', async () => {
    for (const path of ['/v1/images/generations', '/v1/embeddings']) {
      const answer = await ask(router, { model: 'a', prompt: 'a cat', stream: true }, { path });
      expect([answer.status, errorOf(answer)]).toEqual([
        400,
        {
          message: `there are no streams of POST ${path} here; ask without "stream"`,
          type: 'invalid_request_error',
          param: 'stream',
          code: 'unsupported_value',
        },
      ]);
    }
    expect([seller.calls.length, router.entries.length]).toEqual([0, 0]);
  });
});

describe('models', () => {
  test('are told one by one, with or without a slash in the name, and a misspelt one with the nearest', async () => {
    for (const [path, id] of [
      ['/v1/models/a', 'a'],
      ['/v1/models/alpha%2Fm', 'alpha/m'],
      ['/v1/models/alpha/m', 'alpha/m'],
    ] as const)
      expect(await (await get(path)).json()).toEqual({ id, object: 'model', created: 0, owned_by: 'tollgate' });
    const response = await get('/v1/models/alpha%2Fn');
    expect([response.status, await response.json()]).toMatchObject([404, { error: { code: 'model_not_found' } }]);
    expect((await get('/v1/models/a', { authorization: 'Bearer no' })).status).toBe(401);
  });

  test('come in Anthropic’s shape for its clients', async () => {
    const anthropic = { authorization: '', 'x-api-key': KEY, 'anthropic-version': '2023-06-01' };
    const model = (id: string) => ({ type: 'model', id, display_name: id, created_at: '1970-01-01T00:00:00Z' });
    expect(await (await get('/v1/models?limit=10', anthropic)).json()).toEqual({
      data: ['alpha/m', 'a', 'claude/m', 'c'].map(model),
      has_more: false,
      first_id: 'alpha/m',
      last_id: 'c',
    });
    expect(await (await get('/v1/models/c', anthropic)).json()).toEqual(model('c'));
    const missing = await get('/v1/models/x', anthropic);
    expect([missing.status, await missing.json()]).toMatchObject([
      404,
      { type: 'error', error: { type: 'not_found_error' } },
    ]);
  });
});

describe('a stream that breaks off', () => {
  test('tells a client that reads behind why, before the connection breaks', async () => {
    seller.script(seller.events([ROLE, content('Hel'), content('lo'), 20], 'cut'));
    const response = await fetch(`${router.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify({ ...CHAT, stream: true }),
    });
    const reader = response.body!.getReader();
    let text = '';
    const read = async (): Promise<void> => {
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        text += Buffer.from(part.value).toString('utf8');
        await pause(30);
      }
    };
    await expect(read()).rejects.toThrow('terminated');
    expect(text).toContain('"code":"stream_truncated"');
  });
});
