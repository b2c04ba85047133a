/** LangChain's @langchain/openai, with another base URL and key and nothing else. */
import type { AIMessageChunk } from '@langchain/core/messages';
import { ChatOpenAI, DallEAPIWrapper, OpenAIEmbeddings } from '@langchain/openai';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { json } from '../../router/upstream.ts';
import {
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
  new ChatOpenAI({ model, apiKey: KEY, configuration: { baseURL: setting.base_url }, ...more });
const tools = [
  { type: 'function' as const, function: { name: 'weather', parameters: { type: 'object', properties: {} } } },
];
const USED = { input_tokens: 11, output_tokens: 7, total_tokens: 18 };

describe('chat', () => {
  test('is answered whole and streamed, with usage, which this client asks for by itself', async () => {
    const answer = await chat(MOCK).invoke(SAY_HELLO);
    expect([answer.content, answer.usage_metadata]).toMatchObject([GREETING, USED]);
    expect(answer.response_metadata).toMatchObject({ usage: { cost: expect.any(Number) } });
    const chunks = await gathered(await chat(MOCK).stream(SAY_HELLO));
    expect(chunks.map(({ content }) => content).join('')).toBe(GREETING);
    expect(chunks.flatMap(({ usage_metadata: used }) => used ?? [])).toMatchObject([USED]);
    expect(setting.mock.getLastRequest()?.body).toMatchObject({ stream_options: { include_usage: true } });
  });

  test('calls tools, plain and streamed, with the arguments joined', async () => {
    const bound = chat(MOCK).bindTools(tools);
    const plain = await bound.invoke(ASK_WEATHER);
    const chunks: AIMessageChunk[] = await gathered(await bound.stream(ASK_WEATHER));
    const joined = chunks.reduce((all, chunk) => all.concat(chunk));
    for (const { tool_calls: calls } of [plain, joined])
      expect(calls).toMatchObject([{ name: 'weather', id: 'call_1', args: WEATHER }]);
  });

  test('gives an object by a schema, in JSON mode and by a call of a tool', async () => {
    const schema = { title: 'order', type: 'object', properties: { item: { type: 'string' } } };
    for (const method of ['jsonSchema', 'jsonMode'] as const)
      expect(await chat(MOCK).withStructuredOutput(schema, { method }).invoke(ASK_ORDER)).toEqual(ORDER);
    const weather = { ...schema, title: 'weather' };
    const asTool = chat(MOCK).withStructuredOutput(weather, { method: 'functionCalling', name: 'weather' });
    expect(await asTool.invoke(ASK_WEATHER)).toEqual(WEATHER);
  });
});

describe('other operations', () => {
  test('embeddings come as base64, which the package below asks for by itself, and as floats', async () => {
    for (const encodingFormat of [undefined, 'float'] as const) {
      setting.seller.script(embeddings);
      const found = new OpenAIEmbeddings({
        model: SCRIPTED,
        apiKey: KEY,
        configuration: { baseURL: setting.base_url },
        ...(encodingFormat === undefined ? {} : { encodingFormat }),
      });
      expect(await found.embedDocuments(['one', 'two'])).toEqual([VECTOR, VECTOR]);
      expect(setting.seller.calls[0]?.body.encoding_format).toBe(encodingFormat ?? 'base64');
    }
  });

  test('images come', async () => {
    setting.seller.script(json({ created: 1, data: [{ b64_json: IMAGE }] }));
    const images = new DallEAPIWrapper({
      model: SCRIPTED,
      apiKey: KEY,
      dallEResponseFormat: 'b64_json',
      baseUrl: setting.base_url,
    });
    expect(await images.invoke('a cat')).toBe(IMAGE);
  });

  test('the Responses API is told to be missing, with the option to set', async () => {
    const error = await thrown(() => chat(MOCK, { useResponsesApi: true }).invoke('x'));
    expect((error as Error).message).toContain('LangChain: useResponsesApi: false');
  });
});

describe('a stream that is left', () => {
  test('by a signal or by break stops the seller', async () => {
    for (const how of ['signal', 'break']) {
      setting.seller.script(endless(setting.seller));
      const abort = new AbortController();
      const read = async (): Promise<void> => {
        for await (const _ of await chat(SCRIPTED).stream('x', { signal: abort.signal }))
          if (how === 'break') break;
          else abort.abort();
      };
      if (how === 'break') await read();
      else expect((await thrown(read)) as Error).toMatchObject({ name: 'AbortError' });
      expect(await brokenOff(setting.seller)).toBe(1);
      expect(setting.seller.chunks).toBeLessThan(100);
    }
  });
});

describe('errors', () => {
  test.each([
    ['a wrong key', { apiKey: 'wrong' }, MOCK, 401, 'invalid_api_key', 'MODEL_AUTHENTICATION'],
    ['a model that is not there', {}, 'mocc', 404, 'model_not_found', 'MODEL_NOT_FOUND'],
  ])('of %s are of this client’s kinds', async (_, more, model, status, code, lc_error_code) => {
    const error = await thrown(() => chat(model, more).invoke('x'));
    expect(error).toMatchObject({ status, code, lc_error_code, requestID: expect.stringMatching(UUID) });
  });

  test('of the seller come as it wrote them, at once', async () => {
    setting.seller.script(refusal);
    const error = await thrown(() => chat(SCRIPTED).invoke('x'));
    expect(error).toMatchObject({ status: 400, code: 'invalid_value', param: 'max_tokens', requestID: 'req_seller_1' });
    expect(setting.seller.calls).toHaveLength(1);
  });

  test('of a busy seller come after this client’s own tries', async () => {
    setting.seller.script(busy);
    const error = await thrown(() => chat(SCRIPTED, { maxRetries: 1 }).invoke('x'));
    expect(error).toMatchObject({ status: 429, lc_error_code: 'MODEL_RATE_LIMIT', requestID: 'req_seller_2' });
    expect(setting.seller.calls).toHaveLength(2);
  });

  test('in the middle of a stream are thrown, behind the text that came', async () => {
    setting.seller.script(cut(setting.seller));
    const texts: unknown[] = [];
    const error = await thrown(async () => {
      for await (const { content } of await chat(SCRIPTED, { maxRetries: 0 }).stream('x')) texts.push(content);
    });
    expect([texts.join(''), error]).toMatchObject(['Hello', { code: 'stream_truncated' }]);
    expect(setting.seller.calls).toHaveLength(1);
  });
});
