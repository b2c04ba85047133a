/** One attempt as an observer of a replay sees it. The same object is filled again for each: copy what is to stay. */
import { METER_COUNT, type ReplayBatch } from './columns.ts';

export interface ReplayAttempt {
  batch: ReplayBatch;
  /** Row in the batch. */
  row: number;
  /** Of the request in the trace, from 0. */
  request: number;
  /** Of the request, from 1. */
  attempt: number;
  /** Place in the policies' routes. */
  route: number;
  time_ms: number;
  /** HTTP status, or one of outcomes.ts. */
  status: number;
  /** Below 0: not known. */
  latency_ms: number;
  first_token_ms: number;
  /** Place in SERVICE_TIERS. */
  tier: number;
  /** Whether it is billed; then `counts` tells what, by place in COUNT_METERS, else they are 0. */
  isBilled: boolean;
  /** Sent a second time by a client that did not wait. */
  isDuplicate: boolean;
  /** The one attempt that an open breaker lets through, or one made although it is open. */
  isProbe: boolean;
  isLastResort: boolean;
  readonly counts: Float64Array;
}

export type OnAttempt = (attempt: ReplayAttempt) => void;

export const createAttempt = (batch: ReplayBatch): ReplayAttempt => ({
  batch,
  row: 0,
  request: 0,
  attempt: 0,
  route: 0,
  time_ms: 0,
  status: 0,
  latency_ms: -1,
  first_token_ms: -1,
  tier: 0,
  isBilled: false,
  isDuplicate: false,
  isProbe: false,
  isLastResort: false,
  counts: new Float64Array(METER_COUNT),
});
