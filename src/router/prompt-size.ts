/**
 * How large a request may be, before anybody has counted it: for budgets, which reserve, and for policies that ask.
 *
 *   prompt tokens = bytes of all texts / 3, and 1,500 for each file that is sent inside as base64
 *
 * Three bytes a token errs on the high side: English has some 4.4 bytes a token, Chinese about 3 (one sign). What is billed
 * comes from the seller's own count. Not modelled: the size of an image, tokens of tools that the seller adds.
 */
import type { AskedBody } from './request-body.ts';

const BYTES_PER_TOKEN = 3;
const TOKENS_PER_FILE = 1500;
/** Members that are no text of a prompt. */
const PLAIN = new Set(['model', 'user', 'metadata', 'role', 'type', 'encoding_format', 'tool_call_id', 'id']);

export const tokensOfBytes = (bytes: number): number => Math.ceil(bytes / BYTES_PER_TOKEN);

export function promptTokens(value: unknown): number {
  let bytes = 0;
  let files = 0;
  const walk = (node: unknown): void => {
    if (typeof node === 'string') {
      if (isFile(node)) files++;
      else bytes += Buffer.byteLength(node);
    } else if (Array.isArray(node)) for (const item of node) walk(item);
    else if (typeof node === 'object' && node !== null)
      for (const key in node) if (!PLAIN.has(key)) walk((node as Readonly<Record<string, unknown>>)[key]);
  };
  walk(value);
  return tokensOfBytes(bytes) + files * TOKENS_PER_FILE;
}

/** A data address, or a long text of base64 alone. */
const isFile = (text: string): boolean =>
  text.startsWith('data:') || (text.length > 4096 && /^[A-Za-z0-9+/_-]{1024}/.test(text));

/** No answer is longer; numbers have no end (1e999 is JSON), and what is reserved has to be given back to the digit. */
const MOST_TOKENS = 1_000_000_000;

/** The longest answer that the request allows, over all that it asks for; 0: it does not say. */
export function longestAnswer({ value, answers }: Pick<AskedBody, 'value' | 'answers'>): number {
  const stated = value.max_completion_tokens ?? value.max_tokens ?? value.max_output_tokens;
  return typeof stated === 'number' && stated > 0 ? Math.min(Math.ceil(stated), MOST_TOKENS) * answers : 0;
}
