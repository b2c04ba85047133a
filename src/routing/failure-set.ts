/**
 * Sets of failures as a policy names them: kinds, HTTP statuses, or both; compiled to one bit mask.
 *
 * Example: [rate_limited, 418] holds every rate limit and the one status 418. Each distinct status that a configuration
 * names takes a bit of its own above the kinds.
 * The defaults leave out what would fail anywhere (bad requests) and, for retries, what may have been billed already
 * (timeouts: OpenBitFun#2677, matthiasn/lotti#4338).
 */
import * as z from 'zod';
import { FAILURE_KINDS, type FailureKind, kindOf, MAX_STATUSES, maskOf, RECOVERABLE_KINDS } from './outcome.ts';

export const failureSet = z
  .array(z.union([z.enum(RECOVERABLE_KINDS), z.int().min(400).max(599)]))
  .min(1)
  .describe('Kinds of failure, or HTTP statuses');
export type FailureSet = z.infer<typeof failureSet>;

/** Failures after which the next route of an order is tried, unless a policy says otherwise. */
export const FALLS_OVER: readonly FailureKind[] = [
  'rate_limited',
  'quota_exhausted',
  'overloaded',
  'server_error',
  'timeout',
  'connection',
  'unauthorised',
  'not_found',
  'breaker_open',
];

/** Failures after which the same route is tried again. */
export const RETRIES: readonly FailureKind[] = ['rate_limited', 'overloaded', 'server_error', 'connection'];

/** Failures that count against a route: the others say nothing about its health. */
export const COUNTS: readonly FailureKind[] = [
  'rate_limited',
  'quota_exhausted',
  'overloaded',
  'server_error',
  'timeout',
  'connection',
  'unauthorised',
  'not_found',
  'truncated',
];

/** The bit of each status that a configuration names; 0 for all others. */
export class StatusBits {
  readonly named: number[] = [];
  readonly #bits = new Int32Array(600);

  /** The mask of a set, or of `otherwise` where none is given. */
  mask(set: FailureSet | undefined, otherwise: readonly FailureKind[]): number {
    if (set === undefined) return maskOf(otherwise);
    return set.reduce<number>((mask, one) => mask | (typeof one === 'number' ? this.#bit(one) : maskOf([one])), 0);
  }

  get isFull(): boolean {
    return this.named.length > MAX_STATUSES;
  }

  /** The bits of a failed attempt. */
  of(result: number, status: number): number {
    if (kindOf(result) === undefined) throw new Error(`${result} is no failed attempt`);
    return (1 << (result - 1)) | (this.#bits[status] ?? 0);
  }

  #bit(status: number): number {
    if (this.#bits[status] === 0) {
      this.named.push(status);
      if (!this.isFull) this.#bits[status] = 1 << (FAILURE_KINDS.length + this.named.length - 1);
    }
    return this.#bits[status] as number;
  }
}
