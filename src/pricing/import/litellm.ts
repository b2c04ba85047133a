/**
 * LiteLLM's model_prices_and_context_window.json: one object by model key, USD per token, tiers in the names of keys
 * (`…_above_200k_tokens`, `…_batches`, `…_flex`, `…_priority`). The key carries a provider's prefix, which is taken off.
 */
import type { Cliff } from '../rate-card.ts';
import {
  type Imported,
  type ImportedCard,
  isEmptyPeriod,
  isMap,
  leftOver,
  mapOf,
  priceOf,
  pricesOf,
  Skipped,
} from './imported.ts';

const SELLERS: Readonly<Record<string, string>> = {
  openai: 'openai',
  'text-completion-openai': 'openai',
  anthropic: 'anthropic',
  gemini: 'google',
  azure: 'azure',
  bedrock: 'bedrock',
  bedrock_converse: 'bedrock',
  deepseek: 'deepseek',
  mistral: 'mistral',
  xai: 'xai',
  cohere: 'cohere',
  cohere_chat: 'cohere',
  dashscope: 'alibaba',
  moonshot: 'moonshot',
  zai: 'zai',
  minimax: 'minimax',
  perplexity: 'perplexity',
  voyage: 'voyage',
  groq: 'groq',
  fireworks_ai: 'fireworks',
  together_ai: 'together',
};

const METERS = {
  input_cost_per_token: 'input',
  cache_read_input_token_cost: 'cache_read',
  cache_creation_input_token_cost: 'cache_write_5m',
  cache_creation_input_token_cost_above_1hr: 'cache_write_1h',
  output_cost_per_token: 'output',
  output_cost_per_reasoning_token: 'reasoning',
} as const;
const USD_PER_MTOK = 1e6;
const TIERS = { batch: '_batches', flex: '_flex', priority: '_priority' } as const;

export function importLitellm(document: unknown): Imported {
  const skipped = new Skipped();
  const not_held: string[] = [];
  const cards = Object.entries(mapOf(document)).flatMap(([key, value]): ImportedCard[] => {
    if (key === 'sample_spec' || !isMap(value)) return [];
    const provider = String(value.litellm_provider ?? 'unknown');
    const seller = SELLERS[provider];
    if (seller === undefined) {
      skipped.add(provider);
      return [];
    }
    const model = key.replace(new RegExp(`^${provider}/`), '').replace(/^accounts\/fireworks\/models\//, '');
    const known = new Set<string>(['max_tokens', 'max_input_tokens', 'max_output_tokens']);
    const read = (suffix: string) => {
      const names = Object.fromEntries(Object.entries(METERS).map(([name, meter]) => [`${name}${suffix}`, meter]));
      for (const name of Object.keys(names)) known.add(name);
      return pricesOf(value, names, USD_PER_MTOK);
    };
    const tiers = Object.fromEntries(
      Object.entries(TIERS).flatMap(([tier, suffix]) => {
        const usd_per_mtok = read(suffix);
        return Object.keys(usd_per_mtok).length === 0 ? [] : [[tier, { usd_per_mtok }]];
      }),
    );
    const sizes = Object.keys(value).flatMap(
      (name) => /^input_cost_per_token_above_(\d+)k_tokens$/.exec(name)?.[1] ?? [],
    );
    const cliffs = sizes
      .map(
        (size): Cliff => ({
          prompt_tokens: Number(size) * 1000,
          rule: 'above',
          usd_per_mtok: read(`_above_${size}k_tokens`),
        }),
      )
      .sort((a, b) => a.prompt_tokens - b.prompt_tokens);
    const usd_per_request = priceOf(value.input_cost_per_query);
    known.add('input_cost_per_query');
    const period = {
      usd_per_mtok: read(''),
      cliffs,
      tiers,
      ...(usd_per_request === undefined ? {} : { usd_per_request }),
    };
    const left = leftOver(value, known).filter((name) => /cost|price|pricing/.test(name));
    if (left.length > 0) not_held.push(`${seller}/${model}: ${left.join(', ')}`);
    return isEmptyPeriod(period) ? [] : [{ seller, model, periods: [period] }];
  });
  return { cards, not_held: [...not_held, ...skipped.words] };
}
