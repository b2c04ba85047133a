/**
 * Credits: what a gateway gives at signup, used up by spend.
 *
 *   used_m = min(spend_m, max(0, credit - spend before month m)), a negative amount
 *
 * Example: 10 USD of credit and 6 USD a month: -6, -4, 0. Source: the schedule in pricing/gateways. Not modelled: expiry,
 * SLA refunds, free quotas of direct sellers.
 */
import type { CostInputs, Spend } from './cost-inputs.ts';

export function credits(x: CostInputs, spends: readonly Spend[]): void {
  const { sheet } = x;
  x.access.channels.forEach((channel, i) => {
    const spend = spends[i];
    const credit = channel.gateway?.free_credit_usd ?? 0;
    if (spend === undefined || credit === 0 || channel.own_keys) return;
    const left = sheet.derive(
      'max(0, credit - (so_far - spend))',
      {
        credit: sheet.number(credit, 'USD', `pricing/gateways/${channel.via}.yaml`),
        so_far: sheet.running(spend.tokens),
        spend: spend.tokens,
      },
      'USD',
      `credit of ${credit} USD less the spend before the month`,
    );
    x.add({
      component: 'credits',
      cash: true,
      label: `Signup credit (${channel.via})`,
      timing: 'monthly',
      formula: '0 - min(spend, credit_left)',
      inputs: { spend: spend.tokens, credit_left: left },
    });
  });
}
