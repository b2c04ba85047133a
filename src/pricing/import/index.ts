/** The importers of other price books by the name that the command line knows them by. Data; no logic. */
import { importGenaiPrices } from './genai-prices.ts';
import type { Importer } from './imported.ts';
import { importLitellm } from './litellm.ts';
import { importLlmPrices } from './llm-prices.ts';
import { importModelsDev } from './models-dev.ts';
import { importOpenrouter } from './openrouter.ts';
import { importPortkey } from './portkey.ts';

export const IMPORTERS = {
  litellm: importLitellm,
  'models.dev': importModelsDev,
  openrouter: importOpenrouter,
  'genai-prices': importGenaiPrices,
  portkey: importPortkey,
  'llm-prices': importLlmPrices,
} as const satisfies Readonly<Record<string, Importer>>;

export type ImportedBook = keyof typeof IMPORTERS;
export const IMPORTED_BOOKS = Object.keys(IMPORTERS) as ImportedBook[];
