import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { StreamTap } from '../../src/router/stream-tap.ts';
import { TextPattern } from '../../src/router/text-pattern.ts';
import { wireOf, wireOfText } from '../../src/router/wire-text.ts';

const chunk = (content: string, more: object = {}): string =>
  JSON.stringify({ id: 'c', choices: [{ index: 0, delta: { content }, finish_reason: null }], ...more });
const learnt = (data: string, text: string): TextPattern => {
  const pattern = new TextPattern();
  pattern.learn(`data: ${data}`, 'content', text);
  return pattern;
};
/** Bytes of the text; undefined: it is not passed over. */
const skipped = (pattern: TextPattern, data: string): number | undefined => {
  const wire = wireOfText(`data: ${data}\n\n`);
  const to = pattern.skip(`${wire}data: [DONE]`, 0);
  expect([0, wire.length]).toContain(to);
  return to === 0 ? undefined : pattern.text_bytes;
};

describe('chunks that differ in one text', () => {
  test('are read without a parser, and give what a parser gives', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (one, other) => {
        const bytes = skipped(learnt(chunk(one), one), chunk(other));
        if (bytes !== undefined) expect(bytes).toBe(Buffer.byteLength(other));
      }),
    );
    expect(skipped(learnt(chunk('a'), 'a'), chunk('é日👩'))).toBe(9);
    expect(skipped(learnt(chunk('"'), '"'), chunk(''))).toBe(0);
  });

  test.each([
    chunk('b', { usage: { prompt_tokens: 1 } }),
    chunk('b', { error: { message: 'no' } }),
    chunk('b').replace('null', '"stop"'),
    chunk('b"},"finish_reason":"stop"}],"x":[{"delta":{"y":"'),
    chunk('b').replace('"b"', '"b"},"finish_reason":"stop"},{"delta":{"content":"c"'),
    chunk('b').replace('b', 'a\u0001b'),
    '{"id":"c","choices":[{"index":0,"delta":{"content":"},"finish_reason":null}]}',
    '',
  ])('%j has to be parsed', (data) => {
    expect(skipped(learnt(chunk('a'), 'a'), data)).toBeUndefined();
  });

  test('nothing is learnt where the text stands twice or not as it is written', () => {
    expect(skipped(learnt(chunk('a', { message: { content: 'a' } }), 'a'), chunk('b'))).toBeUndefined();
    expect(skipped(learnt(chunk('é').replace('é', '\\u00e9'), 'é'), chunk('b'))).toBeUndefined();
  });

  test('a tap sees the same, whatever the chunks before', () => {
    const texts = fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('a', 'b"', '\\', '\n')), {
      maxLength: 8,
    });
    const ends = fc.constantFrom({}, { usage: { prompt_tokens: 3, completion_tokens: 1 } });
    fc.assert(
      fc.property(texts, ends, (contents, more) => {
        const tap = new StreamTap('openai');
        for (const content of contents) {
          const event = Buffer.from(`data: ${chunk(content)}\n\n`);
          if (tap.skip(wireOf(event), 0) === 0) tap.feed(event);
        }
        tap.feed(Buffer.from(`data: ${chunk('', more)}\n\n`));
        expect(tap.text_bytes).toBe(
          contents.reduce((sum, text) => sum + Buffer.byteLength(JSON.parse(JSON.stringify(text))), 0),
        );
        expect(tap.hasContent).toBe(contents.some((text) => text !== ''));
        expect(tap.counts !== undefined).toBe('usage' in more);
      }),
    );
  });
});
