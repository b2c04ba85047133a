import { timingSafeEqual } from 'node:crypto';
import { beforeEach, expect, test, vi } from 'vitest';
import { ClientAuth } from '../../src/router/client-auth.ts';
import { sha256 } from './setting.ts';

vi.mock('node:crypto', async (original) => {
  const crypto = await original<typeof import('node:crypto')>();
  return { ...crypto, timingSafeEqual: vi.fn(crypto.timingSafeEqual) };
});
const compared = vi.mocked(timingSafeEqual);
beforeEach(() => void compared.mockClear());

const KEYS = ['first', 'second', 'third', 'last'];
const auth = new ClientAuth(KEYS.map((key) => ({ name: key, key_sha256: sha256(key) })));

test.each(KEYS)('the key "%s" is compared with that of every client, wherever it stands', (key) => {
  expect(auth.check({ authorization: `Bearer ${key}` }).name).toBe(key);
  expect(compared).toHaveBeenCalledTimes(KEYS.length);
});

const wrong: [string, Record<string, string>][] = [
  ['a wrong key', { authorization: 'Bearer nobody' }],
  ['half a key', { authorization: 'Bearer fir' }],
  ['a hash in place of a key', { authorization: `Bearer ${sha256('first')}` }],
  ['two keys', { authorization: 'Bearer first second' }],
  ['an empty key', { authorization: 'Bearer ' }],
  ['no key', {}],
];
test.each(wrong)('%s is refused after as many comparisons, of hashes of one length', (_, headers) => {
  expect(() => auth.check(headers)).toThrow();
  expect(compared).toHaveBeenCalledTimes(KEYS.length);
  for (const [a, b] of compared.mock.calls) expect([a.byteLength, b.byteLength]).toEqual([32, 32]);
});
