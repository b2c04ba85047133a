/**
 * What is sent to a seller for a request on a route: address from the configuration alone, allowed headers, and the client's
 * body with the model's name, the tier that the route is of, and the question for a stream's usage.
 */
import type { Route } from '../routing/route.ts';
import type { Upstream } from './config.ts';
import type { Exchange, RouterParts } from './exchange.ts';
import { headersToSeller, one } from './headers.ts';
import { bodyToSeller } from './request-body.ts';
import type { RouteAttempt } from './try-route.ts';

const paths = new WeakMap<Upstream, string>();

/** Of its address; taken apart once. */
function pathOf(upstream: Upstream): string {
  const known = paths.get(upstream);
  if (known !== undefined) return known;
  const path = new URL(upstream.base_url).pathname.replace(/\/$/, '');
  paths.set(upstream, path);
  return path;
}

/** Tiers that a request can ask for by itself. */
export const ASKED_TIERS = ['flex', 'priority'] as const;

export function sellerRequest({ config, pools, keys }: RouterParts, exchange: Exchange, route: Route): RouteAttempt {
  const { operation, body, incoming, id } = exchange;
  const { seller, model } = route;
  const upstream = config.upstreams[seller]!;
  const isStream = operation.canStream && body.isStream;
  const { answers } = body;
  return {
    pool: pools.get(seller)!,
    request: {
      path: pathOf(upstream) + operation.path,
      headers: headersToSeller(incoming.headers, {
        upstream,
        key: keys.get(seller),
        // One for all attempts, so that a seller that heard of the request already can tell.
        idempotency_key: one(incoming.headers['idempotency-key']) ?? `tollgate-${id}`,
        isStream,
      }),
      body: bodyToSeller(body, {
        model,
        tier: ASKED_TIERS.find((tier) => tier === route.tier),
        asksForUsage: isStream && operation.api === 'openai' && upstream.stream_usage,
      }),
    },
    api: operation.api,
    isStream,
    answers,
    key: keys.get(seller),
  };
}
