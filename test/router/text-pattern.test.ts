import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { StreamTap } from '../../src/router/stream-tap.ts';
import { TextPattern } from '../../src/router/text-pattern.ts';

const chunk = (content: string, more: object = {}): string =>
  JSON.stringify({ id: 'c', choices: [{ index: 0, delta: { content }, finish_reason: null }], ...more });
const learnt = (data: string, text: string): TextPattern => {
  const pattern = new TextPattern();
  pattern.learn(data, 'content', text);
  return pattern;
};

describe('chunks that differ in one text', () => {
  test('are read without a parser, and give what a parser gives', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (one, other) => {
        const text = learnt(chunk(one), one).textIn(chunk(other));
        if (text !== undefined) expect(text).toBe(other);
      }),
    );
    expect(learnt(chunk('a'), 'a').textIn(chunk('é日👩'))).toBe('é日👩');
    expect(learnt(chunk('"'), '"').textIn(chunk(''))).toBe('');
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
    expect(learnt(chunk('a'), 'a').textIn(data)).toBeUndefined();
  });

  test('nothing is learnt where the text stands twice or not as it is written', () => {
    expect(learnt(chunk('a', { message: { content: 'a' } }), 'a').textIn(chunk('b'))).toBeUndefined();
    expect(learnt(chunk('é').replace('é', '\\u00e9'), 'é').textIn(chunk('b'))).toBeUndefined();
  });

  test('a tap sees the same, whatever the chunks before', () => {
    const texts = fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('a', 'b"', '\\', '\n')), {
      maxLength: 8,
    });
    const ends = fc.constantFrom({}, { usage: { prompt_tokens: 3, completion_tokens: 1 } });
    fc.assert(
      fc.property(texts, ends, (contents, more) => {
        const tap = new StreamTap('openai');
        for (const content of contents) tap.feed(Buffer.from(`data: ${chunk(content)}\n\n`));
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
