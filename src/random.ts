/**
 * Seeded random numbers as values: a seed and a name give a stream, always the same one. Streams of different names are
 * independent, so that a new draw in one place moves no other. The only door to pure-rand (xoroshiro128+).
 *
 * Normal draws are Box and Muller's, two uniforms each; nothing is kept between draws. Not for secrets.
 */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';

export interface Random {
  /** In [0, 1), a multiple of 2^-53. */
  uniform(): number;
  /** Mean 0, standard deviation 1. */
  normal(): number;
  /** Mean 1: time to the next event of a Poisson process of rate 1. */
  exponential(): number;
  /** A whole number from 0 to `below` - 1. */
  integer(below: number): number;
}

/** The stream of this name under this seed. */
export function substream(seed: number, name: string): Random {
  if (!Number.isSafeInteger(seed)) throw new Error(`a seed is a whole number, not ${seed}`);
  const text = `${seed}/${name}`;
  const generator = xoroshiro128plusFromState([1, 2, 3, 4].map((salt) => hash(text, salt) | 0));
  const uniform = (): number => uniformFloat64(generator);
  return {
    uniform,
    normal: () => Math.sqrt(-2 * Math.log1p(-uniform())) * Math.cos(2 * Math.PI * uniform()),
    exponential: () => -Math.log1p(-uniform()),
    integer: (below) => Math.floor(uniform() * below),
  };
}

/** FNV-1a over code units, then MurmurHash3's finaliser; `salt` gives hashes that have nothing to do with each other. */
function hash(text: string, salt: number): number {
  let h = Math.imul(0x811c9dc5 ^ salt, 0x9e3779b1);
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
