import fc from 'fast-check';
import { expect, test } from 'vitest';
import { wireOfText } from '../../src/router/wire-text.ts';
import { bytesWithoutKey, headersWithoutKey, holdsKey, withoutKey } from '../../src/router/without-key.ts';

const KEY = 'sk-0123456789abcdef';
const STARS = '*'.repeat(KEY.length);

test('a key is starred out wherever it stands, and all other bytes stay in their place', () => {
  const piece = fc.oneof(fc.constant(KEY), fc.string({ unit: 'binary', maxLength: 12 }), fc.constant(KEY.slice(0, 9)));
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const text = pieces.join('');
      const starred = text.replaceAll(KEY, STARS);
      expect(withoutKey(wireOfText(text), KEY)).toBe(wireOfText(starred));
      expect(bytesWithoutKey(Buffer.from(text), KEY)).toEqual(Buffer.from(starred));
    }),
  );
});

test('bytes without the key are the same buffer, and what came is never written to', () => {
  const plain = Buffer.from('an answer');
  expect(bytesWithoutKey(plain, KEY)).toBe(plain);
  expect(bytesWithoutKey(plain, undefined)).toBe(plain);
  const held = Buffer.from(`x${KEY}`);
  expect(bytesWithoutKey(held, KEY).toString()).toBe(`x${STARS}`);
  expect(held.toString()).toBe(`x${KEY}`);
});

test('a word that stands in for a key may stand in answers', () => {
  const answer = 'run it with ollama';
  expect(withoutKey(answer, 'ollama')).toBe(answer);
});

test('headers that hold it are left out, and an error that escapes it is known', () => {
  expect(headersWithoutKey({ a: `1${KEY}`, b: '2', 'set-cookie': ['x', KEY] }, KEY)).toEqual({ b: '2' });
  expect(holdsKey(JSON.stringify({ a: KEY }).replace('-', '\\u002d'), KEY)).toBe(true);
  expect(holdsKey('{"a":"sk-"}', KEY)).toBe(false);
  expect(holdsKey(`no JSON ${KEY}`, KEY)).toBe(true);
});
