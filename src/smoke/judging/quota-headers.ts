/**
 * Rate-limit headers in the forms that are in use: x-ratelimit-remaining-requests (OpenAI, Groq, Azure, this project's
 * router), anthropic-ratelimit-requests-remaining, x-ratelimit-remaining (requests, OpenRouter and others). A value that is
 * no number is not told.
 */
import type { IncomingHttpHeaders } from 'node:http';

export const QUOTAS = ['requests', 'tokens'] as const;
export type Quota = (typeof QUOTAS)[number];

const named = (what: 'limit' | 'remaining' | 'reset', quota: Quota): readonly string[] => [
  `x-ratelimit-${what}-${quota}`,
  `anthropic-ratelimit-${quota}-${what}`,
  ...(quota === 'requests' ? [`x-ratelimit-${what}`, `ratelimit-${what}`] : []),
];

const first = (headers: IncomingHttpHeaders, names: readonly string[]): string | undefined =>
  names.map((name) => headers[name]).find((one): one is string => typeof one === 'string' && one !== '');

function told(headers: IncomingHttpHeaders, what: 'limit' | 'remaining', quota: Quota): number | undefined {
  const text = first(headers, named(what, quota));
  const value = text === undefined ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : undefined;
}

export const remaining = (headers: IncomingHttpHeaders, quota: Quota): number | undefined =>
  told(headers, 'remaining', quota);
export const limit = (headers: IncomingHttpHeaders, quota: Quota): number | undefined => told(headers, 'limit', quota);
export const hasResets = (headers: IncomingHttpHeaders): boolean =>
  QUOTAS.some((quota) => first(headers, named('reset', quota)) !== undefined);
