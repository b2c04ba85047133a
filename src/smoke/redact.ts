/**
 * Takes keys and texts out of what is kept as evidence: strings of prompts and answers give way to their length, headers
 * pass a list, and whatever equals a key that was sent is struck out wherever it stands. Errors keep their words.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { isObject } from '../router/reported-usage.ts';

const MOST_CHARACTERS = 2000;
/** Members whose texts are prompts or answers. */
const TEXTS = new Set([
  'content',
  'text',
  'thinking',
  'reasoning',
  'reasoning_content',
  'refusal',
  'system',
  'input',
  'prompt',
  'revised_prompt',
  'arguments',
  'partial_json',
  'b64_json',
  'url',
  'signature',
  'user',
  'user_id',
]);
const HEADERS =
  /^(content-type|date|server|via|retry-after(-ms)?|(x-)?request-id|x-generation-id|openai-(model|version|processing-ms|organization-tier)|x-should-retry|deprecation|sunset|age|(x|anthropic)-ratelimit-.*|x-tollgate-.*|x-litellm-.*|cf-aig-(log-id|cache-status|step)|x-portkey-(provider|retry-attempt-count|last-used-option-index|cache-status|trace-id)|x-vercel-ai-.*|helicone-(id|status|cache))$/;
const COOKIE_LIKE = /key|token$|secret|authorization/;

export interface Redaction {
  readonly headers: (headers: IncomingHttpHeaders) => Record<string, string>;
  /** JSON, or the data of events, one a line; other text as it stands. */
  readonly text: (text: string) => string;
}

/** `secrets` are the keys that go out, and other texts that must not stay. */
export function redaction(secrets: readonly string[]): Redaction {
  const known = [...new Set(secrets.filter((one) => one.length >= 4))].sort((a, b) => b.length - a.length);
  const struck = (text: string): string => known.reduce((left, secret) => left.replaceAll(secret, '[redacted]'), text);
  return {
    headers: (headers) =>
      Object.fromEntries(
        Object.entries(headers)
          .filter(([name]) => HEADERS.test(name) && !COOKIE_LIKE.test(name))
          .map(([name, value]) => [name, struck(String(value)).slice(0, 200)])
          .sort(([a], [b]) => (a! < b! ? -1 : 1)),
      ),
    text: (text) => shortened(struck(text.split('\n').map(withoutTexts).join('\n'))),
  };
}

const shortened = (text: string): string =>
  text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS)} … ${text.length} characters`;

function withoutTexts(line: string): string {
  if (!/^\s*[[{]/.test(line)) return line;
  try {
    return JSON.stringify(JSON.parse(line), lengthsOf);
  } catch {
    return line;
  }
}

function lengthsOf(this: unknown, name: string, value: unknown): unknown {
  if (Array.isArray(value) && value.length > 8 && value.every((one) => typeof one === 'number'))
    return `[${value.length} numbers]`;
  const isText = TEXTS.has(name) || (Array.isArray(this) && typeof value === 'string');
  if (!isText) return value;
  if (typeof value === 'string') return `[${value.length} characters]`;
  return Array.isArray(value) || isObject(value) || value === null ? value : '[redacted]';
}
