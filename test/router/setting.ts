/** A router on a port of its own before test upstreams, with a book of two sellers, and clients that see bytes. */
import { createHash } from 'node:crypto';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PriceBook, priceBook } from '../../src/pricing/price-book.ts';
import { sellerFile } from '../../src/pricing/rate-card.ts';
import type { RequestEntry } from '../../src/router/ledger.ts';
import { readConfig } from '../../src/router/read-config.ts';
import { Router, type RouterOptions } from '../../src/router/router.ts';
import { outages } from '../pricing/small-book.ts';

/** 3 USD in, 0.3 from cache and 15 out per million tokens at alpha, a tenth of it at beta; gamma is in no book. */
const card = (seller: string, factor: number, more: object = {}) =>
  sellerFile.parse({
    seller,
    name: seller,
    cards: [
      {
        model: 'm',
        source: 'test',
        as_of: '2026-01-01',
        confidence: 'high',
        periods: [{ usd_per_mtok: { input: 3 * factor, cache_read: 0.3 * factor, output: 15 * factor }, ...more }],
      },
    ],
  });
/** At claude: fast mode at twice the price, a web search at 0.01. */
const FAST = {
  tiers: { fast: { multiplier: { name: 'fast mode', factor: 2, meters: ['input', 'cache_read', 'output'] } } },
  usd_per_web_search: 0.01,
};
/** The same book at other prices. */
export const cheaper = (factor: number): PriceBook =>
  priceBook({
    sellers: [card('alpha', factor), card('beta', factor / 10), card('claude', factor, FAST)],
    gateways: [],
    outages,
    digest: String(factor),
  });
export const book: PriceBook = cheaper(1);

export const KEY = 'client-key-1';
export const CANARY = 'sk-canary-5f2e9c1d7a';
export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

export const ROUTES = {
  a: { seller: 'alpha', model: 'm' },
  b: { seller: 'beta', model: 'm' },
  g: { seller: 'gamma', model: 'mystery' },
};

export interface TestRouter {
  readonly router: Router;
  readonly url: string;
  readonly port: number;
  readonly entries: RequestEntry[];
  readonly bugs: unknown[];
  /** Folder of its file and its log. */
  readonly dir: string;
  /** The entry of the request that ended last, waited for. */
  readonly entry: (count?: number) => Promise<RequestEntry>;
}

export interface TestOptions extends RouterOptions {
  /** In place of the one of two sellers. */
  readonly book?: PriceBook;
}

export async function startRouter(
  config: object,
  { book: prices = book, ...options }: TestOptions = {},
): Promise<TestRouter> {
  const dir = await mkdtemp(join(tmpdir(), 'router-'));
  const file = join(dir, 'router.yaml');
  await writeFile(file, JSON.stringify({ listen: { port: 0 }, ...config }));
  const read = await readConfig(file, { TEST_KEY: CANARY });
  const entries: RequestEntry[] = [];
  const bugs: unknown[] = [];
  const router = await Router.open(read, prices, {
    seed: 1,
    onEnd: (entry) => void entries.push(entry),
    onTrouble: (error) => void bugs.push(error),
    ...options,
  });
  const port = await router.listen('127.0.0.1', 0);
  const entry = async (count = 1): Promise<RequestEntry> => {
    for (let i = 0; entries.length < count && i < 300; i++) await new Promise((resolve) => setTimeout(resolve, 10));
    const found = entries[count - 1];
    if (found === undefined) throw new Error(`there are ${entries.length} entries, not ${count}`);
    return found;
  };
  return { router, url: `http://127.0.0.1:${port}`, port, entries, bugs, dir, entry };
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  readonly text: string;
  /** How the body came to its end. */
  readonly end: 'whole' | 'broken';
}

export interface AskOptions {
  readonly path?: string;
  readonly headers?: Record<string, string>;
  /** Leaves when this says so; told all text so far. */
  readonly leaveAt?: (text: string) => boolean;
  readonly leaveAfter_ms?: number;
}

/** Asks with node's own client, which tells a broken body from a whole one. */
export function ask(router: TestRouter, body: object | string, options: AskOptions = {}): Promise<Answer> {
  const { path = '/v1/chat/completions', headers = {}, leaveAt, leaveAfter_ms } = options;
  return new Promise((resolve, reject) => {
    const sent = typeof body === 'string' ? body : JSON.stringify(body);
    const request = httpRequest(
      `${router.url}${path}`,
      {
        method: 'POST',
        agent: false,
        headers: { 'content-type': 'application/json', authorization: `Bearer ${KEY}`, ...headers },
      },
      (response) => {
        const parts: Buffer[] = [];
        const end = (how: Answer['end']): void => {
          const bytes = Buffer.concat(parts);
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            bytes,
            text: bytes.toString('utf8'),
            end: how,
          });
        };
        response.on('data', (part: Buffer) => {
          parts.push(part);
          if (leaveAt?.(Buffer.concat(parts).toString('utf8'))) request.destroy();
        });
        response.on('end', () => end('whole'));
        response.on('error', () => end('broken'));
      },
    );
    request.on('error', (error) => (leaveAfter_ms === undefined ? reject(error) : resolve(LEFT)));
    if (leaveAfter_ms !== undefined) setTimeout(() => request.destroy(), leaveAfter_ms);
    request.end(sent);
  });
}

const LEFT: Answer = { status: 0, headers: {}, bytes: Buffer.alloc(0), text: '', end: 'broken' };

export const CHAT = { model: 'a', messages: [{ role: 'user', content: 'Hello' }] };
export const STREAM = { ...CHAT, stream: true };

export const USAGE = { prompt_tokens: 1000, completion_tokens: 200, total_tokens: 1200 };
export const ANSWER = {
  id: 'chatcmpl-1',
  object: 'chat.completion',
  model: 'm',
  choices: [{ index: 0, message: { role: 'assistant', content: 'Hi' }, finish_reason: 'stop' }],
  usage: USAGE,
};
/** 1,000 tokens in and 200 out at alpha: 0.003 + 0.003. */
export const ANSWER_USD = 0.006;

const chunk = (choices: object[], more: object = {}): string =>
  `data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', choices, ...more })}\n\n`;
export const ROLE = chunk([{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }]);
export const content = (text: string): string => chunk([{ index: 0, delta: { content: text }, finish_reason: null }]);
export const STOP = chunk([{ index: 0, delta: {}, finish_reason: 'stop' }]);
export const USAGE_CHUNK = chunk([], { usage: USAGE });
export const DONE = 'data: [DONE]\n\n';
