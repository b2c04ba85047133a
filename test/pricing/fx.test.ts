import { expect, test } from 'vitest';
import * as z from 'zod';
import { readAmount } from '../../src/amount.ts';
import { readPriceBook } from '../../src/io/read-price-book.ts';
import { type ExchangeRates, exchangeRates, inUsd, money, rateOn } from '../../src/pricing/fx.ts';

const rates: ExchangeRates = exchangeRates.parse({
  rates: [
    { currency: 'CNY', units_per_usd: 7, as_of: '2026-06-01', source: 'a', confidence: 'low' },
    { currency: 'CNY', units_per_usd: 7.1, as_of: '2026-11-01', source: 'b', confidence: 'low' },
  ],
});

test('14 CNY at 7.1 CNY/USD are 1.9718 USD, and the words say so', () => {
  const found = inUsd({ value: 14, currency: 'CNY' }, rates, '2026-12-01');
  expect(found?.usd).toBeCloseTo(1.9718309859, 9);
  expect(found?.words).toBe('14 CNY at 7.1 CNY/USD of 2026-11-01 (b)');
});

test('the rate is the latest up to the date, else the earliest, and none where none is known', () => {
  expect(
    ['2026-05-01', '2026-06-01', '2026-10-31', '2026-11-01'].map((on) => rateOn(rates, 'CNY', on)?.units_per_usd),
  ).toEqual([7, 7, 7, 7.1]);
  expect(inUsd({ value: 1, currency: 'EUR' }, rates, '2026-12-01')).toBeUndefined();
});

test('money is a number of USD or a value with its currency, and nothing else', () => {
  const field = money('test');
  expect(field.parse(5)).toEqual({ value: 5, currency: 'USD' });
  expect(field.parse('14 CNY')).toEqual({ value: 14, currency: 'CNY' });
  expect(z.safeParse(field, '14 GBP').error?.message).toMatch(/allowed are .*USD, EUR, CNY/);
});

test('an amount in another currency carries it until it is converted; a mix is an error', () => {
  expect(readAmount('3 EUR', 'USD', { min: 0 })).toMatchObject({ currency: 'EUR', central: 3 });
  expect(() => readAmount('3 USD to 5 EUR', 'USD', { min: 0 })).toThrow(/"3 USD" is in USD, expected EUR/);
});

test('the book has a dated rate of every currency', async () => {
  const { exchange_rates } = await readPriceBook();
  for (const currency of ['CNY', 'EUR'] as const)
    expect(rateOn(exchange_rates, currency, '2026-12-01')?.source).not.toBe('');
});
