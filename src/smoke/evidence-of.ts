/** An exchange as it is kept: times, usage and costs as they were seen; texts and keys taken out, also where they are echoed. */
import type { CheckId, Evidence } from '../measurements/contract.ts';
import { COUNT_METERS } from '../meters.ts';
import type { Seen } from './check.ts';
import type { Call } from './exchange.ts';
import type { Redaction } from './redact.ts';

export interface EvidenceFacts {
  readonly target: string;
  readonly check: CheckId;
  readonly round: number | undefined;
  readonly call: Call;
  /** Texts that were sent, which an answer may repeat. */
  readonly prompts: readonly string[];
}

export function evidenceOf(
  { id, exchange, told, computed_usd }: Seen,
  { target, check, round, call, prompts }: EvidenceFacts,
  { headers, text }: Redaction,
): Evidence {
  const { started_ms, end, status, events, first_byte_ms, total_ms, failure } = exchange;
  const { counts } = told;
  const struck = (name: string | undefined): string | null => (name === undefined ? null : text(name));
  return {
    id,
    target,
    check,
    round: round ?? null,
    started_at: new Date(started_ms).toISOString(),
    operation: call.operation,
    is_stream: call.isStream,
    status: status === 0 ? null : status,
    end,
    first_byte_ms: first_byte_ms ?? null,
    first_token_ms: told.first_token_ms ?? null,
    total_ms,
    largest_gap_ms: largestGap(events.map(({ at_ms }) => at_ms)),
    events: events.length,
    counts: counts === undefined ? null : pickCounts(counts),
    model: struck(told.model),
    request_id: struck(told.request_id),
    reported_usd: told.reported_usd ?? null,
    computed_usd: computed_usd ?? null,
    headers: headers(exchange.headers),
    request: text(typeof call.body === 'string' ? call.body : JSON.stringify(call.body ?? {})),
    answer: text(
      withoutPrompts(
        failure ?? (events.length > 0 ? events.map(({ data }) => data).join('\n') : exchange.text),
        prompts,
      ),
    ),
  };
}

/** Shorter texts are ordinary words. */
const LEAST_CHARACTERS = 12;

/** As they were sent, and as JSON writes them. */
const withoutPrompts = (answer: string, prompts: readonly string[]): string =>
  prompts
    .filter((prompt) => prompt.length >= LEAST_CHARACTERS)
    .flatMap((prompt) => [prompt, JSON.stringify(prompt).slice(1, -1)])
    .reduce((left, prompt) => left.replaceAll(prompt, `[${prompt.length} characters]`), answer);

const pickCounts = (counts: Readonly<Record<string, number>>): NonNullable<Evidence['counts']> =>
  Object.fromEntries(COUNT_METERS.map((meter) => [meter, counts[meter] ?? 0])) as NonNullable<Evidence['counts']>;

function largestGap(times: readonly number[]): number | null {
  if (times.length < 2) return null;
  return Math.max(...times.slice(1).map((at, i) => at - times[i]!));
}
