/**
 * Amounts written in EUR or CNY, in US dollars at the price book's dated rate. Nothing converts in silence: the rate stands
 * in the amount's source, and a notice names it.
 *
 *   usd = value / units_per_usd, at the latest rate up to the scenario's start
 *
 * Example: 90 EUR/hour at 0.9 EUR/USD are 100 USD/hour. Not modelled: rates that move within the horizon.
 */
import type { Amount } from '../amount.ts';
import { scaled } from '../distribution.ts';
import { type Diagnostic, notice } from '../errors.ts';
import { type Currency, type ExchangeRates, rateOn } from '../pricing/fx.ts';
import { mapAmounts } from './paths.ts';

/** The same value with its amounts in US dollars; what has none in another currency is returned as it is. */
export const inUsDollars = <T>(value: T, rates: ExchangeRates, on: string, told: (found: Diagnostic) => void): T =>
  mapAmounts(value, (amount) => converted(amount, rates, on, told));

function converted(amount: Amount, rates: ExchangeRates, on: string, told: (found: Diagnostic) => void): Amount {
  const { currency, ...rest } = amount;
  if (currency === undefined) return amount;
  const rate = rateOn(rates, currency as Currency, on);
  if (rate === undefined) throw new Error(`the price book has no rate for ${currency}`);
  const { units_per_usd, as_of, source, confidence } = rate;
  const words = `${amount.central} ${amount.unit.replace('USD', currency)} at ${units_per_usd} ${currency}/USD of ${as_of}`;
  told(notice('CURRENCY_CONVERTED', amount.path, `${words} (${source}; confidence ${confidence})`));
  return {
    ...rest,
    spec: scaled(amount.spec, 1 / units_per_usd),
    central: amount.central / units_per_usd,
    source: `${amount.source ?? 'scenario'}; ${words} (${source})`,
  };
}
