import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EventStream, type Piece } from '../../src/router/commit-point.ts';
import { StreamTap } from '../../src/router/stream-tap.ts';
import type { UpstreamCall } from '../../src/router/upstream.ts';

const KEY = 'sk-0123456789abcdef';
const chunk = (content: string, more: object = {}): string =>
  JSON.stringify({ id: 'c', choices: [{ index: 0, delta: { content }, finish_reason: null }], ...more });
const delta = (text: string): string =>
  JSON.stringify({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } });

const word = fc.oneof(
  fc.constantFrom('a', ' word', 'é日', '"', '\\', '\n', KEY),
  fc.string({ unit: 'binary', maxLength: 6 }),
);
const texts = word.map((text) => `data: ${chunk(text)}\n\n`);
const events = fc.oneof(
  { weight: 6, arbitrary: texts },
  { weight: 2, arbitrary: word.map((text) => `event: content_block_delta\ndata: ${delta(text)}\n\n`) },
  word.map((text) => `data: ${chunk(text)}\r\n\r\n`),
  word.map((text) => `id: 1\ndata: ${chunk(text)}\n\n`),
  word.map((text) => `data: ${chunk(text, { usage: { prompt_tokens: 3, completion_tokens: 1 } })}\n\n`),
  fc.constantFrom(
    ': ping\n\n',
    ':\n',
    '\n',
    'event: ping\n\n',
    'data: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\n',
    'data: {"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2}}\n\n',
    'data: {"choices":\ndata: []}\n\n',
    'data: {"error":{"message":"no"}}\n\n',
  ),
);

/** A call whose body comes in these chunks. */
const callOf = (chunks: Buffer[]) => ({ next: async () => chunks.shift() }) as unknown as UpstreamCall;

function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const at = [...new Set([0, ...places.map((place) => place % (bytes.length + 1)), bytes.length])].sort(
    (a, b) => a - b,
  );
  return at.slice(1).map((to, i) => bytes.subarray(at[i], to));
}

async function read(bytes: Buffer, places: readonly number[], api: 'openai' | 'anthropic') {
  const stream = new EventStream(callOf(cut(bytes, places)), new StreamTap(api), KEY);
  const pieces: Piece[] = [];
  for (let next = await stream.next(); next !== undefined; next = await stream.next()) pieces.push(...next);
  const { hasContent, error, isDone, text_bytes, counts, isComplete } = stream.tap;
  const usages = pieces.flatMap(({ glimpse }) => glimpse.usageEvent ?? []);
  const sent = Buffer.concat(pieces.map((piece) => piece.bytes)).toString();
  return { sent, tap: { hasContent, error, isDone, text_bytes, counts, isComplete }, usages };
}

/** What a tap sees that is fed the bytes one by one, so that nothing can be passed over. */
function slowly(bytes: Buffer, api: 'openai' | 'anthropic') {
  const tap = new StreamTap(api);
  for (const byte of bytes) tap.feed(Buffer.from([byte]));
  const { hasContent, error, isDone, text_bytes, counts, isComplete } = tap;
  return { hasContent, error, isDone, text_bytes, counts, isComplete };
}

test.each(['openai', 'anthropic'] as const)(
  'however a stream of %s is cut into chunks, the same goes out and is read',
  async (api) => {
    const places = fc.array(fc.nat(), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(fc.array(events, { maxLength: 14 }), places, async (parts, cuts) => {
        const bytes = Buffer.from(`${parts.join('')}data: [DONE]\n\n`);
        const found = await read(bytes, cuts, api);
        expect(found.sent).toBe(bytes.toString().replaceAll(KEY, '*'.repeat(KEY.length)));
        expect(found.tap).toEqual(slowly(bytes, api));
        expect(found.usages).toEqual((await read(bytes, [], api)).usages);
      }),
      { numRuns: 400 },
    );
  },
);

test('events that hold text alone go on together, and one that reports usage stands apart', async () => {
  const text = (word: string): string => `data: ${chunk(word)}\n\n`;
  const usage = 'data: {"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2}}\n\n';
  const bytes = Buffer.from(['a', 'b', 'c', 'd'].map(text).join('') + usage + text('e'));
  const stream = new EventStream(callOf([bytes]), new StreamTap('openai'), undefined);
  const pieces = (await stream.next())!.map((piece) => piece.bytes.toString());
  expect(pieces).toEqual([text('a'), ['b', 'c', 'd'].map(text).join(''), usage, text('e')]);
});
