/**
 * A local upstream of declared behaviour, in this process, on a free port of 127.0.0.1: `/direct/v1` and `/gateway/v1`. It
 * keeps a bill of all that it served. Nothing that it says was seen in the world: runs on it say `simulated`.
 *
 * As an upstream of the router: a file of these lines, with the port that it got; clients ask for the model `mini`.
 *   routes: {mini: {seller: openai, model: gpt-4o-mini}}
 *   routing: {policy: {kind: single}}
 *   upstreams: {openai: {base_url: "http://127.0.0.1:40123/direct/v1"}}
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { substream } from '../../random.ts';
import { type Clock, wallClock } from '../clock.ts';
import type { Target } from '../target.ts';
import { Bill, type BillEntry } from './bill.ts';
import { play } from './play.ts';
import { STAND_IN_ROUTES, type StandInRouteName, type StandInSpec } from './spec.ts';
import { StandInRoute } from './stand-in-route.ts';
import { standInTargets } from './stand-in-targets.ts';

export interface StandIn {
  /** http://127.0.0.1:port, without a route. */
  readonly origin: string;
  readonly targets: readonly Target[];
  readonly bill: () => readonly BillEntry[];
  /** Breaks off what is under way. */
  readonly close: () => Promise<void>;
}

export interface StandInOptions {
  readonly seed: number;
  readonly clock?: Clock;
  /** Default: any that is free. */
  readonly port?: number;
}

export async function startStandIn(
  spec: StandInSpec,
  { seed, clock = wallClock, port = 0 }: StandInOptions,
): Promise<StandIn> {
  const bill = new Bill();
  const routes = new Map(
    STAND_IN_ROUTES.map((name) => [name, routeOf(spec, name, bill, clock, (n) => substream(seed, `${name} ${n}`))]),
  );
  const server = createServer((request, response) => void serve(routes, spec, clock, request, response));
  server.keepAliveTimeout = 30_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    targets: standInTargets(spec, origin),
    bill: () => bill.entries,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

const routeOf = (
  spec: StandInSpec,
  name: StandInRouteName,
  bill: Bill,
  clock: Clock,
  random: (n: number) => ReturnType<typeof substream>,
): StandInRoute => new StandInRoute(spec, name, { bill, now: clock.now, random });

async function serve(
  routes: ReadonlyMap<string, StandInRoute>,
  { body_bytes }: StandInSpec,
  clock: Clock,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  response.on('error', () => undefined);
  const text = await bodyOf(request, body_bytes);
  if (text === undefined) return;
  const [, name = '', path = '/'] = /^\/([a-z]+)\/v1(\/.*)$/.exec(request.url ?? '') ?? [];
  const route = routes.get(name);
  if (route === undefined) {
    response.writeHead(404, { 'content-type': 'application/json' });
    response.end('{"error":{"message":"There are /direct/v1 and /gateway/v1.","type":"invalid_request_error"}}');
    return;
  }
  const { method = 'GET', headers } = request;
  await play(route.answer({ method, path, headers, text }), response, clock);
}

/** No more of it than shows that it is too long; undefined: the client broke off. */
async function bodyOf(request: IncomingMessage, most: number): Promise<string | undefined> {
  const parts: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const part of request as AsyncIterable<Buffer>) {
      if (bytes <= most) parts.push(part);
      bytes += part.length;
    }
  } catch {
    return undefined;
  }
  return Buffer.concat(parts).toString('utf8');
}
