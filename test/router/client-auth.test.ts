import { timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { Socket } from 'node:net';
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
const asking = (headers: IncomingHttpHeaders, socket = new Socket()) => ({ headers, socket });
const auth = new ClientAuth(KEYS.map((key) => ({ name: key, key_sha256: sha256(key) })));

test.each(KEYS)('the key "%s" is compared with that of every client, wherever it stands', (key) => {
  expect(auth.check(asking({ authorization: `Bearer ${key}` })).name).toBe(key);
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
  expect(() => auth.check(asking(headers))).toThrow();
  expect(compared).toHaveBeenCalledTimes(KEYS.length);
  for (const [a, b] of compared.mock.calls) expect([a.byteLength, b.byteLength]).toEqual([32, 32]);
});

test('what was right on a connection is not hashed again, and nothing else passes there', () => {
  const socket = new Socket();
  const ask = (headers: IncomingHttpHeaders, takesApiKey = false) =>
    auth.check(asking(headers, socket), takesApiKey).name;
  for (let i = 0; i < 3; i++) expect(ask({ authorization: 'Bearer second' })).toBe('second');
  expect(compared).toHaveBeenCalledTimes(KEYS.length);
  expect(() => ask({ authorization: 'Bearer nobody' })).toThrow();
  expect(() => ask({})).toThrow();
  expect(ask({ authorization: 'Bearer third' })).toBe('third');
  expect(ask({ authorization: 'Basic x', 'x-api-key': 'first' }, true)).toBe('first');
  expect(() => ask({ authorization: 'Basic x', 'x-api-key': 'nobody' }, true)).toThrow();
});
