/**
 * Prompts that repeat, and prefixes that prompts share: which prompt each request asks, how long it is, and the hashes of
 * its blocks of 512 tokens, outermost first.
 *
 *   Zipf: probability of the prompt of rank r = r^-s / (1^-s + ... + N^-s)
 *   length and prefix of a prompt follow from its number alone: places in 0..1 spread by irrational steps
 *
 * Example: s = 1 over 3 prompts asks them with 6/11, 3/11 and 2/11. A prompt of 1,100 tokens has 3 blocks; with a prefix
 * of 1,024 tokens the first two are the prefix's. A prompt shares only whole blocks, and no more than it has.
 * Source: Zipf's law as used for repeated queries in Breslau et al., INFOCOM 1999; blocks of 512 as in Mooncake, FAST 2025.
 * Not modelled: conversations, in which each prompt holds the one before it.
 */
import type { Random } from '../random.ts';
import { cumulative, type Inverse, indexIn } from './inverse.ts';
import { whole } from './lengths.ts';
import type { RequestClass } from './schema.ts';
import { shuffle, strata } from './strata.ts';

export const BLOCK_TOKENS = 512;
/** Room for the hashes of one prompt; longer chains are cut. */
const CHAIN = 8192;
const GOLDEN = (Math.sqrt(5) - 1) / 2;
const ROOT_2 = Math.SQRT2 - 1;

export interface Prompts {
  /** The numbers of the prompts of a block of requests, from 0. */
  next(count: number): Float64Array;
  /** Lengths of repeated prompts; undefined where no prompt repeats, so that any draw will do. */
  readonly lengthOf: ((prompt: number) => number) | undefined;
  /** Hashes of the blocks of a prompt; undefined where the class has neither repeated prompts nor prefixes. */
  readonly chainOf: ((prompt: number, tokens: number) => number[]) | undefined;
}

/** @param place which of how many classes, so that no two classes have a hash in common */
export function prompts(
  { prompts: repeated, prefixes }: RequestClass,
  inverse: Inverse,
  least: number,
  place: { readonly index: number; readonly of: number },
  draws: { readonly prompts: Random; readonly prefixes: Random },
): Prompts {
  const offset = draws.prompts.uniform();
  const prefixOffset = draws.prefixes.uniform();
  const edges = repeated === undefined ? undefined : zipfEdges(repeated.distinct, repeated.zipf_exponent);
  let asked = 0;

  const prefixOf = (prompt: number): number | undefined => {
    if (prefixes === undefined) return undefined;
    const at = (prefixOffset + (prompt + 1) * ROOT_2) % 1;
    return at < prefixes.share ? Math.floor((at / prefixes.share) * prefixes.count) : undefined;
  };
  const hash = (number: number, block: number): number => (number * place.of + place.index) * CHAIN + block;

  return {
    next: (count) => {
      if (edges === undefined) return new Float64Array(count).map(() => asked++);
      return shuffle(strata(count, draws.prompts), draws.prompts).map((u) => indexIn(edges, u));
    },
    lengthOf:
      repeated === undefined ? undefined : (prompt) => whole(inverse((offset + (prompt + 1) * GOLDEN) % 1), least),
    chainOf:
      repeated === undefined && prefixes === undefined
        ? undefined
        : (prompt, tokens) => {
            const prefix = prefixOf(prompt);
            const shared = prefix === undefined ? 0 : Math.floor(Math.min(prefixes!.tokens, tokens) / BLOCK_TOKENS);
            const blocks = Math.min(CHAIN, Math.ceil(tokens / BLOCK_TOKENS));
            const own = prompt + (prefixes?.count ?? 0);
            return Array.from({ length: blocks }, (_, block) => hash(block < shared ? prefix! : own, block));
          },
  };
}

/** Probabilities of ranks 1 to `distinct`, added up. */
export const zipfEdges = (distinct: number, exponent: number): Float64Array =>
  cumulative(Array.from({ length: distinct }, (_, rank) => (rank + 1) ** -exponent));
