/**
 * What is asked, and what was told, in words that hold for both APIs: OpenAI's chat completions and Anthropic's messages. A
 * dialect writes calls from the one and reads exchanges into the other; checks speak neither.
 */
import type { Counts } from '../meters.ts';
import type { Call, Exchange } from './exchange.ts';
import type { Target } from './target.ts';

export interface AskedTool {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of its arguments. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** A request in words. Prompts are the suite's own; none comes from a file. */
export type Asked = {
  /** Most tokens of its prompt and of its answer, for the plan and the reservation. */
  readonly prompt_tokens: number;
  readonly output_tokens: number;
  readonly key?: 'own' | 'wrong' | 'none';
  readonly headers?: Readonly<Record<string, string>>;
  readonly leave_after_events?: number;
  readonly timeout_ms?: number;
} & (
  | {
      readonly operation: 'chat';
      readonly system?: string;
      readonly prompt: string;
      readonly isStream?: boolean;
      readonly model?: string;
      readonly tools?: readonly AskedTool[];
      /** Text that is JSON, or JSON of a schema. */
      readonly format?: 'json' | { readonly name: string; readonly schema: Readonly<Record<string, unknown>> };
      /** A long prefix is marked for the prompt cache where the API has marks. */
      readonly isCached?: boolean;
      readonly user?: string;
      readonly metadata?: Readonly<Record<string, string>>;
      readonly temperature?: number;
    }
  | { readonly operation: 'embeddings'; readonly texts: readonly string[]; readonly model?: string }
  | { readonly operation: 'images'; readonly prompt: string; readonly model?: string }
  | { readonly operation: 'models' }
  /** A body as it stands. */
  | { readonly operation: 'raw'; readonly body: string }
  /** What the target keeps of an earlier request. */
  | { readonly operation: 'cost_lookup'; readonly request_id: string }
);

export interface ToldToolCall {
  readonly name: string;
  /** As text; of a stream, joined. */
  readonly arguments: string;
}

export interface ToldError {
  readonly message: string;
  readonly type: string | undefined;
  readonly code: string | undefined;
  /** Which members the error object has, for a comparison of shapes. */
  readonly members: readonly string[];
}

/** An answer in words; undefined is what it does not tell. */
export interface Told {
  readonly text: string | undefined;
  readonly tool_calls: readonly ToldToolCall[];
  readonly finish: string | undefined;
  readonly counts: Counts | undefined;
  readonly reported_usd: number | undefined;
  readonly model: string | undefined;
  readonly request_id: string | undefined;
  readonly error: ToldError | undefined;
  readonly embeddings: readonly (readonly number[])[];
  readonly images: number;
  readonly models: readonly string[];
  /** Of a stream: milliseconds until the first content; whether the shape was right, and what was wrong. */
  readonly first_token_ms: number | undefined;
  readonly isEnded: boolean;
  readonly faults: readonly string[];
}

export interface Dialect {
  /** Why this API has no words for it; undefined: it has. */
  readonly lacks: (asked: Asked) => string | undefined;
  /** Only for what it has words for. */
  readonly call: (asked: Asked, target: Target) => Call;
  readonly read: (exchange: Exchange, asked: Asked, target: Target) => Told;
}
