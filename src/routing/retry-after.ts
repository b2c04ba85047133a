/**
 * Retry-After in its three forms: milliseconds in a header of their own, seconds, an HTTP date.
 *
 *   retry-after-ms: 1500    Retry-After: 2    Retry-After: Sun, 06 Nov 1994 08:49:37 GMT (RFC 850 and asctime dates too)
 *
 * Takes the headers' text and the present instant, gives milliseconds to wait from now: 0 for a date that has passed, -1
 * where nothing was asked or it can't be read. Source: RFC 9110, sections 10.2.3 and 5.6.7; the header in milliseconds as
 * OpenAI and Azure send it. How long is waited at most is the caller's policy.
 */
export const NOT_ASKED = -1;

const NUMBER = /^\d+(\.\d+)?$/;
const HTTP_DATE = /^[A-Z][a-z]{2,8},? .*(?:GMT|\d{4})$/;

export function retryAfterMs(
  headers: { readonly retry_after?: string | undefined; readonly retry_after_ms?: string | undefined },
  now_ms: number,
): number {
  const inMs = headers.retry_after_ms?.trim();
  if (inMs !== undefined && NUMBER.test(inMs)) return Math.ceil(Number(inMs));
  const text = headers.retry_after?.trim();
  if (text === undefined) return NOT_ASKED;
  if (NUMBER.test(text)) return Math.ceil(Number(text) * 1000);
  if (!HTTP_DATE.test(text)) return NOT_ASKED;
  const at_ms = Date.parse(text.endsWith('GMT') ? text : `${text} GMT`);
  return Number.isNaN(at_ms) ? NOT_ASKED : Math.max(0, at_ms - now_ms);
}
