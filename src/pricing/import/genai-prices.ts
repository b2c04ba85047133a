/**
 * A provider file of pydantic/genai-prices (YAML, or its data.json with a list of providers): USD per million tokens, tiers
 * as `{base, tiers: [{start, price}]}`, prices that hold from a `start_date` or between two times of the day. The last match
 * wins there; here a dated price becomes a period and a time of day a window.
 */
import type { Cliff, PriceWindow, TokenPrices } from '../rate-card.ts';
import {
  type Imported,
  type ImportedCard,
  type ImportedPeriod,
  isMap,
  type Json,
  leftOver,
  listOf,
  mapOf,
  priceOf,
  Skipped,
} from './imported.ts';

const SELLERS: Readonly<Record<string, string>> = {
  openai: 'openai',
  anthropic: 'anthropic',
  google: 'google',
  azure: 'azure',
  aws: 'bedrock',
  deepseek: 'deepseek',
  mistral: 'mistral',
  'x-ai': 'xai',
  cohere: 'cohere',
  moonshotai: 'moonshot',
  zai: 'zai',
  minimax: 'minimax',
  perplexity: 'perplexity',
  voyageai: 'voyage',
  groq: 'groq',
  fireworks: 'fireworks',
  together: 'together',
};
const METERS = {
  input_mtok: 'input',
  cache_read_mtok: 'cache_read',
  cache_write_mtok: 'cache_write_5m',
  cache_write_1h_mtok: 'cache_write_1h',
  output_mtok: 'output',
} as const;
const WEEK = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

export function importGenaiPrices(document: unknown, own: string | undefined): Imported {
  const skipped = new Skipped();
  const not_held: string[] = [];
  const providers = Array.isArray(document) ? document : (mapOf(document).providers ?? [document]);
  const cards = listOf(providers).flatMap((entry) => {
    const provider = mapOf(entry);
    const id = String(provider.id ?? 'unknown');
    const seller = SELLERS[id] ?? own;
    return listOf(provider.models).flatMap((row): ImportedCard[] => {
      if (seller === undefined) {
        skipped.add(id);
        return [];
      }
      const model = String(mapOf(row).id ?? '');
      const tell = (what: string) => not_held.push(`${seller}/${model}: ${what}`);
      const periods = periodsOf(mapOf(row).prices, tell);
      return periods.length === 0 ? [] : [{ seller, model, periods }];
    });
  });
  return { cards, not_held: [...not_held, ...skipped.words] };
}

function periodsOf(prices: unknown, tell: (what: string) => void): ImportedPeriod[] {
  const rows = Array.isArray(prices) ? prices.map(mapOf) : [{ prices }];
  const periods: ImportedPeriod[] = [];
  for (const row of rows) {
    const constraint = mapOf((row as Json).constraint);
    const table = tableOf(mapOf((row as Json).prices), tell);
    const from = constraint.start_date;
    const last = periods.at(-1);
    if (constraint.start_time !== undefined && last !== undefined) {
      periods[periods.length - 1] = { ...last, windows: [...(last.windows ?? []), windowOf(constraint, table, last)] };
    } else if (from !== undefined && last !== undefined) {
      const date = String(from).slice(0, 10);
      periods[periods.length - 1] = { ...last, until: date };
      periods.push({ ...table, from: date });
    } else if (Object.keys(constraint).length > 0) tell(`a price under ${Object.keys(constraint).join(', ')}`);
    else if (Object.keys(table.usd_per_mtok).length > 0 || table.usd_per_request !== undefined) periods.push(table);
  }
  return periods;
}

const windowOf = (
  constraint: Json,
  { usd_per_mtok }: ImportedPeriod,
  { windows = [] }: ImportedPeriod,
): PriceWindow => ({
  label: `window ${windows.length + 1}`,
  zone: 'UTC',
  days: [...WEEK],
  hours: [`${String(constraint.start_time).slice(0, 5)}-${String(constraint.end_time).slice(0, 5)}`],
  usd_per_mtok,
});

function tableOf(row: Json, tell: (what: string) => void): ImportedPeriod {
  const base: Record<string, number> = {};
  const cliffs = new Map<number, Record<string, number>>();
  for (const [key, meter] of Object.entries(METERS)) {
    const value = row[key];
    const usd = priceOf(isMap(value) ? value.base : value);
    if (usd !== undefined) base[meter] = usd;
    for (const tier of isMap(value) ? listOf(value.tiers) : []) {
      const start = priceOf(mapOf(tier).start);
      const price = priceOf(mapOf(tier).price);
      if (start !== undefined && price !== undefined) cliffs.set(start, { ...cliffs.get(start), [meter]: price });
    }
  }
  const perThousand = priceOf(row.requests_kcount);
  const left = leftOver(row, new Set([...Object.keys(METERS), 'requests_kcount']));
  if (left.length > 0) tell(left.join(', '));
  return {
    usd_per_mtok: base as TokenPrices,
    cliffs: [...cliffs]
      .sort(([a], [b]) => a - b)
      .map(([prompt_tokens, usd]): Cliff => ({ prompt_tokens, rule: 'above', usd_per_mtok: usd as TokenPrices })),
    ...(perThousand === undefined ? {} : { usd_per_request: perThousand / 1000 }),
  };
}
