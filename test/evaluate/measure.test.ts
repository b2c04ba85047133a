import { expect, test } from 'vitest';
import { InputError } from '../../src/errors.ts';
import { measure } from '../../src/measure.ts';
import { reconcile } from '../../src/pricing/reconcile.ts';
import { scenario } from '../../src/scenario/schema.ts';
import { ABSENT } from '../../src/trace/adapter.ts';
import { NANO_USD, type TraceRequest } from '../../src/trace/request.ts';
import { book } from '../pricing/small-book.ts';

const traffic = (given: object) =>
  scenario.parse({
    name: 'test',
    start: '2026-12',
    horizon: 12,
    traffic: { trace: 'x.csv', ...given },
    baseline: 'direct',
    strategies: [{ id: 'direct', kind: 'direct' }],
  });
const DAY = 86_400_000;
const START = Date.parse('2026-11-02T00:00:00Z');
const day = (n: number, fields: Partial<TraceRequest>): TraceRequest => ({
  ...ABSENT,
  time_ms: START + n * DAY,
  until_ms: START + (n + 1) * DAY,
  seller: 'acme',
  model: 'long/context',
  requests: undefined,
  ...fields,
});

test('requests that an export does not count are estimated from tokens per request, or asked for', () => {
  const measured = measure(traffic({ tokens_per_request: 2500 }), book, '2026-12-01');
  measured.add(day(0, { input_tokens: 9000, output_tokens: 1000 }));
  measured.add(day(1, { input_tokens: 3, output_tokens: 1 }));
  const { rows, buckets } = measured.table();
  expect(rows.map(({ requests }) => requests)).toEqual([4, 1]);
  expect(buckets).toMatchObject({ longest_ms: DAY, lacks_requests: true });
  const asking = measure(traffic({}), book, '2026-12-01');
  expect(() => asking.add(day(0, { input_tokens: 1 }))).toThrow(InputError);
  expect(() => asking.add(day(0, { input_tokens: 1 }))).toThrow('traffic: {tokens_per_request: 2500}');
});

test('statements are no usage, and a bill is the same whichever file comes first', () => {
  const usage = [0, 1, 2].map((n) => day(n, { input_tokens: 1_000_000 }));
  const other = day(0, { model: 'dated', input_tokens: 1_000_000 });
  const statement = (n: number) => day(n, { requests: 0, billed_nano_usd: 3 * NANO_USD });
  const bills = [statement(0), statement(1)];
  const found = [
    [...usage, other, ...bills],
    [...bills, ...usage, other],
  ].map((rows) => {
    const measured = measure(traffic({ tokens_per_request: 1000 }), book, '2026-12-01');
    for (const row of rows) measured.add(row);
    expect(measured.table().rows).toHaveLength(4);
    return reconcile(book, measured.bill()!, { on: undefined, has_hours: true });
  });
  expect(found[0]).toEqual(found[1]);
  expect(found[0]?.models).toEqual([
    {
      model: 'acme/long/context',
      requests: null,
      billed_usd: 6,
      computed_usd: 6,
      difference_usd: 0,
      explanation: undefined,
    },
  ]);
  expect(found[0]).toMatchObject({ unbilled_models: ['acme/dated', 'acme/long/context'], unbilled_days: 1 });
});

test('a bill is held against the model that was used, not the one that the scenario assigns', () => {
  const measured = measure(
    traffic({ models: { default: 'acme/dated', when: [{ model: 'acme/long/context', use: 'acme/dated' }] } }),
    book,
    '2026-12-01',
  );
  measured.add({
    ...day(0, { input_tokens: 1_000_000, billed_nano_usd: 3 * NANO_USD }),
    requests: 1,
    until_ms: undefined,
    context_from_tokens: 0,
  });
  measured.add(day(0, { seller: undefined, model: undefined, requests: 0, billed_nano_usd: NANO_USD }));
  expect(measured.table().rows.map(({ model }) => model)).toEqual(['acme/dated']);
  const { models } = reconcile(book, measured.bill()!, { on: undefined, has_hours: true });
  expect(models.map(({ model, billed_usd, computed_usd }) => [model, billed_usd, computed_usd])).toEqual([
    ['acme/long/context', 3, 3],
    ['unassigned', 1, null],
  ]);
});
