/**
 * Requests that meet faults in any order, side by side: whatever happens, each has one line in the ledger, what it says is
 * what client and sellers saw, and costs agree to the nano-dollar.
 *
 * 10,000 sequences: TOLLGATE_LONG=1 npx vitest run test/router/fault-sequences.test.ts
 */
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Asking, FAULTS, FAULTY_ROUTING, FaultLoad, TIMEOUTS } from './fault-load.ts';
import { ROUTES, startRouter, type TestRouter } from './setting.ts';
import { TestUpstream } from './upstream.ts';

const IS_LONG = process.env.TOLLGATE_LONG === '1';
const SEQUENCES = IS_LONG ? 10_000 : 500;
/** That run side by side. */
const LANES = 10;

let alpha: TestUpstream;
let beta: TestUpstream;
let router: TestRouter;
let load: FaultLoad;

beforeEach(async () => {
  [alpha, beta] = await Promise.all([new TestUpstream().listen(), new TestUpstream().listen()]);
  router = await startRouter({
    routes: { a: ROUTES.a, b: ROUTES.b },
    routing: FAULTY_ROUTING,
    models: { chain: 'chain', any: 'any' },
    upstreams: { alpha: { base_url: alpha.base_url }, beta: { base_url: beta.base_url } },
    timeouts: TIMEOUTS,
  });
  load = new FaultLoad(router);
  alpha.script(load.behaviour(() => alpha));
  beta.script(load.behaviour(() => beta));
});

afterEach(async () => {
  await router.router.close();
  await Promise.all([alpha.close(), beta.close()]);
});

const asking: fc.Arbitrary<Asking> = fc.record({
  model: fc.constantFrom('chain', 'any', 'a'),
  isStream: fc.boolean(),
  asksForUsage: fc.boolean(),
  faults: fc.array(fc.constantFrom(...FAULTS), { minLength: 1, maxLength: 3 }),
  leaves: fc.oneof(
    { weight: 6, arbitrary: fc.constant('no' as const) },
    { weight: 1, arbitrary: fc.constantFrom('soon' as const, 'at the first text' as const) },
  ),
});

describe('sequences of faults', () => {
  test(`${SEQUENCES} of them, several side by side`, { timeout: 3_600_000 }, async () => {
    let heap = 0;
    let runs = 0;
    const lane = (number: number): Promise<void> =>
      fc.assert(
        fc.asyncProperty(fc.array(asking, { minLength: 1, maxLength: 3 }), async (together) => {
          await Promise.all(together.map((one) => load.run(one)));
          if (++runs === SEQUENCES / 5) heap = process.memoryUsage().heapUsed;
        }),
        { numRuns: SEQUENCES / LANES, seed: number, endOnFailure: true },
      );
    await Promise.all(Array.from({ length: LANES }, (_, i) => lane(i + 1)));
    expect(runs).toBe(SEQUENCES);
    expect(new Set(router.entries.map(({ user }) => user)).size).toBe(router.entries.length);
    expect(router.entries.length).toBe(load.asked);
    load.checkCalls();
    const outcomes = new Set(router.entries.map(({ outcome }) => outcome));
    expect([...outcomes].sort()).toEqual(['answered', 'cancelled', 'failed', 'truncated']);
    const billing = new Set(router.entries.flatMap(({ attempts }) => attempts.map((one) => one.billing)));
    for (const one of ['billed', 'refused', 'unknown']) expect([...billing]).toContain(one);
    expect(router.bugs).toEqual([]);
    expect(process.memoryUsage().heapUsed - heap).toBeLessThan(100e6);
  });
});
