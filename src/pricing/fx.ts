/**
 * Exchange rates: dated facts like prices, with source and confidence, and the conversion of money in another currency.
 *
 *   usd = value / units_per_usd, at the latest rate that is not younger than the date asked for
 *
 * Example: 14 CNY at 7.1 CNY/USD are 1.9718 USD. Money is converted only where a field of the contract is `money`; elsewhere
 * another currency stays an error. Not modelled: spreads, fees of exchange, rates that move within the horizon.
 */
import * as z from 'zod';

export const CURRENCIES = ['USD', 'EUR', 'CNY'] as const;
export type Currency = (typeof CURRENCIES)[number];

export interface Money {
  readonly value: number;
  readonly currency: Currency;
}

const WRITTEN = /^\s*(\d+(?:\.\d+)?)\s*(USD|EUR|CNY)\s*$/;

/** A field that takes money of any known currency: 5 (USD), "14 CNY". */
export const money = (description: string) =>
  z
    .union([z.number().nonnegative(), z.string()])
    .transform((input, context): Money => {
      if (typeof input === 'number') return { value: input, currency: 'USD' };
      const [, value, currency] = WRITTEN.exec(input) ?? [];
      if (value !== undefined) return { value: Number(value), currency: currency as Currency };
      const message = `"${input}" is no money; allowed are a number of USD or, such as "14 CNY", one of ${CURRENCIES.join(', ')}`;
      context.addIssue({ code: 'custom', message, input });
      return z.NEVER;
    })
    .meta({ description: `${description} [money: USD, EUR or CNY]` });

export const exchangeRates = z
  .strictObject({
    rates: z.array(
      z.strictObject({
        currency: z.enum(CURRENCIES.filter((one) => one !== 'USD')),
        units_per_usd: z.number().positive(),
        as_of: z.iso.date(),
        source: z.string(),
        confidence: z.enum(['high', 'medium', 'low']),
      }),
    ),
  })
  .describe('Exchange rates to the US dollar, dated');

export type ExchangeRates = z.infer<typeof exchangeRates>;
export type ExchangeRate = ExchangeRates['rates'][number];

/** The rate that a date uses: the latest up to it, or else the earliest; undefined where none is known. */
export function rateOn({ rates }: ExchangeRates, currency: Currency, on: string): ExchangeRate | undefined {
  const known = rates.filter((rate) => rate.currency === currency).sort((a, b) => (a.as_of < b.as_of ? -1 : 1));
  return known.filter((rate) => rate.as_of <= on).at(-1) ?? known[0];
}

/** Money in US dollars, and how it came to be that, in words; undefined without a rate. */
export function inUsd(
  { value, currency }: Money,
  rates: ExchangeRates,
  on: string,
): { readonly usd: number; readonly words: string } | undefined {
  if (currency === 'USD') return { usd: value, words: `${value} USD` };
  const rate = rateOn(rates, currency, on);
  if (rate === undefined) return undefined;
  const { units_per_usd, as_of, source } = rate;
  return {
    usd: value / units_per_usd,
    words: `${value} ${currency} at ${units_per_usd} ${currency}/USD of ${as_of} (${source})`,
  };
}
