import { expect, test } from 'vitest';
import { RowGaps } from '../../src/pricing/row-gaps.ts';
import { ABSENT } from '../../src/trace/adapter.ts';
import { NANO_USD, type TraceRequest } from '../../src/trace/request.ts';
import { book } from './small-book.ts';

const MODEL = 'acme/long/context';
const row = (fields: Partial<TraceRequest>): TraceRequest => ({
  ...ABSENT,
  time_ms: Date.parse('2026-11-02T00:00:00Z'),
  billed_nano_usd: 0,
  ...fields,
});
const worst = (...rows: TraceRequest[]) => {
  const gaps = new RowGaps(book, undefined);
  for (const [i, one] of rows.entries()) gaps.add(one, MODEL, 'bill.csv', i + 2);
  return gaps.worst;
};

test('rows are told furthest first, five of them, with file and line', () => {
  const rows = Array.from({ length: 8 }, (_, i) =>
    row({ input_tokens: 100_000, billed_nano_usd: (0.3 + i) * NANO_USD }),
  );
  expect(worst(...rows).map(({ line, billed_usd }) => [line, billed_usd])).toEqual([
    [9, 7.3],
    [8, 6.3],
    [7, 5.3],
    [6, 4.3],
    [5, 3.3],
  ]);
  expect(worst(...rows)[0]).toMatchObject({ file: 'bill.csv', model: MODEL, computed_usd: expect.closeTo(0.3, 12) });
});

test('a prompt past the cliff pays its price; a day of many prompts does not, unless it says how long they were', () => {
  const computed = (fields: Partial<TraceRequest>): number =>
    worst(row({ input_tokens: 1_000_000, billed_nano_usd: 50 * NANO_USD, ...fields }))[0]!.computed_usd;
  const day = { until_ms: Date.parse('2026-11-03T00:00:00Z'), requests: 500 };
  expect(computed({})).toBeCloseTo(6, 12);
  expect(computed(day)).toBeCloseTo(3, 12);
  expect(computed({ ...day, context_from_tokens: 200_001 })).toBeCloseTo(6, 12);
});

test('what matches, what has no price and what only states a cost is no gap', () => {
  expect(worst(row({ input_tokens: 100_000, billed_nano_usd: 0.3 * NANO_USD }))).toEqual([]);
  expect(worst(row({ tier: 'flex', input_tokens: 100_000, billed_nano_usd: NANO_USD }))).toEqual([]);
  expect(worst(row({ requests: 0, billed_nano_usd: NANO_USD }))).toEqual([]);
});
