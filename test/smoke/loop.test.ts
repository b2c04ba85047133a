/**
 * The loop closes: mixed requests through the router before a stand-in, the router's log at the price book's prices against
 * the stand-in's bill, which knows no price book.
 *
 * 5,000 requests: TOLLGATE_LONG=1 npx vitest run test/smoke/loop.test.ts
 */
import { rm } from 'node:fs/promises';
import { afterEach, expect, test } from 'vitest';
import { inspectTrace } from '../../src/cli/trace-inspection.ts';
import { readPriceBook } from '../../src/io/read-price-book.ts';
import type { Cause } from '../../src/measurements/reconcile-contract.ts';
import { type Loop, logFiles, loop, type Printed, reconcile, reconciled } from './loop-setting.ts';

const REQUESTS = process.env.TOLLGATE_LONG === '1' ? 5000 : 1000;
const QUICK = { first_token: '1 to 3 ms', per_token: 1, answer_tokens: '8 to 40 tokens' } as const;

const made: Loop[] = [];
afterEach(async () => {
  process.exitCode = undefined;
  for (const { router } of made.splice(0)) await rm(router.dir, { recursive: true, force: true });
});

const of = ({ causes }: Printed, cause: Cause): number => causes.find((one) => one.cause === cause)?.nano_usd ?? 0;
const timesOf = ({ causes }: Printed, cause: Cause): number => causes.find((one) => one.cause === cause)?.count ?? 0;
const total = ({ causes }: Printed): number => causes.reduce((sum, { nano_usd }) => sum + nano_usd, 0);

test('prediction and bill of mixed requests differ by less than 0.1 %, by nothing where states are known', {
  timeout: 300_000,
}, async () => {
  const faults = { error_fraction: 0.1, burst_fraction: 0.002, burst_lasts: '15 ms', reset_fraction: 0.001 };
  const spec = {
    ...QUICK,
    direct: { faults },
    gateway: { added: '1 ms', markup_percent: 0 },
  };
  const run = await loop(REQUESTS, spec, { leave_fraction: 0.004, repeat_fraction: 0.08 });
  made.push(run);
  const { router } = run;
  expect(router.bugs).toEqual([]);
  const found = await reconciled(run.log, '--bill', run.bill);
  const { known } = found;

  // All that was to be in it is.
  const attempts = router.entries.flatMap(({ attempts: all }) => all);
  const seen = (name: string): number => attempts.filter(({ result }) => result === name).length;
  for (const result of ['answered', 'server_error', 'cancelled'] as const) expect(seen(result)).toBeGreaterThan(0);
  expect(attempts.filter(({ status }) => status === 429).length).toBeGreaterThan(0);
  expect(attempts.filter(({ route }) => route === 'second').length).toBeGreaterThan(0);
  expect(router.entries.filter(({ outcome }) => outcome === 'cached').length).toBe(timesOf(found, 'router_cache'));
  expect(timesOf(found, 'router_cache')).toBeGreaterThan(REQUESTS / 100);

  expect(found).toMatchObject({ by: 'request', simulated: true, within: true });
  expect(Math.abs(found.relative!)).toBeLessThan(0.001);
  expect(total(found)).toBeCloseTo(found.difference_nano_usd, 6);
  expect(found.billed_nano_usd - found.predicted_nano_usd).toBeCloseTo(found.difference_nano_usd, 3);
  expect(known).toMatchObject({ unequal_requests: 0 });
  expect(known!.billed_nano_usd).toBe(known!.predicted_nano_usd);
  expect(known!.requests).toBeGreaterThan(REQUESTS * 0.98);
  for (const cause of ['retries_billed', 'unpriced', 'counts', 'price', 'not_in_log', 'not_on_bill'] as const)
    expect([cause, of(found, cause)]).toEqual([cause, 0]);
  expect(process.exitCode).toBeUndefined();

  // What a report and a replay of the log come to.
  const { inspection } = await inspectTrace((await logFiles(run.log))[0]!, await readPriceBook(), {});
  expect(inspection.cost_usd! * 1e9).toBeCloseTo(found.predicted_nano_usd, 3);
});

test('a markup of the route that requests fall back to is found, as a price and as one factor', async () => {
  const spec = { ...QUICK, direct: { faults: { error_fraction: 0.6 } }, gateway: { added: '1 ms' } };
  const run = await loop(150, spec, { leave_fraction: 0, repeat_fraction: 0 });
  made.push(run);
  const found = await reconciled(run.log, '--bill', run.bill);
  expect(found.causes.map(({ cause }) => cause)).toEqual(['price']);
  expect(found.difference_nano_usd).toBe(total(found));
  expect(found.steady_factors).toHaveLength(1);
  expect(found.steady_factors[0]).toMatchObject({ model: 'gpt-4o-mini', route: 'gateway' });
  expect(found.steady_factors[0]!.factor).toBeCloseTo(1.055, 4);
  expect(found.within).toBe(false);
  expect(process.exitCode).toBe(1);
  expect(await reconcile(run.log, '--bill', run.bill, '--tolerance', '10 %')).toContain(
    'gpt-4o-mini on gateway: every charge is +5.5 % against list',
  );
});

test('what breaks off, stops or times out is all that is not known, and all of the difference', async () => {
  const faults = { cut_fraction: 0.05, stall_fraction: 0.05, reset_fraction: 0.05, error_fraction: 0.05 };
  const spec = { ...QUICK, direct: { faults }, gateway: { added: '1 ms', markup_percent: 0 } };
  const timeouts = { first_byte: '2 s', idle: '300 ms' };
  const run = await loop(200, spec, { leave_fraction: 0.05, repeat_fraction: 0.05, timeouts });
  made.push(run);
  const found = await reconciled(run.log, '--bill', run.bill);
  const results = new Set(run.router.entries.flatMap(({ attempts }) => attempts.map(({ result }) => result)));
  for (const result of ['timeout', 'truncated', 'connection', 'cancelled'] as const)
    expect([...results]).toContain(result);
  const { causes, known } = found;
  expect(causes.map(({ cause }) => cause).filter((cause) => cause !== 'router_cache')).toEqual(['unknown_billing']);
  expect(of(found, 'unknown_billing')).toBe(found.difference_nano_usd);
  expect(found.difference_nano_usd).not.toBe(0);
  expect(known!.requests).toBeGreaterThan(100);
  expect(known!.requests + timesOf(found, 'unknown_billing')).toBeGreaterThanOrEqual(200);
  expect(known!.unequal_requests).toBe(0);
});
