/** Faults by the check that each of them breaks: small changes of an upstream that passes all of them. */
import type { CheckId } from '../../src/measurements/contract.ts';
import { COUNTED_PROMPTS } from '../../src/smoke/judging/counted-prompts.ts';
import type { Setting } from './fault-run.ts';
import { type Fault, type FaultUpstream, MODEL, type Reply, type Usage, type Wanted } from './fault-upstream.ts';

export interface FaultRow extends Fault {
  readonly check: CheckId;
  readonly what: string;
  readonly apis?: readonly Setting['api'][];
  readonly cost?: Setting['cost'];
  readonly as?: Setting['as'];
  readonly model?: string;
}

type Json = Record<string, unknown>;
const OPENAI = ['openai'] as const;
const isDays = ({ prompt }: Wanted): boolean => prompt.startsWith('Name the seven days');
const isCounted = ({ prompt }: Wanted): boolean => COUNTED_PROMPTS.some(({ text }) => text === prompt);
const isToTen = ({ prompt }: Wanted): boolean => prompt.startsWith('Count from 1 to 10 ');
const isHot = ({ body }: Wanted): boolean => body?.temperature === 99;
/** Refusals of what is wrong with a request, but for its length. */
const isError = ({ status, body }: Reply): boolean =>
  status >= 400 && status !== 429 && !JSON.stringify(body).includes('context_length_exceeded');
const times = (upstream: FaultUpstream, what: string): number => {
  const count = (upstream.noted.get(what) ?? 0) + 1;
  upstream.noted.set(what, count);
  return count;
};
const oddId = (upstream: FaultUpstream): string => `other-${times(upstream, 'ids')}`;
const costOf = ({ prompt, cached, output }: Usage): number =>
  (3 * (prompt - cached) + 0.3 * cached + 15 * output) / 1_000_000;
const withoutUsage = (event: Json | string): Json | string => {
  if (typeof event === 'string') return event;
  const { usage: _usage, ...rest } = event;
  const { message } = rest as { readonly message?: Json };
  return message === undefined ? rest : { ...rest, message: { ...message, usage: undefined } };
};
const limits = (reply: Reply, headers: Record<string, string>): void => {
  if (reply.status !== 429) return;
  delete reply.headers['retry-after-ms'];
  Object.assign(reply.headers, headers);
};
const CLOSING = ['[DONE]', 'message_stop'];
const isClosing = (event: Json | string): boolean =>
  CLOSING.includes(typeof event === 'string' ? event : `${event.type}`);
const html = { headers: { 'content-type': 'text/html' }, body: '<html><h1>Bad Gateway</h1></html>' };

const ANSWERS: readonly FaultRow[] = [
  {
    check: 'latency',
    what: 'the first token comes 1.2 s late',
    as: 'gateway',
    reply: (reply, wanted) => {
      if (isDays(wanted)) reply.before_ms = 1200;
    },
  },
  {
    check: 'latency',
    what: 'two of three rounds are not answered',
    refuse: (wanted, upstream) =>
      isDays(wanted) && times(upstream, 'days') < 3 ? upstream.refusal(500, 'server_error', 'oops') : undefined,
  },
  {
    check: 'streaming',
    what: 'streams have no closing event',
    reply: (reply) => {
      if (reply.events) reply.events = reply.events.filter((event) => !isClosing(event));
    },
  },
  {
    check: 'streaming',
    what: 'streams tell no usage',
    reply: (reply) => {
      if (reply.events) reply.events = reply.events.map(withoutUsage);
    },
  },
  {
    check: 'streaming',
    what: 'streams say that they are JSON',
    reply: (reply) => {
      if (reply.events) reply.headers['content-type'] = 'application/json';
    },
  },
  {
    check: 'streaming',
    what: 'events are no JSON',
    reply: (reply, wanted) => {
      if (isToTen(wanted)) reply.events?.splice(1, 0, '{"half": ');
    },
  },
  {
    check: 'streaming',
    what: 'the connection breaks in the middle of a stream',
    reply: (reply, wanted) => {
      if (!isToTen(wanted)) return;
      reply.events = reply.events!.slice(0, 3);
      reply.end = 'cut';
    },
  },
  {
    check: 'streaming',
    what: 'a stream is asked for, JSON comes',
    make: (made, wanted) => {
      if (isToTen(wanted)) made.text = '';
    },
    reply: (reply, wanted) => {
      if (!isToTen(wanted)) return;
      delete reply.events;
      reply.body = { id: 'c', model: MODEL, choices: [], content: [] };
    },
  },
  {
    check: 'cut_handling',
    what: 'an answer at its limit says that it is whole',
    make: (made) => {
      if (made.finish === 'length') made.finish = 'stop';
    },
  },
  {
    check: 'cut_handling',
    what: 'a stream at its limit ends without a reason, and is taken as whole',
    make: (made, { limit, isStream }) => {
      if (isStream && limit === 16) made.finish = undefined;
    },
  },
  {
    check: 'tool_calls',
    what: 'arguments break off',
    make: (made, { isStream }) => {
      if (made.tool && !isStream) made.tool = { ...made.tool, arguments: '{"city": "Par' };
    },
  },
  {
    check: 'tool_calls',
    what: 'arguments are not those of the schema',
    make: (made, { isStream }) => {
      if (made.tool && !isStream) made.tool = { ...made.tool, arguments: '{"city":"Paris","unit":"kelvin"}' };
    },
  },
  {
    check: 'tool_calls',
    what: 'a call ends as if it were text',
    make: (made, { isStream }) => {
      if (made.tool && !isStream) made.finish = 'stop';
    },
  },
  {
    check: 'tool_calls',
    what: 'words come instead of a call',
    make: (made, { isStream }) => {
      if (!made.tool || isStream) return;
      Object.assign(made, { tool: undefined, text: 'It is sunny.', finish: 'stop' });
    },
  },
  {
    check: 'streamed_tool_calls',
    what: 'a piece of the arguments is lost',
    make: (made, { isStream }) => {
      if (made.tool && isStream) made.tool = { ...made.tool, arguments: made.tool.arguments.slice(0, 12) };
    },
  },
  {
    check: 'streamed_tool_calls',
    what: 'pieces have no index',
    apis: OPENAI,
    reply: (reply, { kind }) => {
      if (kind === 'tool' && reply.events)
        reply.events = JSON.parse(
          JSON.stringify(reply.events).replaceAll('"tool_calls":[{"index":0', '"tool_calls":[{"i":0'),
        );
    },
  },
  {
    check: 'json_mode',
    what: 'prose comes',
    apis: OPENAI,
    make: (made, { kind }) => {
      if (kind === 'json') made.text = 'Here you are: {"city":"Paris"}';
    },
  },
  {
    check: 'json_schema',
    what: 'a member is missing and one is of another type',
    make: (made, { kind }) => {
      if (kind === 'schema') made.text = '{"city":"Paris","continent":"Europe","inhabitants":"two million"}';
    },
  },
  {
    check: 'embeddings',
    what: 'vectors are of unequal length',
    apis: OPENAI,
    reply: ({ body }, { path }) => {
      if (path.endsWith('/embeddings')) (body as { data: { embedding: number[] }[] }).data[1]!.embedding.pop();
    },
  },
  {
    check: 'embeddings',
    what: 'a vector is missing',
    apis: OPENAI,
    reply: ({ body }, { path }) => {
      if (path.endsWith('/embeddings')) (body as { data: unknown[] }).data.pop();
    },
  },
  {
    check: 'embeddings',
    what: 'all vectors are the same',
    apis: OPENAI,
    reply: ({ body }, { path }) => {
      if (path.endsWith('/embeddings'))
        for (const one of (body as { data: { embedding: number[] }[] }).data) one.embedding = [1, 2, 3];
    },
  },
  {
    check: 'images',
    what: 'no image comes',
    apis: OPENAI,
    reply: (reply, { path }) => {
      if (path.endsWith('/generations')) reply.body = { created: 1, data: [] };
    },
  },
];

const isLong = ({ prompt }: Wanted): boolean => prompt.length > 1_000_000;

const REFUSALS: readonly FaultRow[] = [
  {
    check: 'too_long_prompt',
    what: 'it is cut in silence and answered',
    apis: OPENAI,
    reply: (reply, wanted) => {
      if (!isLong(wanted)) return;
      const message = { role: 'assistant', content: 'OK' };
      const usage = {
        prompt_tokens: 4096,
        completion_tokens: 2,
        total_tokens: 4098,
        cost: costOf({ prompt: 4096, cached: 0, output: 2 }),
      };
      const choices = [{ index: 0, message, finish_reason: 'stop' }];
      Object.assign(reply, { status: 200, body: { id: 'c', object: 'chat.completion', model: MODEL, choices, usage } });
    },
  },
  {
    check: 'too_long_prompt',
    what: 'it is a failure of the server',
    reply: (reply, wanted) => {
      if (isLong(wanted)) reply.status = 500;
    },
  },
  {
    check: 'error_shape',
    what: 'errors are HTML',
    reply: (reply) => {
      if (isError(reply)) Object.assign(reply, html);
    },
  },
  {
    check: 'error_shape',
    what: 'an unknown model is answered with 200 and an error inside',
    reply: (reply, { body }) => {
      if (isError(reply) && body?.model === 'tollgate-no-such-model') reply.status = 200;
    },
  },
  {
    check: 'error_shape',
    what: 'an unknown model is answered by another',
    refuse: ({ body }, { api }) =>
      body?.model === 'tollgate-no-such-model'
        ? {
            body:
              api === 'openai'
                ? { id: 'c', model: 'x', choices: [{ message: { content: 'OK' } }] }
                : { id: 'c', model: 'x', content: [{ type: 'text', text: 'OK' }] },
          }
        : undefined,
  },
  {
    check: 'error_shape',
    what: 'a body of the wrong type gives 500',
    refuse: ({ body }, upstream) =>
      body !== undefined && typeof body.messages === 'number'
        ? upstream.refusal(500, 'server_error', 'crashed')
        : undefined,
  },
  {
    check: 'error_shape',
    what: 'a wrong key is told as a bad request',
    refuse: ({ headers }, upstream) =>
      `${headers.authorization ?? headers['x-api-key']}`.includes('wrong-key')
        ? upstream.refusal(400, 'invalid_request_error', 'no')
        : undefined,
  },
  {
    check: 'error_shape',
    what: 'errors have no message',
    reply: (reply) => {
      if (isError(reply)) reply.body = { error: { message: '', type: 'error', code: 'x' } };
    },
  },
  {
    check: 'error_shape',
    what: 'errors are bare text in JSON',
    reply: (reply) => {
      if (isError(reply)) reply.body = { detail: 'Not Found' };
    },
  },
  {
    check: 'retry_behaviour',
    what: 'a 429 does not say when to come back',
    reply: (reply) => limits(reply, {}),
  },
  {
    check: 'retry_behaviour',
    what: 'a 429 says when to come back in words',
    reply: (reply) => limits(reply, { 'retry-after': 'soon' }),
  },
  {
    check: 'retry_behaviour',
    what: 'who comes back when told to is turned away again',
    refuse: ({ kind, isStream }, upstream) =>
      kind === 'tool' && !isStream && times(upstream, 'tools') === 1
        ? upstream.refusal(429, 'rate_limit_error', 'rate_limit_exceeded', { 'retry-after-ms': '10' })
        : undefined,
  },
  {
    check: 'retry_behaviour',
    what: 'a bad request is tried three times',
    reply: (reply, wanted) => {
      if (isHot(wanted)) reply.headers['x-portkey-retry-attempt-count'] = '3';
    },
  },
  {
    check: 'retry_behaviour',
    what: 'a bad request gives 500',
    refuse: (wanted, upstream) => (isHot(wanted) ? upstream.refusal(500, 'server_error', 'crashed') : undefined),
  },
  {
    check: 'cancel',
    what: 'who leaves is billed the whole answer',
    cost: 'lookup',
    reply: (reply) => {
      reply.isDeaf = true;
    },
  },
  {
    check: 'cancel',
    what: 'the call after one that was left fails',
    refuse: ({ limit, isStream }, upstream) => {
      if (isStream && limit === 200) times(upstream, 'left');
      else if (upstream.noted.get('left') === 1 && times(upstream, 'after') === 1)
        return upstream.refusal(500, 'server_error', 'crashed');
      return undefined;
    },
  },
];

const ACCOUNTS: readonly FaultRow[] = [
  {
    check: 'usage_accounting',
    what: 'prompt tokens are 10 % too many, told by the tokenizer',
    make: (made) => inflate(made),
  },
  {
    check: 'usage_accounting',
    what: 'prompt tokens are 10 % too many, told by the baseline',
    as: 'gateway',
    model: 'm',
    make: (made) => inflate(made),
  },
  {
    check: 'usage_accounting',
    what: 'the same prompt counts more every time',
    make: (made, wanted, upstream) => {
      if (isCounted(wanted)) made.usage.prompt += times(upstream, 'counted') % 2;
    },
  },
  {
    check: 'usage_accounting',
    what: 'usage is missing',
    reply: ({ body }, wanted) => {
      if (isCounted(wanted)) delete (body as Json).usage;
    },
  },
  {
    check: 'prompt_cache',
    what: 'a gateway drops cached tokens',
    as: 'gateway',
    make: (made) => {
      made.usage.cached = 0;
      made.cost_usd = costOf(made.usage);
    },
  },
  {
    check: 'prompt_cache',
    what: 'cached tokens are told and billed as fresh ones',
    make: (made) => {
      made.cost_usd = costOf({ ...made.usage, cached: 0 });
    },
  },
  {
    check: 'cost_reported',
    what: 'a direct seller tells 5.5 % more than the price book',
    make: (made) => {
      made.cost_usd *= 1.055;
    },
  },
  {
    check: 'cost_reported',
    what: 'a look-up tells 5.5 % more than the price book',
    cost: 'lookup',
    make: (made) => {
      made.cost_usd *= 1.055;
    },
  },
  {
    check: 'cost_reported',
    what: 'a gateway tells 60 % more than the price book',
    as: 'gateway',
    make: (made) => {
      made.cost_usd *= 1.6;
    },
  },
  {
    check: 'cost_reported',
    what: 'a gateway tells less than the price book',
    as: 'gateway',
    make: (made) => {
      made.cost_usd *= 0.9;
    },
  },
  {
    check: 'cost_reported',
    what: 'no cost is told where it is documented',
    make: (made) => {
      made.cost_usd = Number.NaN;
    },
  },
  {
    check: 'attribution',
    what: 'a user is refused',
    refuse: ({ body }, upstream) =>
      body?.user !== undefined || (body?.metadata as Json | undefined)?.user_id !== undefined
        ? upstream.refusal(400, 'invalid_request_error', 'unknown_parameter')
        : undefined,
  },
  {
    check: 'request_id',
    what: 'no answer has an id',
    make: (made) => {
      Object.assign(made, { id: undefined });
    },
    reply: (reply) => {
      delete reply.headers['x-request-id'];
    },
  },
  {
    check: 'request_id',
    what: 'all answers have the same id',
    reply: (reply) => {
      reply.headers['x-request-id'] = 'the-same';
    },
  },
  {
    check: 'model_snapshot',
    what: 'a larger model answers',
    make: (made) => {
      made.model = 'gpt-4o-2024-08-06';
    },
  },
  {
    check: 'model_snapshot',
    what: 'a model of another maker answers',
    make: (made) => {
      made.model = 'mystery-model-1';
    },
  },
  {
    check: 'quota_burn',
    what: 'remaining requests stand still',
    reply: ({ headers }) => {
      if (headers['x-ratelimit-remaining-requests'] !== undefined) headers['x-ratelimit-remaining-requests'] = '1000';
    },
  },
  {
    check: 'idempotent_retries',
    what: 'a request under a known key is an error',
    refuse: ({ headers }, upstream) =>
      headers['idempotency-key'] !== undefined && times(upstream, 'keyed') === 2
        ? upstream.refusal(500, 'server_error', 'crashed')
        : undefined,
  },
  {
    check: 'idempotent_retries',
    what: 'a request under a known key is billed twice',
    make: (made, { headers }, upstream) => {
      if (headers['idempotency-key'] !== undefined) made.id = oddId(upstream);
    },
  },
  {
    check: 'idempotent_retries',
    what: 'a request under a known key is billed twice, as a look-up tells',
    cost: 'lookup',
    make: (made, { headers }, upstream) => {
      if (headers['idempotency-key'] !== undefined) made.id = oddId(upstream);
    },
  },
];

function inflate(made: { usage: Usage; cost_usd: number }): void {
  made.usage = {
    ...made.usage,
    prompt: Math.round(made.usage.prompt * 1.1),
    cached: Math.round(made.usage.cached * 1.1),
  };
  made.cost_usd = costOf(made.usage);
}

export const FAULTS: readonly FaultRow[] = [...ANSWERS, ...REFUSALS, ...ACCOUNTS];
