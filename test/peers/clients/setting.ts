/**
 * What clients are held against: a router with one known key before a seller that does what a test tells it and a mock of
 * sellers, each for OpenAI's API and for Anthropic's. Nothing is tried twice here, so that the retries that a seller
 * counts are the client's own. Everything listens on this machine alone.
 */
import { LLMock } from '@copilotkit/aimock';
import {
  ANSWER,
  content,
  DONE,
  KEY,
  ROLE,
  STOP,
  sha256,
  startRouter,
  type TestRouter,
  USAGE_CHUNK,
} from '../../router/setting.ts';
import { type Behaviour, json, pause, TestUpstream } from '../../router/upstream.ts';

export { ANSWER, KEY };

export interface ClientSetting {
  readonly router: TestRouter;
  /** Scripted sellers. */
  readonly seller: TestUpstream;
  readonly claude: TestUpstream;
  readonly mock: LLMock;
  /** As OpenAI's clients take it. */
  readonly base_url: string;
  readonly reset: () => void;
  readonly close: () => Promise<void>;
}

export const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Names that clients ask for. */
export const SCRIPTED = 'scripted';
export const MOCK = 'mock';
export const SCRIPTED_CLAUDE = 'scripted-claude';
export const MOCK_CLAUDE = 'mock-claude';

export async function clientSetting(): Promise<ClientSetting> {
  const [seller, claude] = await Promise.all([new TestUpstream().listen(), new TestUpstream().listen()]);
  const mock = new LLMock({ host: '127.0.0.1', port: 0, logLevel: 'silent' });
  addFixtures(mock);
  await mock.start();
  const router = await startRouter({
    routes: {
      [SCRIPTED]: { seller: 'alpha', model: 'm' },
      [MOCK]: { seller: 'beta', model: 'm' },
      [SCRIPTED_CLAUDE]: { seller: 'claude', model: 'm' },
      [MOCK_CLAUDE]: { seller: 'gamma', model: 'm' },
    },
    routing: { policy: { kind: 'single' } },
    upstreams: {
      alpha: { base_url: seller.base_url, key_env: 'TEST_KEY' },
      beta: { base_url: `${mock.url}/v1` },
      claude: { base_url: claude.base_url, api: 'anthropic', key_env: 'TEST_KEY' },
      gamma: { base_url: `${mock.url}/v1`, api: 'anthropic' },
    },
    clients: [{ name: 'app', key_sha256: sha256(KEY), team: 'shop' }],
    timeouts: { idle: '5 s' },
  });
  return {
    router,
    seller,
    claude,
    mock,
    base_url: `${router.url}/v1`,
    reset: () => {
      seller.script();
      claude.script();
      mock.clearRequests();
      router.entries.length = 0;
      router.bugs.length = 0;
    },
    close: async () => {
      await router.router.close();
      await Promise.all([seller.close(), claude.close(), mock.stop()]);
    },
  };
}

export const GREETING = 'Grüße, 世界 👋 — how can I help you today?';
export const WEATHER = { city: 'Zürich', unit: 'celsius', note: 'a "quoted" word' };
export const ORDER = { item: 'tea', pieces: 3 };

/** What the mock is asked and what it answers. */
export const SAY_HELLO = 'say hello';
export const ASK_WEATHER = 'what is the weather';
export const ASK_ORDER = 'give me the order';

function addFixtures(mock: LLMock): void {
  const usage = { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18, input_tokens: 11, output_tokens: 7 };
  const toolCalls = [{ id: 'call_1', name: 'weather', arguments: JSON.stringify(WEATHER) }];
  mock
    .on({ userMessage: ASK_WEATHER, hasToolResult: true }, { content: 'It is sunny.', usage })
    .onMessage(SAY_HELLO, { content: GREETING, usage }, { chunkSize: 3 })
    .onMessage(ASK_WEATHER, { toolCalls, usage }, { chunkSize: 5 })
    .onMessage(ASK_ORDER, { content: JSON.stringify(ORDER), usage }, { chunkSize: 4 });
}

/** Chunks of a stream that the scripted seller sends, and its text. */
export const WHOLE_STREAM = [ROLE, content('Hel'), content('lo'), STOP, USAGE_CHUNK, DONE];
export const STREAM_TEXT = 'Hello';

/** Begins to answer, and goes on until it is told that nobody listens. */
export const endless =
  (seller: TestUpstream): Behaviour =>
  (response, seen) =>
    seller.events([ROLE, ...Array.from({ length: 200 }, (_, i) => [content(`${i} `), 10]).flat()])(response, seen);

/** Two words of an answer and then a broken connection. */
export const cut = (seller: TestUpstream): Behaviour => seller.events([ROLE, content('Hel'), content('lo'), 20], 'cut');

/** As OpenAI refuses a value; the spaces are there to be kept. */
export const REFUSAL = `{ "error":  {"message": "max_tokens is too large: 999999.", "type": "invalid_request_error", "param": "max_tokens", "code": "invalid_value"} }\n`;
export const refusal = json(REFUSAL, 400, { 'x-request-id': 'req_seller_1' });

/** Busy once or always, with the time to wait in it. */
export const busy = json(
  { error: { message: 'slow down', type: 'requests', param: null, code: 'rate_limit_exceeded' } },
  429,
  {
    'retry-after': '1',
    'retry-after-ms': '20',
    'x-request-id': 'req_seller_2',
    'x-ratelimit-remaining-requests': '0',
  },
);

export const VECTOR = [0.25, -0.5, 1];
export const IMAGE = Buffer.from('not really a picture').toString('base64');

/** Answers as a seller of embeddings does, in the encoding that it is asked for. */
export const embeddings: Behaviour = (response, seen) => {
  const bytes = Buffer.from(new Float32Array(VECTOR).buffer).toString('base64');
  const inputs = Array.isArray(seen.body.input) ? seen.body.input : [seen.body.input];
  const embedding = seen.body.encoding_format === 'base64' ? bytes : VECTOR;
  const data = inputs.map((_, index) => ({ object: 'embedding', index, embedding }));
  return json({ object: 'list', model: 'm', data, usage: { prompt_tokens: 4, total_tokens: 4 } })(response, seen);
};

/** Waits until the seller has been told. */
export async function brokenOff(seller: TestUpstream, most_ms = 3000): Promise<number> {
  for (let ms = 0; seller.brokenOff === 0 && ms < most_ms; ms += 10) await pause(10);
  return seller.brokenOff;
}

/** What a call was thrown with. */
export async function thrown(call: () => PromiseLike<unknown>): Promise<unknown> {
  try {
    await call();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

export async function gathered<T>(parts: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const part of parts) all.push(part);
  return all;
}
