import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  admission,
  answered,
  BLOCKED,
  type BreakerRule,
  beginProbe,
  CLOSED,
  createBreakerState,
  FREE,
  HALF_OPEN,
  NO_PROBE,
  OPEN,
  PROBE,
  refused,
  SLICES,
} from '../../src/routing/breaker.ts';
import { bitOf } from '../../src/routing/outcome.ts';

const FAIL = bitOf('server_error');
const NEUTRAL = bitOf('bad_request');
const QUOTA = bitOf('quota_exhausted');
const rule = (more: Partial<BreakerRule> = {}): BreakerRule => ({
  failures: 3,
  rate: 0,
  min_requests: 4,
  slice_ms: 6000,
  cooldown_ms: 5000,
  factor: 2,
  cap_ms: 60_000,
  probe_timeout_ms: 30_000,
  counts: FAIL,
  at_once: QUOTA,
  last_resort: false,
  ...more,
});

describe('a breaker', () => {
  test('opens at the third failure, doubles its cooldown after a failed probe, and starts afresh when one answers', () => {
    const state = createBreakerState(1);
    const r = rule();
    const fail = (at: number, probe = NO_PROBE) => refused(state, r, 0, at, probe, FAIL, -1);
    fail(0);
    fail(1000);
    expect(admission(state, 0, 1500)).toBe(FREE);
    fail(2000);
    expect(state.open_until_ms[0]).toBe(7000);
    expect(admission(state, 0, 6999)).toBe(BLOCKED);
    expect(admission(state, 0, 7000)).toBe(PROBE);
    fail(7000, beginProbe(state, r, 0, 7000));
    expect(state.open_until_ms[0]).toBe(17_000);
    answered(state, r, 0, 17_000, beginProbe(state, r, 0, 17_000));
    expect([state.phase[0], state.cooldown_ms[0], state.failed[0]]).toEqual([CLOSED, 0, 0]);
    for (const at of [18_000, 18_001, 18_002]) fail(at);
    expect(state.open_until_ms[0]).toBe(23_002);
  });

  test('lets exactly one probe out, and another only when that one is given up', () => {
    const state = createBreakerState(1);
    const r = rule({ failures: 1 });
    refused(state, r, 0, 0, NO_PROBE, FAIL, -1);
    const first = beginProbe(state, r, 0, 5000);
    expect(admission(state, 0, 5000)).toBe(BLOCKED);
    expect(admission(state, 0, 34_999)).toBe(BLOCKED);
    expect(admission(state, 0, 35_000)).toBe(PROBE);
    const second = beginProbe(state, r, 0, 35_000);
    answered(state, r, 0, 35_100, first);
    expect(state.phase[0]).toBe(HALF_OPEN);
    answered(state, r, 0, 35_200, second);
    expect(state.phase[0]).toBe(CLOSED);
  });

  test('is not closed by an answer to an attempt from before it opened', () => {
    const state = createBreakerState(1);
    refused(state, rule({ failures: 1 }), 0, 0, NO_PROBE, FAIL, -1);
    answered(state, rule({ failures: 1 }), 0, 10, NO_PROBE);
    expect(state.phase[0]).toBe(OPEN);
  });

  test('grows its cooldown to the cap and no further', () => {
    const state = createBreakerState(1);
    const r = rule({ failures: 1 });
    refused(state, r, 0, 0, NO_PROBE, FAIL, -1);
    const cooldowns: number[] = [];
    for (let i = 0; i < 6; i++) {
      const at = state.open_until_ms[0]!;
      refused(state, r, 0, at, beginProbe(state, r, 0, at), FAIL, -1);
      cooldowns.push(state.open_until_ms[0]! - at);
    }
    expect(cooldowns).toEqual([10_000, 20_000, 40_000, 60_000, 60_000, 60_000]);
  });

  test('stays open as long as Retry-After asks, up to the cap, and a second one extends the first', () => {
    const state = createBreakerState(1);
    const r = rule({ failures: 1 });
    refused(state, r, 0, 0, NO_PROBE, FAIL, 20_000);
    expect(state.open_until_ms[0]).toBe(20_000);
    refused(state, r, 0, 10_000, NO_PROBE, FAIL, 20_000);
    expect(state.open_until_ms[0]).toBe(30_000);
    refused(state, r, 0, 11_000, NO_PROBE, FAIL, 5000);
    expect(state.open_until_ms[0]).toBe(30_000);
    refused(state, r, 0, 12_000, NO_PROBE, FAIL, 3_600_000);
    expect(state.open_until_ms[0]).toBe(72_000);
  });

  test('opens at once for an exhausted quota and never for a bad request', () => {
    const state = createBreakerState(2);
    refused(state, rule(), 0, 0, NO_PROBE, QUOTA, -1);
    for (let i = 0; i < 50; i++) refused(state, rule(), 1, i, NO_PROBE, NEUTRAL, -1);
    expect([...state.phase]).toEqual([OPEN, CLOSED]);
  });

  test('lets the next one probe when a probe failed for a reason of its own', () => {
    const state = createBreakerState(1);
    const r = rule({ failures: 1 });
    refused(state, r, 0, 0, NO_PROBE, FAIL, -1);
    refused(state, r, 0, 5100, beginProbe(state, r, 0, 5000), NEUTRAL, -1);
    expect([state.phase[0], admission(state, 0, 5100)]).toEqual([OPEN, PROBE]);
  });

  test('opens by rate only after enough attempts, and forgets what left the window', () => {
    const r = rule({ failures: 0, rate: 0.5 });
    const state = createBreakerState(1);
    refused(state, r, 0, 0, NO_PROBE, FAIL, -1);
    refused(state, r, 0, 1, NO_PROBE, FAIL, -1);
    refused(state, r, 0, 2, NO_PROBE, FAIL, -1);
    expect(state.phase[0]).toBe(CLOSED);
    for (let i = 0; i < 4; i++) answered(state, r, 0, 60_000 + i, NO_PROBE);
    expect([state.all[0], state.failed[0]]).toEqual([4, 0]);
    for (let i = 0; i < 3; i++) refused(state, r, 0, 61_000, NO_PROBE, FAIL, -1);
    expect(state.phase[0]).toBe(CLOSED);
    refused(state, r, 0, 61_001, NO_PROBE, FAIL, -1);
    expect(state.phase[0]).toBe(OPEN);
  });
});

/** The same machine with a list of events instead of a ring, for one route. */
class Model {
  readonly rule: BreakerRule;
  phase = CLOSED as number;
  until = 0;
  cooldown = 0;
  probe = 0;
  events: { slice: number; failed: boolean }[] = [];
  latest = 0;

  constructor(r: BreakerRule) {
    this.rule = r;
  }

  ask(now: number): number | undefined {
    if (this.phase === CLOSED) return NO_PROBE;
    if (now < this.until) return undefined;
    this.phase = HALF_OPEN;
    this.until = now + this.rule.probe_timeout_ms;
    return ++this.probe;
  }

  tell(now: number, probe: number, kind: 'answered' | 'failed' | 'neutral', asked: number): void {
    const mine = this.phase === HALF_OPEN && probe === this.probe && probe > 0;
    if (kind === 'neutral') {
      if (mine) [this.phase, this.until] = [OPEN, now];
      return;
    }
    if (this.phase === CLOSED) {
      if (kind === 'failed' || this.rule.rate > 0) this.count(now, kind === 'failed');
      if (kind === 'failed' && this.isOver()) this.open(now, this.rule.cooldown_ms, asked);
    } else if (kind === 'failed' && this.phase === OPEN) {
      if (asked > 0) this.until = Math.max(this.until, now + Math.min(asked, this.rule.cap_ms));
    } else if (mine && kind === 'failed') {
      this.open(now, Math.min(this.rule.cap_ms, this.cooldown * this.rule.factor), asked);
    } else if (mine) [this.phase, this.cooldown, this.events] = [CLOSED, 0, []];
  }

  count(now: number, failed: boolean): void {
    this.latest = Math.max(this.latest, Math.floor(now / this.rule.slice_ms));
    this.events = [...this.events, { slice: this.latest, failed }].filter((e) => e.slice > this.latest - SLICES);
  }

  isOver(): boolean {
    const failed = this.events.filter((e) => e.failed).length;
    const { failures, rate, min_requests } = this.rule;
    const all = this.events.length;
    return (failures > 0 && failed >= failures) || (rate > 0 && all >= min_requests && failed >= rate * all);
  }

  open(now: number, cooldown: number, asked: number): void {
    const wanted = Math.max(cooldown, Math.min(asked, this.rule.cap_ms));
    [this.phase, this.cooldown, this.until, this.events] = [OPEN, cooldown, now + wanted, []];
  }
}

test('a breaker does what a model with a plain list of events does, whatever happens', () => {
  const step = fc.record({
    wait: fc.oneof(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 0, max: 20_000 })),
    ask: fc.boolean(),
    which: fc.nat(),
    kind: fc.constantFrom('answered', 'failed', 'failed', 'neutral' as const),
    asked: fc.constantFrom(-1, -1, 300, 9000, 100_000),
  });
  const limits = fc.constantFrom({}, { failures: 0, rate: 0.5 }, { failures: 5, rate: 0.3 }, { failures: 1 });
  let opened = 0;
  fc.assert(
    fc.property(limits, fc.array(step, { minLength: 30, maxLength: 150 }), (more, steps) => {
      const r = rule({ slice_ms: 1000, probe_timeout_ms: 4000, ...more });
      const state = createBreakerState(2);
      const model = new Model(r);
      const out: number[] = [];
      let now = 100_000;
      for (const { wait, ask, which, kind, asked } of steps) {
        now += wait;
        if (ask || out.length === 0) {
          const admitted = admission(state, 1, now);
          const probe = admitted === BLOCKED ? undefined : admitted === PROBE ? beginProbe(state, r, 1, now) : NO_PROBE;
          expect(probe).toBe(model.ask(now));
          if (probe !== undefined) out.push(probe);
        } else {
          const [probe] = out.splice(which % out.length, 1) as [number];
          if (kind === 'answered') answered(state, r, 1, now, probe);
          else refused(state, r, 1, now, probe, kind === 'failed' ? FAIL : NEUTRAL, asked);
          model.tell(now, probe, kind as 'answered', asked);
        }
        expect(state.phase[1]).toBe(model.phase);
        if (model.phase === OPEN) opened++;
        expect(state.failed[1]).toBe(model.events.filter((e) => e.failed).length);
      }
      expect([state.phase[0], state.failed[0]]).toEqual([CLOSED, 0]);
    }),
    { seed: 7, numRuns: 300 },
  );
  expect(opened).toBeGreaterThan(1000);
});
