/** Vercel's ai with @ai-sdk/openai-compatible, with another base URL and key and nothing else. */
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import {
  APICallError,
  embedMany,
  generateImage,
  generateText,
  jsonSchema,
  Output,
  RetryError,
  streamText,
  tool,
} from 'ai';
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
  REFUSAL,
  refusal,
  SAY_HELLO,
  SCRIPTED,
  thrown,
  UUID,
  VECTOR,
  WEATHER,
} from './setting.ts';

let setting: ClientSetting;
let tollgate: ReturnType<typeof createOpenAICompatible>;

beforeAll(async () => {
  setting = await clientSetting();
  tollgate = createOpenAICompatible({
    name: 'tollgate',
    apiKey: KEY,
    baseURL: setting.base_url,
    includeUsage: true,
    supportsStructuredOutputs: true,
  });
});
beforeEach(() => setting.reset());
afterAll(() => setting.close());

const tools = {
  weather: tool({ description: 'the weather', inputSchema: jsonSchema({ type: 'object', properties: {} }) }),
};
const order = jsonSchema<typeof ORDER>({
  type: 'object',
  properties: { item: { type: 'string' }, pieces: { type: 'integer' } },
  required: ['item', 'pieces'],
  additionalProperties: false,
});
const USED = { inputTokens: 11, outputTokens: 7, totalTokens: 18 };

describe('texts', () => {
  test('come whole and streamed, with usage and the cost beside it', async () => {
    const { text, usage } = await generateText({ model: tollgate(MOCK), prompt: SAY_HELLO });
    expect([text, usage]).toMatchObject([GREETING, { ...USED, raw: { cost: expect.any(Number) } }]);
    const streamed = streamText({ model: tollgate(MOCK), prompt: SAY_HELLO });
    expect((await gathered(streamed.textStream)).join('')).toBe(GREETING);
    expect([await streamed.usage, await streamed.finishReason]).toMatchObject([USED, 'stop']);
  });

  test('with tools give calls whose arguments are joined, plain and streamed', async () => {
    const { toolCalls } = await generateText({ model: tollgate(MOCK), prompt: ASK_WEATHER, tools });
    const streamed = streamText({ model: tollgate(MOCK), prompt: ASK_WEATHER, tools });
    await streamed.consumeStream();
    for (const calls of [toolCalls, await streamed.toolCalls])
      expect(calls).toMatchObject([{ toolName: 'weather', toolCallId: 'call_1', input: WEATHER }]);
  });

  test('by a schema give the object, plain and streamed', async () => {
    const asked = { model: tollgate(MOCK), prompt: ASK_ORDER, output: Output.object({ schema: order }) };
    expect((await generateText(asked)).output).toEqual(ORDER);
    expect(setting.mock.getLastRequest()?.body).toMatchObject({ response_format: { type: 'json_schema' } });
    expect((await gathered(streamText(asked).partialOutputStream)).at(-1)).toEqual(ORDER);
  });
});

describe('other operations', () => {
  test('embeddings and images come', async () => {
    setting.seller.script(embeddings);
    const found = await embedMany({ model: tollgate.embeddingModel(SCRIPTED), values: ['one', 'two'] });
    expect([found.embeddings, found.usage.tokens]).toEqual([[VECTOR, VECTOR], 4]);
    setting.seller.script(json({ created: 1, data: [{ b64_json: IMAGE }] }));
    const { images } = await generateImage({ model: tollgate.imageModel(SCRIPTED), prompt: 'a cat' });
    expect(images.map(({ base64 }) => base64)).toEqual([IMAGE]);
  });
});

describe('a stream that is left', () => {
  test('stops the seller', async () => {
    setting.seller.script(endless(setting.seller));
    const abort = new AbortController();
    const { fullStream } = streamText({ model: tollgate(SCRIPTED), prompt: 'x', abortSignal: abort.signal });
    const types: string[] = [];
    for await (const { type } of fullStream) {
      types.push(type);
      if (type === 'text-delta') abort.abort();
    }
    expect(types.at(-1)).toBe('abort');
    expect(await brokenOff(setting.seller)).toBe(1);
    expect(setting.seller.chunks).toBeLessThan(100);
  });
});

describe('errors', () => {
  const ask = (model: string, apiKey = KEY) =>
    thrown(() => {
      const named = createOpenAICompatible({ name: 'tollgate', apiKey, baseURL: setting.base_url });
      return generateText({ model: named(model), prompt: 'x' });
    });
  const told = (error: unknown) => {
    expect(APICallError.isInstance(error)).toBe(true);
    const { statusCode, isRetryable, message, data, responseHeaders } = error as APICallError;
    const { code } = (data as { error: { code: string } }).error;
    return { statusCode, isRetryable, message, code, id: responseHeaders?.['x-request-id'] };
  };

  test('of a wrong key and of a model that is not there are read as OpenAI’s', async () => {
    expect(told(await ask(MOCK, 'wrong'))).toEqual({
      statusCode: 401,
      isRetryable: false,
      message: 'the key is not known here',
      code: 'invalid_api_key',
      id: expect.stringMatching(UUID),
    });
    expect(told(await ask('mocc'))).toMatchObject({
      statusCode: 404,
      message: 'there is no model "mocc" here (did you mean "mock"?)',
      code: 'model_not_found',
    });
  });

  test('of the seller come byte for byte', async () => {
    setting.seller.script(refusal);
    const error = await ask(SCRIPTED);
    expect(told(error)).toMatchObject({
      statusCode: 400,
      isRetryable: false,
      code: 'invalid_value',
      id: 'req_seller_1',
    });
    expect((error as APICallError).responseBody).toBe(REFUSAL);
    expect(setting.seller.calls).toHaveLength(1);
  });

  test('of a busy seller come after the package’s own tries', async () => {
    setting.seller.script(busy);
    const error = await ask(SCRIPTED);
    expect(RetryError.isInstance(error)).toBe(true);
    expect(told((error as RetryError).lastError)).toMatchObject({
      statusCode: 429,
      isRetryable: true,
      code: 'rate_limit_exceeded',
    });
    expect(setting.seller.calls).toHaveLength(3);
  });

  test('in the middle of a stream are parts of it, and no reason to end it as if it were whole', async () => {
    setting.seller.script(cut(setting.seller));
    const errors: unknown[] = [];
    const streamed = streamText({
      model: tollgate(SCRIPTED),
      prompt: 'x',
      onError: ({ error }) => void errors.push(error),
    });
    const parts: string[] = [];
    await thrown(async () => {
      for await (const part of streamed.fullStream) parts.push(part.type);
    });
    expect(errors[0]).toMatchObject({ code: 'stream_truncated' });
    expect(parts).toContain('error');
    expect(parts).not.toContain('finish');
    await expect(streamed.finishReason).rejects.toThrow();
  });
});
