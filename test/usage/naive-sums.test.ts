/** The roll-up against sums made the plain way: every meter, every key, every label, in any order. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { COUNT_METERS, type Counts, NO_COUNTS, promptTokens, SERVICE_TIERS } from '../../src/meters.ts';
import { ABSENT } from '../../src/trace/adapter.ts';
import { LABEL_FIELDS, type TraceRequest } from '../../src/trace/request.ts';
import { bandOf, createRollup } from '../../src/usage/rollup.ts';
import { Addends, noSums, SumRows } from '../../src/usage/sum-rows.ts';

const EDGES = { 's/m': [100, 1000] };
const one = fc
  .record({
    time_ms: fc.nat({ max: 3 * 3_600_000 }),
    model: fc.constantFrom('m', 'n', undefined),
    feature: fc.constantFrom('chat', 'digest', undefined),
    tier: fc.constantFrom(...SERVICE_TIERS),
    status: fc.constantFrom(undefined, 200, 500),
    team: fc.constantFrom('red', 'blue', undefined),
    user: fc.constantFrom('ann', 'bob', 'eve', undefined),
    agent: fc.constantFrom('cli', undefined),
    counts: fc.dictionary(fc.constantFrom(...COUNT_METERS), fc.nat({ max: 2000 }), { maxKeys: 4 }),
  })
  .map(({ counts, ...rest }): TraceRequest => ({ ...ABSENT, seller: 's', ...rest, ...counts }));

function naive(requests: readonly TraceRequest[], keyOf: (request: TraceRequest) => readonly unknown[] | undefined) {
  const sums = new Map<string, Record<string, number>>();
  for (const request of requests) {
    const key = keyOf(request);
    const used = COUNT_METERS.some((meter) => request[meter] !== 0);
    if (key === undefined || ((request.status ?? 0) >= 400 && !used)) continue;
    const sum = sums.get(JSON.stringify(key)) ?? { requests: 0, ...NO_COUNTS };
    sums.set(JSON.stringify(key), sum);
    sum.requests! += 1;
    for (const meter of COUNT_METERS) sum[meter]! += request[meter];
  }
  return sums;
}

const kindOf = (request: TraceRequest) => {
  const model = request.model === undefined ? 'unassigned' : `s/${request.model}`;
  const band = model === 's/m' ? bandOf(promptTokens(request), EDGES['s/m']) : 0;
  return [model, request.feature ?? '', band, request.tier];
};
const figures = (row: Counts & { readonly requests: number }) =>
  Object.fromEntries((['requests', ...COUNT_METERS] as const).map((name) => [name, row[name]]));

it('is the same integers as plain sums by hour, and by each label', () => {
  fc.assert(
    fc.property(fc.array(one, { maxLength: 60 }), (requests) => {
      const rollup = createRollup({ edges: EDGES });
      for (const request of requests) rollup.add(request);
      const table = rollup.table();
      expect(
        new Map(
          table.rows.map((row) => [
            JSON.stringify([row.hour, row.model, row.feature, row.band, row.tier]),
            figures(row),
          ]),
        ),
      ).toEqual(naive(requests, (request) => [Math.floor(request.time_ms / 3_600_000), ...kindOf(request)]));
      for (const field of LABEL_FIELDS)
        expect(
          new Map(
            (table.labels?.[field]?.rows ?? []).map((row) => [
              JSON.stringify([row.label, row.model, row.feature, row.band, row.tier]),
              figures(row),
            ]),
          ),
        ).toEqual(
          naive(requests, (request) =>
            request[field] === undefined ? undefined : [request[field], ...kindOf(request)],
          ),
        );
      const minutes = new Map<number, number>();
      for (const { time_ms } of requests) {
        const minute = Math.floor(time_ms / 60_000);
        minutes.set(minute, (minutes.get(minute) ?? 0) + 1);
      }
      expect([...table.requests_per_minute]).toEqual([...minutes].sort(([a], [b]) => a - b));
    }),
  );
});

it('counts every meter there is', () => {
  const counts = { ...NO_COUNTS, ...Object.fromEntries(COUNT_METERS.map((meter, i) => [meter, i + 1])) };
  const rows = new SumRows();
  const row = rows.take();
  rows.add(row, new Addends().read(counts, 7));
  expect(rows.read(row)).toEqual({ requests: 7, ...counts });
});

it('keeps rows apart while their memory grows, and gives back released ones as zeros', () => {
  const rows = new SumRows();
  const taken = Array.from({ length: 500 }, () => rows.take());
  const addends = new Addends();
  for (const row of taken) rows.add(row, addends.read({ ...NO_COUNTS, images: row }, 1));
  expect(taken.map((row) => rows.read(row).images)).toEqual(taken);
  rows.addRow(taken[2]!, taken[3]!);
  expect(rows.read(taken[2]!)).toEqual({ ...noSums(), requests: 2, images: 5 });
  rows.release(taken[3]!);
  expect(rows.take()).toBe(taken[3]);
  expect(rows.read(taken[3]!)).toEqual(noSums());
});

it('says which sum is no longer exact', () => {
  const rows = new SumRows();
  const row = rows.take();
  const addends = new Addends().read({ ...NO_COUNTS, output_tokens: Number.MAX_SAFE_INTEGER }, 1);
  rows.add(row, addends);
  expect(() => rows.add(row, addends)).toThrow('the sum of output_tokens passes 2^53');
});
