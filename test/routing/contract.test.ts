import { expect, test } from 'vitest';
import * as z from 'zod';
import { Names } from '../../src/routing/names.ts';
import { policy } from '../../src/routing/policy.ts';
import { parseRouting, routing } from '../../src/routing/routing.ts';

test('the policies that scenarios hold already stay valid, and gain nothing', () => {
  for (const known of [{ kind: 'single' }, { kind: 'fallback', to: ['openai/gpt-4o', 'mistral/mistral-large-latest'] }])
    expect(policy.parse(known)).toEqual(known);
});

test('the JSON Schema names every kind and describes every field', () => {
  const text = JSON.stringify(z.toJSONSchema(routing, { io: 'input', reused: 'ref' }));
  const kinds = [
    'single',
    'fallback',
    'weighted',
    'conditional',
    'cost_aware',
    'latency_aware',
    'budget_aware',
    'batch',
    'smart',
  ];
  for (const kind of kinds) expect(text).toContain(`"const":"${kind}"`);
  expect(text).toContain('Where every route is open');
  expect(text).not.toContain('"additionalProperties":true');
});

test('what is not written has its stated default', () => {
  const { limits, breaker, retries, budgets } = parseRouting({ policy: 'a', breaker: { failures: 5 }, retries: {} });
  expect([limits.attempts, Math.round(limits.time.central)]).toEqual([4, 60_000]);
  expect([breaker?.last_resort, breaker?.min_requests, breaker?.cooldown_factor]).toEqual([false, 20, 2]);
  expect([retries?.per_route, retries?.jitter, retries?.on]).toEqual([2, 'full', undefined]);
  expect(budgets).toEqual([]);
});

test('times are whole milliseconds, though units convert by way of hours', async () => {
  const { compile } = await import('./setting.ts');
  const compiled = compile({
    policy: 'a',
    limits: { time: '10 s' },
    breaker: { failures: 1, cooldown: '7 s', window: '10 s' },
  });
  expect([compiled.time_ms, compiled.breaker?.cooldown_ms, compiled.breaker?.slice_ms]).toEqual([10_000, 7000, 1000]);
});

test('a name keeps its index, and what is not stated has none', () => {
  const names = new Names();
  expect([names.index('user', 'ann'), names.index('user', 'bob'), names.index('user', 'ann')]).toEqual([1, 2, 1]);
  expect([names.index('user', undefined), names.index('team', 'ann'), names.name('user', 2)]).toEqual([0, 1, 'bob']);
  expect(names.index('metadata.plan', 'constructor')).toBe(1);
  const again = Names.fromJson(JSON.parse(JSON.stringify(names.toJson())));
  expect([again.index('user', 'bob'), again.index('user', 'new'), again.metadataKeys()]).toEqual([2, 3, ['plan']]);
});
