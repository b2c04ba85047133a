/**
 * All probes, in the order of the table. A probe has an id, the trap that it is about, what is done and required in words,
 * the behaviour of the seller by model, and `run`, which looks at the client's bytes, the seller's counters and, of this
 * router, log and metrics. Further:
 *
 *   policy       what must be set up for it: fallback, retries, timeouts, weights, breaker, budget, costs
 *   lookAnyway   it is run, though not judged, where that can't be set up
 *   reads        it is about what only a gateway can do that reads what it carries
 *   gateway      it is about a gateway alone
 *   alone        nothing else may run at the time
 */
import clients from './probes/clients.mjs';
import failures from './probes/failures.mjs';
import money from './probes/money.mjs';
import streams from './probes/streams.mjs';

export const PROBES = [...streams, ...failures, ...clients, ...money];

/** Traps that gateways for language models have fallen into, by the numbers that probes bear. */
export const TRAPS = {
  1: 'Failing over after the first byte',
  2: 'A truncated stream taken as a success',
  3: 'An error inside a 200',
  4: 'Billed twice on a retry',
  5: 'Retries that multiply',
  6: 'Retry-After ignored or lost',
  7: 'A used-up quota retried',
  8: 'No usage in streams',
  10: 'Cached tokens priced twice',
  11: 'An unknown price taken as 0',
  12: 'Budgets raced past',
  13: 'A client that left, a seller that goes on',
  15: 'A stall without an end',
  16: 'Addresses and headers from the client',
  18: 'Errors in another shape',
  19: 'Characters split between chunks',
  20: 'Comments and line ends in streams',
  21: 'Connections reused too late',
  22: 'No backpressure',
  23: 'Buffering before the first token',
  24: 'Encodings and headers of one hop',
  26: 'Nobody left to ask',
};
