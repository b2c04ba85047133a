/**
 * Usage as clients report it, taken apart into exclusive counts: every token under exactly one meter.
 *
 *   leaf = what is reported - what is reported inside it; a negative leaf is an error that names both numbers
 *
 * Inclusive (OpenAI, Google, most others): the prompt's total holds cached, written, audio and image tokens, the answer's
 * total reasoning and audio ones; cached audio is counted as cached and as audio. Exclusive (Anthropic): input stands
 * beside cache reads and writes; thinking is within the output and not told apart.
 * Example: 262,960 prompt tokens of which 257,955 cached are 5,005 input and 257,955 cache read tokens. Above a cliff at
 * 2.50/0.625/15 with 1,744 output tokens they cost 0.199894375 USD; adding the cached ones to the whole prompt: 0.844781875.
 */
import { type Diagnostic, InputError, problem } from '../errors.ts';
import { type Counts, NO_COUNTS } from '../meters.ts';

export const USAGE_CONVENTIONS = ['inclusive', 'exclusive'] as const;
export type UsageConvention = (typeof USAGE_CONVENTIONS)[number];

/** `prompt_tokens` and `completion_tokens` are totals; all else is part of them. */
export interface InclusiveUsage {
  readonly prompt_tokens: number;
  readonly cached_tokens?: number | undefined;
  readonly cache_write_tokens?: number | undefined;
  readonly audio_prompt_tokens?: number | undefined;
  /** Part of the cached and of the audio tokens. */
  readonly cached_audio_tokens?: number | undefined;
  readonly image_prompt_tokens?: number | undefined;
  readonly completion_tokens: number;
  readonly reasoning_tokens?: number | undefined;
  readonly audio_completion_tokens?: number | undefined;
  readonly image_completion_tokens?: number | undefined;
  readonly citation_tokens?: number | undefined;
}

/** Counts stand beside each other; the two lives of a write are parts of its total. */
export interface ExclusiveUsage {
  readonly input_tokens: number;
  readonly cache_read_input_tokens?: number | undefined;
  /** The total of writes, of five minutes where it is not split. */
  readonly cache_creation_input_tokens?: number | undefined;
  readonly ephemeral_5m_input_tokens?: number | undefined;
  readonly ephemeral_1h_input_tokens?: number | undefined;
  readonly output_tokens: number;
}

export interface ReportedUsage {
  readonly inclusive: InclusiveUsage;
  readonly exclusive: ExclusiveUsage;
}

type Reported = Readonly<Record<string, number | undefined>>;

/** The exclusive counts, or one InputError with every count that does not fit. */
export function decompose<C extends UsageConvention>(convention: C, usage: ReportedUsage[C]): Counts {
  const reported = { ...usage } as Reported;
  const found: Diagnostic[] = [];
  for (const name in reported) {
    const count = reported[name];
    if (count !== undefined && (!Number.isSafeInteger(count) || count < 0))
      found.push(problem('USAGE_LEAF', name, `${count} is no count; allowed are 0, 1, 2, …`));
  }
  if (found.length > 0) throw new InputError(found);
  const counts = convention === 'inclusive' ? fromTotals(reported, found) : fromLeaves(reported, found);
  if (found.length > 0) throw new InputError(found);
  return counts;
}

const IN_PROMPT = ['cached_tokens', 'cache_write_tokens', 'audio_prompt_tokens', 'image_prompt_tokens'];
const IN_COMPLETION = ['reasoning_tokens', 'audio_completion_tokens', 'image_completion_tokens', 'citation_tokens'];
const IN_CACHED = ['cached_audio_tokens'];

function fromTotals(usage: Reported, found: Diagnostic[]): Counts {
  const of = (name: string): number => usage[name] ?? 0;
  const leaf = (name: string, parts: readonly string[]): number => leafOf(usage, name, parts, found);
  const audio_cache_read_tokens = of('cached_audio_tokens');
  const cache_read_tokens = leaf('cached_tokens', IN_CACHED);
  const audio_input_tokens = leaf('audio_prompt_tokens', IN_CACHED);
  return {
    ...NO_COUNTS,
    input_tokens: leafOf(usage, 'prompt_tokens', IN_PROMPT, found, audio_cache_read_tokens),
    cache_read_tokens,
    cache_write_5m_tokens: of('cache_write_tokens'),
    audio_input_tokens,
    audio_cache_read_tokens,
    image_input_tokens: of('image_prompt_tokens'),
    output_tokens: leaf('completion_tokens', IN_COMPLETION),
    reasoning_tokens: of('reasoning_tokens'),
    audio_output_tokens: of('audio_completion_tokens'),
    image_output_tokens: of('image_completion_tokens'),
    citation_tokens: of('citation_tokens'),
  };
}

function fromLeaves(usage: Reported, found: Diagnostic[]): Counts {
  const of = (name: string): number => usage[name] ?? 0;
  const [five, hour] = [usage.ephemeral_5m_input_tokens, of('ephemeral_1h_input_tokens')];
  const total = usage.cache_creation_input_tokens ?? (five ?? 0) + hour;
  if (total < (five ?? 0) + hour || (five !== undefined && total !== five + hour)) {
    const message = `the writes of five minutes and of an hour are ${(five ?? 0) + hour} tokens, their total is given as ${total}`;
    found.push(problem('USAGE_LEAF', 'cache_creation_input_tokens', message));
  }
  return {
    ...NO_COUNTS,
    input_tokens: of('input_tokens'),
    cache_read_tokens: of('cache_read_input_tokens'),
    cache_write_5m_tokens: total - hour,
    cache_write_1h_tokens: hour,
    output_tokens: of('output_tokens'),
  };
}

/** What is left of a count after its parts; `shared` tokens are in two of the parts and are taken out once. */
function leafOf(usage: Reported, name: string, parts: readonly string[], found: Diagnostic[], shared = 0): number {
  const told = usage[name] ?? 0;
  let inside = -shared;
  for (const part of parts) inside += usage[part] ?? 0;
  const rest = told - inside;
  if (rest < 0) {
    const given = parts.filter((part) => (usage[part] ?? 0) > 0);
    const message = `${told} is less than the ${inside} tokens inside it (${given.map((part) => `${part} ${usage[part]}`).join(', ')})`;
    found.push(problem('USAGE_LEAF', name, message));
  }
  return rest;
}
