/** The openai package, with another base URL and key and nothing else. */
import OpenAI, {
  APIError,
  APIUserAbortError,
  AuthenticationError,
  BadRequestError,
  InternalServerError,
  NotFoundError,
  RateLimitError,
} from 'openai';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { CANARY } from '../../router/setting.ts';
import { html, json, pause } from '../../router/upstream.ts';
import {
  ANSWER,
  ASK_ORDER,
  ASK_WEATHER,
  brokenOff,
  busy,
  type ClientSetting,
  clientSetting,
  cut,
  embeddings,
  endless,
  GREETING,
  gathered,
  IMAGE,
  KEY,
  MOCK,
  ORDER,
  REFUSAL,
  refusal,
  SAY_HELLO,
  SCRIPTED,
  STREAM_TEXT,
  thrown,
  UUID,
  VECTOR,
  WEATHER,
  WHOLE_STREAM,
} from './setting.ts';

let setting: ClientSetting;
let client: OpenAI;

beforeAll(async () => {
  setting = await clientSetting();
  client = new OpenAI({ apiKey: KEY, baseURL: setting.base_url });
});
beforeEach(() => setting.reset());
afterAll(() => setting.close());

const asking = (model: string, text: string) => ({ model, messages: [{ role: 'user' as const, content: text }] });
const streaming = (model: string, text: string) => ({ ...asking(model, text), stream: true as const });
const tools = [
  { type: 'function' as const, function: { name: 'weather', parameters: { type: 'object', properties: {} } } },
];

describe('chat', () => {
  test('is answered, with usage and its cost', async () => {
    const answer = await client.chat.completions.create(asking(MOCK, SAY_HELLO));
    expect(answer.choices[0]?.message.content).toBe(GREETING);
    expect(answer.usage).toMatchObject({ prompt_tokens: 11, completion_tokens: 7 });
    expect((answer.usage as { cost?: number }).cost).toBeCloseTo((11 * 0.3 + 7 * 1.5) / 1e6, 12);
    expect(setting.mock.getRequests().map(({ path }) => path)).toEqual(['/v1/chat/completions']);
  });

  test('gives the seller’s bytes and headers where the client asks for the raw answer', async () => {
    setting.seller.script(json(ANSWER, 200, { 'x-request-id': 'req_1', 'openai-processing-ms': '12' }));
    const { response, request_id } = await client.chat.completions.create(asking(SCRIPTED, 'x')).withResponse();
    expect([request_id, response.headers.get('openai-processing-ms')]).toEqual(['req_1', '12']);
    expect(response.headers.get('x-tollgate-route')).toBe(SCRIPTED);
  });

  test('streams: the text whole and usage at the end where it is asked for, else none', async () => {
    for (const include_usage of [true, false]) {
      const stream = await client.chat.completions.create({
        ...streaming(MOCK, SAY_HELLO),
        ...(include_usage ? { stream_options: { include_usage } } : {}),
      });
      const chunks = await gathered(stream);
      expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('')).toBe(GREETING);
      expect(chunks.at(-1)?.usage?.total_tokens).toBe(include_usage ? 18 : undefined);
    }
    expect((await setting.router.entry(2)).attempts[0]?.cost.status).toBe('exact');
  });

  test('streams through the helper that puts a final answer together', async () => {
    setting.seller.script(setting.seller.events(WHOLE_STREAM));
    const runner = client.chat.completions.stream({
      ...asking(SCRIPTED, 'x'),
      stream_options: { include_usage: true },
    });
    expect(await runner.finalContent()).toBe(STREAM_TEXT);
    expect((await runner.totalUsage()).total_tokens).toBe(1200);
  });

  test('calls tools, plain and streamed, with the arguments joined', async () => {
    const plain = await client.chat.completions.create({
      ...asking(MOCK, ASK_WEATHER),
      tools,
      parallel_tool_calls: false,
    });
    const [call] = plain.choices[0]?.message.tool_calls ?? [];
    expect([call?.id, call?.type === 'function' && JSON.parse(call.function.arguments)]).toEqual(['call_1', WEATHER]);
    const runner = client.chat.completions.stream({ ...asking(MOCK, ASK_WEATHER), tools });
    const final = await runner.finalMessage();
    const [joined] = final.tool_calls ?? [];
    expect(joined?.type === 'function' && JSON.parse(joined.function.arguments)).toEqual(WEATHER);
  });

  test('runs tools in turns, with their results going back', async () => {
    const runner = client.chat.completions.runTools({
      ...asking(MOCK, ASK_WEATHER),
      tools: [
        {
          type: 'function',
          function: {
            name: 'weather',
            description: 'the weather of a city',
            parameters: { type: 'object', properties: {} },
            parse: JSON.parse,
            function: (given: object) => JSON.stringify(given),
          },
        },
      ],
    });
    expect(await runner.finalContent()).toBe('It is sunny.');
    expect(setting.mock.getRequests()).toHaveLength(2);
  });

  test('in JSON mode and by a schema gives the object', async () => {
    const plain = await client.chat.completions.create({
      ...asking(MOCK, ASK_ORDER),
      response_format: { type: 'json_object' },
    });
    expect(JSON.parse(plain.choices[0]?.message.content ?? '')).toEqual(ORDER);
    const schema = { type: 'object', properties: { item: { type: 'string' }, pieces: { type: 'integer' } } };
    const parsed = await client.chat.completions.parse({
      ...asking(MOCK, ASK_ORDER),
      response_format: { type: 'json_schema', json_schema: { name: 'order', strict: true, schema } },
    });
    expect(JSON.parse(parsed.choices[0]?.message.content ?? '')).toEqual(ORDER);
    expect(setting.mock.getLastRequest()?.body).toMatchObject({ response_format: { json_schema: { schema } } });
  });

  test('of two answers streams both', async () => {
    const at = (index: number, delta: object, finish_reason: string | null = null): string =>
      `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', choices: [{ index, delta, finish_reason }] })}\n\n`;
    const chunks = [
      at(0, { role: 'assistant', content: 'a' }),
      at(1, { role: 'assistant', content: 'b' }),
      at(0, {}, 'stop'),
      at(1, { content: 'c' }),
      at(1, {}, 'stop'),
    ];
    setting.seller.script(setting.seller.events([...chunks, 'data: [DONE]\n\n']));
    const answer = await client.chat.completions.stream({ ...asking(SCRIPTED, 'x'), n: 2 }).finalChatCompletion();
    expect(answer.choices.map(({ message }) => message.content)).toEqual(['a', 'bc']);
  });
});

describe('what reaches the seller', () => {
  test('is every member of the body as it was, and of the headers none that tells about the client', async () => {
    setting.seller.script(json(ANSWER));
    const body = {
      model: SCRIPTED,
      messages: [
        {
          role: 'user' as const,
          content: [
            { type: 'text' as const, text: 'what is this' },
            {
              type: 'image_url' as const,
              image_url: { url: 'data:image/png;base64,iVBORw0KGgo=', detail: 'low' as const },
            },
          ],
        },
      ],
      max_completion_tokens: 50,
      reasoning_effort: 'low' as const,
      logprobs: true,
      top_logprobs: 2,
      seed: 7,
      parallel_tool_calls: false,
      safety_identifier: 'hash-1',
      user: 'u1',
      metadata: { feature: 'search' },
      store: false,
    };
    const headers = { 'OpenAI-Beta': 'assistants=v2', 'X-Client-Request-Id': 'mine-1', cookie: 'a=b' };
    await client
      .withOptions({ organization: 'org-of-the-client', project: 'proj-of-the-client' })
      .chat.completions.create(body, { headers });
    const [call] = setting.seller.calls;
    expect(call?.body).toEqual({ ...body, model: 'm' });
    const { 'idempotency-key': key, host: _, 'content-length': __, ...rest } = call?.headers ?? {};
    expect(rest).toEqual({
      accept: 'application/json',
      'accept-encoding': 'identity',
      authorization: `Bearer ${CANARY}`,
      connection: 'keep-alive',
      'content-type': 'application/json',
      'openai-beta': 'assistants=v2',
      'user-agent': 'tollgate-router',
      'x-client-request-id': 'mine-1',
    });
    expect(key).toMatch(/^tollgate-/);
    expect(await setting.router.entry()).toMatchObject({ feature: 'search', team: 'shop' });
  });
});

describe('other operations', () => {
  test('embeddings come as base64, which the package asks for by itself, and as floats', async () => {
    setting.seller.script(embeddings);
    const packed = await client.embeddings.create({ model: SCRIPTED, input: ['one', 'two'] });
    const plain = await client.embeddings.create({ model: SCRIPTED, input: 'one', encoding_format: 'float' });
    expect(setting.seller.calls.map(({ body }) => body.encoding_format)).toEqual(['base64', 'float']);
    expect(packed.data.map(({ embedding }) => [...embedding])).toEqual([VECTOR, VECTOR]);
    expect(plain.data[0]?.embedding).toEqual(VECTOR);
  });

  test('images come, and a stream of them is refused before it is made and billed', async () => {
    setting.seller.script(json({ created: 1, data: [{ b64_json: IMAGE }] }));
    const { data } = await client.images.generate({ model: SCRIPTED, prompt: 'a cat' });
    expect(data?.[0]?.b64_json).toBe(IMAGE);
    const error = await thrown(() =>
      client.images.generate({ model: SCRIPTED, prompt: 'a cat', stream: true, partial_images: 1 }),
    );
    expect(error).toBeInstanceOf(BadRequestError);
    expect([(error as APIError).param, setting.seller.calls.length]).toEqual(['stream', 1]);
  });

  test('models are listed and found one by one', async () => {
    const ids = (await gathered(client.models.list())).map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining([SCRIPTED, MOCK, 'alpha/m']));
    expect((await client.models.retrieve('alpha/m')).id).toBe('alpha/m');
    expect(await thrown(() => client.models.retrieve('none'))).toBeInstanceOf(NotFoundError);
  });

  test('the Responses API is told to be missing, with what to call instead', async () => {
    const error = await thrown(() => client.responses.create({ model: MOCK, input: 'x' }));
    expect(error).toBeInstanceOf(NotFoundError);
    expect((error as Error).message).toContain('openai: client.chat.completions.create');
  });
});

describe('a stream that is left', () => {
  test('by abort or by break stops the seller', async () => {
    for (const how of ['abort', 'break']) {
      setting.seller.script(endless(setting.seller));
      const stream = await client.chat.completions.create(streaming(SCRIPTED, 'x'));
      for await (const _ of stream)
        if (how === 'break') break;
        else stream.controller.abort();
      expect(await brokenOff(setting.seller)).toBe(1);
      expect(setting.seller.chunks).toBeLessThan(100);
    }
    expect((await setting.router.entry(2)).outcome).toBe('cancelled');
  });

  test('before its first word, or a plain answer that is waited for, as well', async () => {
    for (const stream of [true, false]) {
      setting.seller.script(() => undefined);
      const abort = new AbortController();
      const asked = thrown(() =>
        client.chat.completions.create({ ...asking(SCRIPTED, 'x'), stream }, { signal: abort.signal }),
      );
      while (setting.seller.calls.length === 0) await pause(5);
      abort.abort();
      expect(await asked).toBeInstanceOf(APIUserAbortError);
      expect(await brokenOff(setting.seller)).toBe(1);
    }
  });

  test('because its time is over ends at the seller, once for each of the package’s tries', async () => {
    setting.seller.script(() => undefined);
    const hasty = client.withOptions({ timeout: 200, maxRetries: 1 });
    await thrown(() => hasty.chat.completions.create(asking(SCRIPTED, 'x')));
    for (let i = 0; setting.seller.brokenOff < 2 && i < 300; i++) await pause(10);
    expect([setting.seller.calls.length, setting.seller.brokenOff]).toEqual([2, 2]);
  });
});

describe('errors', () => {
  const told = (error: unknown) => {
    const { status, code, type, param, requestID } = error as APIError;
    return { kind: (error as Error).constructor, status, code, type, param, requestID };
  };
  const ask = (model: string, one = client) => thrown(() => one.chat.completions.create(asking(model, 'x')));

  test('of a wrong key, of a model that is not there, of a body that is too long', async () => {
    const invalid = { type: 'invalid_request_error', requestID: expect.stringMatching(UUID) };
    expect(told(await ask(MOCK, client.withOptions({ apiKey: 'wrong' })))).toEqual({
      ...invalid,
      kind: AuthenticationError,
      status: 401,
      code: 'invalid_api_key',
      param: null,
    });
    const unknown = await ask('mocc');
    expect(told(unknown)).toEqual({
      ...invalid,
      kind: NotFoundError,
      status: 404,
      code: 'model_not_found',
      param: 'model',
    });
    expect((unknown as Error).message).toBe('404 there is no model "mocc" here (did you mean "mock"?)');
    for (let i = 0; i < 5; i++) {
      const long = await thrown(() => client.chat.completions.create(asking(MOCK, 'x'.repeat(11_000_000))));
      expect(told(long)).toMatchObject({ kind: APIError, status: 413, code: 'request_too_large' });
    }
    expect(setting.mock.getRequests()).toHaveLength(0);
  });

  test('of a wrong key are told even behind a long body', async () => {
    const wrong = client.withOptions({ apiKey: 'wrong' });
    const error = await thrown(() => wrong.chat.completions.create(asking(MOCK, 'x'.repeat(5_000_000))));
    expect(error).toBeInstanceOf(AuthenticationError);
  });

  test('of the seller come byte for byte, with its own id', async () => {
    setting.seller.script(refusal);
    const error = await ask(SCRIPTED);
    expect(told(error)).toEqual({
      kind: BadRequestError,
      status: 400,
      code: 'invalid_value',
      type: 'invalid_request_error',
      param: 'max_tokens',
      requestID: 'req_seller_1',
    });
    expect((error as APIError).error).toEqual(JSON.parse(REFUSAL).error);
    expect(setting.seller.calls).toHaveLength(1);
  });

  test('of a busy seller come after the package’s own tries, which wait as long as the seller says', async () => {
    setting.seller.script(busy);
    const error = await ask(SCRIPTED);
    expect(told(error)).toMatchObject({ kind: RateLimitError, code: 'rate_limit_exceeded', requestID: 'req_seller_2' });
    expect((error as APIError).headers?.get('retry-after')).toBe('1');
    expect((error as APIError).headers?.get('x-ratelimit-remaining-requests')).toBe('0');
    expect(setting.seller.calls).toHaveLength(3);
    // Longer than it would wait by itself before its second try.
    setting.seller.script(json({ error: {} }, 429, { 'retry-after-ms': '900' }), json(ANSWER));
    const from = Date.now();
    expect((await client.chat.completions.create(asking(SCRIPTED, 'x'))).id).toBe('chatcmpl-1');
    expect(setting.seller.calls).toHaveLength(2);
    expect(Date.now() - from).toBeGreaterThan(890);
  });

  test('of a seller that answers with a page are JSON, typed and with an id', async () => {
    setting.seller.script(html(503));
    const error = await ask(SCRIPTED, client.withOptions({ maxRetries: 0 }));
    expect(told(error)).toEqual({
      kind: InternalServerError,
      status: 503,
      code: 'upstream_error',
      type: 'upstream_error',
      param: null,
      requestID: expect.stringMatching(UUID),
    });
  });

  test('in the middle of a stream are thrown, however slowly it is read: what came is no answer', async () => {
    for (const pause_ms of [0, 30]) {
      setting.seller.script(cut(setting.seller));
      const parts: string[] = [];
      const error = await thrown(async () => {
        for await (const { choices } of await client.chat.completions.create(streaming(SCRIPTED, 'x'))) {
          parts.push(choices[0]?.delta.content ?? '');
          await pause(pause_ms);
        }
      });
      expect(parts.join('')).toBe('Hello');
      expect(told(error)).toMatchObject({
        kind: APIError,
        code: 'stream_truncated',
        requestID: expect.stringMatching(UUID),
      });
    }
    expect((await setting.router.entry(2)).outcome).toBe('truncated');
  });

  test('that a seller sends inside of a stream are thrown with the seller’s words', async () => {
    const error = { message: 'the engine is overloaded', type: 'server_error', param: null, code: 'overloaded' };
    const chunks = [...WHOLE_STREAM.slice(0, 2), `data: ${JSON.stringify({ error })}\n\n`];
    setting.seller.script(setting.seller.events(chunks));
    const found = await thrown(async () => gathered(await client.chat.completions.create(streaming(SCRIPTED, 'x'))));
    expect(told(found)).toMatchObject({ kind: APIError, code: 'overloaded', type: 'server_error' });
  });
});
