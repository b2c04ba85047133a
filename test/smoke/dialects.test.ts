import { describe, expect, it } from 'vitest';
import { NO_COUNTS } from '../../src/meters.ts';
import type { Asked } from '../../src/smoke/dialect.ts';
import { anthropic } from '../../src/smoke/dialects/anthropic.ts';
import { openai } from '../../src/smoke/dialects/openai.ts';
import type { Exchange } from '../../src/smoke/exchange.ts';
import type { Target } from '../../src/smoke/target.ts';

const TARGET: Target = {
  id: 'direct',
  system: 'openai',
  kind: 'direct',
  base_url: 'http://127.0.0.1:1/v1',
  api: 'openai',
  model: 'gpt-4o-mini',
  priced_as: { seller: 'openai', model: 'gpt-4o-mini' },
  key_env: 'KEY',
  key_header: 'authorization',
  key_prefix: 'Bearer ',
  supports: {},
  headers: {},
  reports_cost: { in: 'usage', name: 'cost', unit: 'USD', usd_per_unit: 1 },
  embeddings_model: 'text-embedding-3-small',
  images_model: undefined,
  usd_per_image: undefined,
  isBaseline: true,
  required: new Set(),
  timeout_ms: 1000,
  output_limit: 'max_tokens',
};
const CHAT: Asked = { operation: 'chat', prompt: 'Say OK', prompt_tokens: 10, output_tokens: 5 };
const STREAM: Asked = { ...CHAT, isStream: true };

const exchange = (more: Partial<Exchange>): Exchange => ({
  started_ms: 0,
  end: 'whole',
  status: 200,
  headers: { 'content-type': 'application/json' },
  text: '',
  events: [],
  first_byte_ms: 1,
  total_ms: 10,
  failure: undefined,
  ...more,
});
const whole = (value: object, more: Partial<Exchange> = {}): Exchange =>
  exchange({ text: JSON.stringify(value), ...more });
const stream = (data: readonly (object | string)[], more: Partial<Exchange> = {}): Exchange =>
  exchange({
    headers: { 'content-type': 'text/event-stream' },
    events: data.map((one, i) => ({
      at_ms: i + 1,
      event: undefined,
      data: typeof one === 'string' ? one : JSON.stringify(one),
    })),
    ...more,
  });

const chunk = (delta: object, finish_reason: string | null = null) => ({
  id: 'c1',
  object: 'chat.completion.chunk',
  model: 'gpt-4o-mini-2024-07-18',
  choices: [{ index: 0, delta, finish_reason }],
});
const USAGE = {
  prompt_tokens: 1000,
  completion_tokens: 20,
  prompt_tokens_details: { cached_tokens: 600 },
  cost: 0.0001,
};
const USAGE_CHUNK = { id: 'c1', object: 'chat.completion.chunk', choices: [], usage: USAGE };
const COUNTS = { ...NO_COUNTS, input_tokens: 400, cache_read_tokens: 600, output_tokens: 20 };
const RIGHT = [
  chunk({ role: 'assistant', content: '' }),
  chunk({ content: 'O' }),
  chunk({ content: 'K' }),
  chunk({}, 'stop'),
  USAGE_CHUNK,
  '[DONE]',
];
const faults = (data: readonly (object | string)[], more: Partial<Exchange> = {}): readonly string[] =>
  openai.read(stream(data, more), STREAM, TARGET).faults;

describe('OpenAI’s dialect', () => {
  it('asks for a chat with the answer’s limit, and for the usage of a stream', () => {
    const { body, path, method, key, timeout_ms } = openai.call(STREAM, TARGET);
    expect({ path, method, key, timeout_ms }).toEqual({
      path: '/chat/completions',
      method: 'POST',
      key: 'own',
      timeout_ms: 1000,
    });
    expect(body).toEqual({
      model: 'gpt-4o-mini',
      messages: [{ role: 'user', content: 'Say OK' }],
      max_tokens: 5,
      stream: true,
      stream_options: { include_usage: true },
    });
  });

  it('names the limit as the model wants it, and asks for schemas strictly', () => {
    const schema = { type: 'object', properties: {} };
    const asked: Asked = { ...CHAT, format: { name: 'answer', schema }, system: 'Be brief', user: 'u1' };
    const { body } = openai.call(asked, { ...TARGET, output_limit: 'max_completion_tokens' });
    expect(body).toMatchObject({
      max_completion_tokens: 5,
      response_format: { type: 'json_schema', json_schema: { name: 'answer', strict: true, schema } },
      messages: [{ role: 'system', content: 'Be brief' }, { role: 'user' }],
      user: 'u1',
    });
    expect(body).not.toHaveProperty('max_tokens');
  });

  it('reads a whole answer: text, exclusive counts, cost, model, id', () => {
    const answer = {
      id: 'c1',
      model: 'm-1',
      choices: [{ message: { content: 'OK' }, finish_reason: 'stop' }],
      usage: USAGE,
    };
    expect(openai.read(whole(answer), CHAT, TARGET)).toMatchObject({
      text: 'OK',
      finish: 'stop',
      counts: COUNTS,
      reported_usd: 0.0001,
      model: 'm-1',
      request_id: 'c1',
      faults: [],
    });
  });

  it('does not take usage that is absent for 0', () => {
    const told = openai.read(whole({ choices: [{ message: { content: 'OK' } }] }), CHAT, TARGET);
    expect(told.counts).toBeUndefined();
    expect(told.reported_usd).toBeUndefined();
  });

  it('reads costs from a header where the target reports them there', () => {
    const target: Target = {
      ...TARGET,
      reports_cost: { in: 'header', name: 'x-cost', unit: 'cents', usd_per_unit: 0.01 },
    };
    const told = (cost: string) => openai.read(whole({}, { headers: { 'x-cost': cost } }), CHAT, target).reported_usd;
    expect([told('0.25'), told('none'), told('')]).toEqual([0.0025, undefined, undefined]);
  });

  it('reads a stream and the time of its first content', () => {
    const told = openai.read(stream(RIGHT), STREAM, TARGET);
    expect(told).toMatchObject({ text: 'OK', finish: 'stop', counts: COUNTS, reported_usd: 0.0001, first_token_ms: 2 });
    expect(told.isEnded).toBe(true);
    expect(told.faults).toEqual([]);
  });

  it('joins the arguments of streamed tool calls', () => {
    const call = (index: number, name: string | undefined, part: string) =>
      chunk({ tool_calls: [{ index, function: { name, arguments: part } }] });
    const told = openai.read(
      stream([
        call(0, 'weather', ''),
        call(0, undefined, '{"city":'),
        call(0, undefined, '"Rome"}'),
        chunk({}, 'tool_calls'),
      ]),
      STREAM,
      TARGET,
    );
    expect(told.tool_calls).toEqual([{ name: 'weather', arguments: '{"city":"Rome"}' }]);
  });

  it('tells each way in which a stream is not right', () => {
    const [role, o, k, stop, usage] = RIGHT;
    expect(faults([role!, o!, k!, stop!, usage!])).toEqual(['no [DONE] came']);
    expect(faults([role!, o!, k!, stop!, '[DONE]'])).toEqual(['no usage came, though it was asked for']);
    expect(faults([role!, o!, usage!, '[DONE]'])).toEqual(['no finish_reason came']);
    expect(faults([...RIGHT, k!])).toContain('there is more behind [DONE]');
    expect(faults([role!, stop!, o!, usage!, '[DONE]'])).toEqual(['content stands behind finish_reason']);
    expect(faults([{ ...chunk({}), object: 'chat.completion' }, ...RIGHT])).toEqual([
      'a chunk is no chat.completion.chunk',
    ]);
    expect(faults(['{"object":', ...RIGHT])).toEqual(['an event is no JSON object']);
    expect(faults(RIGHT, { headers: {} })).toEqual(['the content type is no event stream']);
  });

  it('a stream that was cut is not ended, and an error inside is an error', () => {
    expect(openai.read(stream(RIGHT.slice(0, 2), { end: 'cut' }), STREAM, TARGET).isEnded).toBe(false);
    const error = { error: { message: 'overloaded', type: 'server_error', code: 503 } };
    expect(openai.read(stream([error]), STREAM, TARGET).error).toEqual({
      message: 'overloaded',
      type: 'server_error',
      code: '503',
      members: ['code', 'message', 'type'],
    });
  });

  it('reads embeddings, images, models and look-ups of costs', () => {
    const embeddings: Asked = { operation: 'embeddings', texts: ['a', 'b'], prompt_tokens: 2, output_tokens: 0 };
    expect(openai.call(embeddings, TARGET).body).toEqual({ model: 'text-embedding-3-small', input: ['a', 'b'] });
    expect(
      openai.read(whole({ data: [{ embedding: [1, 2] }, { embedding: [3] }] }), embeddings, TARGET).embeddings,
    ).toEqual([[1, 2], [3]]);
    const models: Asked = { operation: 'models', prompt_tokens: 0, output_tokens: 0 };
    expect(openai.call(models, TARGET)).toMatchObject({ method: 'GET', path: '/models', body: undefined });
    expect(openai.read(whole({ data: [{ id: 'm' }] }), models, TARGET).models).toEqual(['m']);
    const target: Target = {
      ...TARGET,
      reports_cost: {
        in: 'lookup',
        name: 'data.total_cost',
        path: '/generation?id={id}',
        unit: 'USD',
        usd_per_unit: 1,
      },
    };
    const lookUp: Asked = { operation: 'cost_lookup', request_id: 'a/b', prompt_tokens: 0, output_tokens: 0 };
    expect(openai.call(lookUp, target).path).toBe('/generation?id=a%2Fb');
    expect(openai.read(whole({ data: { total_cost: 0.5 } }), lookUp, target).reported_usd).toBe(0.5);
  });
});

const MESSAGE: Target = { ...TARGET, api: 'anthropic', model: 'claude' };
const EVENTS = [
  {
    type: 'message_start',
    message: {
      id: 'm1',
      model: 'claude-1',
      usage: { input_tokens: 400, cache_read_input_tokens: 600, output_tokens: 1 },
    },
  },
  { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
  { type: 'ping' },
  { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'OK' } },
  { type: 'content_block_stop', index: 0 },
  { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 20 } },
  { type: 'message_stop' },
];

describe('Anthropic’s dialect', () => {
  it('has no words for JSON without a schema, embeddings and images', () => {
    expect(anthropic.lacks({ ...CHAT, format: 'json' })).toBe('the messages API has no JSON mode without a schema');
    expect(anthropic.lacks({ operation: 'images', prompt: 'x', prompt_tokens: 1, output_tokens: 0 })).toBeDefined();
    expect(anthropic.lacks(CHAT)).toBeUndefined();
  });

  it('marks what is to be cached', () => {
    const { body, path } = anthropic.call({ ...CHAT, system: 'Long', isCached: true }, MESSAGE);
    expect(path).toBe('/messages');
    expect(body).toMatchObject({ max_tokens: 5, system: [{ text: 'Long', cache_control: { type: 'ephemeral' } }] });
  });

  it('reads a whole message with a tool call', () => {
    const content = [
      { type: 'text', text: 'OK' },
      { type: 'tool_use', name: 'weather', input: { city: 'Rome' } },
    ];
    const usage = { input_tokens: 400, cache_read_input_tokens: 600, output_tokens: 20 };
    expect(
      anthropic.read(whole({ id: 'm1', model: 'claude-1', content, stop_reason: 'tool_use', usage }), CHAT, MESSAGE),
    ).toMatchObject({
      text: 'OK',
      tool_calls: [{ name: 'weather', arguments: '{"city":"Rome"}' }],
      finish: 'tool_use',
      counts: COUNTS,
    });
  });

  it('reads a stream whose usage comes in parts', () => {
    const told = anthropic.read(stream(EVENTS), STREAM, MESSAGE);
    expect(told).toMatchObject({
      text: 'OK',
      finish: 'end_turn',
      counts: COUNTS,
      model: 'claude-1',
      first_token_ms: 4,
      faults: [],
    });
    expect(told.isEnded).toBe(true);
  });

  it('tells each way in which a stream is not right', () => {
    const wrong = (data: readonly object[]): readonly string[] => anthropic.read(stream(data), STREAM, MESSAGE).faults;
    expect(wrong(EVENTS.slice(0, -1))).toEqual(['no message_stop came']);
    expect(wrong(EVENTS.filter(({ type }) => type !== 'content_block_stop'))).toEqual(['a block was not closed']);
    expect(wrong(EVENTS.slice(1))).toContain('no message_start came');
    expect(wrong([...EVENTS, EVENTS[2]!])).toEqual(['there is more behind message_stop']);
  });
});
