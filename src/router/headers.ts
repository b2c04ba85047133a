/**
 * Which headers pass, both ways: lists of what is allowed, so that a client's key never reaches a seller, a seller's cookie
 * never a client, and nothing that belongs to one connection the other.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { Upstream } from './config.ts';

const TO_SELLER = [
  'anthropic-version',
  'anthropic-beta',
  'openai-beta',
  'x-client-request-id',
  'traceparent',
  'tracestate',
];
const TO_CLIENT = new Set([
  'content-type',
  'retry-after',
  'retry-after-ms',
  'request-id',
  'x-request-id',
  'openai-processing-ms',
  'openai-version',
  'openai-model',
  'x-should-retry',
]);
const LIMITS = ['x-ratelimit-', 'anthropic-ratelimit-'];

export const one = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value[0] : value;

export interface SentHeaders {
  readonly upstream: Upstream;
  readonly key: string | undefined;
  readonly idempotency_key: string;
  readonly isStream: boolean;
}

export function headersToSeller(
  from: IncomingHttpHeaders,
  { upstream, key, idempotency_key, isStream }: SentHeaders,
): Record<string, string> {
  const headers: Record<string, string> = {
    ...upstream.headers,
    'content-type': 'application/json',
    accept: isStream ? 'text/event-stream' : 'application/json',
    'accept-encoding': 'identity',
    'user-agent': 'tollgate-router',
    'idempotency-key': idempotency_key,
  };
  for (const name of TO_SELLER) {
    const value = one(from[name]);
    if (value !== undefined) headers[name] = value;
  }
  if (upstream.api === 'anthropic') headers['anthropic-version'] ??= '2023-06-01';
  if (key === undefined) return headers;
  const header = upstream.key_header ?? (upstream.api === 'anthropic' ? 'x-api-key' : 'authorization');
  headers[header] = header === 'authorization' ? `Bearer ${key}` : key;
  return headers;
}

export function headersToClient(from: IncomingHttpHeaders): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const name in from) {
    if (!TO_CLIENT.has(name) && !LIMITS.some((start) => name.startsWith(start))) continue;
    const text = one(from[name]);
    if (text !== undefined && PLAIN.test(text)) headers[name] = text;
  }
  return headers;
}

/** What node writes without complaint. */
const PLAIN = /^[\t\x20-\x7e]*$/;
