/**
 * What a route adds to the baseline or takes from it, with the interval that the samples leave: times, errors, billed
 * tokens, price, cache. The check's own figure is taken where it states one, else the evidence of its calls.
 *
 *   times             median of own - baseline, round by round
 *   error share       own - baseline; bounds from those of the two shares (MOVER), wider than exact ones
 *                       low = d - sqrt((p1 - l1)^2 + (u2 - p2)^2),  high = d + sqrt((u1 - p1)^2 + (p2 - l2)^2)
 *   billed tokens     sum told / sum told by the baseline for the same prompts
 *   markup            sum of costs told / sum by the price book - 1: against the list price, not against the baseline
 *   cache read share  own - baseline; two calls, and no interval
 *
 * Example: 2 of 20 failed, of the baseline's 20 none: 0.1 - 0 = 0.1, [-0.090, 0.317]. Source: Newcombe, Statistics in
 * Medicine 17 (1998) 873, method 10, with Clopper-Pearson bounds. Not modelled: errors that come in bursts.
 */
import { promptTokens } from '../meters.ts';
import { besides, type Latency, type TimeOfRound } from './compare-rounds.ts';
import type { CheckId, Evidence, Figure, Finding, Interval, MeasuredTarget } from './contract.ts';
import { type Estimate, LEVEL, pairedMedian, ratioInterval } from './intervals.ts';

export const QUANTITIES = [
  'added_first_token_ms',
  'added_total_ms',
  'error_fraction',
  'billed_tokens_ratio',
  'markup_fraction',
  'cache_read_fraction',
] as const;
export type QuantityId = (typeof QUANTITIES)[number];

/** What stands for no difference. */
export const neutralOf = (quantity: QuantityId): number => (quantity === 'billed_tokens_ratio' ? 1 : 0);

export interface Difference {
  readonly target: string;
  readonly quantity: QuantityId;
  readonly value: number;
  /** Null: too few samples. */
  readonly interval: Interval | null;
  readonly samples: number;
  /** The quantity itself, of the target and of the baseline, where it has one on its own. */
  readonly own: number | null;
  readonly baseline: number | null;
  readonly how: string;
}

/** Whether the samples tell it from no difference: they may leave it open. */
export function sideOf({ quantity, value, interval }: Difference): 'more' | 'less' | 'none' | 'open' {
  const none = neutralOf(quantity);
  if (interval !== null && interval.low <= none && interval.high >= none)
    return interval.low === interval.high ? 'none' : 'open';
  return value === none ? 'none' : value > none ? 'more' : 'less';
}

export interface DifferencesInput {
  readonly targets: readonly MeasuredTarget[];
  readonly baseline: MeasuredTarget | undefined;
  readonly findings: readonly Finding[];
  readonly evidence: readonly Evidence[];
  readonly latencies: readonly Latency[];
}

/** Quantity by quantity, targets in their order. The baseline has a markup of its own, and nothing else. */
export function differencesOf(input: DifferencesInput): readonly Difference[] {
  return QUANTITIES.flatMap((quantity) =>
    input.targets.flatMap((target) => {
      if (target.is_baseline && quantity !== 'markup_fraction') return [];
      const found = OF[quantity](input, target.id);
      return found === undefined ? [] : [{ target: target.id, quantity, ...found }];
    }),
  );
}

type Found = Omit<Difference, 'target' | 'quantity'>;
type Of = (input: DifferencesInput, target: string) => Found | undefined;

const OF: Record<QuantityId, Of> = {
  added_first_token_ms: added('added_first_token_ms', 'first_token_ms', 'first_token'),
  added_total_ms: added('added_total_ms', 'total_ms', 'total'),
  error_fraction: (input, target) => {
    const [own, baseline] = [errorsOf(input, target), errorsOf(input, input.baseline?.id)];
    if (own === undefined || baseline === undefined) return undefined;
    return {
      ...shareDifference(own, baseline),
      samples: Math.min(own.n, baseline.n),
      own: own.value,
      baseline: baseline.value,
      how: 'difference of shares',
    };
  },
  billed_tokens_ratio: (input, target) => {
    const told = stated(input, target, 'billed_tokens_ratio');
    if (told !== undefined) return { ...told, own: null, baseline: null };
    if (input.baseline === undefined) return undefined;
    const [own, baseline] = [billedOf(input, target), billedOf(input, input.baseline.id)];
    const keys = [...own.keys()];
    return estimated(
      ratioInterval(
        keys.map((key) => own.get(key)),
        keys.map((key) => baseline.get(key)),
      ),
      'sum of prompt tokens told / that of the baseline, same prompts',
    );
  },
  markup_fraction: (input, target) => {
    const told = stated(input, target, 'markup_fraction');
    if (told !== undefined) return { ...told, own: null, baseline: null };
    const calls = of(input, target, 'cost_reported').filter(
      (one) => one.reported_usd !== null && one.computed_usd !== null && one.computed_usd > 0,
    );
    const ratio = ratioInterval(
      calls.map((one) => one.reported_usd!),
      calls.map((one) => one.computed_usd!),
    );
    return estimated(less(ratio, 1), 'sum of costs told / sum by the price book - 1');
  },
  cache_read_fraction: (input, target) => {
    const [own, baseline] = [cachedOf(input, target), cachedOf(input, input.baseline?.id)];
    if (own === undefined || baseline === undefined) return undefined;
    return {
      value: own.value - baseline.value,
      interval: null,
      samples: Math.min(own.samples, baseline.samples),
      own: own.value,
      baseline: baseline.value,
      how: 'cached tokens / prompt tokens of a prompt that is sent again',
    };
  },
};

function added(name: QuantityId, what: TimeOfRound, level: 'first_token' | 'total'): Of {
  return (input, target) => {
    const [own, baseline] = [latency(input, target), latency(input, input.baseline?.id)];
    const told = stated(input, target, name);
    const levels = { own: own?.[level]?.value ?? null, baseline: baseline?.[level]?.value ?? null };
    if (told !== undefined) return { ...told, ...levels };
    if (own === undefined || baseline === undefined) return undefined;
    const found = estimated(
      pairedMedian(...besides(own, baseline, what)),
      'median of differences from the baseline, round by round',
    );
    return found === undefined ? undefined : { ...found, ...levels };
  };
}

const latency = ({ latencies }: DifferencesInput, target: string | undefined): Latency | undefined =>
  latencies.find((one) => one.target === target);

/** The figure of this name that a check stated of the target. */
function figureOf({ findings }: DifferencesInput, target: string | undefined, name: QuantityId): Figure | undefined {
  return findings
    .filter((one) => one.target === target)
    .flatMap(({ figures }) => figures)
    .find((one) => one.name === name && one.value !== null);
}

function stated(input: DifferencesInput, target: string, name: QuantityId) {
  const figure = figureOf(input, target, name);
  if (figure === undefined) return undefined;
  const { value, interval, samples, how } = figure;
  return { value: value!, interval, samples, how };
}

function errorsOf(input: DifferencesInput, target: string | undefined): Estimate | undefined {
  const figure = figureOf(input, target, 'error_fraction');
  if (figure === undefined) return latency(input, target)?.errors;
  const { value, interval, samples } = figure;
  return { value: value!, low: interval?.low, high: interval?.high, n: samples };
}

const of = ({ evidence }: DifferencesInput, target: string, check: CheckId): readonly Evidence[] =>
  evidence.filter((one) => one.target === target && one.check === check);

/** Prompt tokens by round and place in it, so that the same prompts meet. */
function billedOf(input: DifferencesInput, target: string): ReadonlyMap<string, number | undefined> {
  const places = new Map<number | null, number>();
  return new Map(
    of(input, target, 'usage_accounting').map(({ round, counts }) => {
      const place = places.get(round) ?? 0;
      places.set(round, place + 1);
      return [`${round}/${place}`, counts === null ? undefined : promptTokens(counts)];
    }),
  );
}

interface CachedShare {
  readonly value: number;
  readonly samples: number;
}

/** Of all calls but the first, the one with the largest share: a cache may need a moment. */
function cachedOf(input: DifferencesInput, target: string | undefined): CachedShare | undefined {
  if (target === undefined) return undefined;
  const figure = figureOf(input, target, 'cache_read_fraction');
  if (figure !== undefined) return { value: figure.value!, samples: figure.samples };
  const shares = of(input, target, 'prompt_cache')
    .slice(1)
    .flatMap(({ counts }) =>
      counts === null || promptTokens(counts) === 0 ? [] : [counts.cache_read_tokens / promptTokens(counts)],
    );
  return shares.length === 0 ? undefined : { value: Math.max(...shares), samples: shares.length };
}

function estimated(estimate: Estimate | undefined, how: string): Found | undefined {
  if (estimate === undefined) return undefined;
  const { value, low, high, n } = estimate;
  return { value, interval: intervalOf(low, high), samples: n, own: null, baseline: null, how };
}

const intervalOf = (low: number | undefined, high: number | undefined): Interval | null =>
  low === undefined || high === undefined ? null : { low, high, level: LEVEL };

function less(estimate: Estimate | undefined, by: number): Estimate | undefined {
  if (estimate === undefined) return undefined;
  const { value, low, high, n } = estimate;
  return {
    value: value - by,
    low: low === undefined ? undefined : low - by,
    high: high === undefined ? undefined : high - by,
    n,
  };
}

export function shareDifference(own: Estimate, baseline: Estimate): Pick<Difference, 'value' | 'interval'> {
  const value = own.value - baseline.value;
  if (own.low === undefined || own.high === undefined || baseline.low === undefined || baseline.high === undefined)
    return { value, interval: null };
  return {
    value,
    interval: {
      low: value - Math.hypot(own.value - own.low, baseline.high - baseline.value),
      high: value + Math.hypot(own.high - own.value, baseline.value - baseline.low),
      level: LEVEL,
    },
  };
}
