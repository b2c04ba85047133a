/** Anthropic's messages API: no JSON mode without a schema, no embeddings, no images. Streams are read in anthropic-stream.ts. */
import { countsOf, isObject, type JsonObject } from '../../router/reported-usage.ts';
import type { Asked, Dialect, Told } from '../dialect.ts';
import type { Exchange } from '../exchange.ts';
import type { Target } from '../target.ts';
import {
  errorOf,
  lookedUpUsd,
  NOTHING,
  objectsOf,
  parsedObject,
  reportedUsd,
  requestIdOf,
  textOf,
} from './answer-json.ts';
import { readMessageStream } from './anthropic-stream.ts';
import { costLookup, termsOf, type Way } from './call-terms.ts';

export const anthropic: Dialect = {
  lacks: (asked) => {
    if (asked.operation === 'embeddings' || asked.operation === 'images')
      return `the messages API has no ${asked.operation}`;
    if (asked.operation === 'chat' && asked.format === 'json')
      return 'the messages API has no JSON mode without a schema';
    return undefined;
  },
  call: (asked, target) => ({ ...wayOf(asked, target), ...termsOf(asked, target) }),
  read: (exchange, asked, target) => {
    const isStream = asked.operation === 'chat' && asked.isStream === true && exchange.status < 300;
    return isStream && exchange.events.length > 0
      ? readMessageStream(exchange, target)
      : readWhole(exchange, asked, target);
  },
};

function wayOf(asked: Asked, target: Target): Way {
  if (asked.operation === 'models')
    return { operation: 'models', path: '/models', method: 'GET', body: undefined, isStream: false };
  if (asked.operation === 'cost_lookup') return costLookup(asked.request_id, target);
  const body =
    asked.operation === 'raw' ? asked.body : asked.operation === 'chat' ? messageBody(asked, target) : undefined;
  const isStream = asked.operation === 'chat' && asked.isStream === true;
  return { operation: 'chat', path: '/messages', method: 'POST', body, isStream };
}

function messageBody(asked: Extract<Asked, { operation: 'chat' }>, target: Target): JsonObject {
  const { system, prompt, tools, format, user, isCached, temperature } = asked;
  const marked = isCached === true ? { cache_control: { type: 'ephemeral' } } : {};
  return {
    model: asked.model ?? target.model,
    max_tokens: asked.output_tokens,
    ...(system === undefined ? {} : { system: [{ type: 'text', text: system, ...marked }] }),
    messages: [{ role: 'user', content: prompt }],
    ...(asked.isStream === true ? { stream: true } : {}),
    ...(tools === undefined
      ? {}
      : { tools: tools.map(({ name, description, parameters }) => ({ name, description, input_schema: parameters })) }),
    ...(typeof format === 'object'
      ? { output_config: { format: { type: 'json_schema', schema: format.schema } } }
      : {}),
    ...(user === undefined ? {} : { metadata: { user_id: user } }),
    ...(temperature === undefined ? {} : { temperature }),
  };
}

function readWhole(exchange: Exchange, asked: Asked, target: Target): Told {
  const value = parsedObject(exchange.text);
  const usage = isObject(value?.usage) ? value.usage : undefined;
  const blocks = objectsOf(value?.content);
  const texts = blocks.flatMap(({ type, text }) => (type === 'text' ? [textOf(text) ?? ''] : []));
  return {
    ...NOTHING,
    text: texts.length === 0 ? undefined : texts.join(''),
    tool_calls: blocks.flatMap(({ type, name, input }) =>
      type === 'tool_use'
        ? [{ name: textOf(name) ?? '', arguments: input === undefined ? '' : JSON.stringify(input) }]
        : [],
    ),
    finish: textOf(value?.stop_reason),
    counts: countsOf('anthropic', usage),
    reported_usd: asked.operation === 'cost_lookup' ? lookedUpUsd(target, value) : reportedUsd(target, exchange, usage),
    model: textOf(value?.model),
    request_id: requestIdOf(exchange, value?.request_id ?? value?.id),
    error: errorOf(value),
    models: asked.operation === 'models' ? objectsOf(value?.data).map(({ id }) => textOf(id) ?? '') : [],
    isEnded: exchange.end === 'whole',
    faults:
      exchange.status < 300 && value === undefined && exchange.end === 'whole' ? ['the answer is no JSON object'] : [],
  };
}
