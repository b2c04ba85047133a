/**
 * Infrastructure of a gateway that one runs oneself.
 *
 *   replicas = max(min_replicas, ceil(peak_rps x cpu_ms / 1000 / (cores x utilisation)))
 *   peak_rps = requests / (730 x 3600) x peak_to_mean
 *   cost     = replicas x usd_per_replica + data_stores
 *
 * Utilisation divides throughput; it never multiplies rent. Example: 6,742,000 requests a month (2.5654/s), peak 26 times
 * the mean, 30 ms CPU, 1 core at 60 %: ceil(66.7 x 0.03 / 0.6) = 4 replicas; at 50 USD and 100 USD for stores 300 USD.
 * Source: the schedule in pricing/gateways. Not modelled: egress, regions, committed-use discounts of the cloud.
 */
import { HOURS_PER_MONTH } from '../units.ts';
import type { CostInputs, Spend } from './cost-inputs.ts';

export function infrastructure(x: CostInputs, spends: readonly Spend[]): void {
  const { sheet } = x;
  x.access.channels.forEach((channel, i) => {
    const hosting = channel.gateway?.self_hosting;
    const spend = spends[i];
    if (channel.gateway?.kind !== 'self_hosted' || hosting === undefined || spend === undefined) return;
    const source = `pricing/gateways/${channel.via}.yaml`;
    const peak_rps = sheet.derive(
      'requests / seconds_per_month * peak_to_mean',
      {
        requests: spend.requests,
        seconds_per_month: sheet.number(HOURS_PER_MONTH * 3600, 's', '730 hours'),
        peak_to_mean: x.demand.peak_to_mean,
      },
      'request/s',
      'requests of the month / seconds x peak over mean',
    );
    x.add({
      component: 'infrastructure',
      cash: true,
      label: `Gateway replicas (${channel.via})`,
      timing: 'monthly',
      formula:
        'max(min_replicas, ceil(peak_rps * cpu_ms / 1000 / (cores_per_replica * utilisation))) * usd_per_replica',
      inputs: {
        min_replicas: sheet.number(hosting.min_replicas, 'replica', source),
        peak_rps,
        cpu_ms: sheet.amount(hosting.cpu_per_request),
        cores_per_replica: sheet.number(hosting.cores_per_replica, 'core', source),
        utilisation: sheet.amount(hosting.target_utilisation),
        usd_per_replica: sheet.amount(hosting.replica),
      },
    });
    x.add({
      component: 'infrastructure',
      cash: true,
      label: `Database, cache and logs (${channel.via})`,
      timing: 'monthly',
      formula: 'data_stores',
      inputs: { data_stores: sheet.amount(hosting.data_stores) },
    });
  });
}
