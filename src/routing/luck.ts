/**
 * Random numbers that belong to a request, and in it to a route and the number of the attempt, not to a place in a stream:
 * the same attempt meets the same luck whatever a strategy did before, so that strategies compare on common random numbers,
 * and a router gives a request the draws that a replay of it gives, whatever other requests run beside it.
 *
 *   uniform n of (seed, request, part) = 53 bits of MurmurHash3's finaliser over the three and n
 *
 * Implements Random, so that policies and conditions draw from it. One object is pointed at request after request and
 * allocates nothing. Source: counter-based generators, Salmon et al., Parallel Random Numbers: As Easy as 1, 2, 3, 2011
 * (their idea; the mixing here is weaker than theirs). Not for secrets.
 */
import { type Random, substream } from '../random.ts';

/** Parts of a request's luck that policies draw from; others are a replay's own. */
export const POLICY_PART = 1;
export const JITTER_PART = 2;

const GOLDEN = 0x9e3779b9;

export class Luck implements Random {
  readonly #salt: number;
  readonly #pepper: number;
  #first = 0;
  #second = 0;
  #drawn = 0;

  constructor(salt: number, pepper: number) {
    this.#salt = salt;
    this.#pepper = pepper;
    this.point(0, 0);
  }

  static of(seed: number, name: string): Luck {
    const random = substream(seed, name);
    return new Luck(random.integer(2 ** 32) | 0, random.integer(2 ** 32) | 0);
  }

  /** A generator of its own, for requests that overlap. */
  at(request: number, part: number): Luck {
    const luck = new Luck(this.#salt, this.#pepper);
    luck.point(request, part);
    return luck;
  }

  /** The next draws are those of this request; `part` tells apart what is drawn for it. */
  point(request: number, part: number): void {
    const low = mix(this.#salt ^ (request | 0));
    this.#first = mix(low + Math.imul(part + 1, GOLDEN));
    this.#second = mix((low ^ this.#pepper) + Math.floor(request / 2 ** 32) + Math.imul(part, 0x85ebca6b));
    this.#drawn = 0;
  }

  uniform(): number {
    this.#drawn = (this.#drawn + GOLDEN) | 0;
    const high = mix(mix(this.#first + this.#drawn) ^ this.#second);
    const low = mix(high + this.#first);
    return ((high >>> 5) * 2 ** 26 + (low >>> 6)) / 2 ** 53;
  }

  normal(): number {
    return Math.sqrt(-2 * Math.log1p(-this.uniform())) * Math.cos(2 * Math.PI * this.uniform());
  }

  exponential(): number {
    return -Math.log1p(-this.uniform());
  }

  integer(below: number): number {
    return Math.floor(this.uniform() * below);
  }
}

/** What the policies of all requests draw from: choices, and jitter, which moves no choice. */
export interface PolicyLuck {
  readonly policy: Luck;
  readonly jitter: Luck;
}

export const policyLuck = (seed: number): PolicyLuck => ({
  policy: Luck.of(seed, 'replay/policy'),
  jitter: Luck.of(seed, 'replay/jitter'),
});

/** A text as a part: equal names meet equal luck. */
export function partOf(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return mix(h);
}

function mix(x: number): number {
  let h = x | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
