/**
 * Latency: what a slower or faster answer than the baseline's is worth.
 *
 *   value lost = requests x value_per_request x churn_per_100ms x calls_per_task x (hop_ms - baseline_hop_ms) / 100
 *
 * A task of an agent makes several calls one after the other (1 unless stated): its requests are a calls_per_task-th of a task
 * each, and each task waits for all of their hops.
 *
 * Signed: a hop that is shorter than the baseline's is a gain. Example: 50,000 requests at 0.05 USD, 0.1 % per 100 ms,
 * 40 ms against 0: 50,000 x 0.05 x 0.001 x 0.4 = 1 USD a month. Source of the hop: the gateway's schedule, else a pooled
 * assumption; where both strategies are replayed and latencies are stated, the means until the answer take the place of the
 * hops (retries, prompt sizes and cached answers included). Not modelled here: tails; SLA misses are in replayed-losses.ts.
 */
import { meanMs } from '../conditions/latency-histogram.ts';
import type { Quantity } from '../model/model.ts';
import type { Replayed } from '../replay/replayed.ts';
import type { CostInputs, Spend } from './cost-inputs.ts';

export function latency(x: CostInputs, spends: readonly Spend[]): void {
  const { per_request, latency: worth } = x.scenario.value;
  if (per_request === undefined || worth === undefined) return;
  const { calls_per_task } = x.scenario.traffic;
  const perTask = calls_per_task === undefined ? '' : ' * calls_per_task';
  const common = {
    requests: x.demand.requests,
    value_per_request: x.sheet.amount(per_request),
    churn_per_100ms: x.sheet.amount(worth.churn_per_100ms),
    ...(calls_per_task === undefined ? {} : { calls_per_task: x.sheet.amount(calls_per_task) }),
  };
  const replayed_ms = meanLatencyMs(x.replayed);
  if (replayed_ms !== undefined && x.baseline_latency_ms !== undefined) {
    x.add({
      component: 'latency',
      cash: false,
      label: 'Churn from latency, as replayed',
      timing: 'monthly',
      formula: `requests * value_per_request * churn_per_100ms${perTask} * (latency_ms - baseline_latency_ms) / 100`,
      inputs: {
        ...common,
        latency_ms: x.sheet.number(replayed_ms, 'ms', `replay of ${x.id}: mean until the answer`),
        baseline_latency_ms: x.sheet.number(
          x.baseline_latency_ms,
          'ms',
          `replay of ${x.scenario.baseline}: mean until the answer`,
        ),
      },
    });
    return;
  }
  x.add({
    component: 'latency',
    cash: false,
    label: 'Churn from added latency',
    timing: 'monthly',
    formula: `requests * value_per_request * churn_per_100ms${perTask} * (hop_ms - baseline_hop_ms) / 100`,
    inputs: {
      ...common,
      hop_ms: meanHop(x, spends),
      baseline_hop_ms: x.baseline_hop,
    },
  });
}

/** Mean until the answer, of requests whose latency is known. */
export const meanLatencyMs = (replayed: Replayed | undefined): number | undefined =>
  replayed === undefined || replayed.result.latency.requests === 0 ? undefined : meanMs(replayed.result.latency);

/** Hop over all channels, weighted by requests. */
export function meanHop(
  x: Pick<CostInputs, 'sheet' | 'access' | 'demand'>,
  spends: readonly Pick<Spend, 'window_requests'>[],
): Quantity {
  const { sheet } = x;
  const parts = x.access.channels.flatMap((channel, i) => {
    if (channel.hop === undefined) return [];
    const share = sheet.number(
      (spends[i]?.window_requests ?? 0) / x.demand.window_requests,
      '1',
      'share of the requests',
    );
    return [sheet.derive('share * hop_ms', { share, hop_ms: sheet.amount(channel.hop) }, 'ms')];
  });
  return sheet.sum(parts, 'ms', 'hop of each channel, weighted by requests');
}
