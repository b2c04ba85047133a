/**
 * What logs of gateways and of observability tools have in common: their words for who serves a model, one rule per
 * spelling of a column, and the reasons for which rows are left out.
 */
import type { ColumnRule, RequestField, Skip } from '../adapter.ts';

/** Words for a provider, in lower case, and the seller that invoices then. Others stay as they are logged. */
export const SELLER_WORDS: Readonly<Record<string, string>> = {
  'az.ai.openai': 'azure',
  'azure.ai.openai': 'azure',
  'azure-openai': 'azure',
  azure_openai: 'azure',
  azureopenai: 'azure',
  'aws.bedrock': 'bedrock',
  'aws-bedrock': 'bedrock',
  amazon_bedrock: 'bedrock',
  bedrock_converse: 'bedrock',
  amazon: 'bedrock',
  aws: 'bedrock',
  'gcp.gemini': 'google',
  gemini: 'google',
  google_ai_studio: 'google',
  'google-ai-studio': 'google',
  mistral_ai: 'mistral',
  'mistral-ai': 'mistral',
  mistralai: 'mistral',
  x_ai: 'xai',
  'x-ai': 'xai',
  x: 'xai',
  grok: 'xai',
  'perplexity-ai': 'perplexity',
  moonshot_ai: 'moonshot',
  dashscope: 'alibaba',
  cohere_chat: 'cohere',
  together_ai: 'together',
  'together-ai': 'together',
  togetherai: 'together',
  fireworks_ai: 'fireworks',
  'fireworks-ai': 'fireworks',
};

type How = Omit<ColumnRule, 'field' | 'from' | 'when'>;

/** A field that stands under one of these names from row to row; where several are filled, the first name counts. */
export const anyOf = (field: RequestField, names: readonly string[], how: How): ColumnRule[] =>
  names
    .map((name): ColumnRule => ({ field, from: [name], ...how, when: { column: [name], is_not: NOTHING } }))
    .reverse();

/** What stands in a cell that holds nothing. */
const NOTHING = ['', 'null'] as const;

export const SERVED_FROM_CACHE = "answered from the gateway's own cache, so that no provider was asked";

/** Rows in which none of these columns holds anything. */
export const allEmpty = (names: readonly string[]): Skip['tests'] =>
  names.map((name) => ({ column: [name], is: [''] }));

/** Codes of HTTP that stand for a failure, as words of a test. */
export const ERROR_CODES = [400, 401, 403, 404, 408, 409, 413, 422, 424, 429, 499, 500, 502, 503, 504, 529].map(String);
