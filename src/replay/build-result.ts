/** From what a replay has counted to its result: names in place of numbers, rows of usage, savings with their baselines. */
import { answerTokens, promptTokens } from '../meters.ts';
import type { UsageRow, UsageTable } from '../usage/table.ts';
import type { ColumnNames } from './columns.ts';
import { FROM_CACHE, REQUEST_OUTCOMES, type RequestOutcome, STATUSES, statusName } from './outcomes.ts';
import type { ReplayPlan } from './plan.ts';
import type { AttemptCount, ReplayResult, Volume } from './result.ts';
import type { Tally } from './tally.ts';
import type { UsageCells } from './usage-cells.ts';

export function resultOf(
  plan: ReplayPlan,
  tally: Tally,
  used: UsageCells,
  avoided: UsageCells,
  names: ColumnNames | undefined,
): ReplayResult {
  const { billed_models } = plan;
  const edges = Object.fromEntries(
    billed_models.flatMap((model) => (plan.edges?.[model] === undefined ? [] : [[model, plan.edges[model]]])),
  );
  const features = names?.features ?? [''];
  const rows = used.rows(billed_models, features);
  const avoidedRows = avoided.rows(billed_models, features);
  const window = tally.requests === 0 ? undefined : { from_ms: tally.from_ms, until_ms: tally.until_ms };
  const table = (of: readonly UsageRow[]): UsageTable => ({
    edges,
    rows: of,
    window,
    failed_requests: 0,
    requests_per_minute: new Map(),
  });
  return {
    requests: tally.requests,
    outcomes: Object.fromEntries(REQUEST_OUTCOMES.map((name, i) => [name, tally.outcomes[i]!])) as Record<
      RequestOutcome,
      number
    >,
    reasons: Object.fromEntries([...tally.reasons].sort(([a], [b]) => (a < b ? -1 : 1))),
    usage: { ...table(rows), failed_requests: tally.unbilled, requests_per_minute: tally.minutes },
    avoided: table(avoidedRows),
    attempts: tally.attempts,
    billed_failures: tally.billed_failures,
    duplicates: tally.duplicates,
    served_after_failure: tally.served_after_failure,
    attempts_by: attemptCounts(plan, tally),
    latency: tally.latency,
    first_token: tally.first_token,
    batch_latency: tally.batch_latency,
    unknown_latency: tally.unknown_latency,
    service_levels: serviceLevels(plan, tally),
    savings: {
      response_cache: {
        saved: {
          requests: tally.outcomes[FROM_CACHE]!,
          prompt_tokens: tally.hit_prompt_tokens,
          answer_tokens: tally.hit_answer_tokens,
        },
        of: {
          requests: tally.requests,
          prompt_tokens: tally.prompt_tokens,
          answer_tokens: tally.answer_tokens,
        },
      },
      prompt_cache: {
        saved: { requests: tally.split_reads, prompt_tokens: tally.split_read_tokens, answer_tokens: 0 },
        of: {
          requests: tally.split_requests,
          prompt_tokens: tally.split_prompt_tokens,
          answer_tokens: tally.split_answer_tokens,
        },
      },
      batch: { saved: volumeOf(rows.filter(({ tier }) => tier === 'batch')), of: volumeOf(rows) },
    },
    without_blocks: tally.without_blocks,
  };
}

const volumeOf = (rows: readonly UsageRow[]): Volume => ({
  requests: rows.reduce((total, row) => total + row.requests, 0),
  prompt_tokens: rows.reduce((total, row) => total + promptTokens(row), 0),
  answer_tokens: rows.reduce((total, row) => total + answerTokens(row), 0),
});

const attemptCounts = ({ routing }: ReplayPlan, { attempts_by }: Tally): AttemptCount[] =>
  routing.routes.flatMap((route, r) =>
    Array.from({ length: STATUSES }, (_, status) => ({
      route,
      status: statusName(status),
      attempts: attempts_by[r * STATUSES + status]!,
    })).filter(({ attempts }) => attempts > 0),
  );

function serviceLevels({ conditions }: ReplayPlan, tally: Tally): ReplayResult['service_levels'] {
  const place = { answer: 0, first_token: 0 };
  return (conditions?.service_levels ?? []).map((level) => {
    const histogram = level.measure === 'answer' ? tally.latency : tally.first_token;
    return { ...level, requests: histogram.requests, missed: histogram.misses[place[level.measure]++]! };
  });
}
