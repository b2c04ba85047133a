/**
 * One request from its body to its end: the policy's cursor says which route is tried when, attempts are made, and the first
 * that answers is passed on. Every attempt is reported to the cursor exactly once, with what it cost, so that breakers learn
 * and budgets settle; every request ends with one entry in the ledger.
 *
 * A stream is reported when it has ended, since only then its cost is known. After its first byte nothing is tried again.
 */
import { NEVER } from '../conditions/rate-limits.ts';
import { createResult } from '../routing/attempt.ts';
import type { Cursor } from '../routing/cursor.ts';
import type { PolicyLuck } from '../routing/luck.ts';
import { ANSWERED_ATTEMPT, CANCELLED, FAILED, failed, NO_ROUTE, REFUSED, WAIT } from '../routing/outcome.ts';
import type { RoutingRequest } from '../routing/request.ts';
import { NOT_ASKED, retryAfterMs } from '../routing/retry-after.ts';
import { tollHeaders, writeProblem, writeWhole } from './answer.ts';
import { idHeader } from './api-error.ts';
import { type Asked, AttemptCost, type Used } from './attempt-cost.ts';
import { attributionOf } from './attribution.ts';
import { backoff } from './backoff.ts';
import { CacheSlot } from './cache-slot.ts';
import type { Exchange, RouterParts } from './exchange.ts';
import { ownError, sellersError } from './failed-answer.ts';
import { forwardStream } from './forward-stream.ts';
import { headersToClient, one } from './headers.ts';
import { withNumber } from './json-text.ts';
import {
  type AttemptEntry,
  type Attribution,
  FREE,
  nanoUsd,
  RequestLedger,
  type RequestOutcome,
  tokensUsed,
  UNKNOWN_COST,
} from './ledger.ts';
import { routesLimited, type Seat } from './rate-limits.ts';
import type { Target } from './route-table.ts';
import { routingRequest } from './routing-request.ts';
import { sellerRequest } from './seller-request.ts';
import { type AnsweredWhole, type AnswersAsStream, type FailedAttempt, tryRoute } from './try-route.ts';
import { UpstreamCall } from './upstream.ts';

export class ServedRequest {
  readonly #parts: RouterParts;
  readonly #exchange: Exchange;
  readonly #attribution: Attribution;
  readonly #ledger: RequestLedger;
  readonly #costs: AttemptCost;
  readonly #slot: CacheSlot;
  #last: FailedAttempt | undefined;
  #lastRoute: string | undefined;
  /** The last attempt was held back by a limit of the router's own: for so long. */
  #limited_ms: number | undefined;
  #seat: Seat | undefined;
  #hasEnded = false;

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
    this.#slot = new CacheSlot(parts, exchange);
  }

  /** Throws an ApiError where the request can't even be begun. */
  async serve(): Promise<void> {
    const { table } = this.#parts;
    const { body, client } = this.#exchange;
    const target = table.target(body.model, client.models);
    const luck = this.#parts.luck.next();
    const request = routingRequest(this.#parts, target, this.#attribution, this.#exchange);
    if (!this.#enter(request) || this.#answerFromCache()) return;
    try {
      await this.#walk(target, request, luck);
    } catch (error) {
      if (!this.#hasEnded) this.#end('failed', 500);
      throw error;
    }
  }

  async #walk(target: Target, request: RoutingRequest, luck: PolicyLuck): Promise<void> {
    const { table, now } = this.#parts;
    const { operation, gone } = this.#exchange;
    table.refreshPrices(now());
    const cursor = table.cursor(target, operation, this.#exchange.body.value, luck);
    cursor.begin(request, now());
    for (;;) {
      if (gone.hasHappened) cursor.cancel();
      const route = cursor.next(now());
      if (route === WAIT) this.#ledger.waited(await backoff(cursor.not_before_ms - now(), gone));
      else if (route < 0) {
        this.#fail(cursor);
        return;
      } else if (!this.#isHeld(cursor, route, request) && (await this.#attempt(cursor, route, request))) return;
    }
  }

  /** Whether its client may ask now; else it is told. */
  #enter({ prompt_tokens, output_tokens }: RoutingRequest): boolean {
    const { clientLimits, now } = this.#parts;
    const { outgoing, client, id, operation } = this.#exchange;
    this.#seat = clientLimits.enter(client.name, prompt_tokens + output_tokens, now());
    const { problem, headers } = this.#seat;
    if (problem === undefined) return true;
    const toll = tollHeaders(id, this.#ledger, undefined, true);
    writeProblem(outgoing, problem, operation.api, id, { ...toll, ...headers });
    this.#end('limited', problem.status);
    return false;
  }

  /** Whether a limit of the router's own holds the attempt back: it then ends as the seller's 429 would, and is not sent. */
  #isHeld(cursor: Cursor, route: number, { key, prompt_tokens, output_tokens }: RoutingRequest): boolean {
    const { table, routeLimits, now } = this.#parts;
    const name = table.compiled.routes[route] as string;
    const time_ms = now();
    const wait_ms = routeLimits.take(name, key, prompt_tokens + output_tokens, time_ms);
    this.#limited_ms = wait_ms === 0 ? undefined : wait_ms;
    if (wait_ms === 0) return false;
    const attempt = this.#ledger.attempts.length + 1;
    const held = { result: 'rate_limited', status: 429, billing: 'not_sent', counts: undefined, cost: FREE } as const;
    this.#ledger.attempts.push({ route: name, attempt, time_ms, latency_ms: 0, ttft_ms: undefined, ...held });
    this.#lastRoute = name;
    const result = createResult();
    result.result = failed('rate_limited');
    result.status = 429;
    result.retry_after_ms = wait_ms === NEVER ? NOT_ASKED : wait_ms;
    result.cost_nano_usd = 0;
    cursor.report(result, time_ms);
    return true;
  }

  /** What the last attempt did not use of its route's tokens goes back. */
  #settle(route: string, { key, prompt_tokens, output_tokens }: RoutingRequest): void {
    const used = tokensUsed(this.#ledger.attempts.slice(-1));
    if (used !== undefined) this.#parts.routeLimits.settle(route, key, prompt_tokens + output_tokens, used);
  }

  /** Makes one attempt; true: the request has ended with it. */
  async #attempt(cursor: Cursor, route: number, request: RoutingRequest): Promise<boolean> {
    const { table, clocks, config, now } = this.#parts;
    const name = table.compiled.routes[route] as string;
    const call = new UpstreamCall(clocks, this.#exchange.gone);
    const asked: Asked = { ...this.#exchange, body: this.#exchange.body.value, route: name, time_ms: now() };
    let isReported = false;
    const report = (entry: Pick<AttemptEntry, 'result' | 'billing'> & Used, retry_after_ms = NOT_ASKED): void => {
      isReported = true;
      this.#report(cursor, call, asked, entry, retry_after_ms);
      this.#settle(name, request);
    };
    try {
      const tried = await tryRoute(call, sellerRequest(this.#parts, this.#exchange, config.routes[name]!));
      this.#lastRoute = name;
      if (call.swallowed_ms !== undefined) this.#swallowed(asked, call.swallowed_ms);
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

  /** The attempt on a kept connection that its seller had closed: it may have been heard nevertheless. */
  #swallowed({ route, time_ms }: Asked, latency_ms: number): void {
    const attempt = this.#ledger.attempts.length + 1;
    const unheard = { result: 'connection', status: 0, billing: 'unknown', counts: undefined } as const;
    this.#ledger.attempts.push({
      route,
      attempt,
      time_ms,
      latency_ms,
      ttft_ms: undefined,
      ...unheard,
      cost: UNKNOWN_COST,
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
    const content_type = headers['content-type'] ?? 'application/json';
    this.#slot.keep(() => ({ status: call.status, content_type, bytes: priced(0), route: asked.route }));
    const toll = tollHeaders(id, this.#ledger, asked.route, true);
    writeWhole(
      outgoing,
      call.status,
      { ...this.#id, ...headers, ...toll, ...this.#slot.headers, ...this.#seat?.headers },
      usd === null ? bytes : priced(usd),
    );
    this.#end('answered', call.status);
  }

  async #stream({ call, stream }: AnswersAsStream, asked: Asked, report: Report): Promise<void> {
    const { outgoing, id, body, operation } = this.#exchange;
    const { tap } = stream;
    this.#ledger.ttft_ms = this.#ledger.latency_ms;
    const before_ms = call.waited_ms;
    this.#ledger.waited(before_ms);
    const headers = headersToClient(call.headers);
    outgoing.writeHead(call.status, {
      ...this.#id,
      ...headers,
      'cache-control': 'no-cache',
      'x-accel-buffering': 'no',
      ...tollHeaders(id, this.#ledger, asked.route, false),
      ...this.#slot.headers,
      ...this.#seat?.headers,
    });
    const kept: Buffer[] = [];
    const { outcome, client_ms } = await forwardStream(stream, outgoing, {
      api: operation.api,
      asksForUsage: body.asksForUsage,
      cost: () => this.#costs.ofStream(asked, tap).cost.usd,
      client_idle_ms: this.#parts.clocks.client_idle_ms,
      keep: this.#slot.isOpen ? (bytes) => kept.push(bytes) : undefined,
    });
    this.#ledger.waited(call.waited_ms - before_ms + client_ms);
    report({ result: outcome, billing: 'billed', ...this.#costs.ofStream(asked, tap) });
    const content_type = headers['content-type'] ?? 'text/event-stream';
    if (outcome === 'answered')
      this.#slot.keep(() => ({ status: call.status, content_type, bytes: Buffer.concat(kept), route: asked.route }));
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
    const limited_ms = cursor.outcome === FAILED ? this.#limited_ms : undefined;
    const isOwn = cursor.outcome === REFUSED || cursor.outcome === NO_ROUTE || limited_ms !== undefined;
    const passed = isOwn ? undefined : sellersError(this.#last, keys.get(seller ?? ''));
    const toll = tollHeaders(id, this.#ledger, this.#lastRoute, true);
    const outcome =
      cursor.outcome === REFUSED
        ? 'refused'
        : cursor.outcome === NO_ROUTE
          ? 'no_route'
          : limited_ms === undefined
            ? 'failed'
            : 'limited';
    if (passed !== undefined) {
      writeWhole(
        outgoing,
        passed.status,
        { ...this.#id, ...passed.headers, ...toll, ...this.#seat?.headers },
        passed.bytes,
      );
      this.#end(outcome, passed.status);
      return;
    }
    const problem =
      limited_ms === undefined
        ? ownError(cursor, this.#last, table.speaks(cursor.order(), operation.api))
        : routesLimited(limited_ms);
    writeProblem(outgoing, problem, operation.api, id, { ...toll, ...this.#seat?.headers });
    this.#end(outcome, problem.status);
  }

  #end(outcome: RequestOutcome, status: number, cached_route?: string): void {
    this.#hasEnded = true;
    this.#seat?.leave(tokensUsed(this.#ledger.attempts));
    this.#parts.onEnd(this.#ledger.end(outcome, status, cached_route), this.#exchange.body);
  }

  /** The router's own, where the seller gives none. */
  get #id(): Record<string, string> {
    return idHeader(this.#exchange.operation.api, this.#exchange.id);
  }

  #askedToWait({ call }: FailedAttempt): number {
    const { 'retry-after': retry_after, 'retry-after-ms': ms } = call.headers;
    return retryAfterMs({ retry_after, retry_after_ms: one(ms) }, this.#parts.now());
  }

  #answerFromCache(): boolean {
    const { outgoing, id } = this.#exchange;
    const found = this.#slot.find();
    if (found === undefined) return false;
    const toll = tollHeaders(id, this.#ledger, found.route, true);
    const kind = { 'content-type': found.content_type, 'x-tollgate-cache': 'hit' };
    const headers = { ...this.#id, ...toll, ...kind, ...this.#seat?.headers };
    writeWhole(outgoing, found.status, headers, found.bytes);
    this.#end('cached', found.status, found.route);
    return true;
  }
}

type Report = (entry: Pick<AttemptEntry, 'result' | 'billing'> & Used) => void;

/** Sellers bill no refusals; of what was sent and not heard of nobody knows. */
const costOfFailure = ({ billing }: FailedAttempt): Used => ({
  counts: undefined,
  cost: billing === 'unknown' ? UNKNOWN_COST : FREE,
});
