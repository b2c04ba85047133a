import { expect, test } from 'vitest';
import { type Backtest, type BacktestInput, backtest } from '../../src/backtest.ts';
import { ABSENT } from '../../src/trace/adapter.ts';
import { NANO_USD, type TraceRequest } from '../../src/trace/request.ts';
import { sum } from '../../src/units.ts';
import { BillRollup } from '../../src/usage/bill.ts';
import { createRollup, ownModel } from '../../src/usage/rollup.ts';
import { billFrom, splitUsage } from '../../src/usage/split.ts';
import { book } from '../pricing/small-book.ts';

const DAY = 86_400_000;
const START = Date.parse('2026-11-02T00:00:00Z');

const request = (day: number, fields: Partial<TraceRequest>): TraceRequest => ({
  ...ABSENT,
  time_ms: START + day * DAY,
  seller: 'acme',
  model: 'long/context',
  ...fields,
});

/** Ten hours each, so that windows are the same; 3 USD per Mtok in, 15 out. */
function parts(first: readonly TraceRequest[], rest: readonly TraceRequest[]): BacktestInput {
  const table = (requests: readonly TraceRequest[], day: number) => {
    const rollup = createRollup();
    for (const one of requests) rollup.add(one);
    const from_ms = START + day * DAY;
    return { ...rollup.table(), window: { from_ms, until_ms: from_ms + 10 * 3_600_000 } };
  };
  return {
    first: table(first, 0),
    rest: table(rest, 1),
    bill: undefined,
    growth_per_month: 0,
    on: '2026-11-02',
  };
}
const repeated = (n: number, one: TraceRequest): TraceRequest[] => Array.from({ length: n }, () => one);
const answered = (found: ReturnType<typeof backtest>): Backtest => {
  if ('unpriced' in found) throw new Error('unpriced');
  return found;
};

test('100 requests at 2 USD predict 200 USD; 110 at 2.1 USD are 231 USD: volume -20, sizes -11', () => {
  const found = answered(
    backtest(
      book,
      parts(
        repeated(100, request(0, { input_tokens: 166_666, output_tokens: 100_000 })),
        repeated(110, request(1, { input_tokens: 200_000, output_tokens: 100_000 })),
      ),
    ),
  );
  expect(found.requests).toEqual({ predicted: expect.closeTo(100, 9), actual: 110 });
  expect(found.cost_usd).toEqual({ predicted: expect.closeTo(199.9998, 9), actual: expect.closeTo(231, 9) });
  expect(Object.fromEntries(found.errors.map(({ cause, usd }) => [cause, usd]))).toEqual({
    volume: expect.closeTo(-19.99998, 9),
    mix: expect.closeTo(0, 9),
    sizes: expect.closeTo(-11.00022, 9),
    prices: expect.closeTo(0, 9),
  });
  expect(found.sides.map(({ side, predicted, actual }) => [side, predicted, actual])).toEqual([
    ['input', expect.closeTo(16_666_600, 5), 22_000_000],
    ['cache_read', 0, 0],
    ['cache_write', 0, 0],
    ['output', expect.closeTo(10_000_000, 5), 11_000_000],
  ]);
});

test('a changed mix of models, a price that falls and a bill each get their own part, and the parts add up', () => {
  const dear = request(0, { input_tokens: 1000, output_tokens: 1000 });
  const cheap = request(0, { model: 'dated', input_tokens: 1000, output_tokens: 1000 });
  const input = parts(
    [...repeated(6, dear), ...repeated(4, cheap)],
    [...repeated(2, { ...dear, time_ms: START + DAY }), ...repeated(8, { ...cheap, time_ms: START + DAY })],
  );
  const bill = new BillRollup({ assign: ownModel });
  for (const one of [...repeated(2, dear), ...repeated(8, cheap)])
    bill.add({ ...one, time_ms: START + DAY, billed_nano_usd: 0.02 * NANO_USD });
  // On the day of the prediction `dated` cost 10/40, on the days of the rest 2/8.
  const found = answered(backtest(book, { ...input, bill: bill.bill(), on: '2026-01-01' }));
  const errors = Object.fromEntries(found.errors.map(({ cause, usd }) => [cause, usd]));
  expect(errors).toEqual({
    volume: expect.closeTo(0, 12),
    mix: expect.closeTo(6 * 0.018 + 4 * 0.05 - (2 * 0.018 + 8 * 0.05), 12),
    sizes: expect.closeTo(0, 12),
    prices: expect.closeTo(8 * (0.05 - 0.01), 12),
    bill: expect.closeTo(2 * 0.018 + 8 * 0.01 - 0.2, 12),
  });
  expect(sum(Object.values(errors))).toBeCloseTo(found.cost_usd.predicted - found.billed_usd!, 12);
});

test('growth is the scenario’s own', () => {
  const one = request(0, { input_tokens: 10 });
  const flat = parts(repeated(10, one), repeated(10, { ...one, time_ms: START + DAY }));
  const months = 10 / 730;
  expect(answered(backtest(book, { ...flat, growth_per_month: 0.5 })).requests.predicted).toBeCloseTo(
    10 * 1.5 ** months,
    9,
  );
});

test('a season of the rest over that of the first part is in the prediction', () => {
  const one = request(0, { input_tokens: 10 });
  const busy = parts(repeated(10, one), repeated(19, { ...one, time_ms: START + DAY }));
  expect(answered(backtest(book, { ...busy, season_ratio: 1.9 })).requests.predicted).toBeCloseTo(19, 9);
});

test('without a price there is no answer, and it is said for what', () => {
  const one = request(0, { model: 'nobody', input_tokens: 10 });
  const found = backtest(book, parts([one], [one]));
  expect(found).toMatchObject({ unpriced: [{ model: 'acme/nobody' }, { model: 'acme/nobody' }] });
});

test('a table is cut at an hour and a bill at a day; both parts make the whole', () => {
  const rollup = createRollup();
  const bills = new BillRollup({ assign: ownModel });
  for (let hour = 0; hour < 96; hour++) {
    const one = request(0, {
      time_ms: START + hour * 3_600_000 + 5,
      input_tokens: hour,
      ...(hour % 7 === 0 && { status: 500, input_tokens: 0 }),
      billed_nano_usd: hour,
    });
    rollup.add(one);
    bills.add(one);
  }
  const whole = rollup.table();
  const [first, rest] = splitUsage(whole, START + 2 * DAY);
  expect(first.rows.length + rest.rows.length).toBe(whole.rows.length);
  expect(first.failed_requests + rest.failed_requests).toBe(whole.failed_requests);
  expect(first.failed_requests).toBe(7);
  expect([first.window?.until_ms, rest.window?.from_ms]).toEqual([START + 2 * DAY, START + 2 * DAY]);
  const later = billFrom(bills.bill()!, START + 2 * DAY);
  expect(later.of_rows.map(({ nano_usd }) => nano_usd)).toEqual([
    Array.from({ length: 24 }, (_, i) => 48 + i).reduce((a, b) => a + b),
    Array.from({ length: 24 }, (_, i) => 72 + i).reduce((a, b) => a + b),
  ]);
  expect(() => splitUsage(whole, START + 1)).toThrow('not the start of an hour');
});
