/**
 * What became of a request, attempt by attempt: where it went, how it ended, whether it is billed and what it cost.
 *
 *   not_sent   no byte left: no connection stood, or none was let in       0 USD
 *   refused    the seller answered with an error                          0 USD
 *   billed     it answered, whole or in part                              usage x price, or an estimate
 *   unknown    it was sent and nothing came back in time                  unknown
 *
 * A cost is exact (reported usage, known price), estimated (tokens that were seen) or unpriced. The sum of a request is
 * estimated as soon as an attempt may have been billed and is not known, and unknown where no other was.
 */
import { answerTokens, type Counts, promptTokens } from '../meters.ts';
import type { FailureKind } from '../routing/outcome.ts';
import { UNPRICED } from '../routing/route-price.ts';
import { NANO_USD } from '../trace/request.ts';

export type Billing = 'not_sent' | 'refused' | 'billed' | 'unknown';
export type CostStatus = 'exact' | 'estimated' | 'unpriced';

export interface Cost {
  /** Null: unpriced, or not known at all. */
  readonly usd: number | null;
  readonly status: CostStatus;
}

export const FREE: Cost = { usd: 0, status: 'exact' };
export const UNKNOWN_COST: Cost = { usd: null, status: 'unpriced' };

export interface AttemptEntry {
  readonly route: string;
  /** Of the request, from 1. */
  readonly attempt: number;
  readonly time_ms: number;
  readonly latency_ms: number;
  /** Undefined: no byte of an answer came. */
  readonly ttft_ms: number | undefined;
  readonly result: 'answered' | FailureKind;
  /** HTTP status; 0: none came. */
  readonly status: number;
  readonly billing: Billing;
  /** Undefined: not known. */
  readonly counts: Counts | undefined;
  readonly cost: Cost;
}

/** `cached`: from the response cache. `refused`: a budget was in the way. `limited`: a rate limit of the router's own was. */
export type RequestOutcome =
  | 'answered'
  | 'cached'
  | 'truncated'
  | 'failed'
  | 'refused'
  | 'limited'
  | 'cancelled'
  | 'no_route';

/** Who asked for what, as far as it was said. */
export interface Attribution {
  readonly client: string;
  readonly team: string | undefined;
  readonly user: string | undefined;
  readonly feature: string | undefined;
  /** What else was said of it, by name. */
  readonly tags: Readonly<Record<string, string>>;
}

export interface RequestEntry extends Attribution {
  readonly id: string;
  readonly operation: string;
  readonly model: string;
  readonly isStream: boolean;
  readonly time_ms: number;
  readonly latency_ms: number;
  /** Latency less all waiting for sellers, for backoffs and for the client. */
  readonly overhead_ms: number;
  readonly ttft_ms: number | undefined;
  readonly outcome: RequestOutcome;
  /** Status that the client got; 0: none. */
  readonly status: number;
  readonly attempts: readonly AttemptEntry[];
  /** The route whose kept answer it was; only of `cached`. */
  readonly cached_route: string | undefined;
}

export function costOfAll(attempts: readonly AttemptEntry[]): Cost {
  const unknown = attempts.filter(({ billing }) => billing === 'unknown');
  const known = attempts.filter(({ billing }) => billing !== 'unknown');
  const isUnpriced = known.some(({ cost }) => cost.status === 'unpriced');
  const isUnheardOf = unknown.length > 0 && !known.some(({ billing }) => billing === 'billed');
  if (isUnpriced || isUnheardOf) return UNKNOWN_COST;
  const isExact = unknown.length === 0 && known.every(({ cost }) => cost.status === 'exact');
  const usd = known.reduce((sum, { cost }) => sum + (cost.usd ?? 0), 0);
  return { usd, status: isExact ? 'exact' : 'estimated' };
}

/** Tokens of prompt and answer over all attempts; undefined: one may have been billed, and nobody knows for what. */
export function tokensUsed(attempts: readonly AttemptEntry[]): number | undefined {
  let tokens = 0;
  for (const { counts, billing } of attempts) {
    if (counts !== undefined) tokens += promptTokens(counts) + answerTokens(counts);
    else if (billing === 'unknown' || billing === 'billed') return undefined;
  }
  return tokens;
}

/** As budgets are told: what is not known stays as it was reserved. */
export const nanoUsd = ({ usd }: Cost): number => (usd === null ? UNPRICED : usd * NANO_USD);

/** The entry of one request while it is made. */
export class RequestLedger {
  readonly attempts: AttemptEntry[] = [];
  ttft_ms: number | undefined;
  readonly attribution: Attribution;
  readonly #about: Pick<RequestEntry, 'id' | 'operation' | 'model' | 'isStream' | 'time_ms'>;
  readonly #started = performance.now();
  #waited_ms = 0;

  constructor(
    attribution: Attribution,
    about: Pick<RequestEntry, 'id' | 'operation' | 'model' | 'isStream' | 'time_ms'>,
  ) {
    this.attribution = attribution;
    this.#about = about;
  }

  /** Number of the attempt that is told next. */
  get next(): number {
    return this.attempts.length + 1;
  }

  /** Time that was not the router's own. */
  waited(ms: number): void {
    this.#waited_ms += ms;
  }

  get overhead_ms(): number {
    return Math.max(0, performance.now() - this.#started - this.#waited_ms);
  }

  get latency_ms(): number {
    return performance.now() - this.#started;
  }

  end(outcome: RequestOutcome, status: number, cached_route?: string): RequestEntry {
    const { attempts, ttft_ms, latency_ms, overhead_ms } = this;
    const { client, team, user, feature, tags } = this.attribution;
    const { id, operation, model, isStream, time_ms } = this.#about;
    return {
      client,
      team,
      user,
      feature,
      tags,
      id,
      operation,
      model,
      isStream,
      time_ms,
      latency_ms,
      overhead_ms,
      ttft_ms,
      outcome,
      status,
      attempts,
      cached_route,
    };
  }
}
