/**
 * Columns of attempts written as a trace: those of the project's own format, then which request and attempt a row is, by which
 * route, and how it ended. A replay and a router write the same, so that either can be read back and held against the other.
 */
import { COUNT_METERS } from '../meters.ts';

/** Which request and attempt a row is, by which route, and how it ended. */
export const ATTEMPT_DETAILS = ['request', 'attempt', 'route', 'outcome'] as const;
/** What the router tells of an attempt beside that. */
export const ROUTER_DETAILS = ['billing', 'cost_usd', 'cost_status', 'client', 'model_asked', 'tags'] as const;
/** The outcome of a request that was answered from the router's response cache. */
export const CACHED = 'cached';

export const ATTEMPT_COLUMNS = [
  'time',
  'seller',
  'model',
  'tier',
  ...COUNT_METERS,
  'feature',
  'user',
  'team',
  'status',
  'latency_ms',
  'ttft_ms',
  ...ATTEMPT_DETAILS,
] as const;
