/**
 * A provider file of Portkey-AI/models: one object by model, US cents per token. The file does not say whose it is, so the
 * seller is given. A cache price of 0 is its way of saying "none"; sizes that stand in ids (`-gt-128k`) are left out.
 */

import type { TokenPrices } from '../rate-card.ts';
import { type Imported, type ImportedCard, isEmptyPeriod, type Json, leftOver, mapOf, priceOf } from './imported.ts';

const METERS = {
  request_token: 'input',
  cache_read_input_token: 'cache_read',
  cache_write_input_token: 'cache_write_5m',
  response_token: 'output',
} as const;
/** Cents per token to USD per million tokens. */
const USD_PER_MTOK = 1e4;

export function importPortkey(document: unknown, seller = 'unknown'): Imported {
  const not_held: string[] = [];
  const cards = Object.entries(mapOf(document)).flatMap(([model, row]): ImportedCard[] => {
    if (model === 'default') return [];
    const config = mapOf(mapOf(row).pricing_config);
    const standard = mapOf(config.pay_as_you_go);
    const extra = mapOf(standard.additional_units);
    if (/-(gt|lte)-\d+k$/.test(model)) {
      not_held.push(`${seller}/${model}: a prompt size in the id`);
      return [];
    }
    const write1h = centsOf(extra.cache_write_1h, USD_PER_MTOK);
    const search = centsOf(extra.web_search, 0.01);
    const batch = tableOf(mapOf(config.batch_config));
    const period = {
      usd_per_mtok: { ...tableOf(standard), ...(write1h ? { cache_write_1h: write1h } : {}) },
      ...(Object.keys(batch).length === 0 ? {} : { tiers: { batch: { usd_per_mtok: batch } } }),
      ...(search ? { usd_per_web_search: search } : {}),
    };
    const left = [
      ...leftOver(standard, new Set([...Object.keys(METERS), 'additional_units'])),
      ...leftOver(extra, new Set(['cache_write_1h', 'web_search'])),
    ];
    if (left.length > 0) not_held.push(`${seller}/${model}: ${left.join(', ')}`);
    return isEmptyPeriod(period) ? [] : [{ seller, model, periods: [period] }];
  });
  return { cards, not_held };
}

const centsOf = (value: unknown, factor: number): number | undefined => priceOf(mapOf(value).price, factor);

function tableOf(row: Json): TokenPrices {
  const prices: Record<string, number> = {};
  for (const [key, meter] of Object.entries(METERS)) {
    const usd = centsOf(row[key], USD_PER_MTOK);
    if (usd !== undefined && !(usd === 0 && meter.startsWith('cache'))) prices[meter] = usd;
  }
  return prices as TokenPrices;
}
