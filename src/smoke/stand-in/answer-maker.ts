/**
 * Makes the answer to what is wanted: words, their times, counts with the faults of the route in them, the shape of the API;
 * and what it will charge, in whole or for the part that was made when it ended early: the prompt always.
 */

import { MS_PER_HOUR } from '../../units.ts';
import { answerWords } from './answer-words.ts';
import { message, messageEvents } from './anthropic-shape.ts';
import { type Bill, type BilledCounts, nanoUsd } from './bill.ts';
import type { Luck } from './luck.ts';
import type { Made } from './made.ts';
import { chatChunks, chatCompletion, embeddings, images } from './openai-shape.ts';
import { PromptCache } from './prompt-cache.ts';
import { type Script, wholeScript } from './script.ts';
import type { RouteSpec, StandInRouteName, StandInSpec } from './spec.ts';
import type { Wanted } from './wanted.ts';

const NO_WORDS = { pieces: [], isTool: false, isShortened: false } as const;
const SHAPES = { chat: chatCompletion, embeddings, images } as const;
type Headers = Readonly<Record<string, string>>;

export class AnswerMaker {
  readonly #spec: StandInSpec;
  readonly #name: StandInRouteName;
  readonly #own: RouteSpec;
  readonly #bill: Bill;
  readonly #now: () => number;
  readonly #cache: PromptCache;

  constructor(spec: StandInSpec, name: StandInRouteName, bill: Bill, now: () => number) {
    this.#spec = spec;
    this.#name = name;
    this.#own = spec[name];
    this.#bill = bill;
    this.#now = now;
    this.#cache = new PromptCache(spec.cache_life.central);
  }

  made(
    { id, idempotency_key, luck }: Pick<Made, 'id' | 'idempotency_key'> & { readonly luck: Luck },
    wanted: Wanted,
  ): Made {
    const words = wanted.limit === 0 ? NO_WORDS : answerWords(wanted, luck);
    const times_ms: number[] = [luck.first_token_ms];
    for (let i = 1; i < words.pieces.length; i++) times_ms.push(times_ms[i - 1]! + luck.nextToken_ms());
    const counts = this.#counted(wanted, words.pieces.length);
    const cost_usd = nanoUsd(wanted.model, counts, this.#own.markup_percent) / 1e9;
    const told = this.#own.reports_cost === 'usage' ? cost_usd : undefined;
    const created_s = Math.floor(this.#now() / 1000);
    return { id, idempotency_key, wanted, words, times_ms, counts, cost_usd: told, created_s };
  }

  /** `shared` are the headers of every answer. */
  script(made: Made, shared: Headers): Script {
    const { wanted, times_ms } = made;
    const { api, isStream, model } = wanted;
    const settle = this.#settling(made);
    const ends_ms = times_ms.at(-1)!;
    const headers = { ...shared, ...userEcho(wanted), ...this.#costHeader(made) };
    if (!isStream) {
      const shape = api === 'anthropic' ? message : SHAPES[model.does];
      return wholeScript(200, headers, shape(made), ends_ms, settle);
    }
    const pieces = api === 'anthropic' ? messageEvents(made) : chatChunks(made);
    const head = { ...headers, 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' };
    return { status: 200, headers: head, pieces, end: 'whole', ends_ms, settle };
  }

  /** As they are told and charged, faults included. */
  #counted(wanted: Wanted, output: number): BilledCounts {
    const { drops_cache_discount: drops, inflated_percent } = this.#own.faults;
    const { fresh, read, written } = this.#cached(wanted);
    const more = (tokens: number): number => Math.round(tokens * (1 + inflated_percent / 100));
    const isHour = wanted.marked?.isHour === true;
    return {
      input_tokens: more(drops ? fresh + read + written : fresh),
      cache_read_tokens: drops ? 0 : more(read),
      cache_write_5m_tokens: drops || isHour ? 0 : more(written),
      cache_write_1h_tokens: drops || !isHour ? 0 : more(written),
      output_tokens: more(output),
      images: wanted.images,
    };
  }

  #cached({ api, model, prompt, prompt_tokens, marked }: Wanted) {
    const now = this.#now();
    if (model.does !== 'chat') return { fresh: prompt_tokens, read: 0, written: 0 };
    if (api === 'openai') return this.#cache.automatic(model.name, prompt, prompt_tokens, now);
    if (marked === undefined) return { fresh: prompt_tokens, read: 0, written: 0 };
    const life_ms = marked.isHour ? MS_PER_HOUR : this.#spec.cache_life.central;
    return this.#cache.marked(model.name, marked.text, prompt_tokens, now, life_ms);
  }

  #settling({ id, idempotency_key, wanted, counts, times_ms, words }: Made): Script['settle'] {
    const at_ms = this.#now();
    let isOpen = true;
    return (elapsed_ms, state) => {
      if (!isOpen) return;
      isOpen = false;
      const made = times_ms.filter((time) => time <= elapsed_ms).length;
      const share = words.pieces.length === 0 ? 1 : made / words.pieces.length;
      const output_tokens = state === 'whole' ? counts.output_tokens : Math.round(counts.output_tokens * share);
      const charged = { ...counts, output_tokens };
      this.#bill.charge({
        id,
        idempotency_key,
        route: this.#name,
        at_ms,
        model: wanted.model.name,
        counts: charged,
        nano_usd: nanoUsd(wanted.model, charged, this.#own.markup_percent),
        state,
        user: wanted.user,
      });
    };
  }

  /** The head of a stream goes before its cost is known. */
  #costHeader({ wanted, counts }: Made): Headers {
    const { reports_cost, markup_percent } = this.#own;
    if (reports_cost !== 'header' || wanted.isStream) return {};
    return { 'x-stand-in-cost': String(nanoUsd(wanted.model, counts, markup_percent) / 1e9) };
  }
}

const userEcho = ({ user }: Wanted): Headers =>
  user !== undefined && /^[\x21-\x7e]{1,128}$/.test(user) ? { 'x-stand-in-user': user } : {};
