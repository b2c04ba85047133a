/**
 * One route of the stand-in: takes a request and gives the script of its answer, whoever plays it. Chance is the request's
 * own, so that the n-th request of a seed is answered with the same bytes, whatever else is asked. Nothing waits here.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { Random } from '../../random.ts';
import { Allowance } from './allowance.ts';
import { answerWords } from './answer-words.ts';
import { anthropicModels, message, messageEvents } from './anthropic-shape.ts';
import { type Bill, type BilledCounts, nanoUsd } from './bill.ts';
import { type Luck, luckOf } from './luck.ts';
import type { Made } from './made.ts';
import { STAND_IN_MODELS } from './models.ts';
import { chatChunks, chatCompletion, embeddings, images, openaiModels } from './openai-shape.ts';
import { PromptCache } from './prompt-cache.ts';
import { isRefusal, NO_KEY, outOfOrder, type Refusal, refusalBody, tooMany } from './refusal.ts';
import { brokenOff, resetScript, type Script, wholeScript } from './script.ts';
import type { RouteSpec, StandInApi, StandInRouteName, StandInSpec } from './spec.ts';
import { type Wanted, type WantedOperation, wantedOf } from './wanted.ts';

export interface StandInRequest {
  readonly method: string;
  /** Behind the route's base address, query included. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface RouteParts {
  readonly bill: Bill;
  readonly now: () => number;
  /** The chance of the n-th request, from 1. */
  readonly random: (n: number) => Random;
}

const OPERATIONS: Readonly<Record<string, readonly [StandInApi, WantedOperation]>> = {
  '/chat/completions': ['openai', 'chat'],
  '/messages': ['anthropic', 'chat'],
  '/embeddings': ['openai', 'embeddings'],
  '/images/generations': ['openai', 'images'],
};
const MOST_KEPT = 10_000;
type Headers = Readonly<Record<string, string>>;

export class StandInRoute {
  readonly #name: StandInRouteName;
  readonly #spec: StandInSpec;
  readonly #own: RouteSpec;
  readonly #parts: RouteParts;
  readonly #luckOf: (random: Random) => Luck;
  readonly #allowance: Allowance;
  readonly #cache: PromptCache;
  /** Answers by their idempotency key, the oldest first. */
  readonly #kept = new Map<string, { readonly text: string; readonly script: Script }>();
  #requests = 0;
  #burst = 0;

  constructor(spec: StandInSpec, name: StandInRouteName, parts: RouteParts) {
    this.#name = name;
    this.#spec = spec;
    this.#own = spec[name];
    this.#parts = parts;
    this.#luckOf = luckOf(spec, this.#own);
    this.#allowance = new Allowance(this.#own.allowance);
    this.#cache = new PromptCache(spec.cache_life.central);
  }

  answer(request: StandInRequest): Script {
    const n = ++this.#requests;
    const { method, headers } = request;
    const [path = '', query = ''] = request.path.split('?');
    const [api, operation] = OPERATIONS[path] ?? [apiOf(headers), undefined];
    const id = `${api === 'anthropic' ? 'msg' : operation === 'chat' ? 'chatcmpl' : 'req'}-${this.#name}-${n}`;
    const luck = this.#luckOf(this.#parts.random(n));
    const refuse = (refusal: Refusal): Script => this.#refuse(api, id, luck, refusal);
    if (!this.#isKnown(headers)) return refuse(NO_KEY);
    if (method === 'GET' && path === '/models') return this.#plain(api, id, luck, modelsOf(api));
    if (method === 'GET' && path === '/generation') return this.#lookUp(api, id, luck, query);
    if (method !== 'POST' || operation === undefined)
      return refuse({ status: 404, message: `Invalid URL (${method} ${path.slice(0, 100)})` });
    const key = headers['idempotency-key'];
    const kept = typeof key === 'string' ? this.#kept.get(`${path} ${key}`) : undefined;
    if (kept !== undefined) return this.#again(api, id, luck, kept, request.text);
    const script = this.#serve(api, operation, id, luck, request);
    if (typeof key === 'string' && script.status === 200 && script.end === 'whole')
      this.#keep(`${path} ${key}`, request.text, script);
    return script;
  }

  #isKnown({ authorization, 'x-api-key': apiKey }: IncomingHttpHeaders): boolean {
    const given = authorization === undefined ? apiKey : authorization.replace(/^Bearer\s+/i, '');
    return given === undefined || given === this.#spec.key;
  }

  #serve(api: StandInApi, operation: WantedOperation, id: string, luck: Luck, { text }: StandInRequest): Script {
    const refuse = (refusal: Refusal): Script => this.#refuse(api, id, luck, refusal);
    const most = this.#spec.body_bytes;
    if (Buffer.byteLength(text) > most)
      return refuse({ status: 413, message: `The request is longer than ${most} bytes.`, code: 'request_too_large' });
    if (luck.fate === 'reset') return resetScript(luck.first_token_ms);
    if (luck.fate === 'burst' && this.#burst === 0) this.#burst = this.#own.faults.burst_requests;
    if (this.#burst > 0) {
      this.#burst--;
      return refuse(tooMany(1));
    }
    const wait_s = this.#allowance.refuses(this.#parts.now());
    if (wait_s !== undefined) return refuse(tooMany(wait_s));
    if (luck.fate === 'error') return refuse(outOfOrder(luck.detail));
    const wanted = wantedOf(api, operation, text);
    if (isRefusal(wanted)) return refuse(wanted);
    const script = this.#script(operation, this.#make(id, wanted, luck));
    return luck.fate === 'cut' || luck.fate === 'stall' ? brokenOff(script, luck.fate, luck.detail) : script;
  }

  #make(id: string, wanted: Wanted, luck: Luck): Made {
    const words = wanted.limit === 0 ? NO_WORDS : answerWords(wanted, luck);
    const times_ms: number[] = [luck.first_token_ms];
    for (let i = 1; i < words.pieces.length; i++) times_ms.push(times_ms[i - 1]! + luck.nextToken_ms());
    const counts = this.#counted(wanted, words.pieces.length);
    const { reports_cost, markup_percent } = this.#own;
    const cost_usd = reports_cost === 'usage' ? nanoUsd(wanted.model, counts, markup_percent) / 1e9 : undefined;
    return { id, wanted, words, times_ms, counts, cost_usd, created_s: Math.floor(this.#parts.now() / 1000) };
  }

  /** As they are told and charged, faults included. */
  #counted(wanted: Wanted, output: number): BilledCounts {
    const { drops_cache_discount, inflated_percent } = this.#own.faults;
    const { fresh, read, written } = this.#cached(wanted);
    const more = (tokens: number): number => Math.round(tokens * (1 + inflated_percent / 100));
    const dropped = drops_cache_discount ? read + written : 0;
    const isHour = wanted.marked?.isHour === true;
    return {
      input_tokens: more(fresh + dropped),
      cache_read_tokens: drops_cache_discount ? 0 : more(read),
      cache_write_5m_tokens: drops_cache_discount || isHour ? 0 : more(written),
      cache_write_1h_tokens: drops_cache_discount || !isHour ? 0 : more(written),
      output_tokens: more(output),
      images: wanted.images,
    };
  }

  #cached({ api, model, prompt, prompt_tokens, marked }: Wanted) {
    const now = this.#parts.now();
    if (model.does !== 'chat') return { fresh: prompt_tokens, read: 0, written: 0 };
    if (api === 'openai') return this.#cache.automatic(model.name, prompt, prompt_tokens, now);
    if (marked === undefined) return { fresh: prompt_tokens, read: 0, written: 0 };
    const life_ms = marked.isHour ? 3_600_000 : this.#spec.cache_life.central;
    return this.#cache.marked(model.name, marked.text, prompt_tokens, now, life_ms);
  }

  #script(operation: WantedOperation, made: Made): Script {
    const { id, wanted, counts, times_ms } = made;
    const { api, isStream } = wanted;
    const { input_tokens, cache_read_tokens, output_tokens } = counts;
    this.#allowance.use(input_tokens + cache_read_tokens + output_tokens);
    const settle = this.#settling(made);
    const nano = nanoUsd(wanted.model, counts, this.#own.markup_percent);
    const cost: Headers =
      this.#own.reports_cost === 'header' && !isStream ? { 'x-stand-in-cost': String(nano / 1e9) } : {};
    const headers = { ...this.#headers(api, id, made.times_ms[0]!), ...userEcho(wanted), ...cost };
    const ends_ms = times_ms.at(-1)!;
    if (isStream) {
      const pieces = api === 'anthropic' ? messageEvents(made) : chatChunks(made);
      const head = { ...headers, 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' };
      return { status: 200, headers: head, pieces, end: 'whole', ends_ms, settle };
    }
    const shape = api === 'anthropic' ? message : SHAPES[operation];
    return wholeScript(200, headers, shape(made), ends_ms, settle);
  }

  /** Tokens that were made until an answer ended are charged, the prompt always. */
  #settling({ id, wanted, counts, times_ms, words }: Made): Script['settle'] {
    const at_ms = this.#parts.now();
    let isOpen = true;
    return (elapsed_ms, state) => {
      if (!isOpen) return;
      isOpen = false;
      const made = times_ms.filter((time) => time <= elapsed_ms).length;
      const share = words.pieces.length === 0 ? 1 : made / words.pieces.length;
      const output_tokens = state === 'whole' ? counts.output_tokens : Math.round(counts.output_tokens * share);
      const charged = { ...counts, output_tokens };
      this.#parts.bill.charge({
        id,
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

  #headers(api: StandInApi, id: string, took_ms: number): Headers {
    const shared = { 'x-stand-in': 'simulated', ...this.#allowance.headers(api, this.#parts.now()) };
    return api === 'anthropic'
      ? { 'request-id': id, ...shared }
      : { 'x-request-id': id, 'openai-version': '2020-10-01', 'openai-processing-ms': took_ms.toFixed(0), ...shared };
  }

  #refuse(api: StandInApi, id: string, luck: Luck, refusal: Refusal): Script {
    const headers = { ...this.#headers(api, id, 0), ...refusal.headers };
    return wholeScript(refusal.status, headers, refusalBody(api, refusal, id), quick(luck));
  }

  #plain(api: StandInApi, id: string, luck: Luck, body: object): Script {
    return wholeScript(200, this.#headers(api, id, 0), body, quick(luck));
  }

  #lookUp(api: StandInApi, id: string, luck: Luck, query: string): Script {
    const entry = this.#parts.bill.entry(new URLSearchParams(query).get('id') ?? '');
    if (entry === undefined)
      return this.#refuse(api, id, luck, { status: 404, message: 'There is no such generation.', code: 'not_found' });
    const { counts, nano_usd, state, user, model } = entry;
    const { input_tokens, cache_read_tokens, cache_write_5m_tokens, cache_write_1h_tokens, output_tokens } = counts;
    return this.#plain(api, id, luck, {
      data: {
        id: entry.id,
        model,
        total_cost: nano_usd / 1e9,
        cancelled: state === 'cancelled',
        tokens_prompt: input_tokens + cache_read_tokens + cache_write_5m_tokens + cache_write_1h_tokens,
        tokens_completion: output_tokens,
        external_user: user ?? null,
      },
    });
  }

  /** The same answer, and nothing more on the bill. */
  #again(api: StandInApi, id: string, luck: Luck, kept: { text: string; script: Script }, text: string): Script {
    if (kept.text !== text)
      return this.#refuse(api, id, luck, {
        status: 400,
        message: 'This idempotency key was used with another request.',
        code: 'idempotency_key_reused',
      });
    const { script } = kept;
    return { ...script, headers: { ...script.headers, 'idempotent-replayed': 'true' }, settle: () => undefined };
  }

  #keep(key: string, text: string, script: Script): void {
    this.#kept.set(key, { text, script });
    if (this.#kept.size <= MOST_KEPT) return;
    const oldest = this.#kept.keys().next();
    if (oldest.done !== true) this.#kept.delete(oldest.value);
  }
}

const NO_WORDS = { pieces: [], isTool: false, isShortened: false } as const;
const SHAPES = { chat: chatCompletion, embeddings, images } as const;

/** What is refused or looked up takes a tenth of what an answer takes. */
const quick = ({ first_token_ms }: Luck): number => first_token_ms / 10;

const apiOf = (headers: IncomingHttpHeaders): StandInApi =>
  headers['anthropic-version'] === undefined ? 'openai' : 'anthropic';

function modelsOf(api: StandInApi): object {
  const models = STAND_IN_MODELS.filter((one) => one.api === api);
  return api === 'anthropic' ? anthropicModels(models) : openaiModels(models);
}

const userEcho = ({ user }: Wanted): Headers =>
  user !== undefined && /^[\x21-\x7e]{1,128}$/.test(user) ? { 'x-stand-in-user': user } : {};
