import { expect, test } from 'vitest';
import { reconcile } from '../../src/pricing/reconcile.ts';
import { ABSENT } from '../../src/trace/adapter.ts';
import { NANO_USD, type TraceRequest } from '../../src/trace/request.ts';
import { BillRollup } from '../../src/usage/bill.ts';
import { ownModel } from '../../src/usage/rollup.ts';
import { book } from './small-book.ts';

const DAY = 86_400_000;
const START = Date.parse('2026-11-02T00:00:00Z');
const each = { on: undefined, has_hours: true };

const request = (fields: Partial<TraceRequest>): TraceRequest => ({
  ...ABSENT,
  time_ms: START,
  seller: 'acme',
  model: 'long/context',
  ...fields,
});
const usd = (amount: number): number => Math.round(amount * NANO_USD);

function reconciled(requests: readonly TraceRequest[]) {
  const rollup = new BillRollup({ assign: ownModel });
  for (const one of requests) rollup.add(one);
  return reconcile(book, rollup.bill()!, each);
}

test('10.55 USD billed for 10 USD of usage are 5.5 % too much, and a factor that every day shares is named', () => {
  // One million fresh tokens at 3 USD and 466,666 of output at 15 USD are 10 USD, less 10 nano-dollars.
  const day = (n: number) =>
    request({ time_ms: START + n * DAY, input_tokens: 100_000, output_tokens: 646_666, billed_nano_usd: usd(10.55) });
  const { models, gap_days } = reconciled([day(0), day(1)]);
  expect(models).toEqual([
    {
      model: 'acme/long/context',
      requests: 2,
      billed_usd: expect.closeTo(21.1, 9),
      computed_usd: expect.closeTo(19.99998, 9),
      difference_usd: expect.closeTo(1.10002, 9),
      explanation: 'the same +5.5 % every day: a fee, a markup or a contract rate',
    },
  ]);
  expect(gap_days.map(({ date }) => date)).toEqual(['2026-11-02', '2026-11-03']);
});

test('a bill that matches needs no explanation', () => {
  const { models } = reconciled([request({ input_tokens: 1000, output_tokens: 100, billed_nano_usd: usd(0.0045) })]);
  expect(models[0]).toMatchObject({ computed_usd: expect.closeTo(0.0045, 12), explanation: undefined });
});

test.each([
  ['cached tokens at the price of fresh ones', 3 * 0.1 + 3 * 0.4 + 15 * 0.01, 'at the price of fresh ones'],
  ['cached tokens for nothing', 3 * 0.1 + 15 * 0.01, 'cached tokens were not billed'],
  ['batch that the log does not tell', (3 * 0.1 + 0.3 * 0.4 + 15 * 0.01) / 2, 'batch discount'],
  ['cents for dollars', (3 * 0.1 + 0.3 * 0.4 + 15 * 0.01) * 100, 'cents read as dollars'],
])('%s is recognised', (_, billed, words) => {
  const { models } = reconciled([
    request({
      input_tokens: 100_000,
      cache_read_tokens: 50_000,
      output_tokens: 5_000,
      billed_nano_usd: usd(billed / 2),
    }),
    request({ input_tokens: 0, cache_read_tokens: 150_000, output_tokens: 0, billed_nano_usd: 0 }),
    request({ input_tokens: 0, cache_read_tokens: 200_000, output_tokens: 5_000, billed_nano_usd: usd(billed / 2) }),
  ]);
  expect(models[0]?.explanation).toContain(words);
});

test('statements are held against all usage of their model, rows with a cost against themselves alone', () => {
  const found = reconciled([
    request({ input_tokens: 1000, output_tokens: 100 }),
    request({ requests: 0, billed_nano_usd: usd(0.0045) }),
    request({ model: 'dated', input_tokens: 100_000, billed_nano_usd: usd(0.2) }),
    request({ model: 'dated', input_tokens: 100_000 }),
  ]);
  expect(
    found.models.map(({ model, requests, billed_usd, computed_usd }) => [model, requests, billed_usd, computed_usd]),
  ).toEqual([
    ['acme/dated', 1, 0.2, 0.2],
    ['acme/long/context', 1, 0.0045, expect.closeTo(0.0045, 12)],
  ]);
  expect(found.unbilled_requests).toBe(1);
});

test('usage without a price is compared with nothing, never with 0', () => {
  const { models } = reconciled([request({ model: 'nobody-knows', input_tokens: 5, billed_nano_usd: usd(1) })]);
  expect(models[0]).toMatchObject({ billed_usd: 1, computed_usd: null, difference_usd: null });
  expect(models[0]?.explanation).toBe('part of its usage has no price');
  const alone = reconciled([request({ requests: 0, billed_nano_usd: usd(1) })]).models[0];
  expect(alone?.explanation).toBe('the trace has no usage of it to compare with');
});
