/** What a request is served with: the parts that all requests share, and the two ends of this one. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Pool } from 'undici';
import type { KnownClient } from './client-auth.ts';
import type { RouterConfig } from './config.ts';
import type { Departure } from './departure.ts';
import type { RequestEntry } from './ledger.ts';
import type { Operation } from './operations.ts';
import type { Prices } from './prices.ts';
import type { ClientLimiter, RouteLimits } from './rate-limits.ts';
import type { AskedBody } from './request-body.ts';
import type { RequestLuck } from './request-luck.ts';
import type { ResponseCache } from './response-cache.ts';
import type { RouteTable } from './route-table.ts';
import type { Clocks } from './upstream.ts';

export interface RouterParts {
  readonly config: RouterConfig;
  readonly table: RouteTable;
  readonly luck: RequestLuck;
  readonly prices: Prices;
  readonly pools: ReadonlyMap<string, Pool>;
  /** Seller -> its key. */
  readonly keys: ReadonlyMap<string, string>;
  readonly clocks: Clocks & { readonly client_idle_ms: number };
  readonly cache: ResponseCache | undefined;
  readonly routeLimits: RouteLimits;
  readonly clientLimits: ClientLimiter;
  /** Milliseconds since 1970; never goes back. */
  readonly now: () => number;
  /** Told once per request, when it has ended; `body` for a log that keeps prompts. */
  readonly onEnd: (entry: RequestEntry, body: AskedBody) => void;
}

export interface Exchange {
  readonly id: string;
  readonly operation: Operation;
  readonly client: KnownClient;
  readonly body: AskedBody;
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  /** Whether the client has left before it had its answer. */
  readonly gone: Departure;
}
