/**
 * simonw/llm-prices: a vendor file with `price_history` per model, or its combined list under `prices`; USD per million
 * tokens with `from_date` and `to_date`. Prompt sizes stand in ids there (`-200k`) and are left out.
 */
import {
  type Imported,
  type ImportedCard,
  type ImportedPeriod,
  type Json,
  listOf,
  mapOf,
  pricesOf,
  Skipped,
} from './imported.ts';

const SELLERS: Readonly<Record<string, string>> = {
  openai: 'openai',
  anthropic: 'anthropic',
  google: 'google',
  amazon: 'bedrock',
  deepseek: 'deepseek',
  mistral: 'mistral',
  xai: 'xai',
  qwen: 'alibaba',
  'moonshot-ai': 'moonshot',
  'z.ai': 'zai',
  minimax: 'minimax',
};
const METERS = { input: 'input', input_cached: 'cache_read', output: 'output' };

export function importLlmPrices(document: unknown, own: string | undefined): Imported {
  const skipped = new Skipped();
  const not_held: string[] = [];
  const { vendor, models, prices } = mapOf(document);
  const rows = [
    ...listOf(models).map((row) => ({ ...mapOf(row), vendor, history: listOf(mapOf(row).price_history) })),
    ...listOf(prices).map((row) => ({ ...mapOf(row), vendor: mapOf(row).vendor, history: [row] })),
  ];
  const periods = new Map<string, { seller: string; model: string; periods: ImportedPeriod[] }>();
  for (const row of rows) {
    const seller = SELLERS[String(row.vendor)] ?? own;
    const model = String((row as Json).id ?? '');
    if (seller === undefined) skipped.add(String(row.vendor));
    else if (/-\d+k$/.test(model)) not_held.push(`${seller}/${model}: a prompt size in the id`);
    else {
      const name = `${seller}/${model}`;
      const card = periods.get(name) ?? { seller, model, periods: [] };
      card.periods.push(...row.history.map((entry) => periodOf(mapOf(entry))));
      periods.set(name, card);
    }
  }
  const cards = [...periods.values()].map(
    (card): ImportedCard => ({
      ...card,
      periods: card.periods.sort((a, b) => ((a.from ?? '') < (b.from ?? '') ? -1 : 1)),
    }),
  );
  return { cards, not_held: [...not_held, ...skipped.words] };
}

const periodOf = (entry: Json): ImportedPeriod => ({
  usd_per_mtok: pricesOf(entry, METERS, 1),
  ...(typeof entry.from_date === 'string' ? { from: entry.from_date } : {}),
  ...(typeof entry.to_date === 'string' ? { until: entry.to_date } : {}),
});
