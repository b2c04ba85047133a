/**
 * The models of the stand-in and what it charges for them: whole nano-dollars a token (1 USD per million tokens is 1,000),
 * its own table, so that its bill owes nothing to the price book. A test holds the two against each other.
 */
import type { StandInApi } from './spec.ts';

export interface NanoPrices {
  readonly input: number;
  readonly cache_read: number;
  readonly cache_write_5m: number;
  readonly cache_write_1h: number;
  readonly output: number;
  readonly image: number;
}

export interface StandInModel {
  readonly name: string;
  /** As answers name it. */
  readonly snapshot: string;
  readonly api: StandInApi;
  readonly does: 'chat' | 'embeddings' | 'images';
  /** Row of the price book that it is like; undefined: there is none. */
  readonly seller: string | undefined;
  readonly nano_usd: NanoPrices;
  readonly context_tokens: number;
  readonly answer_tokens: number;
}

const NOTHING: NanoPrices = { input: 0, cache_read: 0, cache_write_5m: 0, cache_write_1h: 0, output: 0, image: 0 };
const openai = { api: 'openai', seller: 'openai', context_tokens: 128_000, answer_tokens: 16_384 } as const;
const claude = { api: 'anthropic', seller: 'anthropic', context_tokens: 200_000, answer_tokens: 64_000 } as const;

export const STAND_IN_IMAGE: StandInModel = {
  ...openai,
  name: 'stand-in-image',
  snapshot: 'stand-in-image',
  does: 'images',
  seller: undefined,
  nano_usd: { ...NOTHING, image: 40_000_000 },
};

export const STAND_IN_MODELS: readonly StandInModel[] = [
  {
    ...openai,
    name: 'gpt-4o-mini',
    snapshot: 'gpt-4o-mini-2024-07-18',
    does: 'chat',
    nano_usd: { ...NOTHING, input: 150, cache_read: 75, output: 600 },
  },
  {
    ...openai,
    name: 'gpt-4o',
    snapshot: 'gpt-4o-2024-08-06',
    does: 'chat',
    nano_usd: { ...NOTHING, input: 2500, cache_read: 1250, output: 10_000 },
  },
  {
    ...openai,
    name: 'text-embedding-3-small',
    snapshot: 'text-embedding-3-small',
    does: 'embeddings',
    nano_usd: { ...NOTHING, input: 20 },
  },
  STAND_IN_IMAGE,
  {
    ...claude,
    name: 'claude-haiku-4-5',
    snapshot: 'claude-haiku-4-5-20251001',
    does: 'chat',
    nano_usd: { ...NOTHING, input: 1000, cache_read: 100, cache_write_5m: 1250, cache_write_1h: 2000, output: 5000 },
  },
];

export const modelCalled = (name: unknown): StandInModel | undefined =>
  STAND_IN_MODELS.find((one) => one.name === name || one.snapshot === name);
