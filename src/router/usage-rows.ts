/**
 * The ledger as rows of a trace: the columns of the project's own format, which can be replayed, and beside them attempt,
 * route, outcome, billing and cost. What was not billed has no tokens and a failed status; a status that none came for is
 * written as the code that says the same: 408, 499, 503, and 502 for an answer that broke off or held an error. A row per attempt, or one per request: its answer's.
 */

import type { CsvCell } from '../io/write-csv.ts';
import { COUNT_METERS, NO_COUNTS } from '../meters.ts';
import type { Routes } from '../routing/route.ts';
import { type AttemptEntry, costOfAll, type RequestEntry } from './ledger.ts';

export const USAGE_COLUMNS = [
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
  'billing',
  'cost_usd',
  'cost_status',
  'client',
  'model_asked',
] as const;
export type UsageRow = Readonly<Partial<Record<string, CsvCell>>>;

const STATUS_OF: Readonly<Record<string, number>> = { answered: 200, timeout: 408, cancelled: 499 };
const whole = (ms: number | undefined): number | undefined => (ms === undefined ? undefined : Math.round(ms));

export function attemptRows(entry: RequestEntry, routes: Routes): UsageRow[] {
  return entry.attempts.map((attempt) => ({
    ...about(entry, attempt, routes),
    time: new Date(attempt.time_ms).toISOString(),
    status: statusOf(attempt),
    latency_ms: whole(attempt.latency_ms),
    ttft_ms: whole(attempt.ttft_ms),
    attempt: attempt.attempt,
    outcome: attempt.result,
    billing: attempt.billing,
    cost_usd: attempt.cost.usd,
    cost_status: attempt.cost.status,
  }));
}

/** One row, even where no attempt was made; tokens are those of the attempt that was billed. */
export function requestRow(entry: RequestEntry, routes: Routes): UsageRow {
  const last = entry.attempts.findLast(({ counts }) => counts !== undefined) ?? entry.attempts.at(-1);
  const { usd, status } = costOfAll(entry.attempts);
  return {
    ...(last === undefined ? blank(entry) : about(entry, last, routes)),
    time: new Date(entry.time_ms).toISOString(),
    status: entry.status === 0 ? 499 : entry.outcome === 'truncated' ? 502 : entry.status,
    latency_ms: whole(entry.latency_ms),
    ttft_ms: whole(entry.ttft_ms),
    attempt: entry.attempts.length,
    outcome: entry.outcome,
    billing: last?.billing,
    cost_usd: usd,
    cost_status: status,
  };
}

function about(entry: RequestEntry, { route, counts }: AttemptEntry, routes: Routes): UsageRow {
  const { seller, model, tier } = routes[route]!;
  return { ...blank(entry), seller, model, tier, ...counts, route };
}

const blank = ({ feature, user, team, id, client, model }: RequestEntry): UsageRow => ({
  ...NO_COUNTS,
  feature,
  user,
  team,
  request: id,
  client,
  model_asked: model,
});

const statusOf = ({ status, result }: AttemptEntry): number =>
  result !== 'answered' && status >= 200 && status < 300
    ? (STATUS_OF[result] ?? 502)
    : status === 0
      ? (STATUS_OF[result] ?? 503)
      : status;
