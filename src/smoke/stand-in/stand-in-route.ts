/**
 * One route of the stand-in: takes a request and gives the script of its answer, whoever plays it. Chance is the request's
 * own, so that the n-th request of a seed is answered with the same bytes, whatever else is asked. Nothing waits here.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { Random } from '../../random.ts';
import { Allowance } from './allowance.ts';
import { AnswerMaker } from './answer-maker.ts';
import { anthropicModels } from './anthropic-shape.ts';
import type { Bill, BillEntry } from './bill.ts';
import { idempotencyKey, KeptAnswers } from './kept-answers.ts';
import { type Luck, luckOf } from './luck.ts';
import { STAND_IN_MODELS } from './models.ts';
import { openaiModels } from './openai-shape.ts';
import {
  isRefusal,
  NO_KEY,
  NO_SUCH_REQUEST,
  OTHER_REQUEST,
  outOfOrder,
  type Refusal,
  refusalBody,
  tooLong,
  tooMany,
} from './refusal.ts';
import type { StandInRequest } from './request.ts';
import { brokenOff, resetScript, type Script, wholeScript } from './script.ts';
import type { RouteSpec, StandInApi, StandInRouteName, StandInSpec } from './spec.ts';
import { type WantedOperation, wantedOf } from './wanted.ts';

export interface RouteParts {
  readonly bill: Bill;
  readonly now: () => number;
  /** The chance of the n-th request, from 1. */
  readonly random: (n: number) => Random;
}

/** What is known of a request before it is read. */
interface Arrived {
  readonly api: StandInApi;
  readonly id: string;
  readonly idempotency_key: string | undefined;
  readonly luck: Luck;
}

const OPERATIONS: Readonly<Record<string, readonly [StandInApi, WantedOperation]>> = {
  '/chat/completions': ['openai', 'chat'],
  '/messages': ['anthropic', 'chat'],
  '/embeddings': ['openai', 'embeddings'],
  '/images/generations': ['openai', 'images'],
};

export class StandInRoute {
  readonly #name: StandInRouteName;
  readonly #spec: StandInSpec;
  readonly #own: RouteSpec;
  readonly #parts: RouteParts;
  readonly #luckOf: (random: Random) => Luck;
  readonly #allowance: Allowance;
  readonly #maker: AnswerMaker;
  readonly #kept = new KeptAnswers();
  #requests = 0;
  #burst_until_ms = Number.NEGATIVE_INFINITY;

  constructor(spec: StandInSpec, name: StandInRouteName, parts: RouteParts) {
    this.#name = name;
    this.#spec = spec;
    this.#own = spec[name];
    this.#parts = parts;
    this.#luckOf = luckOf(spec, this.#own);
    this.#allowance = new Allowance(this.#own.allowance);
    this.#maker = new AnswerMaker(spec, name, parts.bill, parts.now);
  }

  answer(request: StandInRequest): Script {
    const n = ++this.#requests;
    const { method, headers } = request;
    const [path = '', query = ''] = request.path.split('?');
    const [api, operation] = OPERATIONS[path] ?? [apiOf(headers), undefined];
    const kind = api === 'anthropic' ? 'msg' : operation === 'chat' ? 'chatcmpl' : 'req';
    const luck = this.#luckOf(this.#parts.random(n));
    const arrived = { api, id: `${kind}-${this.#name}-${n}`, idempotency_key: idempotencyKey(request), luck };
    if (!this.#isKnown(headers)) return this.#refuse(arrived, NO_KEY);
    if (method === 'GET' && path === '/models') return this.#plain(arrived, modelsOf(api));
    if (method === 'GET' && path === '/generation') return this.#lookUp(arrived, query);
    if (method !== 'POST' || operation === undefined)
      return this.#refuse(arrived, { status: 404, message: `Invalid URL (${method} ${path.slice(0, 100)})` });
    const again = this.#kept.again(request);
    if (again !== undefined) return again === 'changed' ? this.#refuse(arrived, OTHER_REQUEST) : again;
    const script = this.#serve(arrived, operation, request.text);
    this.#kept.keep(request, script);
    return script;
  }

  #isKnown({ authorization, 'x-api-key': apiKey }: IncomingHttpHeaders): boolean {
    const given = authorization === undefined ? apiKey : authorization.replace(/^Bearer\s+/i, '');
    return given === undefined || given === this.#spec.key;
  }

  #serve(arrived: Arrived, operation: WantedOperation, text: string): Script {
    const { api, id, luck } = arrived;
    const refusal = this.#turnedAway(luck, text);
    if (refusal === 'reset') return resetScript(luck.first_token_ms);
    if (refusal !== undefined) return this.#refuse(arrived, refusal);
    const wanted = wantedOf(api, operation, text);
    if (isRefusal(wanted)) return this.#refuse(arrived, wanted);
    const made = this.#maker.made(arrived, wanted);
    this.#allowance.use(made.counts);
    const script = this.#maker.script(made, this.#headers(api, id, luck.first_token_ms));
    return luck.fate === 'cut' || luck.fate === 'stall' ? brokenOff(script, luck.fate, luck.detail) : script;
  }

  /** Before its body is read. */
  #turnedAway({ fate, detail }: Luck, text: string): Refusal | 'reset' | undefined {
    if (Buffer.byteLength(text) > this.#spec.body_bytes) return tooLong(this.#spec.body_bytes);
    if (fate === 'reset') return 'reset';
    const now = this.#parts.now();
    if (fate === 'burst' && now >= this.#burst_until_ms)
      this.#burst_until_ms = now + this.#own.faults.burst_lasts.central;
    if (now < this.#burst_until_ms) return tooMany((this.#burst_until_ms - now) / 1000);
    const wait_s = this.#allowance.refuses(now);
    if (wait_s !== undefined) return tooMany(wait_s);
    return fate === 'error' ? outOfOrder(detail) : undefined;
  }

  #headers(api: StandInApi, id: string, took_ms: number): Readonly<Record<string, string>> {
    const shared = { 'x-stand-in': 'simulated', ...this.#allowance.headers(api, this.#parts.now()) };
    return api === 'anthropic'
      ? { 'request-id': id, ...shared }
      : { 'x-request-id': id, 'openai-version': '2020-10-01', 'openai-processing-ms': took_ms.toFixed(0), ...shared };
  }

  #refuse({ api, id, luck }: Arrived, refusal: Refusal): Script {
    const headers = { ...this.#headers(api, id, 0), ...refusal.headers };
    return wholeScript(refusal.status, headers, refusalBody(api, refusal, id), quick(luck));
  }

  #plain({ api, id, luck }: Arrived, body: object): Script {
    return wholeScript(200, this.#headers(api, id, 0), body, quick(luck));
  }

  #lookUp(arrived: Arrived, query: string): Script {
    const entry = this.#parts.bill.entry(new URLSearchParams(query).get('id') ?? '');
    return entry === undefined ? this.#refuse(arrived, NO_SUCH_REQUEST) : this.#plain(arrived, lookedUp(entry));
  }
}

/** What is refused or looked up takes a tenth of what an answer takes. */
const quick = ({ first_token_ms }: Luck): number => first_token_ms / 10;

const apiOf = (headers: IncomingHttpHeaders): StandInApi =>
  headers['anthropic-version'] === undefined ? 'openai' : 'anthropic';

function modelsOf(api: StandInApi): object {
  const models = STAND_IN_MODELS.filter((one) => one.api === api);
  return api === 'anthropic' ? anthropicModels(models) : openaiModels(models);
}

function lookedUp({ id, model, counts, nano_usd, state, user }: BillEntry): object {
  const { input_tokens, cache_read_tokens, cache_write_5m_tokens, cache_write_1h_tokens, output_tokens } = counts;
  return {
    data: {
      id,
      model,
      total_cost: nano_usd / 1e9,
      cancelled: state === 'cancelled',
      tokens_prompt: input_tokens + cache_read_tokens + cache_write_5m_tokens + cache_write_1h_tokens,
      tokens_completion: output_tokens,
      external_user: user ?? null,
    },
  };
}
