import fc from 'fast-check';
import { expect, test } from 'vitest';
import { headersWithoutKey, holdsKey, withoutKey } from '../../src/router/without-key.ts';

const KEY = 'sk-0123456789abcdef';
const STARS = '*'.repeat(KEY.length);

test('a key is starred out wherever it stands, and all other bytes stay in their place', () => {
  const piece = fc.oneof(fc.constant(KEY), fc.string({ unit: 'binary', maxLength: 12 }), fc.constant(KEY.slice(0, 9)));
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const text = pieces.join('');
      expect(withoutKey(Buffer.from(text), KEY).toString()).toBe(Buffer.from(text).toString().replaceAll(KEY, STARS));
    }),
  );
});

test('bytes without the key are the same buffer, and what came is never written to', () => {
  const plain = Buffer.from('an answer');
  expect(withoutKey(plain, KEY)).toBe(plain);
  expect(withoutKey(plain, undefined)).toBe(plain);
  const held = Buffer.from(`x${KEY}`);
  expect(withoutKey(held, KEY).toString()).toBe(`x${STARS}`);
  expect(held.toString()).toBe(`x${KEY}`);
});

test('a word that stands in for a key may stand in answers', () => {
  const answer = Buffer.from('run it with ollama');
  expect(withoutKey(answer, 'ollama')).toBe(answer);
});

test('headers that hold it are left out, and an error that escapes it is known', () => {
  expect(headersWithoutKey({ a: `1${KEY}`, b: '2', 'set-cookie': ['x', KEY] }, KEY)).toEqual({ b: '2' });
  expect(holdsKey(Buffer.from(JSON.stringify({ a: KEY }).replace('-', '\\u002d')), KEY)).toBe(true);
  expect(holdsKey(Buffer.from('{"a":"sk-"}'), KEY)).toBe(false);
  expect(holdsKey(Buffer.from(`no JSON ${KEY}`), KEY)).toBe(true);
});
