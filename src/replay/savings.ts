/**
 * What caches and batches save in a replay, in money, in one order: response cache, prompt cache, batch. Each works on what the
 * one before left, and is told beside that baseline, so that nothing is saved twice and the parts add up.
 *
 *   all sent     price of (used and spared), no cached token, no batch        baseline of the response cache
 *   not spared   price of used, no cached token, no batch                     baseline of the prompt cache
 *   cached       price of used, cached tokens as they are, no batch           baseline of the batch
 *   paid         price of used
 *
 * Example: 100 requests of 0.01 USD, 20 spared, cached input takes a quarter off, half of what is left goes at half the price:
 * 1.00, 0.80, 0.60, 0.45 USD: savings of 0.20 of 1.00, 0.20 of 0.80, 0.15 of 0.60. A saving may be negative: writes that
 * nobody reads. Retries and fallbacks are in what was used. Discounts by volume and contracts come after (costs/).
 * Prices are the caller's. Not modelled: what a prompt cache would have read of requests that were spared.
 */
import type { UsageRow, UsageTable } from '../usage/table.ts';
import type { ReplayResult } from './result.ts';

export const SAVERS = ['response_cache', 'prompt_cache', 'batch'] as const;
export type Saver = (typeof SAVERS)[number];

export interface PricedSaving {
  readonly saver: Saver;
  /** What would be paid without it, with those before it; null: something has no price. */
  readonly of_usd: number | null;
  readonly saved_usd: number | null;
}

/** @param price USD of a table; null where something in it has no price */
export function pricedSavings(
  { usage, avoided }: Pick<ReplayResult, 'usage' | 'avoided'>,
  price: (table: UsageTable) => number | null,
): PricedSaving[] {
  const left = price(changed(usage, inStandard, uncached));
  const spared = avoided.rows.length === 0 ? 0 : price(changed(avoided, inStandard, uncached));
  const costs = [
    left === null || spared === null ? null : left + spared,
    left,
    price(changed(usage, inStandard)),
    price(usage),
  ];
  return SAVERS.map((saver, i) => {
    const [of_usd, after] = [costs[i]!, costs[i + 1]!];
    return { saver, of_usd, saved_usd: of_usd === null || after === null ? null : of_usd - after };
  });
}

type Change = (row: UsageRow) => UsageRow;

const changed = (table: UsageTable, ...changes: readonly Change[]): UsageTable => ({
  ...table,
  rows: table.rows.map((row) => changes.reduce((from, change) => change(from), row)),
});

const inStandard: Change = (row) => (row.tier === 'batch' ? { ...row, tier: 'standard' } : row);

const uncached: Change = (row) => ({
  ...row,
  input_tokens: row.input_tokens + row.cache_read_tokens + row.cache_write_5m_tokens + row.cache_write_1h_tokens,
  cache_read_tokens: 0,
  cache_write_5m_tokens: 0,
  cache_write_1h_tokens: 0,
  audio_input_tokens: row.audio_input_tokens + row.audio_cache_read_tokens,
  audio_cache_read_tokens: 0,
});
