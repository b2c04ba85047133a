/**
 * Value lost to what a replay met: requests that ended without an answer, and answers that came later than promised.
 *
 *   lost    window_lost x windows_m x (1 - recovered_later) x value_per_request
 *   late    window_missed x windows_m x usd_per_miss
 *
 * Example: 20 of 10,000 requests fail, 40 % come back, 0.05 USD each, 5 windows a month: 20 x 5 x 0.6 x 0.05 = 3 USD.
 * Counted by the replay of the strategy's own policies. Not modelled: users that leave for good after many failures.
 */
import { notice } from '../errors.ts';
import { defaults } from '../scenario/defaults.ts';
import type { CostInputs } from './cost-inputs.ts';

const LOST = {
  failed: 'Requests that fail in the replay',
  no_route: 'Requests without a route that is up',
  refused: 'Requests that a budget refuses',
  abandoned: 'Requests whose clients left',
} as const;

export function replayedLosses(x: CostInputs): void {
  const { replayed, scenario, sheet } = x;
  if (replayed === undefined) {
    if (scenario.outages.from === 'replay')
      x.warn(
        notice(
          'OUTAGES_NOT_REPLAYED',
          x.id,
          'is not replayed, so the outages of `replay.conditions` cost it nothing here',
        ),
      );
    return;
  }
  const { per_request, sla_miss } = scenario.value;
  const line = { component: 'outages', cash: false, timing: 'monthly' } as const;
  const { outcomes, service_levels } = replayed.result;
  if (per_request !== undefined)
    for (const [outcome, label] of Object.entries(LOST) as [keyof typeof LOST, string][]) {
      if (outcomes[outcome] === 0) continue;
      x.add({
        ...line,
        label,
        formula: 'window_lost * windows * (1 - recovered_later) * value_per_request',
        inputs: {
          window_lost: sheet.number(outcomes[outcome], 'request', `replay of ${x.id}: ${label.toLowerCase()}`),
          windows: x.demand.windows,
          recovered_later: x.stated(scenario.outages.recovered_later, defaults.recoveredLater),
          value_per_request: sheet.amount(per_request),
        },
      });
    }
  if (sla_miss === undefined) return;
  for (const { measure, within_ms, missed } of service_levels)
    x.add({
      ...line,
      component: 'latency',
      label: `${measure === 'answer' ? 'Answers' : 'First tokens'} later than ${within_ms} ms`,
      formula: 'window_missed * windows * usd_per_miss',
      inputs: {
        window_missed: sheet.number(missed, 'request', `replay of ${x.id}: service level missed`),
        windows: x.demand.windows,
        usd_per_miss: sheet.amount(sla_miss),
      },
    });
}
