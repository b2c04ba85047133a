/**
 * A router put together from what was read: routes, prices, pools, budgets. It listens nowhere by itself and reads no file;
 * whoever made it closes it.
 */
import { randomInt } from 'node:crypto';
import type { Server } from 'node:http';
import type { PriceBook } from '../pricing/price-book.ts';
import { substream } from '../random.ts';
import { wholeMs } from '../routing/exact.ts';
import { ClientAuth } from './client-auth.ts';
import type { RouterConfig } from './config.ts';
import type { RouterParts } from './exchange.ts';
import type { RequestEntry } from './ledger.ts';
import { Prices } from './prices.ts';
import type { ReadConfig } from './read-config.ts';
import type { AskedBody } from './request-body.ts';
import { ResponseCache } from './response-cache.ts';
import { RouteTable } from './route-table.ts';
import { createFront } from './server.ts';
import { createPools } from './upstream.ts';

export interface RouterOptions {
  readonly now?: () => number;
  /** Of weights and jitter. */
  readonly seed?: number;
  readonly onBug?: (error: unknown) => void;
  readonly onEnd?: (entry: RequestEntry, body: AskedBody) => void;
}

export class Router {
  readonly server: Server;
  isDraining = false;
  #parts: RouterParts;
  #auth: ClientAuth;

  constructor(read: ReadConfig, book: PriceBook, options: RouterOptions = {}) {
    this.#parts = partsOf(read, book, options);
    this.#auth = new ClientAuth(read.config.clients);
    this.server = createFront(
      {
        parts: () => this.#parts,
        auth: () => this.#auth,
        isDraining: () => this.isDraining,
        metrics: () => '',
        onBug: options.onBug ?? (() => undefined),
      },
      read.config.listen,
    );
  }

  get parts(): RouterParts {
    return this.#parts;
  }

  /** Gives the port. */
  listen(host: string, port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, host, () => {
        const address = this.server.address();
        resolve(typeof address === 'object' && address !== null ? address.port : port);
      });
    });
  }

  /** Ends at once; open answers break off. */
  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
    await Promise.all([...this.#parts.pools.values()].map((pool) => pool.destroy()));
  }
}

function partsOf({ config, keys, keyless }: ReadConfig, book: PriceBook, options: RouterOptions): RouterParts {
  const { now = steadyClock(), seed = randomInt(2 ** 47), onEnd = () => undefined } = options;
  const prices = new Prices(book, config.routes);
  const random = { routing: substream(seed, 'routing'), jitter: substream(seed, 'jitter') };
  return {
    config,
    table: new RouteTable(config, keyless, prices, random, now()),
    prices,
    pools: createPools(config),
    keys,
    clocks: clocksOf(config),
    cache: config.cache && new ResponseCache({ ...config.cache, life_ms: wholeMs(config.cache.life) }),
    now,
    onEnd,
  };
}

const clocksOf = ({ timeouts }: RouterConfig): RouterParts['clocks'] => ({
  first_byte_ms: wholeMs(timeouts.first_byte),
  idle_ms: wholeMs(timeouts.idle),
  total_ms: wholeMs(timeouts.total),
  client_idle_ms: wholeMs(timeouts.client_idle),
});

/** The wall clock, except that it never goes back. */
function steadyClock(): () => number {
  let last = 0;
  return () => {
    last = Math.max(last, Date.now());
    return last;
  };
}
