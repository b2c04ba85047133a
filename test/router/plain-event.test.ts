import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { plainEvent } from '../../src/router/plain-event.ts';
import { StreamTap } from '../../src/router/stream-tap.ts';

const line = fc.constantFrom(
  'data: {"choices":[{"delta":{"content":"é"}}]}',
  'data: [DONE]',
  'data:x',
  'event: error',
  ': note',
  '',
);
const ending = fc.constantFrom('\n', '\n', '\r\n', '\r');

describe('events on one line', () => {
  test('are read without a parser, with or without a name', () => {
    expect(plainEvent(Buffer.from('data: {"a":1}\n\n'))).toEqual({ data: '{"a":1}', event: undefined });
    expect(plainEvent(Buffer.from('event: ping\ndata: {"é":1}\n\n'))).toEqual({ data: '{"é":1}', event: 'ping' });
  });

  test.each([
    'data: 1\ndata: 2\n\n',
    'data: 1\r\n\r\n',
    'data: 1\rdata: 2\n\n',
    'data:1\n\n',
    ': note\ndata: 1\n\n',
    'data: 1\n',
    'data: 1\n\ndata: 2\n\n',
    'event: a\n\n',
    'id: 1\ndata: 1\n\n',
    '\n',
    '',
  ])('%j takes a parser', (text) => {
    expect(plainEvent(Buffer.from(text))).toBeUndefined();
  });

  test('tell a tap what a parser tells it, whatever came before', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(line, ending), { maxLength: 12 }), (lines) => {
        const before = Buffer.from(lines.map((one) => one.join('')).join(''));
        const event = Buffer.from('data: {"choices":[{"delta":{"content":"ab"}}]}\n\n');
        const [one, other] = [new StreamTap('openai'), new StreamTap('openai')];
        one.feed(Buffer.concat([before, event]));
        other.feed(before);
        other.feed(event);
        const seen = (tap: StreamTap) => [tap.hasContent, tap.text_bytes, tap.isDone, tap.error];
        expect(seen(other)).toEqual(seen(one));
      }),
    );
  });
});
