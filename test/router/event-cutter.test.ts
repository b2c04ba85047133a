import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EventCutter } from '../../src/router/event-cutter.ts';
import { StreamTap } from '../../src/router/stream-tap.ts';

const line = fc.constantFrom(
  'data: {"choices":[{"delta":{"content":"é日👩"}}]}',
  'data: x',
  ': note',
  'event: e',
  'id: 1',
  'data',
  '',
  '',
  '',
);
const ending = fc.constantFrom('\n', '\r\n', '\r');
const stream = fc
  .array(fc.tuple(line, ending), { maxLength: 30 })
  .map((lines) => lines.map((one) => one.join('')).join(''));
/** The bytes in pieces of these sizes, over and over. */
function split(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const parts: Buffer[] = [];
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length]!;
    parts.push(bytes.subarray(at, at + size));
    at += size;
  }
  return parts;
}
const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });

describe('cutting a stream into events', () => {
  test('keeps every byte in order, however it is split', () => {
    fc.assert(
      fc.property(stream, sizes, (text, by) => {
        const cutter = new EventCutter();
        const pieces = split(Buffer.from(text), by).flatMap((part) => cutter.push(part));
        expect(Buffer.concat([...pieces, cutter.rest()]).toString()).toBe(text);
      }),
    );
  });

  test('cuts at the same places, however it is split', () => {
    fc.assert(
      fc.property(stream, sizes, sizes, (text, one, other) => {
        const cut = (by: readonly number[]): string[] => {
          const cutter = new EventCutter();
          const pieces = split(Buffer.from(text), by).flatMap((part) => cutter.push(part));
          return [...pieces, cutter.rest()].map(String);
        };
        expect(cut(one)).toEqual(cut(other));
      }),
    );
  });

  test('ends a piece with an event or a comment, as the standard has it', () => {
    const cutter = new EventCutter();
    const pieces = cutter.push(Buffer.from(': a\ndata: 1\ndata: 2\n\ndata: 3\r\n\r\n\r\n: b\r\ndata'));
    expect(pieces.map(String)).toEqual([': a\n', 'data: 1\ndata: 2\n\n', 'data: 3\r\n\r\n', '\r\n', ': b\r\n']);
    expect(String(cutter.rest())).toBe('data');
  });

  test('tells the tap the same, whether it is fed pieces or everything at once', () => {
    fc.assert(
      fc.property(stream, sizes, (text, by) => {
        const [whole, cut] = [new StreamTap('openai'), new StreamTap('openai')];
        whole.feed(Buffer.from(text));
        const cutter = new EventCutter();
        for (const part of split(Buffer.from(text), by)) for (const piece of cutter.push(part)) cut.feed(piece);
        cut.feed(cutter.rest());
        whole.end();
        cut.end();
        expect([cut.hasContent, cut.text_bytes, cut.error]).toEqual([whole.hasContent, whole.text_bytes, whole.error]);
      }),
    );
  });
});
