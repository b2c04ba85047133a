/**
 * Seller credits: money and tokens that a seller gives once, at signup, used up by what it invoices after all discounts.
 *
 *   money     -min(bill, max(0, credit - bills before)), until it expires
 *   tokens    -bill x min(tokens, max(0, given - tokens before)) / tokens, until they expire
 *
 * Example: 14 CNY at 7.1 CNY/USD are 1.9718 USD; a bill of 1.50 USD a month: -1.50, -0.4718, 0. Source: `terms` in
 * pricing/sellers, with the exchange rate of pricing/fx.yaml. Not modelled: credit for some models or kinds of tokens alone.
 */
import { warning } from '../errors.ts';
import type { Quantity } from '../model/model.ts';
import type { CostInputs } from './cost-inputs.ts';
import type { SellerBill } from './seller-bills.ts';

export function sellerCredits(x: CostInputs, bill: SellerBill): void {
  if (!x.scenario.signup_credits || bill.window_tokens === 0) return;
  const { sheet } = x;
  let { due } = bill;
  for (const offer of x.terms(bill.seller)?.signup ?? []) {
    const source = `${offer.source} (${offer.as_of}, confidence ${offer.confidence})`;
    const life = lifeOf(x, offer.expires_after_months, source);
    let formula = 'min(bill, credit_left)';
    let inputs: Record<string, Quantity>;
    if (offer.credit !== undefined) {
      const converted = x.usd(offer.credit);
      if (converted === undefined) {
        const message = `no rate of ${offer.credit.currency} in pricing/fx.yaml; the credit is not counted`;
        x.warn(warning('NO_EXCHANGE_RATE', `sellers.${bill.seller}`, message));
        continue;
      }
      const credit = sheet.number(converted.usd, 'USD', `${converted.words}; ${source}`);
      inputs = {
        bill: due,
        credit_left: leftOf(x, credit, due, `${converted.words}, less the bills before; ${source}`),
      };
    } else {
      const given = sheet.number(offer.tokens ?? 0, 'tokens', source);
      const tokens = sheet.derive(
        'window_tokens * windows',
        {
          window_tokens: sheet.number(bill.window_tokens, 'tokens', 'tokens in the measured window'),
          windows: x.demand.windows,
        },
        'tokens',
        `tokens of the month with ${bill.seller}`,
      );
      formula = 'bill * min(tokens, tokens_left) / tokens';
      inputs = {
        bill: due,
        tokens,
        tokens_left: leftOf(x, given, tokens, `${offer.tokens} tokens less those before; ${source}`),
      };
    }
    const credited = x.add({
      component: 'credits',
      cash: true,
      label: `Signup ${offer.credit === undefined ? 'tokens' : 'credit'} (${bill.seller}, off ${bill.after})`,
      timing: 'monthly',
      formula: `0 - ${formula}${life.factor}`,
      inputs: { ...inputs, ...life.inputs },
    });
    due = sheet.derive('bill + credited', { bill: due, credited }, 'USD', `invoiced by ${bill.seller} after credit`);
  }
}

const leftOf = (x: CostInputs, given: Quantity, used: Quantity, source: string): Quantity =>
  x.sheet.derive('max(0, given - (so_far - used))', { given, so_far: x.sheet.running(used), used }, given.unit, source);

function lifeOf(x: CostInputs, months: number | undefined, source: string) {
  const { horizon } = x.scenario;
  if (months === undefined || months >= horizon) return { factor: '', inputs: {} };
  const alive = Array.from({ length: horizon }, (_, month) => Number(month < months));
  return {
    factor: ' * alive',
    inputs: { alive: x.sheet.series(alive, '1', `1 until it expires after ${months} months; ${source}`) },
  };
}
