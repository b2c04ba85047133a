/**
 * Columns of attempts written as a trace: those of the project's own format, then which request and attempt a row is, by which
 * route, and how it ended. A replay and a router write the same, so that either can be read back and held against the other.
 */
import { COUNT_METERS } from '../meters.ts';

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
  'request',
  'attempt',
  'route',
  'outcome',
] as const;
