/**
 * What a response cache costs whoever has it: a fee per answer that it gives, and one per month.
 *
 *   hits_m x usd_per_hit + usd_per_month,  hits_m = requests_m x window_hits / window_requests, or requests_m x hit_share
 *
 * Example: 50,000 requests a month of which 30 % are hits, at 0.0001 USD each and 20 USD a month: 21.50 USD.
 * A gateway's cache is a gateway fee, one's own is infrastructure. Source: the scenario. Not modelled: storage by the byte.
 */
import type { Quantity } from '../model/model.ts';
import { assumedHits } from './cache-shares.ts';
import type { CostInputs } from './cost-inputs.ts';
import { shareOf } from './token-charges.ts';

export function cacheFees(x: CostInputs): void {
  const cache = x.replayed?.stated.response_cache;
  if (cache?.fee === undefined) return;
  const { per_hit, per_month } = cache.fee;
  const component = cache.run_by === 'gateway' ? 'gateway_fees' : 'infrastructure';
  const line = { component, cash: true, timing: 'monthly' } as const;
  if (per_hit !== undefined)
    x.add({
      ...line,
      label: 'Response cache, per answer',
      formula: 'hits * usd_per_hit',
      inputs: { hits: cacheHits(x), usd_per_hit: x.sheet.amount(per_hit) },
    });
  if (per_month !== undefined)
    x.add({
      ...line,
      label: 'Response cache, per month',
      formula: 'usd_per_month',
      inputs: { usd_per_month: x.sheet.amount(per_month) },
    });
}

/** Answers of the response cache in each month: counted, or by the assumed share. */
export function cacheHits(x: CostInputs): Quantity {
  const share = assumedHits(x);
  if (share === undefined) return shareOf(x, x.replayed?.result.outcomes.served_from_cache ?? 0);
  return x.sheet.derive(
    'requests * hit_share',
    { requests: x.demand.requests, hit_share: x.sheet.amount(share) },
    'request',
    'requests of the month x assumed share of hits',
  );
}
