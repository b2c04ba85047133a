/**
 * The cost of an answer: the seller's own count at the route's price, or, where it did not count, an estimate from the size
 * of the request and of the text that came. An answer that broke off was made and is billed in part: never 0.
 */
import { type Counts, NO_COUNTS } from '../meters.ts';
import { type Cost, UNKNOWN_COST } from './ledger.ts';
import type { Operation } from './operations.ts';
import type { Prices, Served } from './prices.ts';
import { promptTokens, tokensOfBytes } from './prompt-size.ts';
import { countsOfAnswer, isObject, type JsonObject, tierOf } from './reported-usage.ts';
import type { StreamTap } from './stream-tap.ts';

export interface Used {
  readonly counts: Counts | undefined;
  readonly cost: Cost;
}

export interface Asked {
  readonly operation: Operation;
  readonly body: JsonObject;
  readonly route: string;
  readonly time_ms: number;
}

export class AttemptCost {
  readonly #prices: Prices;

  constructor(prices: Prices) {
    this.#prices = prices;
  }

  ofAnswer(asked: Asked, answer: JsonObject): Used {
    const { operation, body } = asked;
    const { quality, size } = body as Readonly<Record<string, string | undefined>>;
    const served = { tier: tierOf(answer), ...(operation.makesImages ? { image: { quality, size } } : {}) };
    const counts = countsOfAnswer(operation.api, answer, operation.makesImages);
    if (counts !== undefined) return this.#priced(asked, counts, 'exact', served);
    if (operation.makesImages) return { counts: undefined, cost: UNKNOWN_COST };
    return this.#priced(asked, estimated(body, textOf(answer)), 'estimated', served);
  }

  ofStream(asked: Asked, tap: StreamTap): Used {
    const { counts, isComplete, tier, text_bytes } = tap;
    if (counts !== undefined && isComplete) return this.#priced(asked, counts, 'exact', { tier });
    const seen = estimated(asked.body, text_bytes);
    if (counts === undefined) return this.#priced(asked, seen, 'estimated', { tier });
    const output_tokens = Math.max(counts.output_tokens, seen.output_tokens);
    return this.#priced(asked, { ...counts, output_tokens }, 'estimated', { tier });
  }

  #priced(asked: Asked, counts: Counts, status: 'exact' | 'estimated', served: Served): Used {
    const usd = this.#prices.costOf(asked.route, counts, asked.time_ms, served);
    return { counts, cost: usd === null ? UNKNOWN_COST : { usd, status } };
  }
}

const estimated = (body: JsonObject, text_bytes: number): Counts => ({
  ...NO_COUNTS,
  input_tokens: promptTokens(body),
  output_tokens: tokensOfBytes(text_bytes),
});

/** Bytes of text in the choices or the content of an answer. */
function textOf(answer: JsonObject): number {
  const texts = [answer.choices, answer.content].flatMap((list) => (Array.isArray(list) ? list.filter(isObject) : []));
  return texts.reduce(
    (bytes, { message, text }) => bytes + Buffer.byteLength(JSON.stringify(message ?? text ?? '')),
    0,
  );
}
