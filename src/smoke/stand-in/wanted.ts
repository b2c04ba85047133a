/**
 * What a request wants, read from the body of either API the same way; or why it is refused, in the words that sellers use.
 * The prompt becomes one text, in the order in which sellers cache it: tools, system, messages.
 */

import { isObject, type JsonObject } from './json-object.ts';
import { modelCalled, type StandInModel } from './models.ts';
import { promptOf } from './prompt.ts';
import { badRequest, isRefusal, type Refusal } from './refusal.ts';
import type { StandInApi } from './spec.ts';

export interface WantedTool {
  readonly name: string;
  readonly schema: JsonObject;
}

export interface Wanted {
  readonly api: StandInApi;
  readonly model: StandInModel;
  readonly isStream: boolean;
  readonly tellsUsage: boolean;
  readonly prompt: string;
  readonly prompt_tokens: number;
  /** What stands before the last mark of the cache; undefined: nothing is marked, or the API has no marks. */
  readonly marked: { readonly text: string; readonly isHour: boolean } | undefined;
  readonly limit: number;
  /** The tool that it will call; undefined: none. */
  readonly tool: WantedTool | undefined;
  readonly format: 'text' | 'json' | { readonly schema: JsonObject };
  readonly last_words: string;
  readonly user: string | undefined;
  /** Texts to embed, or images to make. */
  readonly texts: readonly string[];
  readonly images: number;
}

export type WantedOperation = 'chat' | 'embeddings' | 'images';

export function wantedOf(api: StandInApi, operation: WantedOperation, text: string): Wanted | Refusal {
  const body = parsed(text);
  if (body === undefined) return badRequest('We could not parse the JSON body of your request.');
  if (typeof body.model !== 'string') return badRequest('you must provide a model parameter', 'model');
  const model = modelCalled(body.model);
  if (model === undefined || model.api !== api)
    return {
      status: 404,
      message: `The model \`${body.model.slice(0, 100)}\` does not exist or you do not have access to it.`,
      code: 'model_not_found',
      param: 'model',
    };
  if (model.does !== operation) return badRequest(`${model.name} is no model for ${operation}`, 'model');
  const wanted = operation === 'chat' ? chatOf(api, body, model) : piecesOf(api, operation, body, model);
  return isRefusal(wanted) ? wanted : fitting(wanted);
}

function parsed(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const PLAIN = { isStream: false, tellsUsage: true, marked: undefined, tool: undefined, format: 'text' } as const;

function chatOf(api: StandInApi, body: JsonObject, model: StandInModel): Wanted | Refusal {
  const { messages, stream, temperature, n } = body;
  if (!Array.isArray(messages) || messages.length === 0 || !messages.every(isObject))
    return badRequest("Invalid 'messages': expected an array of messages with at least one of them.", 'messages');
  if (stream !== undefined && stream !== null && typeof stream !== 'boolean')
    return badRequest("Invalid type for 'stream': expected a boolean.", 'stream');
  if (temperature !== undefined && !(typeof temperature === 'number' && temperature >= 0 && temperature <= 2))
    return badRequest("Invalid 'temperature': expected a number from 0 to 2.", 'temperature');
  if (n !== undefined && n !== 1) return badRequest("Invalid 'n': it makes one answer.", 'n');
  const limit = limitOf(api, body, model);
  if (typeof limit === 'object') return limit;
  const prompt = promptOf(api, body, messages);
  const format = formatOf(api, body, prompt.text);
  if (typeof format === 'object' && isRefusal(format)) return format;
  const { metadata, stream_options } = body;
  const user = api === 'anthropic' ? (isObject(metadata) ? metadata.user_id : undefined) : body.user;
  return {
    ...PLAIN,
    api,
    model,
    isStream: stream === true,
    tellsUsage: api === 'anthropic' || (isObject(stream_options) && stream_options.include_usage === true),
    prompt: prompt.text,
    prompt_tokens: prompt.tokens,
    marked: prompt.marked,
    limit,
    tool: toolOf(body, prompt.isToolResult),
    format,
    last_words: prompt.last_words,
    user: typeof user === 'string' ? user : undefined,
    texts: [],
    images: 0,
  };
}

function piecesOf(
  api: StandInApi,
  operation: WantedOperation,
  body: JsonObject,
  model: StandInModel,
): Wanted | Refusal {
  const isImages = operation === 'images';
  const given = isImages ? body.prompt : body.input;
  const texts = typeof given === 'string' ? [given] : Array.isArray(given) ? given : [];
  const name = isImages ? 'prompt' : 'input';
  if (texts.length === 0 || !texts.every((one): one is string => typeof one === 'string' && one !== ''))
    return badRequest(`Invalid '${name}': expected text.`, name);
  const tokens = texts.map((text) => promptOf(api, {}, [{ role: 'user', content: text }]).tokens);
  return {
    ...PLAIN,
    api,
    model,
    prompt: texts.join('\n'),
    prompt_tokens: isImages ? 0 : tokens.reduce((sum, one) => sum + one, 0),
    limit: 0,
    last_words: '',
    user: typeof body.user === 'string' ? body.user : undefined,
    texts: isImages ? [] : texts,
    images: isImages ? 1 : 0,
  };
}

function limitOf(api: StandInApi, body: JsonObject, { answer_tokens }: StandInModel): number | Refusal {
  const name = api === 'openai' && body.max_completion_tokens !== undefined ? 'max_completion_tokens' : 'max_tokens';
  const limit = body[name];
  if (limit === undefined || limit === null)
    return api === 'anthropic' ? badRequest('max_tokens: Field required', name) : answer_tokens;
  if (!Number.isSafeInteger(limit) || Number(limit) < 1)
    return badRequest(`Invalid '${name}': expected a whole number from 1 on.`, name);
  return Number(limit) <= answer_tokens
    ? Number(limit)
    : badRequest(`${name} is too large: ${limit}. This model makes at most ${answer_tokens} tokens.`, name);
}

function formatOf(api: StandInApi, body: JsonObject, prompt: string): Wanted['format'] | Refusal {
  if (api === 'anthropic') {
    const { format } = isObject(body.output_config) ? body.output_config : {};
    return isObject(format) && isObject(format.schema) ? { schema: format.schema } : 'text';
  }
  const { type, json_schema } = isObject(body.response_format) ? body.response_format : {};
  if (type === 'json_schema')
    return isObject(json_schema) && isObject(json_schema.schema)
      ? { schema: json_schema.schema }
      : badRequest("Missing required parameter: 'response_format.json_schema'.", 'response_format.json_schema');
  if (type !== 'json_object') return 'text';
  return /json/i.test(prompt)
    ? 'json'
    : badRequest(
        "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.",
      );
}

function toolOf({ tools, tool_choice }: JsonObject, isToolResult: boolean): WantedTool | undefined {
  if (!Array.isArray(tools) || tool_choice === 'none' || isToolResult) return undefined;
  const all = tools.filter(isObject).flatMap((tool) => {
    const { name, parameters, input_schema } = isObject(tool.function) ? tool.function : tool;
    const schema = isObject(parameters) ? parameters : isObject(input_schema) ? input_schema : {};
    return typeof name === 'string' ? [{ name, schema }] : [];
  });
  if (!isObject(tool_choice)) return all[0];
  if (tool_choice.type === 'none') return undefined;
  const chosen = isObject(tool_choice.function) ? tool_choice.function.name : tool_choice.name;
  return all.find(({ name }) => name === chosen) ?? all[0];
}

function fitting(wanted: Wanted): Wanted | Refusal {
  const { model, prompt_tokens, api } = wanted;
  if (prompt_tokens <= model.context_tokens) return wanted;
  return api === 'anthropic'
    ? badRequest(`prompt is too long: ${prompt_tokens} tokens > ${model.context_tokens} maximum`)
    : badRequest(
        `This model's maximum context length is ${model.context_tokens} tokens. However, your messages resulted in ${prompt_tokens} tokens.`,
        'messages',
        'context_length_exceeded',
      );
}
