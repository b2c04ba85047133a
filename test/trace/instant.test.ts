import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseIso, parseSeconds } from '../../src/trace/instant.ts';

const at = (iso: string): number => Date.parse(iso);

test.each([
  ['2026-03-01T01:00:00+02:00', at('2026-02-28T23:00:00Z')],
  ['2026-03-01T01:00:00-0530', at('2026-03-01T06:30:00Z')],
  ['2026-03-01 01:00:00+02', at('2026-02-28T23:00:00Z')],
  ['2026-03-01 01:00:00 +02:00', at('2026-02-28T23:00:00Z')],
  ['2026-03-01 01:00:00', at('2026-03-01T01:00:00Z')],
  ['2023-11-16 18:17:03.9799600', at('2023-11-16T18:17:03.979Z')],
  ['2026-03-01T01:00:00.5Z', at('2026-03-01T01:00:00.500Z')],
  ['2026-12-31T23:59:59.999999999Z', at('2026-12-31T23:59:59.999Z')],
  ['2026-11-03 14:05', at('2026-11-03T14:05:00Z')],
  ['2026-11-03T14:05Z', at('2026-11-03T14:05:00Z')],
  ['2026-11-03T14:05+02:00', at('2026-11-03T12:05:00Z')],
  ['2026-11-03 14:05 -0130', at('2026-11-03T15:35:00Z')],
  ['2026-11-03 14:05:09 UTC', at('2026-11-03T14:05:09Z')],
  ['2026-11-03 14:05 GMT', at('2026-11-03T14:05:00Z')],
  ['2026/11/03 14:05:09', at('2026-11-03T14:05:09Z')],
  ['03.11.2026 14:05', at('2026-11-03T14:05:00Z')],
  ['03.11.2026 14:05:09.25 +0100', at('2026-11-03T13:05:09.250Z')],
  ['2024-02-29T00:00:00Z', at('2024-02-29T00:00:00Z')],
])('%s is read', (text, ms) => {
  expect(parseIso(text)).toBe(ms);
});

test.each([
  '2026-02-29T00:00:00Z',
  '2026-04-31 00:00:00',
  '2026-03-01',
  '2026-03-01T24:00:00Z',
  '2026-03-01T23:59:60Z',
  '2026-3-1 1:00:00',
  '2026-03-01T01:00:Z',
  '31.02.2026 14:05',
  '11.31.2026 14:05',
  '2026/11-03 14:05',
  '3.11.2026 14:05',
  '2026-11-03 14:05 CET',
  '2026-03-01T01Z',
  '2026-03-01T01:00.5Z',
  '2026-03-01 01:5',
  '01/03/2026 01:00:00',
  '2026-03-01T01:00:00.Z',
  '1969-12-31T23:59:59Z',
  '2026-03-01T01:00:00 Z',
  '2026-03-01T01:00:00+2',
  '2026-03-01T01:00:00+25:00',
  '',
])('"%s" is not an instant', (text) => {
  expect(parseIso(text)).toBeUndefined();
});

test('what JavaScript writes is read back to the millisecond', () => {
  const range = {
    min: new Date('1970-01-01T00:00:00Z'),
    max: new Date('2999-12-31T23:59:59.999Z'),
    noInvalidDate: true,
  };
  fc.assert(
    fc.property(fc.date(range), (date) => {
      expect(parseIso(date.toISOString())).toBe(date.getTime());
    }),
  );
});

test('seconds are cut to milliseconds digit by digit, since 1.0059999 * 1000 is not', () => {
  expect(parseSeconds('1790467200')).toBe(1790467200000);
  expect(parseSeconds('1790467200.1239')).toBe(1790467200123);
  expect(parseSeconds('4.35')).toBe(4350);
  expect(parseSeconds('-1')).toBeUndefined();
  expect(parseSeconds('1e9')).toBeUndefined();
});
