/**
 * What a run is about to do, before it does it: calls, tokens and the most that they cost, for each target and check. Tokens
 * and costs are upper bounds; a target whose model has no price has no bound, and is left out of the run.
 */
import type { CheckId } from '../measurements/contract.ts';
import type { PriceBook } from '../pricing/price-book.ts';
import { sum } from '../units.ts';
import { isPaired } from './check.ts';
import { mostUsd } from './costs-of.ts';
import type { Asked, Dialect } from './dialect.ts';
import { lackOf } from './lacks.ts';
import { noPriceWords } from './price-used.ts';
import type { Check } from './run-smoke.ts';
import type { Target } from './target.ts';

export interface PlannedCheck {
  readonly target: string;
  readonly check: CheckId;
  readonly calls: number;
  readonly prompt_tokens: number;
  readonly output_tokens: number;
  /** Undefined: its model has no price. */
  readonly most_usd: number | undefined;
  /** Of its dearest call. */
  readonly dearest_usd: number;
  /** Which price is missing and where it can be given; undefined: none is. */
  readonly unpriced: string | undefined;
}

export interface Planning {
  readonly book: PriceBook;
  readonly rounds: number;
  /** Date of prices. */
  readonly on: string;
}

/** Checks that the target can't be put to are left out. */
export function planOf(
  target: Target,
  dialect: Dialect,
  checks: readonly Check[],
  { book, rounds, on }: Planning,
): readonly PlannedCheck[] {
  return checks.flatMap((check) => {
    const asked = isPaired(check)
      ? Array.from({ length: check.rounds(rounds) }, (_, round) => check.plan(target, round)).flat()
      : check.plan(target);
    if (lackOf(target, dialect, asked) !== undefined) return [];
    const most = asked.map((one) => mostUsd(book, target, one, on));
    const missing = asked.find((_, i) => most[i] === undefined);
    return [
      {
        target: target.id,
        check: check.id,
        calls: asked.length,
        prompt_tokens: total(asked, 'prompt_tokens'),
        output_tokens: total(asked, 'output_tokens'),
        most_usd: missing === undefined ? sum(most as number[]) : undefined,
        dearest_usd: Math.max(0, ...most.map((usd) => usd ?? 0)),
        unpriced: missing && noPriceWords(book, target, missing),
      },
    ];
  });
}

const total = (asked: readonly Asked[], what: 'prompt_tokens' | 'output_tokens'): number =>
  asked.reduce((all, one) => all + one[what], 0);
