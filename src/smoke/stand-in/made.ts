/** An answer that has been made, before it is put into the shape of an API. */
import type { AnswerWords } from './answer-words.ts';
import type { BilledCounts } from './bill.ts';
import type { Wanted } from './wanted.ts';

export interface Made {
  readonly id: string;
  readonly idempotency_key: string | undefined;
  readonly wanted: Wanted;
  readonly words: AnswerWords;
  /** When each piece is there. */
  readonly times_ms: readonly number[];
  /** As they are told, and charged if all of it leaves. */
  readonly counts: BilledCounts;
  /** Told in the usage; undefined: it is not. */
  readonly cost_usd: number | undefined;
  readonly created_s: number;
}

export const textOfMade = ({ words }: Made): string => words.pieces.join('');
export const costOf = ({ cost_usd }: Made): object => (cost_usd === undefined ? {} : { cost: cost_usd });
export const endOf = ({ times_ms }: Made): number => times_ms.at(-1) ?? 0;
