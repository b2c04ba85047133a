/**
 * A router put together from what was read: routes, prices, pools, budgets, log. Its configuration can be exchanged while it
 * runs, as a whole or not at all; it can be drained or closed. It reads no configuration and hears no signals.
 */
import { randomInt } from 'node:crypto';
import type { Server } from 'node:http';
import { dirname, resolve } from 'node:path';
import { inputError } from '../errors.ts';
import type { PriceBook } from '../pricing/price-book.ts';
import { wholeMs } from '../routing/exact.ts';
import { BudgetFile, restoreBudgets } from './budget-file.ts';
import { changesOf } from './changes.ts';
import { ClientAuth } from './client-auth.ts';
import type { RouterConfig } from './config.ts';
import type { RouterParts } from './exchange.ts';
import type { RequestEntry } from './ledger.ts';
import { Metrics } from './metrics.ts';
import { Prices } from './prices.ts';
import { ClientLimiter, RouteLimits } from './rate-limits.ts';
import type { ReadConfig } from './read-config.ts';
import { RequestLuck } from './request-luck.ts';
import { ResponseCache } from './response-cache.ts';
import { RouteTable } from './route-table.ts';
import { createPools } from './seller-pools.ts';
import { createFront } from './server.ts';
import { UsageLog } from './usage-log.ts';

export interface RouterOptions {
  readonly now?: () => number;
  /** Of weights and jitter; a replay of the same seed draws the same. */
  readonly seed?: number;
  /** Told of what no client is told: bugs, and a log that can't be written. */
  readonly onTrouble?: (error: unknown) => void;
  readonly onEnd?: (entry: RequestEntry) => void;
}

export class Router {
  readonly server: Server;
  #book: PriceBook;
  readonly #options: RouterOptions;
  readonly #luck: RequestLuck;
  readonly #now: () => number;
  readonly #metrics = new Metrics();
  readonly #log: UsageLog | undefined;
  #budgets: BudgetFile | undefined;
  #restored: readonly string[] = [];
  #parts: RouterParts;
  #auth: ClientAuth;
  #isDraining = false;
  readonly #running = new Set<Promise<void>>();

  static async open(read: ReadConfig, book: PriceBook, options: RouterOptions = {}): Promise<Router> {
    const { log } = read.config;
    const { onTrouble = () => undefined } = options;
    const dir = log && resolve(dirname(read.file), log.dir);
    if (log === undefined || dir === undefined) return new Router(read, book, options, undefined);
    const router = new Router(read, book, options, await UsageLog.open(log, dir, onTrouble));
    router.#restored = await restoreBudgets(dir, router.parts.table, router.#now());
    router.#budgets = new BudgetFile(dir, wholeMs(log.flush), () => router.parts.table, router.#now, onTrouble);
    return router;
  }

  private constructor(read: ReadConfig, book: PriceBook, options: RouterOptions, log: UsageLog | undefined) {
    const { now = steadyClock(), seed = randomInt(2 ** 47), onTrouble = () => undefined } = options;
    this.#book = book;
    this.#options = options;
    this.#log = log;
    this.#now = now;
    this.#luck = new RequestLuck(seed);
    this.#parts = this.#partsOf(read, book);
    this.#auth = new ClientAuth(read.config.clients);
    const front = {
      parts: () => this.#parts,
      auth: () => this.#auth,
      isDraining: () => this.#isDraining,
      metrics: () => {
        const { table, cache } = this.#parts;
        return this.#metrics.text({ table, cache, log: this.#log?.standing, now_ms: this.#now() });
      },
      onTurnedAway: (code: string) => this.#metrics.turnedAway(code),
      onBug: onTrouble,
      onBegin: (running: Promise<void>) => {
        this.#running.add(running);
        const forget = (): void => void this.#running.delete(running);
        running.then(forget, forget);
      },
    };
    this.server = createFront(front, read.config.listen);
  }

  /** Budgets whose spend goes on from before the start. */
  get restored(): readonly string[] {
    return this.#restored;
  }

  get parts(): RouterParts {
    return this.#parts;
  }

  /** Gives the port. */
  listen(host: string, port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.server.once('error', (error: NodeJS.ErrnoException) =>
        reject(inputError('ROUTER_LISTEN', `${host}:${port}`, `can't be listened on: ${error.message}`)),
      );
      this.server.listen(port, host, () => {
        const address = this.server.address();
        resolve(typeof address === 'object' && address !== null ? address.port : port);
      });
    });
  }

  /**
   * Takes up another configuration and other prices and says what is another than before; budgets, limits and the health of
   * routes go on, and the cache where routes, names and policies are the same. Throws an InputError and changes nothing.
   */
  reload(read: ReadConfig, book: PriceBook = this.#book): string {
    for (const block of ['listen', 'log'] as const)
      if (JSON.stringify(read.config[block]) !== JSON.stringify(this.#parts.config[block]))
        throw inputError('ROUTER_RELOAD', block, 'can only be changed by starting again');
    const before = this.#parts;
    this.#parts = this.#partsOf(read, book, before);
    this.#book = book;
    this.#auth = new ClientAuth(read.config.clients);
    for (const pool of before.pools.values()) void pool.close();
    const on = new Date(this.#now()).toISOString().slice(0, 10);
    const told = ({ config, keys, prices }: RouterParts) => ({ config, keys, prices: prices.routePrices(on) });
    return changesOf(told(before), told(this.#parts));
  }

  /** Takes no more requests and waits for those under way; after the limit they break off. */
  async drain(most_ms: number): Promise<void> {
    this.#isDraining = true;
    const idle = setInterval(() => this.server.closeIdleConnections(), 50);
    const limit = setTimeout(() => this.server.closeAllConnections(), most_ms);
    await new Promise((resolve) => this.server.close(resolve));
    clearInterval(idle);
    clearTimeout(limit);
    await this.#end();
  }

  /** Ends at once; open answers break off. */
  close(): Promise<void> {
    return this.drain(0);
  }

  /** What has ended so far is in the usage log, and what budgets have spent beside it. */
  async flush(): Promise<void> {
    await Promise.all([this.#log?.flush(), this.#budgets?.write()]);
  }

  async #end(): Promise<void> {
    await Promise.allSettled(this.#running);
    await Promise.all([...this.#parts.pools.values()].map((pool) => pool.destroy()));
    await Promise.all([this.#log?.close(), this.#budgets?.close()]);
  }

  #partsOf({ config, keys, keyless }: ReadConfig, book: PriceBook, before?: RouterParts): RouterParts {
    const prices = new Prices(book, config.routes);
    const table = new RouteTable(config, keyless, prices, this.#now(), before?.table);
    const teams = new Map((config.clients ?? []).map(({ name, team }) => [name, team]));
    const answers = ({ cache, routes, models, routing }: RouterConfig): string =>
      JSON.stringify([cache, routes, models, routing.policy, routing.policies]);
    const isSameCache = before !== undefined && answers(config) === answers(before.config);
    const cache = config.cache && new ResponseCache({ ...config.cache, life_ms: wholeMs(config.cache.life) });
    return {
      config,
      table,
      luck: this.#luck,
      prices,
      pools: createPools(config),
      keys,
      clocks: clocksOf(config),
      cache: isSameCache ? before?.cache : cache,
      routeLimits: new RouteLimits(config, before?.routeLimits),
      clientLimits: new ClientLimiter(config.clients, before?.clientLimits),
      now: this.#now,
      onEnd: (entry, body) => {
        this.#metrics.observe(entry, config.routes, teams.get(entry.client));
        this.#log?.add(entry, body, config.routes);
        this.#options.onEnd?.(entry);
      },
    };
  }
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
