/**
 * What a seller says it used, as exclusive counts. OpenAI's words hold for all who speak its API; Anthropic's usage comes in
 * parts while a stream runs. Usage that is absent or contradicts itself is undefined: unknown is never 0.
 */
import { InputError } from '../errors.ts';
import { type Counts, NO_COUNTS, type ServiceTier } from '../meters.ts';
import { decompose } from '../pricing/decompose.ts';
import type { UpstreamApi } from './config.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const count = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);
const inside = (value: unknown): JsonObject => (isObject(value) ? value : {});

export function countsOf(api: UpstreamApi, usage: unknown): Counts | undefined {
  if (!isObject(usage)) return undefined;
  try {
    return api === 'anthropic' ? exclusive(usage) : inclusive(usage);
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

function inclusive(usage: JsonObject) {
  const prompt = count(usage.prompt_tokens) ?? count(usage.input_tokens);
  if (prompt === undefined) return undefined;
  const isImages = usage.prompt_tokens === undefined;
  const [asked, told] = [
    inside(usage.prompt_tokens_details ?? usage.input_tokens_details),
    inside(usage.completion_tokens_details ?? usage.output_tokens_details),
  ];
  const answer = count(usage.completion_tokens) ?? count(usage.output_tokens) ?? 0;
  return decompose('inclusive', {
    prompt_tokens: prompt,
    cached_tokens: count(asked.cached_tokens) ?? count(usage.prompt_cache_hit_tokens),
    cache_write_tokens: count(asked.cache_write_tokens),
    audio_prompt_tokens: count(asked.audio_tokens),
    image_prompt_tokens: isImages ? count(asked.image_tokens) : undefined,
    completion_tokens: answer,
    reasoning_tokens: count(told.reasoning_tokens),
    audio_completion_tokens: count(told.audio_tokens),
    image_completion_tokens: isImages ? answer : count(told.image_tokens),
  });
}

function exclusive(usage: JsonObject) {
  const input = count(usage.input_tokens);
  if (input === undefined) return undefined;
  const writes = inside(usage.cache_creation);
  const counts = decompose('exclusive', {
    input_tokens: input,
    cache_read_input_tokens: count(usage.cache_read_input_tokens),
    cache_creation_input_tokens: count(usage.cache_creation_input_tokens),
    ephemeral_5m_input_tokens: count(writes.ephemeral_5m_input_tokens),
    ephemeral_1h_input_tokens: count(writes.ephemeral_1h_input_tokens),
    output_tokens: count(usage.output_tokens) ?? 0,
  });
  return { ...counts, web_searches: count(inside(usage.server_tool_use).web_search_requests) ?? 0 };
}

/** Counts of a whole JSON answer; images that are billed by the piece have no tokens. */
export function countsOfAnswer(api: UpstreamApi, answer: JsonObject, isImages: boolean): Counts | undefined {
  const counts = countsOf(api, answer.usage);
  if (counts !== undefined || !isImages || answer.usage !== undefined) return counts;
  return Array.isArray(answer.data) ? { ...NO_COUNTS, images: answer.data.length } : undefined;
}

/** The tier that an answer says it was served at, Anthropic's within its usage; undefined where it does not say. */
export function tierOf({ service_tier, usage }: JsonObject): ServiceTier | undefined {
  const { service_tier: within, speed } = inside(usage);
  const told = service_tier ?? within;
  if (speed === 'fast') return speed;
  if (told === 'flex' || told === 'priority') return told;
  return told === 'default' || told === 'standard' ? 'standard' : undefined;
}
