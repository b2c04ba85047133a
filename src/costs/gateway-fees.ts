/**
 * Gateway fees: what a gateway charges on top of tokens.
 *
 *   markup              token_spend x token_markup
 *   credit purchase     max(fee x billed, minimum), one purchase in each month with spend; with a fixed top-up:
 *                       top_ups x max(fee x top_up, minimum), top_ups from the spend so far
 *   own keys            list_spend x max(0, requests - free) / requests x fee
 *   subscription        plan + overage x ceil(max(0, requests - included) / block)
 *   per request, per model, least first purchase
 *
 * Example: 5.5 % and at least 0.80 USD: 5 USD of spend cost 0.80 (16 %), 1,000 USD cost 55 (5.5 %). A plan of 49 USD with
 * 100,000 requests and 9 USD per further 100,000 costs 67 USD at 250,001 requests.
 * Source: the gateway's schedule in pricing/gateways. Not modelled: taxes, card fees that no schedule states, credit left
 * over at the end, tiers that change within the horizon.
 */
import { assumed } from '../amount.ts';
import { warning } from '../errors.ts';
import { markupPath } from '../input-paths.ts';
import type { Quantity } from '../model/model.ts';
import type { Channel } from './access.ts';
import type { CostInputs, Spend } from './cost-inputs.ts';

export function gatewayFees(x: CostInputs, spends: readonly Spend[]): void {
  x.access.channels.forEach((channel, i) => {
    const spend = spends[i];
    if (channel.gateway === undefined || spend === undefined || spend.window_requests === 0) return;
    if (channel.own_keys) byokFee(x, channel, spend);
    else creditFees(x, channel, markup(x, channel, spend));
    planFee(x, channel, spend);
    otherFees(x, channel, spend);
  });
}

const line = { component: 'gateway_fees', cash: true } as const;
const sourceOf = (channel: Channel): string => `pricing/gateways/${channel.via}.yaml`;

function markup(x: CostInputs, channel: Channel, spend: Spend): Quantity {
  const given = channel.gateway?.fees.token_markup;
  const token_markup = x.sheet.amount(
    given ?? assumed(0, '1', markupPath(channel.via), `${sourceOf(channel)}: no markup on tokens`),
    given !== undefined,
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

function creditFees(x: CostInputs, channel: Channel, billed: Quantity): void {
  const { sheet } = x;
  const { credit_purchase, minimum_purchase_usd } = channel.gateway!.fees;
  if (minimum_purchase_usd !== undefined) {
    x.add({
      ...line,
      label: `Unused part of the least purchase (${channel.via})`,
      timing: 'start',
      formula: 'max(0, minimum_purchase - billed_in_all)',
      inputs: {
        minimum_purchase: sheet.number(minimum_purchase_usd, 'USD', sourceOf(channel)),
        billed_in_all: sheet.total(billed),
      },
    });
  }
  if (credit_purchase === undefined) return;
  const fee = sheet.amount(credit_purchase.fee);
  const minimum = sheet.number(credit_purchase.minimum_usd, 'USD', sourceOf(channel));
  if (channel.top_up === undefined) {
    x.add({
      ...line,
      label: `Credit purchase fee (${channel.via}, one purchase a month)`,
      timing: 'monthly',
      formula: 'max(fee * billed, (0 < billed) * minimum)',
      inputs: { fee, billed, minimum },
    });
    return;
  }
  const top_up = sheet.amount(channel.top_up);
  // A billionth of a top-up: a spend that meets top-ups exactly is not off by one for its last bit.
  const top_ups = sheet.derive(
    'ceil(so_far / top_up - 1e-9) - ceil((so_far - billed) / top_up - 1e-9)',
    { so_far: sheet.running(billed), billed, top_up },
    '1',
    'purchases that the spend so far needs, less those before',
  );
  x.add({
    ...line,
    label: `Credit purchase fee (${channel.via})`,
    timing: 'monthly',
    formula: 'top_ups * max(fee * top_up, minimum)',
    inputs: { top_ups, fee, top_up, minimum },
  });
}

function byokFee(x: CostInputs, channel: Channel, spend: Spend): void {
  const { byok } = channel.gateway!.fees;
  if (byok === undefined) return;
  x.add({
    ...line,
    label: `Fee on own keys (${channel.via})`,
    timing: 'monthly',
    formula: 'list_spend * max(0, requests - free_requests) / requests * fee',
    inputs: {
      list_spend: spend.tokens,
      requests: spend.requests,
      free_requests: x.sheet.number(byok.free_requests_per_month, 'request', sourceOf(channel)),
      fee: x.sheet.amount(byok.fee),
    },
  });
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
