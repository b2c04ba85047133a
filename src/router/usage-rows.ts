/**
 * The ledger as rows of a trace: the columns of the project's own format, which can be replayed, and beside them attempt,
 * route, outcome, billing and cost. What was not billed has no tokens and a failed status; a status that none came for is
 * written as the code that says the same: 408, 499, 503, and 502 for an answer that broke off or held an error.
 *
 * A row per attempt, or one per request: its answer's. A request without an attempt has a row too, so that none is missing:
 * `cached` with status 200, no tokens and a cost of 0, under the route that had answered, which readers leave out and count
 * as they do with other gateways' caches; `refused`, `limited` and `no_route` with the client's status, failed requests. Only
 * clients without a valid key leave no row; metrics count them.
 */

import type { CsvCell } from '../io/write-csv.ts';
import { COUNT_METERS, NO_COUNTS } from '../meters.ts';
import type { Routes } from '../routing/route.ts';
import { ATTEMPT_COLUMNS, ROUTER_DETAILS } from '../trace/attempt-columns.ts';
import { type AttemptEntry, type Cost, costOfAll, type RequestEntry } from './ledger.ts';

export const USAGE_COLUMNS = [...ATTEMPT_COLUMNS, ...ROUTER_DETAILS] as const;
/** In the order of USAGE_COLUMNS. */
export type UsageRow = CsvCell[];

const STATUS_OF: Readonly<Record<string, number>> = { answered: 200, timeout: 408, cancelled: 499 };
const whole = (ms: number | undefined): number | undefined => (ms === undefined ? undefined : Math.round(ms));

export const attemptRows = (entry: RequestEntry, routes: Routes): UsageRow[] =>
  entry.attempts.length === 0
    ? [requestRow(entry, routes)]
    : entry.attempts.map((attempt) => rowOf(entry, attempt, attempt.route, routes, toldOf(attempt)));

const toldOf = (attempt: AttemptEntry): Told => ({
  time_ms: attempt.time_ms,
  latency_ms: attempt.latency_ms,
  ttft_ms: attempt.ttft_ms,
  status: statusOf(attempt),
  attempt: attempt.attempt,
  outcome: attempt.result,
  billing: attempt.billing,
  cost: attempt.cost,
});

/** One row, even where no attempt was made; tokens are those of the attempt that was billed. */
export function requestRow(entry: RequestEntry, routes: Routes): UsageRow {
  const { attempts, outcome, status } = entry;
  const last = attempts.findLast(({ counts }) => counts !== undefined) ?? attempts.at(-1);
  return rowOf(entry, last, last?.route ?? entry.cached_route, routes, {
    time_ms: entry.time_ms,
    latency_ms: entry.latency_ms,
    ttft_ms: entry.ttft_ms,
    outcome,
    status: status === 0 ? 499 : outcome === 'truncated' ? 502 : status,
    attempt: attempts.length,
    billing: last === undefined ? 'not_sent' : last.billing,
    cost: costOfAll(attempts),
  });
}

/** What a row says of an attempt, or of the request as a whole. */
interface Told extends Pick<RequestEntry, 'time_ms' | 'latency_ms' | 'ttft_ms' | 'status'> {
  readonly attempt: number;
  readonly outcome: string;
  readonly billing: string | undefined;
  readonly cost: Cost;
}

function rowOf(
  entry: RequestEntry,
  last: AttemptEntry | undefined,
  name: string | undefined,
  routes: Routes,
  told: Told,
): UsageRow {
  const route = name === undefined ? undefined : routes[name];
  const row: UsageRow = [instantOf(told.time_ms), route?.seller, route?.model, route?.tier];
  const counts = last?.counts ?? NO_COUNTS;
  for (const meter of COUNT_METERS) row.push(counts[meter]);
  row.push(
    entry.feature,
    entry.user,
    entry.team,
    told.status,
    whole(told.latency_ms),
    whole(told.ttft_ms),
    entry.id,
    told.attempt,
    name,
    told.outcome,
    told.billing,
    told.cost.usd,
    told.cost.status,
    entry.client,
    entry.model,
    Object.keys(entry.tags).length === 0 ? undefined : JSON.stringify(entry.tags),
  );
  return row;
}

let last_ms = Number.NaN;
let last_instant = '';

/** Of a busy router many requests begin in the same millisecond. */
function instantOf(ms: number): string {
  if (ms !== last_ms) {
    last_ms = ms;
    last_instant = new Date(ms).toISOString();
  }
  return last_instant;
}

const statusOf = ({ status, result }: AttemptEntry): number =>
  result !== 'answered' && status >= 200 && status < 300
    ? (STATUS_OF[result] ?? 502)
    : status === 0
      ? (STATUS_OF[result] ?? 503)
      : status;
