/**
 * What chance has in store for a request: whether it fails and how, how long it takes, how long its answer is. Every request
 * draws the same number of times in the same order, so that a fault that is declared moves nothing else of the run.
 */
import { quantileOf } from '../../distribution.ts';
import type { Random } from '../../random.ts';
import type { RouteSpec, StandInSpec } from './spec.ts';

export type Fate = 'served' | 'error' | 'burst' | 'reset' | 'cut' | 'stall';

export interface Luck {
  readonly fate: Fate;
  /** In [0, 1): of the kind of error, of the place where an answer breaks off, of digits at random. */
  readonly detail: number;
  readonly first_token_ms: number;
  readonly answer_tokens: number;
  /** Time of each further token. */
  readonly nextToken_ms: () => number;
}

const LEAST = 2 ** -53;

export function luckOf(spec: StandInSpec, { added, faults }: RouteSpec): (random: Random) => Luck {
  const [first, hop, step, length] = [spec.first_token, added, spec.per_token, spec.answer_tokens].map((amount) =>
    quantileOf(amount.spec),
  ) as [Draw, Draw, Draw, Draw];
  return (random) => {
    const u = (): number => Math.max(LEAST, random.uniform());
    const fate = fateOf(random.uniform(), faults);
    const detail = random.uniform();
    const first_token_ms = first(u()) + Math.max(0, hop(u()));
    const answer_tokens = Math.max(1, Math.round(length(u())));
    return { fate, detail, first_token_ms, answer_tokens, nextToken_ms: () => step(u()) };
  };
}

type Draw = (u: number) => number;

function fateOf(u: number, faults: RouteSpec['faults']): Fate {
  const shares: readonly (readonly [Fate, number])[] = [
    ['error', faults.error_fraction],
    ['burst', faults.burst_fraction],
    ['reset', faults.reset_fraction],
    ['cut', faults.cut_fraction],
    ['stall', faults.stall_fraction],
  ];
  let reached = 0;
  for (const [fate, share] of shares) {
    reached += share;
    if (u < reached) return fate;
  }
  return 'served';
}
