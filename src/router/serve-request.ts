/**
 * One request from its body to its end: the policy's cursor says which route is tried when, attempts are made, and the first
 * that answers is passed on. Every attempt is reported to the cursor exactly once, with what it cost, so that breakers learn
 * and budgets settle; every request ends with one entry in the ledger.
 *
 * A stream is reported when it has ended, since only then its cost is known. After its first byte nothing is tried again.
 */
import { SERVICE_TIERS } from '../meters.ts';
import { createResult } from '../routing/attempt.ts';
import type { Cursor } from '../routing/cursor.ts';
import { ANSWERED_ATTEMPT, CANCELLED, failed, NO_ROUTE, REFUSED, WAIT } from '../routing/outcome.ts';
import { NOT_ASKED, retryAfterMs } from '../routing/retry-after.ts';
import { tollHeaders, writeProblem, writeWhole } from './answer.ts';
import { type Asked, AttemptCost, type Used } from './attempt-cost.ts';
import { attributionOf } from './attribution.ts';
import type { Exchange, RouterParts } from './exchange.ts';
import { ownError, sellersError } from './failed-answer.ts';
import { forwardStream } from './forward-stream.ts';
import { headersToClient, headersToSeller, one } from './headers.ts';
import { withNumber } from './json-text.ts';
import {
  type AttemptEntry,
  type Attribution,
  FREE,
  nanoUsd,
  RequestLedger,
  type RequestOutcome,
  UNKNOWN_COST,
} from './ledger.ts';
import { longestAnswer, promptTokens } from './prompt-size.ts';
import { isObject } from './reported-usage.ts';
import { bodyToSeller } from './request-body.ts';
import { cacheKey } from './response-cache.ts';
import type { Target } from './route-table.ts';
import { type AnsweredWhole, type AnswersAsStream, type FailedAttempt, type Tried, tryRoute } from './try-route.ts';
import { UpstreamCall } from './upstream.ts';

export class ServedRequest {
  readonly #parts: RouterParts;
  readonly #exchange: Exchange;
  readonly #attribution: Attribution;
  readonly #ledger: RequestLedger;
  readonly #costs: AttemptCost;
  readonly #key: string | undefined;
  #last: FailedAttempt | undefined;
  #lastRoute: string | undefined;

  constructor(parts: RouterParts, exchange: Exchange) {
    this.#parts = parts;
    this.#exchange = exchange;
    this.#costs = new AttemptCost(parts.prices);
    const { id, operation, client, body, incoming } = exchange;
    this.#attribution = attributionOf(client, incoming.headers, body.value);
    this.#ledger = new RequestLedger({
      ...this.#attribution,
      id,
      operation: operation.name,
      model: body.model,
      isStream: body.isStream,
      time_ms: parts.now(),
    });
    this.#key = this.#cacheKey();
  }

  /** Throws an ApiError where the request can't even be begun. */
  async serve(): Promise<void> {
    const { table, now } = this.#parts;
    const { body, client, operation, gone } = this.#exchange;
    const target = table.target(body.model, client.models);
    if (this.#answerFromCache()) return;
    table.refreshPrices(now());
    const cursor = table.cursor(target, operation.api);
    cursor.begin(this.#routingRequest(target), now());
    for (;;) {
      const route = cursor.next(now());
      if (route === WAIT) {
        await this.#pause(cursor.not_before_ms - now());
        if (gone.aborted) cursor.cancel();
      } else if (route < 0) {
        this.#fail(cursor);
        return;
      } else if (await this.#attempt(cursor, route)) return;
    }
  }

  /** Makes one attempt; true: the request has ended with it. */
  async #attempt(cursor: Cursor, route: number): Promise<boolean> {
    const { table, clocks, now } = this.#parts;
    const name = table.compiled.routes[route] as string;
    const call = new UpstreamCall(clocks, this.#exchange.gone);
    const asked: Asked = { ...this.#exchange, body: this.#exchange.body.value, route: name, time_ms: now() };
    let isReported = false;
    const report = (entry: Pick<AttemptEntry, 'result' | 'billing'> & Used, retry_after_ms = NOT_ASKED): void => {
      isReported = true;
      this.#report(cursor, call, asked, entry, retry_after_ms);
    };
    try {
      const tried = await this.#tried(call, name);
      this.#lastRoute = name;
      if (tried.is === 'whole') this.#answer(tried, asked, report);
      else if (tried.is === 'stream') await this.#stream(tried, asked, report);
      else {
        this.#ledger.waited(call.waited_ms);
        this.#last = tried;
        report({ result: tried.kind, billing: tried.billing, ...costOfFailure(tried) }, this.#askedToWait(tried));
      }
      return tried.is !== 'failed';
    } finally {
      call.close();
      if (!isReported) report({ result: 'server_error', billing: 'unknown', counts: undefined, cost: UNKNOWN_COST });
    }
  }

  #tried(call: UpstreamCall, name: string): Promise<Tried> {
    const { config, pools, keys } = this.#parts;
    const { operation, body, incoming, id } = this.#exchange;
    const { seller, model } = config.routes[name]!;
    const upstream = config.upstreams[seller]!;
    const isStream = operation.canStream && body.isStream;
    const asksForUsage = isStream && operation.api === 'openai' && upstream.stream_usage;
    const idempotency_key = one(incoming.headers['idempotency-key']) ?? `tollgate-${id}`;
    return tryRoute(call, {
      pool: pools.get(seller)!,
      request: {
        path: new URL(upstream.base_url).pathname.replace(/\/$/, '') + operation.path,
        headers: headersToSeller(incoming.headers, { upstream, key: keys.get(seller), idempotency_key, isStream }),
        body: bodyToSeller(body, model, asksForUsage),
      },
      api: operation.api,
      isStream,
      answers: typeof body.value.n === 'number' ? body.value.n : 1,
    });
  }

  #answer({ call, bytes, value }: AnsweredWhole, asked: Asked, report: Report): void {
    const { outgoing, id } = this.#exchange;
    const used = this.#costs.ofAnswer(asked, value);
    this.#ledger.waited(call.waited_ms);
    this.#ledger.ttft_ms = this.#ledger.latency_ms;
    report({ result: 'answered', billing: 'billed', ...used });
    const { usd } = used.cost;
    const priced = (cost_usd: number): Buffer => withNumber(bytes, 'usage', 'cost', cost_usd) ?? bytes;
    const headers = headersToClient(call.headers);
    this.#keep(call.status, headers['content-type'], () => priced(0), asked.route);
    const toll = tollHeaders(id, this.#ledger, asked.route, true);
    writeWhole(outgoing, call.status, { ...headers, ...toll, ...this.#missed() }, usd === null ? bytes : priced(usd));
    this.#end('answered', call.status);
  }

  async #stream({ call, stream }: AnswersAsStream, asked: Asked, report: Report): Promise<void> {
    const { outgoing, id, body } = this.#exchange;
    const { tap } = stream;
    this.#ledger.ttft_ms = this.#ledger.latency_ms;
    const before_ms = call.waited_ms;
    this.#ledger.waited(before_ms);
    const headers = headersToClient(call.headers);
    outgoing.writeHead(call.status, {
      ...headers,
      'cache-control': 'no-cache',
      'x-accel-buffering': 'no',
      ...tollHeaders(id, this.#ledger, asked.route, false),
      ...this.#missed(),
    });
    const kept: Buffer[] = [];
    const { outcome, client_ms } = await forwardStream(stream, outgoing, {
      asksForUsage: body.asksForUsage,
      cost: () => this.#costs.ofStream(asked, tap).cost.usd,
      client_idle_ms: this.#parts.clocks.client_idle_ms,
      keep: this.#key === undefined ? undefined : (bytes) => kept.push(bytes),
    });
    this.#ledger.waited(call.waited_ms - before_ms + client_ms);
    report({ result: outcome, billing: 'billed', ...this.#costs.ofStream(asked, tap) });
    if (outcome === 'answered')
      this.#keep(call.status, headers['content-type'], () => Buffer.concat(kept), asked.route);
    this.#end(outcome, call.status);
  }

  #report(
    cursor: Cursor,
    call: UpstreamCall,
    { route, time_ms }: Asked,
    entry: Pick<AttemptEntry, 'result' | 'billing'> & Used,
    retry_after_ms: number,
  ): void {
    const latency_ms = call.elapsed_ms;
    const attempt = this.#ledger.attempts.length + 1;
    const { status, first_byte_ms: ttft_ms } = call;
    this.#ledger.attempts.push({ route, attempt, time_ms, latency_ms, ttft_ms, status, ...entry });
    const result = createResult();
    result.result = entry.result === 'answered' ? ANSWERED_ATTEMPT : failed(entry.result);
    result.status = this.#last?.call === call ? (this.#last.answer?.status ?? status) : status;
    result.latency_ms = latency_ms;
    result.retry_after_ms = retry_after_ms;
    result.cost_nano_usd = nanoUsd(entry.cost);
    cursor.report(result, this.#parts.now());
  }

  /** No attempt was answered. */
  #fail(cursor: Cursor): void {
    const { table, config, keys } = this.#parts;
    const { outgoing, id, operation } = this.#exchange;
    if (cursor.outcome === CANCELLED) {
      this.#end('cancelled', 0);
      return;
    }
    const seller = this.#lastRoute === undefined ? undefined : config.routes[this.#lastRoute]?.seller;
    const isOwn = cursor.outcome === REFUSED || cursor.outcome === NO_ROUTE;
    const passed = isOwn ? undefined : sellersError(this.#last, keys.get(seller ?? ''));
    const toll = tollHeaders(id, this.#ledger, this.#lastRoute, true);
    const outcome = cursor.outcome === REFUSED ? 'refused' : cursor.outcome === NO_ROUTE ? 'no_route' : 'failed';
    if (passed !== undefined) {
      writeWhole(outgoing, passed.status, { ...passed.headers, ...toll }, passed.bytes);
      this.#end(outcome, passed.status);
      return;
    }
    const problem = ownError(cursor, this.#last, table.speaks(cursor.order(), operation.api));
    writeProblem(outgoing, problem, operation.api, toll);
    this.#end(outcome, problem.status);
  }

  #end(outcome: RequestOutcome, status: number): void {
    this.#parts.onEnd(this.#ledger.end(outcome, status), this.#exchange.body);
  }

  #routingRequest(target: Target) {
    const { table, config } = this.#parts;
    const { body } = this.#exchange;
    const { client, team, user, feature } = this.#attribution;
    const request = table.request(target, { model: body.model, key: client, team, user, feature });
    const tier = (SERVICE_TIERS as readonly unknown[]).indexOf(body.value.service_tier);
    if (tier >= 0) request.tier = tier;
    const longest = longestAnswer(body.value);
    request.prompt_tokens = promptTokens(body.value);
    request.output_tokens =
      longest > 0 ? Math.min(longest, config.estimates.output_tokens) : config.estimates.output_tokens;
    request.max_output_tokens = longest > 0 ? longest : config.estimates.max_output_tokens;
    const metadata = isObject(body.value.metadata) ? body.value.metadata : {};
    target.compiled.metadata.forEach((key, i) => {
      request.metadata[i] = table.metadataIndex(key, metadata[key]);
    });
    return request;
  }

  #askedToWait({ call }: FailedAttempt): number {
    const { 'retry-after': retry_after, 'retry-after-ms': ms } = call.headers;
    return retryAfterMs({ retry_after, retry_after_ms: one(ms) }, this.#parts.now());
  }

  /** Waits before a retry, unless the client leaves. */
  #pause(ms: number): Promise<void> {
    const { gone } = this.#exchange;
    const from = performance.now();
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        gone.removeEventListener('abort', end);
        this.#ledger.waited(performance.now() - from);
        resolve();
      };
      const timer = setTimeout(end, Math.max(1, ms));
      gone.addEventListener('abort', end);
      if (gone.aborted) end();
    });
  }

  #cacheKey(): string | undefined {
    const { cache, config } = this.#parts;
    const { client, operation, body, incoming } = this.#exchange;
    if (cache === undefined || /\bno-store\b/.test(incoming.headers['cache-control'] ?? '')) return undefined;
    const tenant =
      config.cache?.tenant === 'team' && client.team !== undefined ? `team ${client.team}` : `client ${client.name}`;
    return cacheKey(tenant, operation.path, body);
  }

  #answerFromCache(): boolean {
    const { cache, now } = this.#parts;
    const { incoming, outgoing, id } = this.#exchange;
    if (this.#key === undefined || /\bno-cache\b/.test(incoming.headers['cache-control'] ?? '')) return false;
    const found = cache?.get(this.#key, now());
    if (found === undefined) return false;
    const toll = tollHeaders(id, this.#ledger, found.route, true);
    const headers = { ...toll, 'content-type': found.content_type, 'x-tollgate-cache': 'hit' };
    writeWhole(outgoing, found.status, headers, found.bytes);
    this.#end('cached', found.status);
    return true;
  }

  #missed(): Record<string, string> {
    return this.#key === undefined ? {} : { 'x-tollgate-cache': 'miss' };
  }

  #keep(status: number, type: string | undefined, bytes: () => Buffer, route: string): void {
    const { cache, now } = this.#parts;
    if (cache === undefined || this.#key === undefined) return;
    cache.put(this.#key, { status, content_type: type ?? 'application/json', bytes: bytes(), route }, now());
  }
}

type Report = (entry: Pick<AttemptEntry, 'result' | 'billing'> & Used) => void;

/** Sellers bill no refusals; of what was sent and not heard of nobody knows. */
const costOfFailure = ({ billing }: FailedAttempt): Used => ({
  counts: undefined,
  cost: billing === 'unknown' ? UNKNOWN_COST : FREE,
});
