/** The @anthropic-ai/sdk package on /v1/messages, with another base URL and key and nothing else. */
import Anthropic, {
  APIError,
  APIUserAbortError,
  AuthenticationError,
  BadRequestError,
  NotFoundError,
  RateLimitError,
} from '@anthropic-ai/sdk';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { CANARY } from '../../router/setting.ts';
import { type Behaviour, json, pause } from '../../router/upstream.ts';
import {
  ASK_WEATHER,
  brokenOff,
  type ClientSetting,
  clientSetting,
  GREETING,
  gathered,
  KEY,
  MOCK_CLAUDE,
  SAY_HELLO,
  SCRIPTED_CLAUDE,
  thrown,
  UUID,
  WEATHER,
} from './setting.ts';

let setting: ClientSetting;
let client: Anthropic;

beforeAll(async () => {
  setting = await clientSetting();
  client = new Anthropic({ apiKey: KEY, baseURL: setting.router.url });
});
beforeEach(() => setting.reset());
afterAll(() => setting.close());

const asking = (model: string, content: string) => ({
  model,
  max_tokens: 100,
  messages: [{ role: 'user' as const, content }],
});
const tools = [{ name: 'weather', input_schema: { type: 'object' as const } }];

const event = (type: string, more: object): string => `event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`;
const USAGE = { input_tokens: 500, cache_read_input_tokens: 1000, cache_creation_input_tokens: 0, output_tokens: 200 };
const BEGUN = [
  event('message_start', {
    message: {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: 'm',
      content: [],
      usage: { ...USAGE, output_tokens: 1 },
    },
  }),
  event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
  event('ping', {}),
];
const word = (text: string): string => event('content_block_delta', { index: 0, delta: { type: 'text_delta', text } });
const ENDED = [
  event('content_block_stop', { index: 0 }),
  event('message_delta', { delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 200 } }),
  event('message_stop', {}),
];
const endless: Behaviour = (response, seen) =>
  setting.claude.events([...BEGUN, ...Array.from({ length: 200 }, (_, i) => [word(`${i} `), 10]).flat()])(
    response,
    seen,
  );
const refused = (status: number, type: string, headers: Record<string, string> = {}): Behaviour =>
  json({ type: 'error', error: { type, message: 'no' }, request_id: 'req_1' }, status, {
    'request-id': 'req_1',
    ...headers,
  });

describe('messages', () => {
  test('are answered whole and streamed, with usage', async () => {
    const whole = await client.messages.create(asking(MOCK_CLAUDE, SAY_HELLO));
    const streamed = await client.messages.stream(asking(MOCK_CLAUDE, SAY_HELLO)).finalMessage();
    for (const { content, stop_reason, usage } of [whole, streamed])
      expect([content, stop_reason, usage]).toMatchObject([
        [{ type: 'text', text: GREETING }],
        'end_turn',
        { input_tokens: 11, output_tokens: 7 },
      ]);
    expect(setting.mock.getRequests().map(({ path }) => path)).toEqual(['/v1/messages', '/v1/messages']);
  });

  test('gain their cost, with cached tokens priced once', async () => {
    setting.claude.script(
      json({ id: 'msg_1', type: 'message', content: [{ type: 'text', text: 'Hi' }], usage: USAGE }),
    );
    const { data, response } = await client.messages.create(asking(SCRIPTED_CLAUDE, 'x')).withResponse();
    expect((data.usage as { cost?: number }).cost).toBeCloseTo(0.0048, 12);
    expect(response.headers.get('x-tollgate-cost-status')).toBe('exact');
  });

  test('call tools, plain and streamed, with the input joined', async () => {
    const asked = { ...asking(MOCK_CLAUDE, ASK_WEATHER), tools };
    const plain = await client.messages.create(asked);
    const streamed = await client.messages.stream(asked).finalMessage();
    for (const { content } of [plain, streamed])
      expect(content).toMatchObject([{ type: 'tool_use', id: 'call_1', name: 'weather', input: WEATHER }]);
  });

  test('reach the seller as they were, with the versions that the client names and the router’s key', async () => {
    setting.claude.script(json({ id: 'msg_1', type: 'message', content: [], usage: USAGE }));
    const image = { type: 'base64' as const, media_type: 'image/png' as const, data: 'iVBORw0KGgo=' };
    const body = {
      model: SCRIPTED_CLAUDE,
      max_tokens: 50,
      system: [{ type: 'text' as const, text: 'be short', cache_control: { type: 'ephemeral' as const } }],
      messages: [{ role: 'user' as const, content: [{ type: 'image' as const, source: image }] }],
      metadata: { user_id: 'u1' },
      thinking: { type: 'enabled' as const, budget_tokens: 1024 },
    };
    await client.beta.messages.create({ ...body, betas: ['files-api-2025-04-14', 'other-1'] });
    const [call] = setting.claude.calls;
    expect(call?.body).toEqual({ ...body, model: 'm' });
    const { host: _, 'content-length': __, 'idempotency-key': ___, ...headers } = call?.headers ?? {};
    expect(headers).toEqual({
      accept: 'application/json',
      'accept-encoding': 'identity',
      'anthropic-beta': 'files-api-2025-04-14,other-1',
      'anthropic-version': '2026-10-21',
      connection: 'keep-alive',
      'content-type': 'application/json',
      'user-agent': 'tollgate-router',
      'x-api-key': CANARY,
    });
    expect((await setting.router.entry()).user).toBe('u1');
  });

  test('are let in by a bearer token as well', async () => {
    const bearer = new Anthropic({ apiKey: null, authToken: KEY, baseURL: setting.router.url });
    expect((await bearer.messages.create(asking(MOCK_CLAUDE, SAY_HELLO))).stop_reason).toBe('end_turn');
  });
});

describe('models', () => {
  test('are listed and found one by one', async () => {
    const ids = (await gathered(client.models.list())).map(({ id }) => id);
    expect(ids).toContain(MOCK_CLAUDE);
    expect(await client.models.retrieve(MOCK_CLAUDE)).toMatchObject({ type: 'model', display_name: MOCK_CLAUDE });
  });
});

describe('a stream that is left', () => {
  test('by abort or by break stops the seller', async () => {
    for (const how of ['abort', 'break']) {
      setting.claude.script(endless);
      const stream = client.messages.stream(asking(SCRIPTED_CLAUDE, 'x'));
      const read = async (): Promise<void> => {
        for await (const { type } of stream) {
          if (type !== 'content_block_delta') continue;
          if (how === 'break') break;
          stream.abort();
        }
      };
      if (how === 'break') await read();
      else expect(await thrown(read)).toBeInstanceOf(APIUserAbortError);
      expect(await brokenOff(setting.claude)).toBe(1);
      expect(setting.claude.chunks).toBeLessThan(100);
    }
  });
});

describe('errors', () => {
  const told = (error: unknown) => {
    const { status, type, requestID } = error as APIError;
    return { kind: (error as Error).constructor, status, type, requestID };
  };
  const ask = (model: string, one = client) => thrown(() => one.messages.create(asking(model, 'x')));

  test('of a wrong key, a model and a path that are not there are of this client’s kinds', async () => {
    const requestID = expect.stringMatching(UUID);
    expect(told(await ask(MOCK_CLAUDE, client.withOptions({ apiKey: 'wrong' })))).toEqual({
      kind: AuthenticationError,
      status: 401,
      type: 'authentication_error',
      requestID,
    });
    const missing = { kind: NotFoundError, status: 404, type: 'not_found_error', requestID };
    expect(told(await ask('mocc'))).toEqual(missing);
    const { messages } = asking('', 'x');
    expect(told(await thrown(() => client.messages.countTokens({ model: MOCK_CLAUDE, messages })))).toEqual(missing);
    const twice = await ask(MOCK_CLAUDE, new Anthropic({ apiKey: KEY, baseURL: setting.base_url }));
    expect((twice as APIError).apiMessage).toContain('the base URL of this client has to end without /v1');
  });

  test('of the seller come as it wrote them; those of a busy one after this client’s own tries', async () => {
    setting.claude.script(refused(400, 'invalid_request_error'));
    const refusal = await ask(SCRIPTED_CLAUDE);
    const requestID = 'req_1';
    expect(told(refusal)).toEqual({ kind: BadRequestError, status: 400, type: 'invalid_request_error', requestID });
    expect((refusal as APIError).error).toEqual({
      type: 'error',
      error: { type: 'invalid_request_error', message: 'no' },
      request_id: 'req_1',
    });
    expect(setting.claude.calls).toHaveLength(1);
    const limits = { 'retry-after': '1', 'retry-after-ms': '20', 'anthropic-ratelimit-requests-remaining': '0' };
    setting.claude.script(refused(429, 'rate_limit_error', limits));
    const busy = await ask(SCRIPTED_CLAUDE);
    expect(told(busy)).toEqual({ kind: RateLimitError, status: 429, type: 'rate_limit_error', requestID });
    expect((busy as APIError).headers?.get('anthropic-ratelimit-requests-remaining')).toBe('0');
    expect(setting.claude.calls).toHaveLength(3);
  });

  test('in the middle of a stream are thrown, however slowly it is read', async () => {
    for (const pause_ms of [0, 30]) {
      setting.claude.script(setting.claude.events([...BEGUN, word('Hel'), word('lo'), 20], 'cut'));
      let text = '';
      const error = await thrown(async () => {
        for await (const part of await client.messages.create({ ...asking(SCRIPTED_CLAUDE, 'x'), stream: true })) {
          if (part.type === 'content_block_delta' && part.delta.type === 'text_delta') text += part.delta.text;
          await pause(pause_ms);
        }
      });
      expect(text).toBe('Hello');
      expect(told(error)).toMatchObject({ kind: APIError, type: 'api_error', requestID: expect.stringMatching(UUID) });
    }
  });

  test('of an overloaded seller at the start of a stream are tried again by this client, and then an answer', async () => {
    const overloaded = event('error', { error: { type: 'overloaded_error', message: 'Overloaded' } });
    setting.claude.script(
      setting.claude.events([overloaded]),
      setting.claude.events([...BEGUN, word('Hello'), ...ENDED]),
    );
    expect(await client.messages.stream(asking(SCRIPTED_CLAUDE, 'x')).finalText()).toBe('Hello');
    expect(setting.claude.calls).toHaveLength(2);
  });
});
