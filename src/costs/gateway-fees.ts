/**
 * Gateway fees: what a gateway charges on top of tokens. Credit purchases stand in credit-purchases.ts, what is given in
 * gateway-credits.ts.
 *
 *   markup              token_spend x token_markup
 *   own keys            fee x max(0, list_spend x max(0, requests - free) / requests - free_list)
 *   subscription        plan + overage x ceil(max(0, requests - included) / block)
 *   per request, per model
 *
 * Examples: own keys at 5 % with 1,000,000 free requests: 2,000,000 requests of 9,000 USD cost 225; with 5,000 USD of list
 * price free instead, 200. A plan of 49 USD with 100,000 requests and 9 USD per further 100,000 costs 67 USD at 250,001.
 * Source: the gateway's schedule in pricing/gateways. Not modelled: taxes, plans that change within the horizon.
 */
import { assumed } from '../amount.ts';
import { notice, warning } from '../errors.ts';
import { markupPath } from '../input-paths.ts';
import type { Quantity } from '../model/model.ts';
import type { Channel } from './access.ts';
import type { CostInputs, Spend } from './cost-inputs.ts';
import { creditPurchases, fromDay } from './credit-purchases.ts';
import { billAfter, type Gift, giftsOf } from './gateway-credits.ts';

/** Per channel: what the gateway gives towards its bill. */
export function gatewayFees(x: CostInputs, spends: readonly Spend[]): readonly (readonly Gift[])[] {
  return x.access.channels.map((channel, i) => {
    const spend = spends[i];
    if (channel.gateway === undefined || spend === undefined || spend.window_requests === 0) return [];
    let gifts: Gift[] = [];
    if (channel.own_keys) byokFee(x, channel, spend);
    else {
      const billed = markup(x, channel, spend);
      gifts = giftsOf(x, channel, spend, billed);
      creditPurchases(x, channel, billAfter(x, billed, gifts));
    }
    planFee(x, channel, spend);
    otherFees(x, channel, spend);
    otherReadings(x, channel);
    return gifts;
  });
}

const line = { component: 'gateway_fees', cash: true } as const;
const sourceOf = (channel: Channel): string => `pricing/gateways/${channel.via}.yaml`;

function markup(x: CostInputs, channel: Channel, spend: Spend): Quantity {
  const given = channel.gateway?.fees.token_markup;
  const token_markup = x.sheet.amount(
    given ?? assumed(0, '1', markupPath(channel.via), `${sourceOf(channel)}: no markup on tokens`),
  );
  const amount = x.add({
    ...line,
    label: `Markup on tokens (${channel.via})`,
    timing: 'monthly',
    formula: 'token_spend * token_markup',
    inputs: { token_spend: spend.tokens, token_markup },
  });
  return x.sheet.derive(
    'token_spend + markup',
    { token_spend: spend.tokens, markup: amount },
    'USD',
    'tokens and markup',
  );
}

function byokFee(x: CostInputs, channel: Channel, spend: Spend): void {
  const { byok } = channel.gateway!.fees;
  if (byok === undefined) {
    if (channel.gateway!.billing === 'own_keys' || channel.gateway!.kind === 'self_hosted') return;
    const message = `${channel.via}: its fee on own keys is not published`;
    x.quotes.limit(x.id, spend.requests, 0, message);
    return;
  }
  const { sheet } = x;
  const listUsd = byok.free_list_usd_per_month;
  const since = fromDay(x, byok.effective_from, channel);
  const beyond = 'list_spend * max(0, requests - free_requests) / requests';
  x.add({
    ...line,
    label: `Fee on own keys (${channel.via})`,
    timing: 'monthly',
    formula: `${listUsd === 0 ? `${beyond} * fee` : `max(0, ${beyond} - free_list) * fee`}${since.factor}`,
    inputs: {
      list_spend: spend.tokens,
      requests: spend.requests,
      free_requests: sheet.number(byok.free_requests_per_month, 'request', sourceOf(channel)),
      fee: sheet.amount(byok.fee),
      ...(listUsd === 0 ? {} : { free_list: sheet.number(listUsd, 'USD', sourceOf(channel)) }),
      ...since.inputs,
    },
  });
}

/** Sources that read the fees otherwise are told, so that a reader can pick them. */
function otherReadings(x: CostInputs, channel: Channel): void {
  const others = channel.gateway!.variants.filter((one) => one.id !== channel.fee_variant);
  if (others.length === 0) return;
  const told = others.map((one) => `${one.id} (${one.as_of}, confidence ${one.confidence}: ${one.source})`).join('; ');
  x.warn(
    notice('FEE_VARIANTS', `gateways.${channel.via}`, `its fees can be read otherwise, with \`fee_variant\`: ${told}`),
  );
}

function planFee(x: CostInputs, channel: Channel, spend: Spend): void {
  const { plan } = channel;
  if (plan === undefined) return;
  x.add({
    ...line,
    label: `Subscription (${channel.via}, ${plan.id})`,
    timing: 'monthly',
    formula: 'usd_per_month',
    inputs: { usd_per_month: x.sheet.amount(plan.usd_per_month) },
  });
  if (plan.included_requests === undefined) return;
  if (plan.overage === undefined) {
    x.quotes.limit(
      x.id,
      spend.requests,
      plan.included_requests,
      `${channel.via}, plan ${plan.id}: requests over the included volume have no published price`,
    );
    return;
  }
  const { usd, per_requests, up_to_requests } = plan.overage;
  const number = (value: number, unit: string): Quantity => x.sheet.number(value, unit, sourceOf(channel));
  x.add({
    ...line,
    label: `Overage (${channel.via}, ${plan.id})`,
    timing: 'monthly',
    formula: 'usd_per_block * ceil(max(0, requests - included_requests) / requests_per_block)',
    inputs: {
      usd_per_block: number(usd, 'USD'),
      requests: spend.requests,
      included_requests: number(plan.included_requests, 'request'),
      requests_per_block: number(per_requests, 'request'),
    },
  });
  if (up_to_requests !== undefined) {
    x.quotes.limit(
      x.id,
      spend.requests,
      up_to_requests,
      `${channel.via}, plan ${plan.id}: no published price past this volume`,
    );
  }
}

function otherFees(x: CostInputs, channel: Channel, spend: Spend): void {
  const { per_request, per_model } = channel.gateway!.fees;
  if (per_request !== undefined) {
    x.add({
      ...line,
      label: `Fee per request (${channel.via})`,
      timing: 'monthly',
      formula: 'requests * usd_per_request',
      inputs: { requests: spend.requests, usd_per_request: x.sheet.amount(per_request) },
    });
  }
  if (per_model !== undefined) {
    x.add({
      ...line,
      label: `Fee per model (${channel.via})`,
      timing: 'monthly',
      formula: 'models * usd_per_model',
      inputs: {
        models: x.sheet.number(spend.models.length, 'model', 'models in the traffic'),
        usd_per_model: x.sheet.amount(per_model),
      },
    });
  }
  if (channel.gateway!.status !== 'active') {
    x.warn(
      warning(
        'GATEWAY_STATUS',
        `gateways.${channel.via}`,
        `${channel.gateway!.name} is in status "${channel.gateway!.status}"`,
      ),
    );
  }
}
