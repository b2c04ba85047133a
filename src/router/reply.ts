/**
 * What one client gets, once: a whole answer, the head of a stream, or an error. Above what the seller says stand the
 * request's id, what was done and spent, and what the client may still ask for; of two headers of a name the later one holds.
 */
import { addToll, type Head, writeProblem, writeWhole } from './answer.ts';
import { type ApiProblem, idHeader } from './api-error.ts';
import type { Exchange } from './exchange.ts';
import type { RequestLedger } from './ledger.ts';

const NONE: Readonly<Head> = {};
const STREAMED: Readonly<Head> = { 'cache-control': 'no-cache', 'x-accel-buffering': 'no' };

export class Reply {
  /** What the client may still ask for. */
  limits: Readonly<Head> = NONE;
  readonly #exchange: Exchange;
  readonly #ledger: RequestLedger;

  constructor(exchange: Exchange, ledger: RequestLedger) {
    this.#exchange = exchange;
    this.#ledger = ledger;
  }

  /** @param cache what the response cache has to say */
  whole(status: number, theirs: Readonly<Head>, route: string | undefined, wire: string, cache = NONE): void {
    writeWhole(this.#exchange.outgoing, status, this.#head(theirs, route, true, cache), wire);
  }

  begin(status: number, theirs: Readonly<Head>, route: string, cache: Readonly<Head>): void {
    const head = this.#head(theirs, route, false, cache);
    this.#exchange.outgoing.writeHead(status, Object.assign(head, STREAMED));
  }

  problem(problem: ApiProblem, route?: string): void {
    const { outgoing, operation, id } = this.#exchange;
    const head = addToll({}, id, this.#ledger, route, true);
    writeProblem(outgoing, problem, operation.api, id, Object.assign(head, this.limits));
  }

  #head(theirs: Readonly<Head>, route: string | undefined, isWhole: boolean, cache: Readonly<Head>): Head {
    const { operation, id } = this.#exchange;
    const head = Object.assign(idHeader(operation.api, id), theirs);
    return Object.assign(addToll(head, id, this.#ledger, route, isWhole), cache, this.limits);
  }
}
