/**
 * An answer on its way from a seller to the client: priced, reported, passed on with what it cost, and kept where answers are
 * kept. A stream is reported when it has ended, since only then its cost is known.
 */
import { type Asked, AttemptCost } from './attempt-cost.ts';
import type { AttemptReport } from './attempt-report.ts';
import type { CacheSlot } from './cache-slot.ts';
import type { Exchange, RouterParts } from './exchange.ts';
import { type Forwarded, forwardStream } from './forward-stream.ts';
import { headersToClient } from './headers.ts';
import { withNumber } from './json-edit.ts';
import type { RequestLedger } from './ledger.ts';
import type { Reply } from './reply.ts';
import type { AnsweredWhole, AnswersAsStream } from './try-route.ts';
import { bytesOfWire } from './wire-text.ts';

export class Delivery {
  readonly #exchange: Exchange;
  readonly #client_idle_ms: number;
  readonly #ledger: RequestLedger;
  readonly #slot: CacheSlot;
  readonly #reply: Reply;
  readonly #costs: AttemptCost;

  constructor(parts: RouterParts, exchange: Exchange, ledger: RequestLedger, slot: CacheSlot, reply: Reply) {
    this.#exchange = exchange;
    this.#client_idle_ms = parts.clocks.client_idle_ms;
    this.#ledger = ledger;
    this.#slot = slot;
    this.#reply = reply;
    this.#costs = new AttemptCost(parts.prices);
  }

  whole({ call, wire, value }: AnsweredWhole, asked: Asked, report: AttemptReport): void {
    const { status } = call;
    const used = this.#costs.ofAnswer(asked, value);
    this.#ledger.waited(call.waited_ms);
    this.#ledger.ttft_ms = this.#ledger.latency_ms;
    report.answered('answered', used);
    const { usd } = used.cost;
    const priced = (cost_usd: number): string => withNumber(wire, 'usage', 'cost', cost_usd) ?? wire;
    const theirs = headersToClient(call.headers);
    const content_type = theirs['content-type'] ?? 'application/json';
    this.#slot.keep(() => ({ status, content_type, bytes: bytesOfWire(priced(0)), route: asked.route }));
    this.#reply.whole(status, theirs, asked.route, usd === null ? wire : priced(usd), this.#slot.headers);
  }

  async stream({ call, stream }: AnswersAsStream, asked: Asked, report: AttemptReport): Promise<Forwarded['outcome']> {
    const { outgoing, body, operation } = this.#exchange;
    const { status, waited_ms: before_ms } = call;
    const { tap } = stream;
    this.#ledger.ttft_ms = this.#ledger.latency_ms;
    this.#ledger.waited(before_ms);
    const theirs = headersToClient(call.headers);
    this.#reply.begin(status, theirs, asked.route, this.#slot.headers);
    const kept: Buffer[] = [];
    const { outcome, client_ms } = await forwardStream(stream, outgoing, {
      api: operation.api,
      asksForUsage: body.asksForUsage,
      cost: () => this.#costs.ofStream(asked, tap).cost.usd,
      client_idle_ms: this.#client_idle_ms,
      keep: this.#slot.isOpen ? (bytes) => kept.push(bytes) : undefined,
    });
    this.#ledger.waited(call.waited_ms - before_ms + client_ms);
    report.answered(outcome, this.#costs.ofStream(asked, tap), client_ms);
    const content_type = theirs['content-type'] ?? 'text/event-stream';
    if (outcome === 'answered')
      this.#slot.keep(() => ({ status, content_type, bytes: Buffer.concat(kept), route: asked.route }));
    return outcome;
  }
}
