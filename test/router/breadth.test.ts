/**
 * The router before @copilotkit/aimock, a mock of many sellers that this project did not write. Asserted in three places:
 * the client's bytes, the router's ledger and the mock's journal. Cached tokens are told on its OpenRouter path alone.
 */
import { type JournalEntry, LLMock } from '@copilotkit/aimock';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Answer, ask, KEY, sha256, startRouter, type TestRouter } from './setting.ts';

const mock = new LLMock({ host: '127.0.0.1', port: 0, logLevel: 'silent' });
let router: TestRouter;
let retrying: TestRouter;

const usage = { prompt_tokens: 1000, completion_tokens: 200, input_tokens: 1000, output_tokens: 200 };
/** 1,000 tokens in and 200 out at alpha and at claude. */
const USD = 0.006;
/** What would change from call to call. */
const fixed = { id: 'chatcmpl-1', created: 1_790_000_000, usage };
const GREETING = 'Grüße, 世界 👋 — 200 OK';
const WEATHER = { city: 'Zürich', days: [1, 2], note: '"quoted" \\ {' };
const CHAOS = {
  drop: { 'x-aimock-chaos-drop': '1' },
  malformed: { 'x-aimock-chaos-malformed': '1' },
  ratelimit: { 'x-aimock-chaos-ratelimit': '1' },
  disconnect: { 'x-aimock-chaos-disconnect': '1' },
  latency: { 'x-aimock-chaos-latency': '3000' },
};

beforeAll(async () => {
  const slow = { latency: 20, chunkSize: 4 };
  mock
    .onMessage('greet', { ...fixed, content: GREETING }, { chunkSize: 3 })
    .onMessage('think', { ...fixed, reasoning: 'Let me see. ', content: GREETING }, { chunkSize: 5 })
    .onMessage(
      'weather',
      { ...fixed, toolCalls: [{ id: 'call_1', name: 'weather', arguments: JSON.stringify(WEATHER) }] },
      { chunkSize: 7 },
    )
    .onMessage('both', {
      ...fixed,
      content: 'I look it up.',
      toolCalls: [{ id: 'call_1', name: 'weather', arguments: '{}' }],
    })
    .onMessage('busy', {
      error: { message: 'slow down', type: 'requests', code: 'rate_limit_exceeded' },
      status: 429,
      retryAfter: 7,
    })
    .onMessage('broken', { error: { message: 'out of order', type: 'server_error' }, status: 500 })
    .onMessage('overloaded', { error: { message: 'too many', type: 'overloaded_error' }, status: 529 })
    .onMessage('invalid', {
      error: { message: 'no such value', type: 'invalid_request_error', param: 'top_p', code: 'invalid_value' },
      status: 400,
    })
    .onMessage('truncate', { ...fixed, content: GREETING.repeat(4) }, { ...slow, truncateAfterChunks: 4 })
    .onMessage('disconnect', { ...fixed, content: GREETING.repeat(9) }, { ...slow, disconnectAfterMs: 150 })
    .onMessage('at once', { ...fixed, content: GREETING }, { truncateAfterChunks: 3 })
    .on({ userMessage: 'twice', sequenceIndex: 0 }, { error: { message: 'not yet' }, status: 503 })
    .on({ userMessage: 'twice', sequenceIndex: 1 }, { error: { message: 'slow down' }, status: 429, retryAfter: 0 })
    .on({ userMessage: 'twice', sequenceIndex: 2 }, { ...fixed, content: GREETING })
    .on(
      { userMessage: 'cached' },
      {
        ...fixed,
        content: GREETING,
        usage: {
          ...usage,
          prompt_tokens_details: { cached_tokens: 800 },
          completion_tokens_details: { reasoning_tokens: 50 },
          cost: 0.5,
        },
      },
    )
    .addFixture({
      match: { userMessage: 'remarks' },
      response: { ...fixed, content: GREETING },
      openRouterProcessing: true,
    })
    .onEmbedding('vector', { embedding: [0.25, -0.5, 1] })
    .onImage('a cat', {
      images: [{ url: 'https://example.com/1.png' }, { b64Json: 'AAAA', revisedPrompt: 'a grey cat' }],
    });
  await mock.start();
  const at = (path: string, headers: object = {}) => ({ base_url: mock.url + path, headers });
  const upstreams = {
    alpha: at('/v1'),
    beta: at('/api/v1'),
    claude: { ...at('/v1'), api: 'anthropic' },
    ...Object.fromEntries(Object.entries(CHAOS).map(([name, headers]) => [name, at('/v1', headers)])),
  };
  const route = (seller: string) => ({ seller, model: 'm' });
  const routes = {
    a: route('alpha'),
    open: route('beta'),
    c: route('claude'),
    ...Object.fromEntries(Object.keys(CHAOS).map((name) => [name, route(name)])),
  };
  const chaotic = Object.keys(CHAOS);
  const config = {
    routes,
    upstreams,
    clients: [{ name: 'web', key_sha256: sha256(KEY) }],
    timeouts: { first_byte: '1 s' },
  };
  router = await startRouter({
    ...config,
    routing: {
      policy: { kind: 'single' },
      policies: Object.fromEntries(
        chaotic.map((name) => [`${name}_then_a`, { kind: 'fallback', first: name, to: ['a'] }]),
      ),
    },
    models: Object.fromEntries(chaotic.map((name) => [`behind-${name}`, `${name}_then_a`])),
  });
  retrying = await startRouter({
    ...config,
    routing: {
      policy: { kind: 'fallback', first: 'a', to: ['open'] },
      retries: { per_route: 2, on: ['overloaded', 'rate_limited'], base: '1 ms' },
    },
  });
});

beforeEach(() => {
  mock.clearRequests();
  mock.resetMatchCounts();
  router.entries.length = 0;
  retrying.entries.length = 0;
});

afterAll(async () => {
  await Promise.all([router.router.close(), retrying.router.close()]);
  await mock.stop();
});

const chat = (text: string, more: object = {}) => ({
  model: 'a',
  messages: [{ role: 'user', content: text }],
  ...more,
});
const STREAM = { stream: true };
const WITH_USAGE = { stream: true, stream_options: { include_usage: true } };

/** What the mock answers one who asks it itself, by the same request as a seller would see it. */
async function direct(body: object, path = '/v1/chat/completions'): Promise<Answer> {
  const answer = await ask({ ...router, url: mock.url }, { ...body, model: 'm' }, { path });
  mock.clearRequests();
  mock.resetMatchCounts();
  return answer;
}
const journal = (): JournalEntry[] => mock.getRequests();
const statuses = (): (number | undefined)[] => journal().map(({ response }) => response.status);
const priced = (text: string, usd = USD): string => text.replace(/("total_tokens":1200)\}/, `$1,"cost":${usd}}`);

interface Chunk {
  readonly choices: readonly {
    readonly index: number;
    readonly delta: Readonly<Record<string, unknown>> & {
      readonly tool_calls?: readonly { readonly function: { readonly arguments?: string } }[];
    };
    readonly finish_reason: string | null;
  }[];
}
const dataOf = (text: string): string[] => [...text.matchAll(/^data: (.*)$/gm)].map(([, data]) => data as string);
const chunksOf = (text: string): Chunk[] =>
  dataOf(text)
    .filter((data) => data !== '[DONE]')
    .map((data) => JSON.parse(data) as Chunk);
const joined = (text: string, member: string): string =>
  chunksOf(text)
    .map(({ choices }) => choices[0]?.delta?.[member] ?? '')
    .join('');

describe('chat', () => {
  test('in JSON is the mock’s bytes and the cost', async () => {
    const expected = await direct(chat('greet'));
    const { status, text } = await ask(router, chat('greet'));
    expect([status, text]).toEqual([200, priced(expected.text)]);
    expect(text).toContain(`"cost":${USD}`);
    expect(await router.entry()).toMatchObject({
      outcome: 'answered',
      attempts: [
        { billing: 'billed', cost: { usd: USD, status: 'exact' }, counts: { input_tokens: 1000, output_tokens: 200 } },
      ],
    });
    expect(journal()).toMatchObject([
      { path: '/v1/chat/completions', body: { model: 'm' }, response: { status: 200 } },
    ]);
  });

  test.each(['greet', 'think', 'both'])(
    'as a stream is the mock’s bytes, with and without usage (%s)',
    async (text) => {
      for (const more of [STREAM, WITH_USAGE]) {
        const expected = await direct(chat(text, more));
        const found = await ask(router, chat(text, more));
        expect([found.status, found.end, found.text]).toEqual([200, 'whole', priced(expected.text)]);
        expect(found.text.includes('"usage"')).toBe(more === WITH_USAGE);
        // The seller is asked for usage whether or not the client wants it.
        expect(journal().at(-1)?.body).toMatchObject({ stream_options: { include_usage: true } });
      }
      const { attempts } = await router.entry(2);
      expect(attempts[0]).toMatchObject({ cost: { usd: USD, status: 'exact' } });
    },
  );

  test('with tools streams arguments that join to what was called', async () => {
    const { text } = await ask(router, chat('weather', STREAM));
    const parts = chunksOf(text).flatMap(({ choices }) => choices[0]?.delta.tool_calls ?? []);
    expect(parts.length).toBeGreaterThan(3);
    expect(JSON.parse(parts.map(({ function: called }) => called.arguments ?? '').join(''))).toEqual(WEATHER);
    expect(chunksOf(text).at(-1)?.choices[0]?.finish_reason).toBe('tool_calls');
    expect((await router.entry()).attempts[0]).toMatchObject({ result: 'answered', cost: { status: 'exact' } });
    const whole = JSON.parse((await ask(router, chat('weather'))).text);
    expect(JSON.parse(whole.choices[0].message.tool_calls[0].function.arguments)).toEqual(WEATHER);
  });

  test('of several answers is whole as soon as the seller says so, even where it makes fewer', async () => {
    for (const more of [{}, STREAM]) {
      const found = await ask(router, chat('greet', { n: 3, ...more }));
      expect([found.status, found.end]).toEqual([200, 'whole']);
    }
    expect(journal().map(({ body }) => (body as { n?: number }).n)).toEqual([3, 3]);
    expect((await router.entry(2)).attempts[0]).toMatchObject({ result: 'answered', cost: { status: 'exact' } });
  });

  test('of several answers is passed on with every one of them, and whole when all have ended', async () => {
    const at = (index: number, delta: object, finish_reason: string | null = null) => ({ index, delta, finish_reason });
    const chunks = [
      at(0, { content: 'a' }),
      at(1, { content: 'b' }),
      at(1, {}, 'stop'),
      at(0, { content: 'c' }),
      at(0, {}, 'stop'),
    ];
    const events = chunks.map((choice) => `data: ${JSON.stringify({ choices: [choice] })}\n\n`);
    let sent = events;
    mock.mount('/two', {
      handleRequest: async (_, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.end(sent.join(''));
        return true;
      },
    });
    const two = await startRouter({
      routes: { a: { seller: 'alpha', model: 'm' } },
      routing: { policy: { kind: 'single' } },
      upstreams: { alpha: { base_url: `${mock.url}/two/v1` } },
    });
    const whole = await ask(two, chat('x', { n: 2, ...STREAM }));
    expect([whole.end, whole.text]).toEqual(['whole', events.join('')]);
    sent = events.slice(0, 3);
    const part = await ask(two, chat('x', { n: 2, ...STREAM }));
    expect([part.end, part.text.includes('stream_truncated')]).toEqual(['broken', true]);
    expect(two.entries.map(({ outcome }) => outcome)).toEqual(['answered', 'truncated']);
    await two.router.close();
  });

  test('through an aggregator keeps its remarks, its counts and the cost that it tells itself; that of the book is told in the header', async () => {
    const body = { ...chat('cached'), model: 'open' };
    const { text, headers } = await ask(router, body);
    // Of 1,000 tokens 800 are cached: 200 x 0.3 + 800 x 0.03 + 200 x 1.5 per million.
    const usd = (200 * 0.3 + 800 * 0.03 + 200 * 1.5) / 1e6;
    expect(Number(headers['x-tollgate-cost-usd'])).toBeCloseTo(usd, 12);
    expect(text.match(/"cost":/g)).toHaveLength(1);
    expect(JSON.parse(text).usage.cost).toBe(0.5);
    const { attempts } = await router.entry();
    expect(attempts[0]?.counts).toMatchObject({
      input_tokens: 200,
      cache_read_tokens: 800,
      output_tokens: 150,
      reasoning_tokens: 50,
    });
    const streamed = await ask(router, { ...body, ...WITH_USAGE });
    expect(streamed.text.match(/"cost":/g)).toHaveLength(1);
    expect((await router.entry(2)).attempts[0]?.counts).toEqual(attempts[0]?.counts);
    const remarks = await ask(router, { ...chat('remarks', STREAM), model: 'open' });
    expect(remarks.text).toMatch(/^: OPENROUTER PROCESSING\n\n/);
    expect(joined(remarks.text, 'content')).toBe(GREETING);
  });
});

describe('other operations', () => {
  test('embeddings, images and models come as the mock and the router have them', async () => {
    const embedding = { model: 'a', input: ['a vector', 'another vector'] };
    const expected = await direct(embedding, '/v1/embeddings');
    const found = await ask(router, embedding, { path: '/v1/embeddings' });
    expect(JSON.parse(found.text).data).toEqual(JSON.parse(expected.text).data);
    expect(JSON.parse(found.text).data).toHaveLength(2);
    const images = await ask(router, { model: 'a', prompt: 'a cat', n: 2 }, { path: '/v1/images/generations' });
    expect(JSON.parse(images.text).data).toMatchObject([{ url: 'https://example.com/1.png' }, { b64_json: 'AAAA' }]);
    expect((await router.entry(2)).attempts[0]?.counts).toMatchObject({ images: 2 });
    const models = await fetch(`${router.url}/v1/models`, { headers: { authorization: `Bearer ${KEY}` } });
    expect(((await models.json()) as { data: { id: string }[] }).data.map(({ id }) => id)).toContain('behind-drop');
    // What is listed is the router's own: no seller is asked.
    expect(journal().map(({ path }) => path)).toEqual(['/v1/embeddings', '/v1/images/generations']);
  });
});

describe('errors of the mock', () => {
  test.each([
    ['busy', 429, 'rate_limited'],
    ['broken', 500, 'server_error'],
    ['overloaded', 529, 'overloaded'],
    ['invalid', 400, 'bad_request'],
    ['what nobody expects', 404, 'not_found'],
  ])('are passed on byte for byte, whole and streamed (%s)', async (text, status, result) => {
    const expected = await direct(chat(text));
    for (const more of [{}, STREAM]) {
      const found = await ask(router, chat(text, more));
      expect([found.status, found.text]).toEqual([status, expected.text]);
      expect(found.headers).toMatchObject({ 'x-tollgate-cost-usd': '0', 'x-tollgate-cost-status': 'exact' });
    }
    expect(statuses()).toEqual([status, status]);
    expect((await router.entry(2)).attempts).toMatchObject([{ result, status, billing: 'refused' }]);
  });

  test('of a limit come with the time to wait and all that is said of the limit', async () => {
    const { headers } = await ask(router, chat('busy'));
    expect(headers).toMatchObject({
      'retry-after': '7',
      'x-ratelimit-limit-requests': '60',
      'x-ratelimit-reset-tokens': '6m0s',
    });
    expect(Object.keys(headers).filter((name) => name.startsWith('x-ratelimit-'))).toHaveLength(6);
  });

  test('that pass are tried again, to the answer', async () => {
    for (const more of [{}, STREAM]) {
      mock.clearRequests();
      mock.resetMatchCounts();
      const { status, headers, text } = await ask(retrying, chat('twice', more));
      expect([status, headers['x-tollgate-attempts']]).toEqual([200, '3']);
      expect(text).toContain('stream' in more ? '[DONE]' : GREETING);
      expect(statuses()).toEqual([503, 429, 200]);
    }
    expect((await retrying.entry(2)).attempts).toMatchObject([
      { result: 'overloaded', billing: 'refused', route: 'a' },
      { result: 'rate_limited', billing: 'refused', route: 'a' },
      { result: 'answered', billing: 'billed', route: 'a', cost: { usd: USD } },
    ]);
  });
});

describe('a stream that the mock breaks', () => {
  test.each(['truncate', 'disconnect'])('after bytes left is an error and no answer (%s)', async (text) => {
    const { status, end, text: got } = await ask(retrying, chat(text, STREAM));
    expect([status, end]).toEqual([200, 'broken']);
    expect(got).toMatch(/\nevent: error\ndata: \{.*"code":"stream_truncated"\}\}\n\n$/);
    expect(got).not.toContain('[DONE]');
    const shown = joined(got.slice(0, got.indexOf('event: error')), 'content');
    expect(shown.length).toBeGreaterThan(3);
    expect(GREETING.repeat(9).startsWith(shown)).toBe(true);
    const { outcome, attempts } = await retrying.entry();
    expect([outcome, attempts.length]).toEqual(['truncated', 1]);
    expect(attempts[0]).toMatchObject({ result: 'truncated', billing: 'billed', cost: { status: 'estimated' } });
    expect(attempts[0]?.cost.usd).toBeGreaterThan(0);
    // Never replayed after the first byte.
    expect(journal()).toMatchObject([
      {
        response: {
          interrupted: true,
          interruptReason: `${text === 'truncate' ? 'truncateAfterChunks' : 'disconnectAfterMs'}`,
        },
      },
    ]);
  });

  test('before any byte left is tried on the next route', async () => {
    const { headers } = await ask(retrying, chat('at once', STREAM));
    expect(headers['x-tollgate-attempts']).toBe('2');
    expect(journal().map(({ path }) => path)).toEqual(['/v1/chat/completions', '/api/v1/chat/completions']);
    expect((await retrying.entry()).attempts.map(({ result, billing }) => [result, billing])).toEqual([
      ['connection', 'unknown'],
      ['connection', 'unknown'],
    ]);
  });
});

describe('chaos at a seller', () => {
  test.each([
    ['drop', 'server_error', 500, 'refused'],
    ['malformed', 'server_error', 200, 'unknown'],
    ['ratelimit', 'rate_limited', 429, 'refused'],
    ['disconnect', 'connection', 0, 'unknown'],
    ['latency', 'timeout', 0, 'unknown'],
  ])(
    'of the kind %s is a failure of that attempt, and the next route answers',
    async (kind, result, status, billing) => {
      for (const more of kind === 'latency' ? [STREAM] : [{}, STREAM]) {
        router.entries.length = 0;
        const found = await ask(router, chat('greet', { model: `behind-${kind}`, ...more }));
        expect([found.status, found.end]).toEqual([200, 'whole']);
        expect(found.headers).toMatchObject({ 'x-tollgate-route': 'a', 'x-tollgate-attempts': '2' });
        expect((await router.entry()).attempts).toMatchObject([
          { route: kind, result, status, billing },
          { route: 'a', result: 'answered', billing: 'billed', cost: { usd: USD, status: 'exact' } },
        ]);
      }
    },
  );

  test('can’t be asked for by a client: what it says to a mock stays here', async () => {
    const { status } = await ask(router, chat('greet'), {
      headers: { ...CHAOS.drop, 'x-aimock-strict': 'true', 'x-test-id': 't' },
    });
    expect(status).toBe(200);
    expect(Object.keys(journal()[0]?.headers ?? {}).filter((name) => /aimock|test-id/.test(name))).toEqual([]);
  });
});

describe('messages of Anthropic', () => {
  const MESSAGES = { path: '/v1/messages' };
  const message = (text: string, more: object = {}) => ({ ...chat(text, more), model: 'c', max_tokens: 500 });

  test.each(['greet', 'think', 'weather', 'both'])(
    'are the mock’s bytes, whole with the cost and streamed (%s)',
    async (text) => {
      const plain = await direct(message(text), '/v1/messages');
      const whole = await ask(router, message(text), MESSAGES);
      const { usage: used, ...rest } = JSON.parse(whole.text);
      const { usage: expected, ...others } = JSON.parse(plain.text);
      // Ids of calls of tools and signatures are the mock's own at each call.
      expect([rest.content.length, rest.stop_reason, used]).toEqual([
        others.content.length,
        others.stop_reason,
        { ...expected, cost: USD },
      ]);
      const streamed = await ask(router, message(text, STREAM), MESSAGES);
      const direct_ = await direct(message(text, STREAM), '/v1/messages');
      expect([streamed.end, streamed.text]).toEqual(['whole', direct_.text]);
      await router.entry(2);
      for (const { attempts } of router.entries)
        expect(attempts).toMatchObject([
          {
            billing: 'billed',
            cost: { usd: USD, status: 'exact' },
            counts: { input_tokens: 1000, output_tokens: 200 },
          },
        ]);
    },
  );

  test('that are refused are in the words of the mock, and a stream that breaks off is an error', async () => {
    const expected = await direct(message('busy'), '/v1/messages');
    const busy = await ask(router, message('busy'), MESSAGES);
    expect([busy.status, busy.text, busy.headers['retry-after']]).toEqual([429, expected.text, '7']);
    const cut = await ask(router, message('truncate', STREAM), MESSAGES);
    expect([cut.end, cut.text.includes('"type":"api_error"')]).toEqual(['broken', true]);
    expect((await router.entry(2)).outcome).toBe('truncated');
    expect(journal().at(-1)?.response.interrupted).toBe(true);
  });
});
