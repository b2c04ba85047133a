import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { COUNT_METERS, type CountMeter, SERVICE_TIERS } from '../../src/meters.ts';
import { ABSENT } from '../../src/trace/adapter.ts';
import { canonical } from '../../src/trace/adapters/canonical.ts';
import { canonicalRows } from '../../src/trace/canonical-rows.ts';
import { compileRows } from '../../src/trace/compile-rows.ts';
import type { TraceRequest } from '../../src/trace/request.ts';

const anyCounts = (count: fc.Arbitrary<number>) =>
  Object.fromEntries(COUNT_METERS.map((meter) => [meter, count])) as Record<CountMeter, fc.Arbitrary<number>>;

test('columns that no request fills are left out', () => {
  expect(canonicalRows([{ ...ABSENT, time_ms: 1500, input_tokens: 7, feature: 'chat' }])).toEqual([
    ['time', 'input_tokens', 'output_tokens', 'feature'],
    ['1970-01-01T00:00:01.500Z', 7, 0, 'chat'],
  ]);
});

test('what is written is read back by the canonical adapter', () => {
  const tokens = fc.maxSafeNat();
  const text = fc.option(fc.stringMatching(/^[a-z"', /-]{0,8}[a-z]$/), { nil: undefined });
  const decimal = fc.option(fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }), { nil: undefined });
  const request: fc.Arbitrary<TraceRequest> = fc.record({
    time_ms: fc.nat({ max: 4e12 }),
    seller: text,
    model: text,
    tier: fc.constantFrom(...SERVICE_TIERS),
    ...anyCounts(tokens),
    feature: text,
    user: text,
    team: text,
    agent: text,
    status: fc.option(fc.nat({ max: 599 }), { nil: undefined }),
    latency_ms: decimal,
    ttft_ms: decimal,
    hash_chain: fc.option(fc.array(tokens, { minLength: 1 }), { nil: undefined }),
    until_ms: fc.option(fc.nat({ max: 4e12 }), { nil: undefined }),
    requests: tokens,
    context_from_tokens: fc.option(tokens, { nil: undefined }),
    billed_nano_usd: fc.option(fc.integer({ min: -1e14, max: 1e14 }), { nil: undefined }),
  });
  fc.assert(
    fc.property(fc.array(request, { minLength: 1, maxLength: 5 }), (requests) => {
      const [header, ...rows] = canonicalRows(requests).map((row) => row.map((cell) => String(cell ?? '')));
      const read = compileRows(canonical, header!);
      const trimmed = requests.map((one) =>
        Object.fromEntries(
          Object.entries(one).map(([key, value]) => [
            key,
            typeof value === 'string' ? value.replace(/^ +/, '') || undefined : value,
          ]),
        ),
      );
      expect(rows.map(read)).toEqual(trimmed);
    }),
  );
});

test('the table of columns in the guide is that of the adapter', () => {
  const guide = readFileSync(resolve(import.meta.dirname, '../../scenarios/traces/README.md'), 'utf8');
  const listed = [...guide.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name!);
  expect(listed.sort()).toEqual(canonical.rules.flatMap(({ from }) => from).sort());
});
