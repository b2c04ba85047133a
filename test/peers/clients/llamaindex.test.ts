/**
 * LlamaIndex with @llamaindex/openai, with another base URL and key and nothing else. It has no way to abort: a stream that
 * is left with `break` is generated to its end, before a seller as before the router.
 */
import { OpenAI, OpenAIEmbedding } from '@llamaindex/openai';
import { Document, Settings, tool, VectorStoreIndex } from 'llamaindex';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  ASK_ORDER,
  ASK_WEATHER,
  busy,
  type ClientSetting,
  clientSetting,
  cut,
  embeddings,
  GREETING,
  gathered,
  KEY,
  MOCK,
  ORDER,
  refusal,
  SAY_HELLO,
  SCRIPTED,
  thrown,
  UUID,
  VECTOR,
  WEATHER,
} from './setting.ts';

let setting: ClientSetting;

beforeAll(async () => {
  setting = await clientSetting();
});
beforeEach(() => setting.reset());
afterAll(() => setting.close());

const chat = (model: string, more: object = {}) =>
  new OpenAI({ model, apiKey: KEY, baseURL: setting.base_url, ...more });
const saying = (content: string) => [{ role: 'user' as const, content }];
const weather = tool(() => 'It is sunny.', {
  name: 'weather',
  description: 'the weather',
  parameters: { type: 'object', properties: {} },
});

describe('chat', () => {
  test('is answered whole and streamed, with usage where it is asked for', async () => {
    const { message } = await chat(MOCK).chat({ messages: saying(SAY_HELLO) });
    expect(message.content).toBe(GREETING);
    const asking = chat(MOCK, { additionalChatOptions: { stream_options: { include_usage: true } } });
    const chunks = await gathered(await asking.chat({ messages: saying(SAY_HELLO), stream: true }));
    expect(chunks.map(({ delta }) => delta).join('')).toBe(GREETING);
    expect(chunks.at(-1)?.raw).toMatchObject({ usage: { total_tokens: 18, cost: expect.any(Number) } });
  });

  test('calls tools, plain and streamed, with the arguments joined', async () => {
    const asked = { messages: saying(ASK_WEATHER), tools: [weather] };
    const { message } = await chat(MOCK).chat(asked);
    const [call] = (message.options as { toolCall: { input: string }[] }).toolCall;
    expect(JSON.parse(call?.input ?? '')).toEqual(WEATHER);
    const chunks = await gathered(await chat(MOCK).chat({ ...asked, stream: true }));
    const calls = chunks.flatMap(({ options }) => (options as { toolCall?: object[] } | undefined)?.toolCall ?? []);
    expect(calls.at(-1)).toMatchObject({ name: 'weather', id: 'call_1', input: WEATHER });
  });

  test('in JSON mode gives the object', async () => {
    const asked = { messages: saying(ASK_ORDER), responseFormat: { type: 'json_object' as const } };
    expect(JSON.parse(String((await chat(MOCK).chat(asked)).message.content))).toEqual(ORDER);
  });
});

describe('embeddings', () => {
  test('come as base64, which the package below asks for by itself', async () => {
    setting.seller.script(embeddings);
    const found = new OpenAIEmbedding({ model: SCRIPTED, apiKey: KEY, baseURL: setting.base_url });
    expect(await found.getTextEmbeddings(['one', 'two'])).toEqual([VECTOR, VECTOR]);
    expect(setting.seller.calls[0]?.body.encoding_format).toBe('base64');
  });

  test('and chat together answer a question about a document', async () => {
    setting.seller.script(embeddings);
    Settings.embedModel = new OpenAIEmbedding({ model: SCRIPTED, apiKey: KEY, baseURL: setting.base_url });
    Settings.llm = chat(MOCK);
    const index = await VectorStoreIndex.fromDocuments([new Document({ text: 'Greetings are said in many words.' })]);
    const { message } = await index.asQueryEngine().query({ query: SAY_HELLO });
    expect(message.content).toBe(GREETING);
    expect(setting.seller.calls.every(({ path }) => path === '/v1/embeddings')).toBe(true);
  });
});

describe('errors', () => {
  test.each([
    ['a wrong key', { apiKey: 'wrong' }, MOCK, 401, 'invalid_api_key'],
    ['a model that is not there', {}, 'mocc', 404, 'model_not_found'],
  ])('of %s are typed', async (_, more, model, status, code) => {
    const error = await thrown(() => chat(model, more).chat({ messages: saying('x') }));
    expect(error).toMatchObject({ status, code, requestID: expect.stringMatching(UUID) });
  });

  test('of the seller come as it wrote them, at once; those of a busy one after this client’s own tries', async () => {
    setting.seller.script(refusal);
    const refused = await thrown(() => chat(SCRIPTED).chat({ messages: saying('x') }));
    expect(refused).toMatchObject({ status: 400, code: 'invalid_value', requestID: 'req_seller_1' });
    expect(setting.seller.calls).toHaveLength(1);
    setting.seller.script(busy);
    const turnedAway = await thrown(() => chat(SCRIPTED, { maxRetries: 2 }).chat({ messages: saying('x') }));
    expect(turnedAway).toMatchObject({ status: 429, code: 'rate_limit_exceeded' });
    expect(setting.seller.calls).toHaveLength(3);
  });

  test('in the middle of a stream are thrown', async () => {
    setting.seller.script(cut(setting.seller));
    const error = await thrown(async () =>
      gathered(await chat(SCRIPTED).chat({ messages: saying('x'), stream: true })),
    );
    expect(error).toMatchObject({ code: 'stream_truncated' });
  });
});
