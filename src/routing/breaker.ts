/**
 * Circuit breaker per route: closed, open, half-open, as transitions over typed arrays.
 *
 *   closed     failures in the rolling window >= threshold, or failed / all >= rate with enough attempts  -> open
 *   open       until now >= open_until; then the next attempt is the one probe                             -> half-open
 *   half-open  the probe answers -> closed; it fails -> open, cooldown x factor, at most the cap; it is not heard of for
 *              the probe's timeout -> the next attempt is a probe in its place, and the lost one counts no more
 *
 * A failure with Retry-After keeps the route open at least so long (at most the cap): open_until = max(old, new), since a
 * second 429 has to extend the first (BerriAI/litellm#40130). Failures that say nothing of the route's health (a bad
 * request) count neither way; as a probe they let the next one go. The window is 10 slices: it spans 9 to 10 tenths.
 *
 * Example: threshold 3 in 60 s, cooldown 5 s, factor 2: failures at 0, 1, 2 s open it until 7 s; a probe at 7 s that fails
 * keeps it open until 17 s; one at 17 s that answers closes it, and the cooldown starts again at 5 s.
 * Source: M. Nygard, Release It!, 2007; the window as in Hystrix. The rate is looked at when an attempt fails.
 * Not modelled: several probes at once, slow answers as failures.
 */

export const SLICES = 10;
export const CLOSED = 0;
export const OPEN = 1;
export const HALF_OPEN = 2;

/** The compiled contract; 0 is "no such threshold". */
export interface BreakerRule {
  readonly failures: number;
  readonly rate: number;
  readonly min_requests: number;
  readonly slice_ms: number;
  readonly cooldown_ms: number;
  readonly factor: number;
  readonly cap_ms: number;
  readonly probe_timeout_ms: number;
  readonly counts: number;
  readonly at_once: number;
  readonly last_resort: boolean;
}

/** One entry per route, or SLICES per route. */
export interface BreakerState {
  readonly phase: Uint8Array;
  readonly open_until_ms: Float64Array;
  readonly cooldown_ms: Float64Array;
  /** Number of the latest probe: a report of an older one is not the probe's. */
  readonly probe: Int32Array;
  readonly probe_until_ms: Float64Array;
  /** End of the slice that is counted in, its place in the ring, and the counts of the ring. */
  readonly slice_until_ms: Float64Array;
  readonly slice: Uint8Array;
  readonly slice_failed: Int32Array;
  readonly slice_all: Int32Array;
  readonly failed: Int32Array;
  readonly all: Int32Array;
}

export const createBreakerState = (routes: number): BreakerState => ({
  phase: new Uint8Array(routes),
  open_until_ms: new Float64Array(routes),
  cooldown_ms: new Float64Array(routes),
  probe: new Int32Array(routes),
  probe_until_ms: new Float64Array(routes),
  slice_until_ms: new Float64Array(routes),
  slice: new Uint8Array(routes),
  slice_failed: new Int32Array(routes * SLICES),
  slice_all: new Int32Array(routes * SLICES),
  failed: new Int32Array(routes),
  all: new Int32Array(routes),
});

/** What an attempt on a route would be. */
export const BLOCKED = 0;
export const FREE = 1;
export const PROBE = 2;

export function admission(state: BreakerState, route: number, now_ms: number): number {
  const phase = state.phase[route];
  if (phase === CLOSED) return FREE;
  const from = phase === OPEN ? state.open_until_ms : state.probe_until_ms;
  return now_ms >= (from[route] as number) ? PROBE : BLOCKED;
}

/** The instant from which a route may be tried again; a probe that is out counts until it is given up. */
export const reopens = (state: BreakerState, route: number): number =>
  (state.phase[route] === HALF_OPEN ? state.probe_until_ms : state.open_until_ms)[route] as number;

/** An attempt that is no probe, and one that a policy makes although the route is open. */
export const NO_PROBE = 0;
export const LAST_RESORT = -1;

/** Makes the attempt the route's one probe; gives its number. */
export function beginProbe(state: BreakerState, rule: BreakerRule, route: number, now_ms: number): number {
  const probe = (state.probe[route] as number) + 1;
  state.probe[route] = probe;
  state.phase[route] = HALF_OPEN;
  state.probe_until_ms[route] = now_ms + rule.probe_timeout_ms;
  return probe;
}

export function answered(state: BreakerState, rule: BreakerRule, route: number, now_ms: number, probe: number): void {
  if (state.phase[route] === CLOSED) {
    if (rule.rate > 0) countAnswer(state, rule, route, now_ms);
  } else if (probe === LAST_RESORT || isProbe(state, route, probe)) close(state, route);
}

/** @param bits the failure's kind and status  @param retry_after_ms what the route asked for; -1: nothing */
export function refused(
  state: BreakerState,
  rule: BreakerRule,
  route: number,
  now_ms: number,
  probe: number,
  bits: number,
  retry_after_ms: number,
): void {
  const atOnce = (bits & rule.at_once) !== 0;
  if (!atOnce && (bits & rule.counts) === 0) {
    if (isProbe(state, route, probe)) {
      state.phase[route] = OPEN;
      state.open_until_ms[route] = now_ms;
    }
    return;
  }
  const asked_ms = Math.max(0, Math.min(retry_after_ms, rule.cap_ms));
  switch (state.phase[route]) {
    case CLOSED:
      count(state, rule, route, now_ms, 1);
      if (atOnce || isOver(state, rule, route)) open(state, route, now_ms, rule.cooldown_ms, asked_ms);
      return;
    case OPEN:
      if (asked_ms > 0) state.open_until_ms[route] = Math.max(state.open_until_ms[route] as number, now_ms + asked_ms);
      return;
    default:
      if (!isProbe(state, route, probe)) return;
      open(state, route, now_ms, Math.min(rule.cap_ms, (state.cooldown_ms[route] as number) * rule.factor), asked_ms);
  }
}

/** An answer of a closed route; to be told where the rule has a rate. */
export const countAnswer = (state: BreakerState, rule: BreakerRule, route: number, now_ms: number): void =>
  count(state, rule, route, now_ms, 0);

const isProbe = (state: BreakerState, route: number, probe: number): boolean =>
  state.phase[route] === HALF_OPEN && state.probe[route] === probe;

function isOver(state: BreakerState, rule: BreakerRule, route: number): boolean {
  const failed = state.failed[route] as number;
  const all = state.all[route] as number;
  return (
    (rule.failures > 0 && failed >= rule.failures) ||
    (rule.rate > 0 && all >= rule.min_requests && failed >= rule.rate * all)
  );
}

function open(state: BreakerState, route: number, now_ms: number, cooldown_ms: number, asked_ms: number): void {
  state.phase[route] = OPEN;
  state.cooldown_ms[route] = cooldown_ms;
  state.open_until_ms[route] = now_ms + Math.max(cooldown_ms, asked_ms);
  forget(state, route);
}

function close(state: BreakerState, route: number): void {
  state.phase[route] = CLOSED;
  state.cooldown_ms[route] = 0;
  forget(state, route);
}

function forget(state: BreakerState, route: number): void {
  state.slice_failed.fill(0, route * SLICES, (route + 1) * SLICES);
  state.slice_all.fill(0, route * SLICES, (route + 1) * SLICES);
  state.failed[route] = 0;
  state.all[route] = 0;
}

/** Counts an attempt in the slice of `now`; one that is reported late counts in the latest slice. */
function count(state: BreakerState, rule: BreakerRule, route: number, now_ms: number, failures: 0 | 1): void {
  if (now_ms >= (state.slice_until_ms[route] as number)) advance(state, rule, route, now_ms);
  const at = route * SLICES + (state.slice[route] as number);
  state.slice_all[at] = (state.slice_all[at] as number) + 1;
  state.all[route] = (state.all[route] as number) + 1;
  if (failures === 0) return;
  state.slice_failed[at] = (state.slice_failed[at] as number) + 1;
  state.failed[route] = (state.failed[route] as number) + 1;
}

/** Makes the slice of `now` the latest and empties those that have left the window. */
function advance(state: BreakerState, rule: BreakerRule, route: number, now_ms: number): void {
  const until_ms = (Math.floor(now_ms / rule.slice_ms) + 1) * rule.slice_ms;
  const steps = Math.round((until_ms - (state.slice_until_ms[route] as number)) / rule.slice_ms);
  state.slice_until_ms[route] = until_ms;
  if (steps >= SLICES) {
    forget(state, route);
    return;
  }
  let slice = state.slice[route] as number;
  for (let step = 0; step < steps; step++) {
    slice = slice + 1 === SLICES ? 0 : slice + 1;
    const at = route * SLICES + slice;
    state.failed[route] = (state.failed[route] as number) - (state.slice_failed[at] as number);
    state.all[route] = (state.all[route] as number) - (state.slice_all[at] as number);
    state.slice_failed[at] = 0;
    state.slice_all[at] = 0;
  }
  state.slice[route] = slice;
}
