/**
 * One request from its body to its end: the policy's cursor says which route is tried when, attempts are made, and the first
 * that answers is passed on. Every attempt is reported to the cursor exactly once, with what it cost, so that breakers learn
 * and budgets settle; every request ends with one entry in the ledger.
 *
 * A stream is reported when it has ended, since only then its cost is known. After its first byte nothing is tried again.
 */
import type { Cursor } from '../routing/cursor.ts';
import type { PolicyLuck } from '../routing/luck.ts';
import { CANCELLED, FAILED, NO_ROUTE, REFUSED, WAIT } from '../routing/outcome.ts';
import type { RoutingRequest } from '../routing/request.ts';
import type { Asked } from './attempt-cost.ts';
import { AttemptReport } from './attempt-report.ts';
import { attributionOf } from './attribution.ts';
import { backoff } from './backoff.ts';
import { CacheSlot } from './cache-slot.ts';
import { Delivery } from './delivery.ts';
import type { Exchange, RouterParts } from './exchange.ts';
import { ownError, sellersError } from './failed-answer.ts';
import { RequestLedger, type RequestOutcome, tokensUsed } from './ledger.ts';
import { routesLimited, type Seat } from './rate-limits.ts';
import { Reply } from './reply.ts';
import { RouteRoom } from './route-room.ts';
import type { Target } from './route-table.ts';
import { routingRequest } from './routing-request.ts';
import { sellerRequest } from './seller-request.ts';
import { type FailedAttempt, tryRoute } from './try-route.ts';
import { UpstreamCall } from './upstream.ts';
import { wireOf } from './wire-text.ts';

export class ServedRequest {
  readonly #parts: RouterParts;
  readonly #exchange: Exchange;
  readonly #ledger: RequestLedger;
  readonly #slot: CacheSlot;
  readonly #reply: Reply;
  #last: FailedAttempt | undefined;
  #lastRoute: string | undefined;
  #seat: Seat | undefined;
  #hasEnded = false;

  constructor(parts: RouterParts, exchange: Exchange) {
    this.#parts = parts;
    this.#exchange = exchange;
    const { id, operation, client, body, incoming } = exchange;
    const { model, isStream, value } = body;
    const about = { id, operation: operation.name, model, isStream, time_ms: parts.now() };
    this.#ledger = new RequestLedger(attributionOf(client, incoming.headers, value), about);
    this.#slot = new CacheSlot(parts, exchange);
    this.#reply = new Reply(exchange, this.#ledger);
  }

  /** Throws an ApiError where the request can't even be begun. */
  async serve(): Promise<void> {
    const { table, luck } = this.#parts;
    const { body, client } = this.#exchange;
    const target = table.target(body.model, client.models);
    const drawn = luck.next();
    const request = routingRequest(this.#parts, target, this.#ledger.attribution, this.#exchange);
    if (!this.#enter(request) || this.#answerFromCache()) return;
    try {
      await this.#walk(target, request, drawn);
    } catch (error) {
      if (!this.#hasEnded) this.#end('failed', 500);
      throw error;
    }
  }

  async #walk(target: Target, request: RoutingRequest, luck: PolicyLuck): Promise<void> {
    const { table, now } = this.#parts;
    const { operation, gone, body } = this.#exchange;
    table.refreshPrices(now());
    const cursor = table.cursor(target, operation, body.value, luck);
    const room = new RouteRoom(this.#parts, this.#ledger, request);
    cursor.begin(request, now());
    for (;;) {
      if (gone.hasHappened) cursor.cancel();
      const route = cursor.next(now());
      if (route === WAIT) this.#ledger.waited(await backoff(cursor.not_before_ms - now(), gone));
      else if (route < 0) {
        this.#fail(cursor, room.limited_ms);
        return;
      } else {
        const name = table.compiled.routes[route] as string;
        const isLetIn = room.isLetIn(cursor, name);
        if (!isLetIn) this.#lastRoute = name;
        else if (await this.#attempt(cursor, name, room)) return;
      }
    }
  }

  /** Whether its client may ask now; else it is told. */
  #enter({ prompt_tokens, output_tokens }: RoutingRequest): boolean {
    const { clientLimits, now } = this.#parts;
    this.#seat = clientLimits.enter(this.#exchange.client.name, prompt_tokens + output_tokens, now());
    this.#reply.limits = this.#seat.headers;
    const { problem } = this.#seat;
    if (problem === undefined) return true;
    this.#reply.problem(problem);
    this.#end('limited', problem.status);
    return false;
  }

  /** Makes one attempt; true: the request has ended with it. */
  async #attempt(cursor: Cursor, route: string, room: RouteRoom): Promise<boolean> {
    const { clocks, config, now } = this.#parts;
    const { operation, body, gone } = this.#exchange;
    const call = new UpstreamCall(clocks, gone);
    const asked: Asked = { operation, body: body.value, route, time_ms: now() };
    const report = new AttemptReport(this.#ledger, cursor, call, asked, now);
    try {
      const tried = await tryRoute(call, sellerRequest(this.#parts, this.#exchange, config.routes[route]!));
      this.#lastRoute = route;
      if (call.swallowed_ms !== undefined) report.swallowed(call.swallowed_ms);
      if (tried.is === 'failed') {
        this.#ledger.waited(call.waited_ms);
        this.#last = tried;
        report.failed(tried);
        return false;
      }
      const delivery = new Delivery(this.#parts, this.#exchange, this.#ledger, this.#slot, this.#reply);
      if (tried.is === 'stream') this.#end(await delivery.stream(tried, asked, report), call.status);
      else {
        delivery.whole(tried, asked, report);
        this.#end('answered', call.status);
      }
      return true;
    } finally {
      call.close();
      if (!report.isMade) report.lost();
      room.settle(route);
    }
  }

  /** No attempt was answered. */
  #fail(cursor: Cursor, held_ms: number | undefined): void {
    const { table, config, keys } = this.#parts;
    const route = this.#lastRoute;
    if (cursor.outcome === CANCELLED) {
      this.#end('cancelled', 0);
      return;
    }
    const limited_ms = cursor.outcome === FAILED ? held_ms : undefined;
    const isOwn = cursor.outcome !== FAILED || limited_ms !== undefined;
    const outcome = limited_ms === undefined ? (OUTCOMES[cursor.outcome] ?? 'failed') : 'limited';
    const key = route === undefined ? undefined : keys.get(config.routes[route]!.seller);
    const passed = isOwn ? undefined : sellersError(this.#last, key);
    if (passed !== undefined) this.#reply.whole(passed.status, passed.headers, route, passed.wire);
    const speaks = (): boolean => table.speaks(cursor.order(), this.#exchange.operation.api);
    const problem = limited_ms === undefined ? ownError(cursor, this.#last, speaks()) : routesLimited(limited_ms);
    if (passed === undefined) this.#reply.problem(problem, route);
    this.#end(outcome, (passed ?? problem).status);
  }

  #end(outcome: RequestOutcome, status: number, cached_route?: string): void {
    this.#hasEnded = true;
    this.#seat?.leave(tokensUsed(this.#ledger.attempts));
    this.#parts.onEnd(this.#ledger.end(outcome, status, cached_route), this.#exchange.body);
  }

  #answerFromCache(): boolean {
    const found = this.#slot.find();
    if (found === undefined) return false;
    const { status, content_type, bytes, route } = found;
    this.#reply.whole(status, { 'content-type': content_type }, route, wireOf(bytes), { 'x-tollgate-cache': 'hit' });
    this.#end('cached', status, route);
    return true;
  }
}

const OUTCOMES: Readonly<Record<number, RequestOutcome>> = { [REFUSED]: 'refused', [NO_ROUTE]: 'no_route' };
