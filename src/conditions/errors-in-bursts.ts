/**
 * Errors outside outages: which HTTP status an attempt on a route ends with, evenly spread or in bursts (two states,
 * Gilbert and Elliott). The mean rate is the stated one either way.
 *
 *   in a burst, share of time    pi = share_in_bursts x rate / burst_rate
 *   rate outside                 calm = (1 - share_in_bursts) rate / (1 - pi)     so pi burst_rate + (1 - pi) calm = rate
 *   state after dt               P(burst) = pi + (was burst - pi) exp(-dt / tau), tau = (1 - pi) burst_ms
 *   fails again after dt         rate + pi (1 - pi) (burst_rate - calm)^2 exp(-dt / tau) / rate
 *
 * Example: 1 % of attempts, 80 % of them in bursts of 60 s with 40 % errors: pi = 0.02, calm = 0.0020408, and an attempt
 * at once after an error fails with 0.3204: three quick tries help much less than 1 % cubed. Every status keeps its share.
 * Sources: Gilbert 1960, Elliott 1963; in continuous time, so that it fits arrivals of any density. Not modelled: errors
 * that follow load, bursts that several routes share (an outage of a common cause), lengths other than exponential.
 */
import type { Amount } from '../amount.ts';
import type { Random } from '../random.ts';

export interface ErrorBursts {
  /** Share of the errors that fall into bursts. */
  readonly share_in_bursts: number;
  /** Share of attempts that fail within one. */
  readonly burst_rate: number;
  readonly burst_ms: number;
}

export interface RouteErrors {
  /** HTTP status -> share of attempts; 0 stands for a connection that broke. */
  readonly rates: ReadonlyMap<number, number>;
  readonly bursts?: ErrorBursts | undefined;
}

export interface BurstRates {
  /** Share of time. */
  readonly in_burst: number;
  readonly calm_rate: number;
  readonly tau_ms: number;
}

/** Mean share of attempts that fail. */
export const errorRate = ({ rates }: RouteErrors): number =>
  [...rates.values()].reduce((total, rate) => total + rate, 0);

/** As a scenario states them: amounts by HTTP status, or `connection`. */
export const routeErrorsOf = ({ status, bursts }: StatedErrors): RouteErrors => ({
  rates: new Map(
    Object.entries(status).map(([code, share]) => [code === 'connection' ? 0 : Number(code), share.central]),
  ),
  bursts:
    bursts === undefined
      ? undefined
      : { share_in_bursts: bursts.share.central, burst_rate: bursts.rate.central, burst_ms: bursts.length.central },
});

interface StatedErrors {
  readonly status: Readonly<Record<string, Central>>;
  readonly bursts?: Readonly<Record<'share' | 'rate' | 'length', Central>> | undefined;
}
type Central = Pick<Amount, 'central'>;

/** Why the figures of a route contradict each other, or undefined. */
export function errorsProblem(errors: RouteErrors): string | undefined {
  const rate = errorRate(errors);
  if (rate > 1) return `the rates of all statuses add up to ${rate}, more than every attempt`;
  if (errors.bursts === undefined || rate === 0) return undefined;
  const { share_in_bursts, burst_rate } = errors.bursts;
  if (burst_rate >= rate && share_in_bursts * rate < burst_rate) return undefined;
  return `bursts with a rate of ${burst_rate} can't hold ${share_in_bursts} of all errors at a mean rate of ${rate}; the rate in bursts is at least the mean rate, and above it where all errors fall into bursts`;
}

export function burstRates(rate: number, { share_in_bursts, burst_rate, burst_ms }: ErrorBursts): BurstRates {
  const in_burst = (share_in_bursts * rate) / burst_rate;
  return { in_burst, calm_rate: ((1 - share_in_bursts) * rate) / (1 - in_burst), tau_ms: (1 - in_burst) * burst_ms };
}

/** Covariance of two attempts' failures `dt_ms` apart. */
export function failureCovariance(rate: number, bursts: ErrorBursts, dt_ms: number): number {
  const { in_burst, calm_rate, tau_ms } = burstRates(rate, bursts);
  return in_burst * (1 - in_burst) * (bursts.burst_rate - calm_rate) ** 2 * Math.exp(-dt_ms / tau_ms);
}

/** Probability that an attempt fails `dt_ms` after one that failed. */
export const failsAgain = (rate: number, bursts: ErrorBursts, dt_ms: number): number =>
  rate + failureCovariance(rate, bursts, dt_ms) / rate;

export interface ErrorModel {
  readonly in_burst: Float64Array;
  readonly tau_ms: Float64Array;
  readonly burst_rate: Float64Array;
  readonly calm_rate: Float64Array;
  /** Route r's statuses stand from first[r] to first[r + 1]. */
  readonly first: Int32Array;
  readonly status: Int32Array;
  /** Running shares among the route's errors; the last is 1. */
  readonly edge: Float64Array;
}

/** One entry per route; plain data. */
export interface ErrorState {
  /** 1: in a burst. */
  readonly burst: Uint8Array;
  readonly at_ms: Float64Array;
}

export const ANSWERS = -1;

/** @param routes one per route; undefined: no errors */
export function compileErrors(routes: readonly (RouteErrors | undefined)[]): ErrorModel {
  const first = new Int32Array(routes.length + 1);
  const column = (): Float64Array => new Float64Array(routes.length);
  const model = { in_burst: column(), tau_ms: column(), burst_rate: column(), calm_rate: column(), first };
  const status: number[] = [];
  const edge: number[] = [];
  routes.forEach((errors, route) => {
    const rate = errors === undefined ? 0 : errorRate(errors);
    if (errors !== undefined && rate > 0) {
      const problem = errorsProblem(errors);
      if (problem !== undefined) throw new Error(problem);
      let total = 0;
      for (const [code, share] of errors.rates) {
        status.push(code);
        total += share / rate;
        edge.push(total);
      }
      edge[edge.length - 1] = 1;
    }
    const bursts = rate > 0 ? errors?.bursts : undefined;
    const found = bursts === undefined ? { in_burst: 0, calm_rate: rate, tau_ms: 0 } : burstRates(rate, bursts);
    model.in_burst[route] = found.in_burst;
    model.tau_ms[route] = found.tau_ms;
    model.calm_rate[route] = found.calm_rate;
    model.burst_rate[route] = bursts?.burst_rate ?? rate;
    first[route + 1] = status.length;
  });
  return { ...model, status: Int32Array.from(status), edge: Float64Array.from(edge) };
}

/** Nothing seen yet: the first draw of a route is from its long-run share of bursts. */
export const createErrorState = (model: ErrorModel): ErrorState => ({
  burst: new Uint8Array(model.in_burst.length),
  at_ms: new Float64Array(model.in_burst.length).fill(Number.NEGATIVE_INFINITY),
});

/**
 * The status that an attempt at `now_ms` fails with, or ANSWERS. One uniform, and a second one on routes with bursts. An
 * instant before the last one finds the state that the last one found.
 */
export function drawError(model: ErrorModel, state: ErrorState, route: number, now_ms: number, random: Random): number {
  const begin = model.first[route]!;
  const end = model.first[route + 1]!;
  if (begin === end) return ANSWERS;
  let rate = model.calm_rate[route]!;
  const share = model.in_burst[route]!;
  if (share > 0) {
    const elapsed = Math.max(0, now_ms - state.at_ms[route]!);
    const kept = Math.exp(-elapsed / model.tau_ms[route]!);
    const burst = random.uniform() < share + (state.burst[route]! - share) * kept;
    state.burst[route] = burst ? 1 : 0;
    if (now_ms > state.at_ms[route]!) state.at_ms[route] = now_ms;
    if (burst) rate = model.burst_rate[route]!;
  }
  const u = random.uniform();
  if (u >= rate) return ANSWERS;
  let at = begin;
  while (at < end - 1 && u >= rate * model.edge[at]!) at++;
  return model.status[at]!;
}
