import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_COUNTS } from '../../src/meters.ts';
import { ABSENT } from '../../src/trace/adapter.ts';
import type { TraceRequest } from '../../src/trace/request.ts';
import { LabelSums } from '../../src/usage/label-sums.ts';
import { labelTable, mergeLabels } from '../../src/usage/label-tables.ts';
import { byHash, type Labels, type LabelTable, labelText } from '../../src/usage/labels.ts';
import { mergeUsage } from '../../src/usage/merge.ts';
import { createRollup } from '../../src/usage/rollup.ts';
import { splitUsage } from '../../src/usage/split.ts';
import type { UsageTable } from '../../src/usage/table.ts';

const HOUR = 3_600_000;
const request = (fields: Partial<TraceRequest>): TraceRequest => ({
  ...ABSENT,
  seller: 's',
  model: 'm',
  input_tokens: 10,
  ...fields,
});
function rollUp(requests: readonly TraceRequest[]): UsageTable {
  const rollup = createRollup({ edges: { 's/m': [100] } });
  for (const one of requests) rollup.add(one);
  return rollup.table();
}
const ONE = { ...NO_COUNTS, requests: 1 };
const told = ({ rows }: LabelTable) => rows.map((row) => [row.label, row.feature, row.band, row.requests]);

describe('usage by label', () => {
  const table = rollUp([
    request({ time_ms: 1, team: 'red', user: 'ann', feature: 'chat' }),
    request({ time_ms: 5 * HOUR, team: 'red', user: 'bob', feature: 'chat', output_tokens: 3 }),
    request({ time_ms: 2, team: 'red', feature: 'chat', input_tokens: 100 }),
    request({ time_ms: 3, feature: 'chat' }),
    request({ time_ms: 4, team: 'blue', status: 500, input_tokens: 0 }),
    request({ time_ms: 5, team: 'blue', status: 500, tier: 'batch' }),
  ]);

  it('stands beside the rows of the table, which stay as they are, without hours', () => {
    expect(table.rows).toHaveLength(4);
    expect(told(table.labels!.team!)).toEqual([
      ['blue', '', 0, 1],
      ['red', 'chat', 0, 2],
      ['red', 'chat', 1, 1],
    ]);
    expect(table.labels!.team!.rows[1]).toMatchObject({ model: 's/m', input_tokens: 20, output_tokens: 3 });
    expect(table.labels!.team!.rows[0]).toMatchObject({ tier: 'batch' });
  });

  it('has no dimension that no request states, and no key at all where none does', () => {
    expect(Object.keys(table.labels!)).toEqual(['team', 'user']);
    expect(Object.keys(rollUp([request({})]))).not.toContain('labels');
  });

  it('is cut in two with the table: whole numbers that add up to what was cut, never more than the rows have', () => {
    const [first, rest] = splitUsage(table, HOUR);
    for (const field of ['team', 'user'] as const) {
      const all = mergeLabels(first.labels, rest.labels)![field]!;
      expect(all).toEqual(table.labels![field]);
      for (const part of [first, rest])
        for (const feature of ['', 'chat']) {
          const sum = (rows: readonly { feature: string; requests: number }[]) =>
            rows.reduce((total, row) => total + (row.feature === feature ? row.requests : 0), 0);
          expect(sum(part.labels![field]!.rows)).toBeLessThanOrEqual(sum(part.rows));
        }
    }
    expect(mergeUsage(first, rest).labels).toEqual(table.labels);
  });
});

describe('labels that are too many', () => {
  const most = { labels: 5, cells: 8 };
  const key = (k: number) => ({ model: `m${k}`, feature: '', band: 0, tier: 'standard' as const });
  const summed = (drawn: readonly (readonly [string, number])[]): Labels => {
    const sums = new LabelSums<number>(most);
    for (const [label, k] of drawn) sums.add(label, k, ONE);
    return { user: labelTable(sums, key) };
  };
  const one = fc.tuple(
    fc.nat({ max: 25 }).map((n) => `u${n}`),
    fc.nat({ max: 2 }),
  );

  it('are told apart up to a bound, the same ones in any order and any split, with exact sums', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(one, fc.nat(), fc.nat({ max: 2 })), { minLength: 1, maxLength: 120 }), (drawn) => {
        const whole = summed(drawn.map(([label]) => label)).user!;
        const shuffled = [...drawn].sort(([, a], [, b]) => a - b);
        const [a, b, c] = [0, 1, 2].map((part) =>
          summed(shuffled.filter(([, , at]) => at === part).map(([label]) => label)),
        );
        expect(mergeLabels(mergeLabels(c, a, most), b, most)!.user).toEqual(whole);
        const named = new Set(whole.rows.flatMap(({ label }) => label ?? []));
        expect(named.size).toBeLessThanOrEqual(most.labels);
        expect(whole.rows.filter(({ label }) => label !== null).length).toBeLessThanOrEqual(most.cells);
        expect(whole.rows.reduce((total, row) => total + row.requests, 0)).toBe(drawn.length);
        for (const row of whole.rows.filter(({ label }) => label !== null))
          expect(row.requests).toBe(
            drawn.filter(([[label, k]]) => label === row.label && key(k).model === row.model).length,
          );
        const asked = new Set(drawn.map(([[label]]) => label));
        expect(whole.beyond === undefined).toBe(named.size === asked.size);
        for (const label of named) if (whole.beyond !== undefined) expect(byHash(label, whole.beyond)).toBeLessThan(0);
      }),
    );
  });

  it('keep memory bounded: a million of them leave no more rows than the bound', () => {
    const sums = new LabelSums<number>({ labels: 100, cells: 150 });
    for (let i = 0; i < 1_000_000; i++) sums.add(`user-${i}`, i % 3, ONE);
    const { rows, beyond } = labelTable(sums, key);
    expect(rows.length).toBeLessThanOrEqual(103);
    expect(beyond).toBeDefined();
    expect(rows.reduce((total, row) => total + row.requests, 0)).toBe(1_000_000);
  });

  it('leave none told apart where one label alone has more kinds of usage than fit', () => {
    const { rows } = summed(Array.from({ length: 40 }, (_, k) => ['only', k] as const)).user!;
    expect(new Set(rows.map(({ label }) => label))).toEqual(new Set([null]));
  });

  it('are cut to 200 characters, and never in the middle of one', () => {
    expect(labelText('x'.repeat(300))).toBe('x'.repeat(200));
    expect(labelText(`${'x'.repeat(199)}\u{1F600}`)).toBe('x'.repeat(199));
  });

  it('may be called like what every object has', () => {
    expect(rollUp([request({ user: '__proto__' }), request({ user: 'constructor' })]).labels!.user!.rows).toHaveLength(
      2,
    );
  });
});
