/**
 * Credit purchases: what buying a gateway's credit costs, beside the credit.
 *
 *   one purchase a month    max(fee x bought, minimum)
 *   a fixed top-up          top_ups x max(fee x top_up, minimum), top_ups from the spend so far
 *   payment processing      purchases x fixed + share x bought
 *   expiry after n months   max(0, top_up / n - bought): what of a top-up is left after n months, spread over them
 *   least first purchase    max(0, least - bought in all), once
 *
 * Examples: 5.5 % and at least 0.80 USD: top-ups of 5 USD cost 0.80 (16 %), of 10 USD 8 %, from 14.55 USD on 5.5 %, 1,000 USD
 * cost 55. 2.9 % + 0.30 USD: 100 USD cost 3.20. Top-ups of 120 USD that expire after 12 months, 6 USD used a month: 4 USD a
 * month are lost. Source: the gateway's schedule in pricing/gateways. Not modelled: taxes, credit left over at the end of
 * the horizon, expiry under a spend that swings within the life of a top-up.
 */
import type { Quantity } from '../model/model.ts';
import { addMonths } from '../units.ts';
import type { Channel } from './access.ts';
import type { CostInputs } from './cost-inputs.ts';

const line = { component: 'gateway_fees', cash: true } as const;
const sourceOf = (channel: Channel): string => `pricing/gateways/${channel.via}.yaml`;

export function creditPurchases(x: CostInputs, channel: Channel, bought: Quantity): void {
  leastPurchase(x, channel, bought);
  const given = channel.gateway!.fees.credit_purchase;
  if (given === undefined) return;
  const { sheet } = x;
  const { expires_after_months, processing, effective_from } = given;
  const { fee, minimum_usd } = (channel.payment_method && given.methods[channel.payment_method]) || given;
  const minimum = sheet.number(minimum_usd, 'USD', sourceOf(channel));
  const since = fromDay(x, effective_from, channel);
  const via = channel.payment_method === undefined ? channel.via : `${channel.via}, by ${channel.payment_method}`;

  if (channel.top_up === undefined) {
    x.add({
      ...line,
      label: `Credit purchase fee (${via}, one purchase a month)`,
      timing: 'monthly',
      formula: `max(fee * billed, (0 < billed) * minimum)${since.factor}`,
      inputs: { fee: sheet.amount(fee), billed: bought, minimum, ...since.inputs },
    });
    if (processing !== undefined)
      x.add({
        ...line,
        label: `Payment processing (${channel.via}, one purchase a month)`,
        timing: 'monthly',
        formula: 'share * billed + (0 < billed) * fixed',
        inputs: { share: sheet.amount(processing.fee), billed: bought, fixed: sheet.amount(processing.fixed) },
      });
    return;
  }

  const top_up = sheet.amount(channel.top_up);
  const top_ups = topUps(x, bought, top_up, expires_after_months);
  x.add({
    ...line,
    label: `Credit purchase fee (${via})`,
    timing: 'monthly',
    formula: `top_ups * max(fee * top_up, minimum)${since.factor}`,
    inputs: { top_ups, fee: sheet.amount(fee), top_up, minimum, ...since.inputs },
  });
  if (processing !== undefined)
    x.add({
      ...line,
      label: `Payment processing (${channel.via})`,
      timing: 'monthly',
      formula: 'top_ups * (share * top_up + fixed)',
      inputs: { top_ups, share: sheet.amount(processing.fee), top_up, fixed: sheet.amount(processing.fixed) },
    });
  if (expires_after_months !== undefined)
    x.add({
      ...line,
      label: `Credit that expires unused (${channel.via})`,
      timing: 'monthly',
      formula: '(0 < billed) * max(0, top_up / life - billed)',
      inputs: { billed: bought, top_up, life: sheet.number(expires_after_months, 'month', sourceOf(channel)) },
    });
}

/** Purchases of each month. Credit that expires runs down by at least its life's share a month. */
function topUps(x: CostInputs, billed: Quantity, top_up: Quantity, life: number | undefined): Quantity {
  const { sheet } = x;
  const used =
    life === undefined
      ? billed
      : sheet.derive(
          '(0 < billed) * max(billed, top_up / life)',
          { billed, top_up, life: sheet.number(life, 'month', 'life of the credit') },
          'USD',
          'credit used or expired',
        );
  // A billionth of a top-up: a spend that meets top-ups exactly is not off by one for its last bit.
  return sheet.derive(
    'ceil(so_far / top_up - 1e-9) - ceil((so_far - billed) / top_up - 1e-9)',
    { so_far: sheet.running(used), billed: used, top_up },
    '1',
    'purchases that the spend so far needs, less those before',
  );
}

function leastPurchase(x: CostInputs, channel: Channel, bought: Quantity): void {
  const { minimum_purchase_usd } = channel.gateway!.fees;
  if (minimum_purchase_usd === undefined) return;
  x.add({
    ...line,
    label: `Unused part of the least purchase (${channel.via})`,
    timing: 'start',
    formula: '(0 < billed_in_all) * max(0, minimum_purchase - billed_in_all)',
    inputs: {
      minimum_purchase: x.sheet.number(minimum_purchase_usd, 'USD', sourceOf(channel)),
      billed_in_all: x.sheet.total(bought),
    },
  });
}

/** A factor of 0 in months that begin before the first day of a fee; nothing where it has no first day. */
export function fromDay(
  x: CostInputs,
  day: string | undefined,
  channel: Channel,
): { readonly factor: string; readonly inputs: Readonly<Record<string, Quantity>> } {
  const { start, horizon } = x.scenario;
  const due = Array.from({ length: horizon }, (_, month) => (day ?? '') <= `${addMonths(start, month)}-01`);
  if (due.every((one) => one)) return { factor: '', inputs: {} };
  const applies = x.sheet.series(due.map(Number), '1', `1 from ${day} on: ${sourceOf(channel)}`);
  return { factor: ' * applies', inputs: { applies } };
}
