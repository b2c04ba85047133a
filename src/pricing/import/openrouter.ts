/**
 * OpenRouter's /api/v1/models: `data`, a list of models with prices as decimal texts in USD per token. The author in front
 * of the id is taken for the seller; the prices are OpenRouter's listing, which can differ from the seller's own. Variants
 * (`:free`) are other offers and are left out.
 */
import {
  type Imported,
  type ImportedCard,
  isEmptyPeriod,
  leftOver,
  listOf,
  mapOf,
  priceOf,
  pricesOf,
  Skipped,
} from './imported.ts';

const SELLERS: Readonly<Record<string, string>> = {
  openai: 'openai',
  anthropic: 'anthropic',
  google: 'google',
  'x-ai': 'xai',
  mistralai: 'mistral',
  deepseek: 'deepseek',
  cohere: 'cohere',
  qwen: 'alibaba',
  moonshotai: 'moonshot',
  'z-ai': 'zai',
  minimax: 'minimax',
  perplexity: 'perplexity',
};
const METERS = {
  prompt: 'input',
  input_cache_read: 'cache_read',
  input_cache_write: 'cache_write_5m',
  completion: 'output',
  internal_reasoning: 'reasoning',
};
const USD_PER_MTOK = 1e6;

export function importOpenrouter(document: unknown): Imported {
  const skipped = new Skipped();
  const not_held: string[] = [];
  const cards = listOf(mapOf(document).data).flatMap((entry): ImportedCard[] => {
    const row = mapOf(entry);
    const id = String(row.id ?? '');
    const [author = '', ...rest] = id.split('/');
    const seller = SELLERS[author];
    if (seller === undefined) {
      skipped.add(author);
      return [];
    }
    if (id.includes(':')) {
      not_held.push(`${id}: a variant, another offer`);
      return [];
    }
    const pricing = mapOf(row.pricing);
    // A reasoning price of 0 beside an output price says "as output" here.
    const { reasoning, ...prices } = pricesOf(pricing, METERS, USD_PER_MTOK);
    const usd_per_mtok =
      reasoning === undefined || reasoning === 0 || reasoning === prices.output ? prices : { ...prices, reasoning };
    const usd_per_request = priceOf(pricing.request);
    const usd_per_web_search = priceOf(pricing.web_search);
    const period = {
      usd_per_mtok,
      ...(usd_per_request ? { usd_per_request } : {}),
      ...(usd_per_web_search ? { usd_per_web_search } : {}),
    };
    const left = leftOver(pricing, new Set([...Object.keys(METERS), 'request', 'web_search']));
    if (left.length > 0) not_held.push(`${id}: ${left.join(', ')}`);
    if (Object.values(pricing).some((value) => Number(value) < 0)) not_held.push(`${id}: a price that varies (-1)`);
    return isEmptyPeriod(period) ? [] : [{ seller, model: rest.join('/'), periods: [period] }];
  });
  return { cards, not_held: [...not_held, ...skipped.words] };
}
