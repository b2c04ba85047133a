/**
 * An upstream that passes every check, in both APIs, and faults as small changes of it. It keeps a bill of its own, writes
 * long streams word by word, and counts what it wrote and who left.
 */
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { COUNTED_PROMPTS } from '../../src/smoke/judging/counted-prompts.ts';
import { pause } from '../router/upstream.ts';

export const MODEL = 'gpt-4o-mini';
export const KEY = 'sk-canary-5f2e9c1d7a';
export type Api = 'openai' | 'anthropic';
type Json = Record<string, unknown>;

/** What was asked, in words of neither API. */
export interface Wanted {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Undefined: the body was no JSON. */
  readonly body: Json | undefined;
  readonly system: string;
  readonly prompt: string;
  readonly isStream: boolean;
  readonly limit: number;
  readonly kind: 'text' | 'tool' | 'json' | 'schema';
}

export interface Usage {
  prompt: number;
  cached: number;
  output: number;
}

export interface Reply {
  status: number;
  headers: Record<string, string>;
  body?: unknown;
  /** JSON, or text as it stands. */
  events?: (Json | string)[];
  before_ms: number;
  gap_ms: number;
  end: 'end' | 'cut';
  /** Goes on writing, and bills all of it, when the client has left. */
  isDeaf: boolean;
}

/** What an answer is made of, before it has a shape. */
export interface Made {
  id: string;
  model: string;
  text: string;
  tool: { name: string; arguments: string } | undefined;
  finish: 'stop' | 'length' | 'tool' | undefined;
  usage: Usage;
  cost_usd: number;
}

export interface Fault {
  /** In place of the answer to a request. */
  readonly refuse?: (wanted: Wanted, upstream: FaultUpstream) => Partial<Reply> | undefined;
  readonly make?: (made: Made, wanted: Wanted, upstream: FaultUpstream) => void;
  readonly reply?: (reply: Reply, wanted: Wanted, upstream: FaultUpstream) => void;
}

/** Of the card that the tests price it by: 3, 0.3 and 15 USD per million. */
const costOf = ({ prompt, cached, output }: Usage): number =>
  (3 * (prompt - cached) + 0.3 * cached + 15 * output) / 1_000_000;

export class FaultUpstream {
  readonly api: Api;
  readonly fault: Fault;
  calls = 0;
  brokenOff = 0;
  /** Events of streams that a client left. */
  writtenOfLeft = 0;
  /** What a fault wants to remember. */
  readonly noted = new Map<string, number>();
  readonly #bill = new Map<string, number>();
  readonly #users = new Map<string, string>();
  readonly #warm = new Set<string>();
  readonly #byKey = new Map<string, Made>();
  #limited = false;
  readonly #server: Server;

  constructor(api: Api, fault: Fault = {}) {
    this.api = api;
    this.fault = fault;
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  get base_url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('error', () => undefined);
    const parts: Buffer[] = [];
    try {
      for await (const part of request) parts.push(part as Buffer);
    } catch {
      return;
    }
    this.calls++;
    const wanted = wantedOf(request, Buffer.concat(parts).toString('utf8'));
    const refused = this.fault.refuse?.(wanted, this);
    const reply = refused === undefined ? this.#answer(wanted) : { ...plain(200), ...refused };
    if (!('x-request-id' in reply.headers)) reply.headers['x-request-id'] = `req-${this.calls}`;
    this.fault.reply?.(reply, wanted, this);
    await this.#write(response, reply);
  }

  #answer(wanted: Wanted): Reply {
    const { path, body, headers } = wanted;
    if (!`${headers.authorization ?? headers['x-api-key'] ?? ''}`.includes(KEY))
      return this.refusal(401, 'authentication_error', 'invalid_api_key');
    if (path.startsWith('/v1/generation')) return this.#lookUp(path);
    if (body === undefined) return this.refusal(400, 'invalid_request_error', 'no_json');
    if (!['m', 'e', 'i', MODEL].includes(String(body.model)))
      return this.refusal(404, 'not_found_error', 'model_not_found');
    if (path === '/v1/embeddings') return embeddingsReply(body);
    if (path === '/v1/images/generations') return { ...plain(200), body: { created: 1, data: [{ b64_json: 'AAAA' }] } };
    if (!Array.isArray(body.messages)) return this.refusal(400, 'invalid_request_error', 'wrong_type');
    if (wanted.prompt.length > 1_000_000) return this.refusal(400, 'invalid_request_error', 'context_length_exceeded');
    if (Number(body.temperature ?? 0) > 2) return this.refusal(400, 'invalid_request_error', 'out_of_range');
    if (wanted.kind === 'tool' && !wanted.isStream && !this.#limited) {
      this.#limited = true;
      return this.refusal(429, 'rate_limit_error', 'rate_limit_exceeded', { 'retry-after-ms': '30' });
    }
    return this.#chat(wanted, body);
  }

  refusal(status: number, type: string, code: string, headers: Record<string, string> = {}): Reply {
    const error = { message: `refused: ${code}`, type, ...(this.api === 'openai' ? { param: null, code } : {}) };
    return { ...plain(status), headers, body: this.api === 'openai' ? { error } : { type: 'error', error } };
  }

  #chat(wanted: Wanted, body: Json): Reply {
    const made = this.#made(wanted);
    const idempotency = wanted.headers['idempotency-key'];
    const before = typeof idempotency === 'string' ? this.#byKey.get(idempotency) : undefined;
    if (before !== undefined) Object.assign(made, before);
    this.fault.make?.(made, wanted, this);
    if (typeof idempotency === 'string') this.#byKey.set(idempotency, made);
    this.#bill.set(made.id, made.cost_usd);
    const user = (body.user ?? (body.metadata as Json | undefined)?.user_id) as string | undefined;
    if (user !== undefined) this.#users.set(made.id, user);
    const headers = {
      'x-ratelimit-limit-requests': '1000',
      'x-ratelimit-remaining-requests': String(1000 - this.calls),
      ...(before === undefined ? {} : { 'x-request-id': `req-of-${made.id}` }),
    };
    const shape = this.api === 'openai' ? openaiShape : anthropicShape;
    const isLong = made.usage.output > 50;
    return { ...plain(200), headers, ...shape(made, wanted.isStream), gap_ms: wanted.isStream && isLong ? 2 : 0 };
  }

  #made(wanted: Wanted): Made {
    const { text, output, finish } = said(wanted, this.calls);
    const prompt = tokensOf(wanted);
    const isWarm = this.#warm.has(wanted.system);
    if (wanted.system.length > 2000) this.#warm.add(wanted.system);
    const usage = { prompt, cached: isWarm ? 128 * Math.floor((prompt - 20) / 128) : 0, output };
    const tool =
      wanted.kind === 'tool' ? { name: 'get_weather', arguments: '{"city":"Paris","unit":"celsius"}' } : undefined;
    return {
      id: `gen-${this.calls}`,
      model: `${wanted.body?.model}-2024-07-18`,
      text,
      tool,
      finish,
      usage,
      cost_usd: costOf(usage),
    };
  }

  #lookUp(path: string): Reply {
    const id = new URL(path, 'http://127.0.0.1').searchParams.get('id') ?? '';
    const total_cost = this.#bill.get(id);
    return total_cost === undefined
      ? this.refusal(404, 'not_found_error', 'not_found')
      : { ...plain(200), body: { data: { id, total_cost, external_user: this.#users.get(id) } } };
  }

  async #write(response: ServerResponse, reply: Reply): Promise<void> {
    const { status, headers, events, body, before_ms, gap_ms, isDeaf, end } = reply;
    if (before_ms > 0) await pause(before_ms);
    if (events === undefined) {
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
      return;
    }
    response.writeHead(status, { 'content-type': 'text/event-stream', ...headers });
    response.flushHeaders();
    let written = 0;
    let isLeft = false;
    for (const event of events) {
      isLeft = response.destroyed;
      if (isLeft && !isDeaf) break;
      const name = typeof event === 'object' && 'type' in event ? `event: ${event.type}\n` : '';
      response.write(`${name}data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`);
      written++;
      await pause(gap_ms);
    }
    if (response.destroyed) this.#left(events, written, isDeaf);
    else if (end === 'end') response.end();
    else response.socket?.end(() => response.socket?.destroy());
  }

  /** Bills what was written. */
  #left(events: Reply['events'] & object, written: number, isDeaf: boolean): void {
    this.brokenOff++;
    this.writtenOfLeft += written;
    const [first] = events as Json[];
    const id = String(first?.id ?? (first?.message as Json | undefined)?.id);
    const whole = this.#bill.get(id);
    if (whole !== undefined && !isDeaf) this.#bill.set(id, (whole * written) / events.length);
  }
}

const plain = (status: number): Reply => ({
  status,
  headers: {},
  before_ms: 0,
  gap_ms: 0,
  end: 'end',
  isDeaf: false,
});

function wantedOf({ url = '', headers }: IncomingMessage, text: string): Wanted {
  let body: Json | undefined;
  try {
    body = JSON.parse(text) as Json;
  } catch {
    body = undefined;
  }
  const messages = Array.isArray(body?.messages) ? (body.messages as { role: string; content: string }[]) : [];
  const systems = Array.isArray(body?.system) ? (body.system as { text: string }[]) : [];
  const format = (body?.response_format ?? (body?.output_config as Json | undefined)?.format) as Json | undefined;
  return {
    path: url,
    headers,
    body,
    system: messages.find(({ role }) => role === 'system')?.content ?? systems[0]?.text ?? '',
    prompt: messages.find(({ role }) => role === 'user')?.content ?? '',
    isStream: body?.stream === true,
    limit: Number(body?.max_tokens ?? 0),
    kind:
      body?.tools !== undefined
        ? 'tool'
        : format?.type === 'json_object'
          ? 'json'
          : format?.type === 'json_schema'
            ? 'schema'
            : 'text',
  };
}

function tokensOf({ system, prompt }: Wanted): number {
  const known = COUNTED_PROMPTS.find(({ text }) => text === prompt);
  return 7 + (known?.tokens.o200k ?? Math.ceil((system.length + prompt.length) / 4));
}

function said({ kind, prompt, limit }: Wanted, call: number): Pick<Made, 'text' | 'finish'> & { output: number } {
  if (kind === 'tool') return { text: '', output: 20, finish: 'tool' };
  if (kind === 'json') return { text: '{"city":"Paris","country":"France"}', output: 12, finish: 'stop' };
  if (kind === 'schema') {
    const text = '{"city":"Paris","continent":"Europe","inhabitants":2100000,"rivers":["Seine"]}';
    return { text, output: 25, finish: 'stop' };
  }
  if (prompt.startsWith('Count from 1 to 300'))
    return { text: Array.from({ length: limit }, () => 'one').join(' '), output: limit, finish: 'length' };
  if (prompt.includes('nine digits')) return { text: String(100_000_000 + call), output: 5, finish: 'stop' };
  return { text: 'OK then', output: 2, finish: 'stop' };
}

const embeddingsReply = ({ input }: Json): Reply => ({
  ...plain(200),
  body: {
    object: 'list',
    model: 'e',
    data: (input as string[]).map((text, index) => ({
      object: 'embedding',
      index,
      embedding: [0.1, text.length, index],
    })),
    usage: { prompt_tokens: 20, total_tokens: 20 },
  },
});

const words = (text: string): readonly string[] => text.match(/\S+\s*/g) ?? [];

function openaiShape({ id, model, text, tool, finish, usage, cost_usd }: Made, isStream: boolean): Partial<Reply> {
  const { prompt, cached, output } = usage;
  const told = {
    prompt_tokens: prompt,
    completion_tokens: output,
    total_tokens: prompt + output,
    prompt_tokens_details: { cached_tokens: cached },
    cost: cost_usd,
  };
  const reason = finish === 'tool' ? 'tool_calls' : finish;
  const call = tool && { index: 0, id: 'call-1', type: 'function', function: tool };
  if (!isStream) {
    const message = { role: 'assistant', content: tool ? null : text, ...(call ? { tool_calls: [call] } : {}) };
    const choices = [{ index: 0, message, finish_reason: reason }];
    return { body: { id, object: 'chat.completion', model, choices, usage: told } };
  }
  const chunk = (choices: Json[], more: Json = {}): Json => ({
    id,
    object: 'chat.completion.chunk',
    model,
    choices,
    ...more,
  });
  const delta = (one: Json, finish_reason: string | null = null): Json =>
    chunk([{ index: 0, delta: one, finish_reason }]);
  const half = (tool?.arguments.length ?? 0) >> 1;
  const pieces = tool
    ? [
        delta({ tool_calls: [{ ...call, function: { name: tool.name, arguments: tool.arguments.slice(0, half) } }] }),
        delta({ tool_calls: [{ index: 0, function: { arguments: tool.arguments.slice(half) } }] }),
      ]
    : words(text).map((content) => delta({ content }));
  const end = reason === undefined ? [] : [delta({}, reason), chunk([], { usage: told }), '[DONE]'];
  return { events: [delta({ role: 'assistant', content: '' }), ...pieces, ...end] };
}

function anthropicShape({ id, model, text, tool, finish, usage, cost_usd }: Made, isStream: boolean): Partial<Reply> {
  const { prompt, cached, output } = usage;
  const asked = { input_tokens: prompt - cached, cache_read_input_tokens: cached, cache_creation_input_tokens: 0 };
  const told = { ...asked, output_tokens: output, cost: cost_usd };
  const reason = finish === 'tool' ? 'tool_use' : finish === 'length' ? 'max_tokens' : finish && 'end_turn';
  const message = { id, type: 'message', role: 'assistant', model };
  if (!isStream) {
    const block = tool
      ? { type: 'tool_use', id: 'toolu-1', name: tool.name, input: parsed(tool.arguments) }
      : { type: 'text', text };
    return { body: { ...message, content: [block], stop_reason: reason, usage: told } };
  }
  const block = tool ? { type: 'tool_use', id: 'toolu-1', name: tool.name, input: {} } : { type: 'text', text: '' };
  const half = (tool?.arguments.length ?? 0) >> 1;
  const deltas: Json[] = tool
    ? [tool.arguments.slice(0, half), tool.arguments.slice(half)].map((partial_json) => ({
        type: 'input_json_delta',
        partial_json,
      }))
    : words(text).map((one) => ({ type: 'text_delta', text: one }));
  const end = [
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason: reason }, usage: { output_tokens: output, cost: cost_usd } },
    { type: 'message_stop' },
  ];
  return {
    events: [
      { type: 'message_start', message: { ...message, usage: { ...asked, output_tokens: 1 } } },
      { type: 'content_block_start', index: 0, content_block: block },
      ...deltas.map((delta) => ({ type: 'content_block_delta', index: 0, delta })),
      ...(reason === undefined ? [] : end),
    ],
  };
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};
