/**
 * What a route takes in a minute, counted from the first request of each, and the headers that tell it: OpenAI's words or
 * Anthropic's. What is left falls by what was asked and made, and is whole again when the minute is over.
 */
import { MS_PER_MINUTE } from '../../units.ts';
import type { BilledCounts } from './bill.ts';
import type { RouteSpec, StandInApi } from './spec.ts';

type Headers = Readonly<Record<string, string>>;

export class Allowance {
  readonly #spec: RouteSpec['allowance'];
  #until_ms = Number.NEGATIVE_INFINITY;
  #requests = 0;
  #tokens = 0;

  constructor(spec: RouteSpec['allowance']) {
    this.#spec = spec;
  }

  /** Seconds until it takes more; undefined: it is taken, and counts. */
  refuses(now_ms: number): number | undefined {
    if (now_ms >= this.#until_ms) {
      this.#until_ms = now_ms + MS_PER_MINUTE;
      this.#requests = 0;
      this.#tokens = 0;
    }
    const { requests_per_minute, tokens_per_minute } = this.#spec;
    if (this.#requests >= requests_per_minute || this.#tokens >= tokens_per_minute)
      return (this.#until_ms - now_ms) / 1000;
    this.#requests++;
    return undefined;
  }

  use({ images: _, ...tokens }: BilledCounts): void {
    for (const count of Object.values(tokens)) this.#tokens += count;
  }

  headers(api: StandInApi, now_ms: number): Headers {
    const { requests_per_minute, tokens_per_minute } = this.#spec;
    const left = {
      requests: Math.max(0, requests_per_minute - this.#requests),
      tokens: Math.max(0, tokens_per_minute - this.#tokens),
    };
    const until_ms = Math.max(now_ms, this.#until_ms);
    return api === 'anthropic'
      ? {
          'anthropic-ratelimit-requests-limit': String(requests_per_minute),
          'anthropic-ratelimit-requests-remaining': String(left.requests),
          'anthropic-ratelimit-requests-reset': new Date(until_ms).toISOString(),
          'anthropic-ratelimit-tokens-limit': String(tokens_per_minute),
          'anthropic-ratelimit-tokens-remaining': String(left.tokens),
          'anthropic-ratelimit-tokens-reset': new Date(until_ms).toISOString(),
        }
      : {
          'x-ratelimit-limit-requests': String(requests_per_minute),
          'x-ratelimit-remaining-requests': String(left.requests),
          'x-ratelimit-reset-requests': `${Math.ceil((until_ms - now_ms) / 1000)}s`,
          'x-ratelimit-limit-tokens': String(tokens_per_minute),
          'x-ratelimit-remaining-tokens': String(left.tokens),
          'x-ratelimit-reset-tokens': `${Math.ceil((until_ms - now_ms) / 1000)}s`,
        };
  }
}
