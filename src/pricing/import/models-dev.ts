/**
 * models.dev as its api.json gives it (one object by provider, USD per million tokens, `cost.tiers` by context size). Its
 * repository keeps TOML files, one per model; those are not read: take api.json.
 */
import type { Cliff } from '../rate-card.ts';
import {
  type Imported,
  type ImportedCard,
  isEmptyPeriod,
  type Json,
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
  azure: 'azure',
  'amazon-bedrock': 'bedrock',
  deepseek: 'deepseek',
  mistral: 'mistral',
  xai: 'xai',
  cohere: 'cohere',
  alibaba: 'alibaba',
  moonshotai: 'moonshot',
  zai: 'zai',
  minimax: 'minimax',
  perplexity: 'perplexity',
  groq: 'groq',
  'fireworks-ai': 'fireworks',
  togetherai: 'together',
  siliconflow: 'siliconflow',
};
const METERS = {
  input: 'input',
  cache_read: 'cache_read',
  cache_write: 'cache_write_5m',
  output: 'output',
  reasoning: 'reasoning',
};

export function importModelsDev(document: unknown): Imported {
  const skipped = new Skipped();
  const not_held: string[] = [];
  const cards = Object.entries(mapOf(document)).flatMap(([provider, entry]) =>
    Object.entries(mapOf(mapOf(entry).models)).flatMap(([id, row]): ImportedCard[] => {
      const seller = SELLERS[provider];
      const cost = mapOf(mapOf(row).cost);
      if (seller === undefined) {
        skipped.add(provider);
        return [];
      }
      const model = id.replace(/^accounts\/fireworks\/models\//, '');
      const period = { usd_per_mtok: pricesOf(cost, METERS, 1), cliffs: cliffsOf(cost) };
      const left = leftOver(cost, new Set([...Object.keys(METERS), 'tiers', 'context_over_200k']));
      if (left.length > 0) not_held.push(`${seller}/${model}: ${left.join(', ')}`);
      return isEmptyPeriod(period) ? [] : [{ seller, model, periods: [period] }];
    }),
  );
  return { cards, not_held: [...not_held, ...skipped.words] };
}

/** Tiers say their size; `context_over_200k` repeats one of them under a fixed name and counts only alone. */
function cliffsOf(cost: Json): Cliff[] {
  const tiers = listOf(cost.tiers).flatMap((tier): Cliff[] => {
    const size = priceOf(mapOf(mapOf(tier).tier).size);
    return size === undefined || size === 0
      ? []
      : [{ prompt_tokens: size, rule: 'above', usd_per_mtok: pricesOf(mapOf(tier), METERS, 1) }];
  });
  if (tiers.length > 0) return tiers.sort((a, b) => a.prompt_tokens - b.prompt_tokens);
  const over = pricesOf(mapOf(cost.context_over_200k), METERS, 1);
  return Object.keys(over).length === 0 ? [] : [{ prompt_tokens: 200_000, rule: 'above', usd_per_mtok: over }];
}
