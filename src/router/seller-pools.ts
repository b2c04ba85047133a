/**
 * A pool of connections per seller. Idle ones are closed before the seller closes them; of a connection that broke it is
 * known whether it had answered before, since a request that hits the edge nevertheless may be sent once more.
 */
import { buildConnector, Pool } from 'undici';
import { wholeMs } from '../routing/exact.ts';
import type { RouterConfig, Upstream } from './config.ts';

export const createPools = ({ upstreams, timeouts }: RouterConfig): ReadonlyMap<string, Pool> =>
  new Map(
    Object.entries(upstreams).map(([seller, upstream]) => [seller, createPool(upstream, wholeMs(timeouts.connect))]),
  );

/** Where one kept connection was closed, the others may be as well: what is sent once more goes on one of its own, unkept. */
const unkept = new WeakMap<Pool, Pool>();
export const unkeptConnections = (pool: Pool): Pool => unkept.get(pool) ?? pool;

function createPool({ base_url, connections, keep_alive }: Upstream, timeout: number): Pool {
  const { origin } = new URL(base_url);
  const options: Pool.Options = {
    connections: connections ?? null,
    connect: connector(timeout),
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: Math.max(1, wholeMs(keep_alive)),
    keepAliveMaxTimeout: Math.max(1, wholeMs(keep_alive)),
    pipelining: 1,
  };
  const pool = new Pool(origin, options);
  unkept.set(pool, new Pool(origin, options));
  return pool;
}

const ofUsed = new WeakSet<object>();

/** Whether it is the error of a connection that had answered before. */
export const brokeWhenUsed = (error: Error): boolean => ofUsed.has(error);

function connector(timeout: number): buildConnector.connector {
  const connect = buildConnector({ timeout });
  return (options, callback) =>
    connect(options, (...made) => {
      const [, socket] = made;
      socket?.on('error', (error) => void (socket.bytesRead > 0 && ofUsed.add(error)));
      callback(...made);
    });
}
