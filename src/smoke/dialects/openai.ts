/** OpenAI's API as every gateway speaks it: chat completions, embeddings, images, models. Streams are read in openai-stream.ts. */
import { countsOfAnswer, isObject, type JsonObject } from '../../router/reported-usage.ts';
import type { Asked, Dialect, Told } from '../dialect.ts';
import type { Call, Called, Exchange } from '../exchange.ts';
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
import { costLookup, termsOf, type Way } from './call-terms.ts';
import { readStream } from './openai-stream.ts';

export const openai: Dialect = {
  lacks: () => undefined,
  call: (asked, target) => ({ ...wayOf(asked, target), ...termsOf(asked, target) }),
  read: (exchange, asked, target) => {
    const isStream = asked.operation === 'chat' && asked.isStream === true && exchange.status < 300;
    return isStream && exchange.events.length > 0 ? readStream(exchange, target) : readWhole(exchange, asked, target);
  },
};

const PATHS: Readonly<Record<Exclude<Asked['operation'], 'cost_lookup'>, readonly [Called, string]>> = {
  chat: ['chat', '/chat/completions'],
  raw: ['chat', '/chat/completions'],
  embeddings: ['embeddings', '/embeddings'],
  images: ['images', '/images/generations'],
  models: ['models', '/models'],
};

function wayOf(asked: Asked, target: Target): Way {
  if (asked.operation === 'cost_lookup') return costLookup(asked.request_id, target);
  const [operation, path] = PATHS[asked.operation];
  const isStream = asked.operation === 'chat' && asked.isStream === true;
  return {
    operation,
    path,
    method: asked.operation === 'models' ? 'GET' : 'POST',
    body: bodyOf(asked, target),
    isStream,
  };
}

function bodyOf(asked: Asked, target: Target): Call['body'] {
  switch (asked.operation) {
    case 'raw':
      return asked.body;
    case 'embeddings':
      return { model: asked.model ?? target.embeddings_model, input: asked.texts };
    case 'images':
      return {
        model: asked.model ?? target.images_model,
        prompt: asked.prompt,
        n: 1,
        size: '1024x1024',
      };
    case 'chat':
      return chatBody(asked, target);
    default:
      return undefined;
  }
}

function chatBody(asked: Extract<Asked, { operation: 'chat' }>, target: Target): JsonObject {
  const { system, prompt, tools, format, user, metadata, temperature } = asked;
  const schema = typeof format === 'object' ? { ...format, strict: true } : undefined;
  return {
    model: asked.model ?? target.model,
    messages: [
      ...(system === undefined ? [] : [{ role: 'system', content: system }]),
      { role: 'user', content: prompt },
    ],
    [target.output_limit]: asked.output_tokens,
    ...(asked.isStream === true ? { stream: true, stream_options: { include_usage: true } } : {}),
    ...(tools === undefined ? {} : { tools: tools.map((tool) => ({ type: 'function', function: tool })) }),
    ...(format === 'json' ? { response_format: { type: 'json_object' } } : {}),
    ...(schema === undefined ? {} : { response_format: { type: 'json_schema', json_schema: schema } }),
    ...(user === undefined ? {} : { user }),
    ...(metadata === undefined ? {} : { metadata }),
    ...(temperature === undefined ? {} : { temperature }),
  };
}

function readWhole(exchange: Exchange, asked: Asked, target: Target): Told {
  const value = parsedObject(exchange.text);
  const usage = isObject(value?.usage) ? value.usage : undefined;
  const choice = objectsOf(value?.choices)[0];
  const message = isObject(choice?.message) ? choice.message : undefined;
  const data = objectsOf(value?.data);
  return {
    ...NOTHING,
    text: textOf(message?.content),
    tool_calls: objectsOf(message?.tool_calls).flatMap(({ function: called }) =>
      isObject(called) ? [{ name: textOf(called.name) ?? '', arguments: textOf(called.arguments) ?? '' }] : [],
    ),
    finish: textOf(choice?.finish_reason),
    counts: value === undefined ? undefined : countsOfAnswer('openai', value, asked.operation === 'images'),
    reported_usd: asked.operation === 'cost_lookup' ? lookedUpUsd(target, value) : reportedUsd(target, exchange, usage),
    model: textOf(value?.model),
    request_id: requestIdOf(exchange, value?.id),
    error: errorOf(value),
    embeddings: asked.operation === 'embeddings' ? data.map(({ embedding }) => numbers(embedding)) : [],
    images: asked.operation === 'images' ? data.length : 0,
    models: asked.operation === 'models' ? data.map(({ id }) => textOf(id) ?? '') : [],
    isEnded: exchange.end === 'whole',
    faults:
      exchange.status < 300 && value === undefined && exchange.end === 'whole' ? ['the answer is no JSON object'] : [],
  };
}

const numbers = (value: unknown): readonly number[] =>
  Array.isArray(value) ? value.filter((one): one is number => typeof one === 'number') : [];
