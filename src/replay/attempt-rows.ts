/**
 * Attempts as a trace: rows of the project's own CSV format with attempt number, route and outcome beside it. Read again,
 * they roll up to the replay's own usage; what was not billed has no token, and a failed status.
 *
 * A status that is no HTTP status is written as the code that says the same: 408 for the client's timeout, 499 for one that
 * left, 503 for a connection that broke. A failure that was billed keeps its tokens.
 */
import { SERVICE_TIERS } from '../meters.ts';
import { UNSTATED } from '../routing/names.ts';
import type { ReplayAttempt } from './attempt.ts';
import { HTTP_STATUS, statusName } from './outcomes.ts';
import type { ReplayPlan } from './plan.ts';

/** What a row says beside its status. */
const outcomeOf = ({ isDuplicate, status }: ReplayAttempt): string =>
  isDuplicate ? 'duplicate' : status === 200 ? 'answered' : statusName(status);

/** One row, in the order of ATTEMPT_COLUMNS. */
export function attemptRow(plan: ReplayPlan, attempt: ReplayAttempt): (string | number | undefined)[] {
  const { batch, row, route, status, latency_ms, first_token_ms } = attempt;
  const { features, users, teams } = batch.column_names;
  const name = plan.routing.routes[route]!;
  const { seller, model } = plan.routes[name]!;
  const named = (list: readonly string[], index: number): string | undefined =>
    index === UNSTATED ? undefined : list[index];
  const whole = (ms: number): number | undefined => (ms < 0 ? undefined : Math.round(ms));
  return [
    new Date(attempt.time_ms).toISOString(),
    seller,
    model,
    SERVICE_TIERS[attempt.tier],
    ...attempt.counts,
    named(features, batch.feature[row]!),
    named(users, batch.user[row]!),
    named(teams, batch.team[row]!),
    HTTP_STATUS[status] ?? status,
    whole(latency_ms),
    whole(first_token_ms),
    attempt.request,
    attempt.attempt,
    name,
    outcomeOf(attempt),
  ];
}
