/**
 * Outages: what failures cost on expectation, in lost value, in engineers' time and at the fallback's price.
 *
 *   seller_down      sum over severity classes of hours x share failing x share in scope / 730
 *   both_down        beta min(u1, u2) + (1 - beta)^2 u1 u2
 *   lost share       1 - (1 - gateway_down) x (1 - (seller_down + has_fallback x (both_down - seller_down)))
 *   lost value       requests x lost share x (1 - recovered_later) x value_per_request
 *   retries          requests x error_rate^attempts x (1 - recovered_later) x value; billed failures on top of the spend
 *   response         incidents that nothing absorbs x hours x rate
 *   incidents        (full hours + partial hours x share in scope) / mean hours of one; degraded hours need no response
 *   fallback price   requests rerouted x (fallback's price - own price)
 *
 * Where own machines answer a model, their downtime stands in the seller's place, and a token of theirs costs nothing. A fallback
 * that no policy names is a seller with the pooled record, at no other price.
 *
 * Example: 50,000 requests at 0.05 USD, seller down 0.29 %, fallback down 0.37 %, no common cause, 40 % recovered:
 * without fallback 50,000 x 0.0029 x 0.6 x 0.05 = 4.35 USD a month, with it 0.0161.
 * Source: pricing/outages.yaml and the gateway's schedule. Not modelled here: single long incidents, detection gaps,
 * tokens that lost requests would have cost, SLA refunds. Batchable requests are delayed, not lost. Where a strategy's replay
 * has met errors or outages, they are in its usage, and their expectation is not added (replayed-losses.ts).
 */
import { BILLED_FAILURES_FORMULA } from '../conditions/retries.ts';
import { notice } from '../errors.ts';
import type { Quantity } from '../model/model.ts';
import { defaults } from '../scenario/defaults.ts';
import type { UsageRow } from '../usage/table.ts';
import { type Channel, rowsThrough, servesItself, standsBetween } from './access.ts';
import type { CostInputs, Spend } from './cost-inputs.ts';
import { costPerRequest, type Supplier } from './failures.ts';
import { isPriced } from './quotes.ts';
import { shareOf } from './token-charges.ts';

export function outages(x: CostInputs, spends: readonly Spend[]): void {
  if (x.scenario.outages.from === 'history') {
    x.access.channels.forEach((channel, i) => {
      const spend = spends[i];
      if (spend === undefined || spend.window_requests === 0) return;
      for (const seller of spend.sellers) failureLines(x, channel, { seller });
      if (channel.gateway?.serving !== undefined) failureLines(x, channel, { machines: channel.gateway });
    });
    incidentResponse(x, spends);
    if (x.scenario.value.per_request === undefined) {
      x.warn(
        notice('REQUEST_VALUE_MISSING', 'value.per_request', 'is not given: requests lost in outages are not valued'),
      );
    }
  }
  if (x.replayed?.metErrors !== true) retryLines(x, spends);
}

const sellerOf = (model: string): string => model.split('/')[0] ?? model;

/** Who answers a model in a channel. */
const supplierIn = (channel: Channel, model: string): Supplier =>
  channel.gateway !== undefined && servesItself(channel, model)
    ? { machines: channel.gateway }
    : { seller: sellerOf(model) };

/** Who answers a model that is fallen back to: own machines, if any channel of the strategy has some for it. */
const fallbackOn = ({ access }: CostInputs, model: string): Supplier =>
  access.channels.map((channel) => supplierIn(channel, model)).find((found) => 'machines' in found) ?? {
    seller: sellerOf(model),
  };

/** Own machines by the name of what runs them. */
const nameOf = (supplier: Supplier): string =>
  'seller' in supplier ? supplier.seller : `machines of ${supplier.machines.gateway}`;

function failureLines(x: CostInputs, channel: Channel, supplier: Supplier): void {
  const own = nameOf(supplier);
  const rows = rowsThrough(channel, x.usage.rows).filter(
    (row) => nameOf(supplierIn(channel, row.model)) === own && row.tier !== 'batch',
  );
  const window_requests = rows.reduce((total, row) => total + row.requests, 0);
  if (window_requests === 0) return;
  const backup = x.access.fallback.find((model) => nameOf(fallbackOn(x, model)) !== own);
  const seller_down = x.failures.down(supplier);
  const other = backup === undefined ? { seller: 'another seller' } : fallbackOn(x, backup);
  const common_cause = x.stated(x.scenario.outages.common_cause, defaults.commonCause);
  const both_down = x.failures.bothDown(supplier, other, common_cause);
  const has_fallback = x.has('fallback');
  const gateway_down =
    channel.gateway === undefined || !standsBetween(channel.gateway)
      ? x.sheet.number(0, '1', 'no gateway in between')
      : x.failures.gatewayDown(channel.gateway);
  const requests = shareOf(x, window_requests);
  lostValue(x, `${own}, ${channel.via}`, requests, { gateway_down, seller_down, has_fallback, both_down });
  if (backup !== undefined)
    fallbackPrice(x, channel, supplier, rows, requests, backup, { has_fallback, seller_down, both_down });
}

function lostValue(x: CostInputs, where: string, requests: Quantity, down: Record<string, Quantity>): void {
  const { per_request } = x.scenario.value;
  if (per_request === undefined) return;
  x.add({
    component: 'outages',
    cash: false,
    label: `Requests lost in outages (${where})`,
    timing: 'monthly',
    formula:
      'requests * (1 - (1 - gateway_down) * (1 - (seller_down + has_fallback * (both_down - seller_down)))) * (1 - recovered_later) * value_per_request',
    inputs: {
      requests,
      ...down,
      recovered_later: x.stated(x.scenario.outages.recovered_later, defaults.recoveredLater),
      value_per_request: x.sheet.amount(per_request),
    },
  });
}

/** What the same requests cost at the fallback, where its price is known. */
function fallbackPrice(
  x: CostInputs,
  channel: Channel,
  supplier: Supplier,
  rows: readonly UsageRow[],
  requests: Quantity,
  backup: string,
  down: Record<string, Quantity>,
): void {
  const priceOf = (of: Supplier, modelOf: (row: UsageRow) => string) =>
    'seller' in of
      ? costPerRequest(x.sheet, x.quotes, rows, modelOf)
      : x.sheet.number(0, 'USD/request', 'answered by own machines: no token is billed');
  const own = priceOf(supplier, (row) => row.model);
  const other = priceOf(fallbackOn(x, backup), () => backup);
  if (!isPriced(own) || !isPriced(other)) {
    const reason = isPriced(other) ? (own as { unpriced: string }).unpriced : other.unpriced;
    x.warn(
      notice(
        'FALLBACK_UNPRICED',
        backup,
        `the price difference of falling back from ${nameOf(supplier)} is not counted: ${reason}`,
      ),
    );
    return;
  }
  x.add({
    component: 'token_charges',
    cash: true,
    label: `Fallback from ${nameOf(supplier)} to ${backup} (${channel.via}): price difference`,
    timing: 'monthly',
    formula: 'requests * has_fallback * (seller_down - both_down) * (fallback_usd_per_request - own_usd_per_request)',
    inputs: { requests, ...down, fallback_usd_per_request: other, own_usd_per_request: own },
  });
}

/** Incidents of sellers that no fallback absorbs, and of managed gateways; one's own gateway has its upkeep instead. */
function incidentResponse(x: CostInputs, spends: readonly Spend[]): void {
  const rate = x.stated(x.scenario.engineering.loaded_rate, defaults.loadedRate);
  const hours = x.stated(x.scenario.outages.response, defaults.response);
  const has_fallback = x.has('fallback');
  const line = { component: 'engineering', cash: true, timing: 'monthly' } as const;
  for (const seller of new Set(spends.flatMap((spend) => (spend.window_requests === 0 ? [] : spend.sellers)))) {
    x.add({
      ...line,
      label: `Incident response (${seller})`,
      formula: 'incidents_per_month * (1 - has_fallback) * hours * rate',
      inputs: { incidents_per_month: x.failures.incidents(seller), has_fallback, hours, rate },
    });
  }
  for (const { gateway } of x.access.channels) {
    if (gateway?.kind !== 'managed') continue;
    x.add({
      ...line,
      label: `Incident response (${gateway.gateway})`,
      formula: 'incidents_per_month * hours * rate',
      inputs: { incidents_per_month: x.failures.gatewayIncidents(gateway), hours, rate },
    });
  }
}

/** Failures outside outages: retries that bill, and requests that fail for good. */
function retryLines(x: CostInputs, spends: readonly Spend[]): void {
  const { error_rate, attempts, billed_share, recovered_later } = x.scenario.outages;
  if (error_rate === undefined) return;
  const rate = x.sheet.amount(error_rate);
  const limit = x.sheet.number(attempts, '1', 'outages.attempts');
  spends.forEach((spend) => {
    if (spend.window_requests === 0) return;
    x.add({
      component: 'token_charges',
      cash: true,
      label: `Failed attempts that are billed (${spend.via})`,
      timing: 'monthly',
      formula: `spend * (${BILLED_FAILURES_FORMULA})`,
      inputs: {
        spend: spend.tokens,
        error_rate: rate,
        attempts: limit,
        billed_share: x.stated(billed_share, defaults.billedShare),
      },
    });
  });
  const { per_request } = x.scenario.value;
  if (per_request === undefined) return;
  x.add({
    component: 'outages',
    cash: false,
    label: 'Requests that fail after all attempts',
    timing: 'monthly',
    formula: 'requests * error_rate ^ attempts * (1 - recovered_later) * value_per_request',
    inputs: {
      requests: x.demand.requests,
      error_rate: rate,
      attempts: limit,
      recovered_later: x.stated(recovered_later, defaults.recoveredLater),
      value_per_request: x.sheet.amount(per_request),
    },
  });
}
