/** What a replay counted, row by row and as plain sentences: one wording for page, Markdown and terminal. Text only. */
import { SAVERS } from '../replay/savings.ts';
import type { ReportReplay } from './contract.ts';
import { number, share, usd } from './format.ts';

export const REPLAY_WORDS =
  'Each request of the measured window went through the strategy’s policy, caches and limits, one by one; what was billed is what the strategy pays for. Each saving works on what the one before it left, at the sellers’ list prices of the start.';

export interface ReplayRow {
  readonly label: string;
  /** One for each replay. */
  readonly cells: readonly string[];
}

const OUTCOME_WORDS: Readonly<Record<string, string>> = {
  served: 'answered by a model',
  served_from_cache: 'answered from the response cache',
  failed: 'failed',
  refused: 'refused by a budget',
  abandoned: 'left by the client',
  no_route: 'without a route that is up',
};

const SAVER_WORDS = {
  response_cache: 'Response cache spares',
  prompt_cache: 'Prompt cache spares',
  batch: 'Batch tier spares',
} as const;

const part = (count: number, of: number): string =>
  of === 0 ? '–' : `${number(count)} (${share(Number((count / of).toPrecision(3)))})`;
const ms = (value: number): string => number(Number(value.toPrecision(3)));

/** Rows that say something for at least one of them. */
export function replayRows(replays: readonly ReportReplay[]): ReplayRow[] {
  const rows: ReplayRow[] = [];
  const row = (label: string, cell: (one: ReportReplay) => string | undefined): void => {
    const cells = replays.map(cell);
    if (cells.some((text) => text !== undefined)) rows.push({ label, cells: cells.map((text) => text ?? '–') });
  };
  row('Requests', ({ requests }) => number(requests));
  for (const [outcome, words] of Object.entries(OUTCOME_WORDS))
    row(`… ${words}`, ({ outcomes, requests }) =>
      (outcomes[outcome] ?? 0) === 0 ? undefined : part(outcomes[outcome] ?? 0, requests),
    );
  row('Attempts', ({ attempts }) => number(attempts));
  const counted = (count: number): string | undefined => (count === 0 ? undefined : number(count));
  row('… answered after a failure', ({ served_after_failure }) => counted(served_after_failure));
  row('… failed and billed', ({ billed_failures }) => counted(billed_failures));
  row('… sent twice by clients', ({ duplicates }) => counted(duplicates));
  for (const saver of SAVERS) {
    const of = ({ savings }: ReportReplay) => savings.find((one) => one.saver === saver && one.requests > 0);
    row(SAVER_WORDS[saver], (one) => {
      const found = of(one);
      return found && `${usd(found.saved_usd)} of ${usd(found.of_usd)}`;
    });
    if (saver === 'prompt_cache')
      row('… of prompt tokens', (one) => {
        const found = of(one);
        return found && part(found.prompt_tokens, found.of_prompt_tokens);
      });
    else
      row('… of requests', (one) => {
        const found = of(one);
        return found && part(found.requests, found.of_requests);
      });
  }
  const spread = (found: ReportReplay['latency']): string | undefined =>
    found === null ? undefined : [found.p50, found.p95, found.p99].map(ms).join(' / ');
  row('Until the first token, ms: p50 / p95 / p99', ({ first_token }) => spread(first_token));
  row('Until the answer, ms: p50 / p95 / p99', ({ latency }) => spread(latency));
  row('Answered, latency not stated', (one) => (one.latency === null ? undefined : counted(one.unknown_latency)));
  row('Until the end of a task, ms: p50 / p95 / p99', ({ task_latency }) => spread(task_latency));
  row('Until a batch is due, hours: mean', ({ batch_latency }) =>
    batch_latency === null ? undefined : number(Number((batch_latency.mean / 3_600_000).toPrecision(3))),
  );
  replays[0]?.service_levels.forEach(({ measure, within_ms, share_fraction: promised }, i) => {
    const most = promised === undefined ? '' : ` (at most ${share(Number((1 - promised).toPrecision(6)))})`;
    row(`${measure === 'answer' ? 'Answers' : 'First tokens'} later than ${number(within_ms)} ms${most}`, (one) => {
      const level = one.service_levels[i];
      if (level === undefined || level.requests === 0) return undefined;
      const missed = part(level.missed, level.requests);
      if (promised === undefined) return missed;
      return `${missed}, ${level.missed <= (1 - promised) * level.requests ? 'kept' : 'broken'}`;
    });
  });
  return rows;
}

/** Assumptions that stand in for a count, why requests were not served, and what waits for a batch. */
export function replayNotes({ strategy, assumed, reasons, batch_by_feature }: ReportReplay): string[] {
  return [
    ...assumed.map(
      ({ what, share: of, range }) =>
        `${strategy}: ${what}: ${share(Number(of.toPrecision(3)))}${range === undefined ? '' : `, ${range}`} — an assumption, since the traffic has no prompt hashes; it is in the costs and not in the counts above.`,
    ),
    ...Object.entries(reasons)
      .sort(([, a], [, b]) => b - a)
      .slice(0, 5)
      .map(
        ([reason, requests]) =>
          `${strategy}: ${number(requests)} requests without an answer: ${reason.replaceAll('_', ' ')}.`,
      ),
    ...batch_by_feature.map(
      ({ feature, requests, of_requests }) =>
        `${strategy}: of ${feature === '' ? 'requests without a feature' : feature}, ${part(requests, of_requests)} can wait and go at the batch tier.`,
    ),
  ];
}
