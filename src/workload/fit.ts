/**
 * One workload spec for a trace: a class for each feature and tier, lengths as tables, model mixes by share, and the
 * arrivals that reproduce it best (fit-arrivals.ts). Takes a sample, gives a spec that `synthesise` reads.
 *
 * Beyond the largest classes the rest becomes one, named "other". Windows of a day and more give each class a daily profile
 * of its own relative to all. The window ends one mean gap after the last request.
 * Not fitted: prompts that repeat, shared prefixes, growth, who is busy among users.
 */
import type { ServiceTier } from '../meters.ts';
import { MS_PER_DAY, MS_PER_HOUR } from '../units.ts';
import { type FittedArrivals, fitArrivals } from './fit-arrivals.ts';
import { fitTable } from './fit-table.ts';
import type { WorkloadSpecInput } from './schema.ts';
import { rankCorrelation } from './statistics.ts';
import type { FittedSample, Kind } from './trace-sample.ts';

export interface Fit {
  readonly spec: WorkloadSpecInput;
  /** The arrivals that were taken, then the others, best first. */
  readonly tried: readonly FittedArrivals[];
}

export interface FitOptions {
  /** Features and tiers that get a class of their own. Default 8. */
  readonly max_classes?: number;
  readonly peopleOf?: (feature: string | undefined) => { readonly users: number; readonly teams: number };
}

export const NO_FEATURE = 'requests';
const OTHER = 'other';

/** Throws an Error below three requests or without any time between them: ask first. */
export function fitWorkload(sample: FittedSample, { max_classes = 8, peopleOf }: FitOptions = {}): Fit {
  const { times_ms } = sample;
  const requests = times_ms.length;
  const between_ms = (times_ms.at(-1) ?? 0) - (times_ms[0] ?? 0);
  if (requests < 3 || !(between_ms > 0)) throw new Error('too few requests to fit');
  const start_ms = Math.floor(times_ms[0]!);
  const duration_hours = Number(((between_ms * requests) / (requests - 1) / MS_PER_HOUR).toPrecision(10));
  const duration_ms = duration_hours * MS_PER_HOUR;

  const groups = groupsOf(sample.kinds, max_classes);
  const indices = groups.map(() => [] as number[]);
  const groupOf = sample.kinds.map((kind) => groups.findIndex(({ kinds }) => kinds.includes(kind)));
  sample.kinds_of.forEach((kind, i) => {
    indices[groupOf[kind]!]!.push(i);
  });
  const timesOf = (own: readonly number[]): Float64Array => Float64Array.from(own, (i) => times_ms[i]! - start_ms);
  const tried = fitArrivals(indices.map(timesOf), duration_ms);
  const [best] = tried as [FittedArrivals, ...FittedArrivals[]];

  const shares = roundedShares(groups.map(({ kinds }) => requestsOf(kinds)));
  const hours = hoursOfDay(times_ms);
  const classes = groups.map(({ feature, tier, kinds }, g) => {
    const own = indices[g]!;
    const [input, output] = [sample.input_tokens, sample.output_tokens].map((column) =>
      Float64Array.from(own, (i) => column[i]!),
    ) as [Float64Array, Float64Array];
    const correlation = rankCorrelation(input, output);
    const people = feature === OTHER ? undefined : peopleOf?.(kinds[0]!.feature);
    return {
      feature,
      share: shares[g]!,
      ...(tier === 'standard' ? {} : { tier }),
      ...modelsOf(kinds),
      ...(people === undefined || people.users === 0 ? {} : { users: people.users }),
      ...(people === undefined || people.teams === 0 ? {} : { teams: people.teams }),
      ...shareOf('cache_read_share', kinds, 'cached_tokens', 'prompt_tokens'),
      ...shareOf('reasoning_share', kinds, 'reasoning_tokens', 'answer_tokens'),
      ...(correlation === undefined ? {} : { rank_correlation: Number(correlation.toFixed(4)) }),
      ...(groups.length > 1 ? { arrivals: best.arrivals[g]! } : {}),
      ...(groups.length > 1 && duration_ms >= MS_PER_DAY
        ? { daily_profile: profileAgainst(hoursOfDay(timesAt(times_ms, own)), hours, own.length / requests) }
        : {}),
      input_tokens: fitTable(input),
      output_tokens: fitTable(output),
    };
  });
  const spec: WorkloadSpecInput = {
    start: new Date(start_ms).toISOString(),
    duration_hours,
    requests,
    ...(groups.length > 1 ? {} : { arrivals: best.arrivals[0]! }),
    ...(best.rates === undefined
      ? {}
      : { rates: { ...best.rates, requests_per_second: [...best.rates.requests_per_second] } }),
    classes,
  };
  return { spec, tried };
}

interface Group {
  readonly feature: string;
  readonly tier: ServiceTier;
  readonly kinds: readonly Kind[];
}

/** By feature and tier, largest first. */
function groupsOf(kinds: readonly Kind[], max_classes: number): Group[] {
  const groups = new Map<string, Kind[]>();
  for (const kind of kinds) {
    const key = JSON.stringify([kind.feature, kind.tier]);
    groups.set(key, [...(groups.get(key) ?? []), kind]);
  }
  const sorted = [...groups.values()]
    .map((own) => ({ feature: own[0]!.feature ?? NO_FEATURE, tier: own[0]!.tier, kinds: own }))
    .sort((a, b) => requestsOf(b.kinds) - requestsOf(a.kinds));
  if (sorted.length <= max_classes) return sorted;
  const rest = sorted.slice(max_classes - 1);
  return [
    ...sorted.slice(0, max_classes - 1),
    { feature: OTHER, tier: rest[0]!.tier, kinds: rest.flatMap((g) => g.kinds) },
  ];
}

const requestsOf = (kinds: readonly Kind[]): number => kinds.reduce((total, kind) => total + kind.requests, 0);

/** The mix, if any request names a model; requests without one take part in none. */
function modelsOf(kinds: readonly Kind[]): { model?: string; models?: { model: string; share: number }[] } {
  const counts = new Map<string, number>();
  for (const { model, requests } of kinds)
    if (model !== undefined) counts.set(model, (counts.get(model) ?? 0) + requests);
  const names = [...counts].sort(([, a], [, b]) => b - a);
  if (names.length === 0) return {};
  if (names.length === 1) return { model: names[0]![0] };
  const shares = roundedShares(names.map(([, count]) => count));
  return { models: names.map(([model], i) => ({ model, share: shares[i]! })) };
}

function shareOf<K extends string>(
  name: K,
  kinds: readonly Kind[],
  part: 'cached_tokens' | 'reasoning_tokens',
  of: 'prompt_tokens' | 'answer_tokens',
): Partial<Record<K, number>> {
  const [some, all] = [part, of].map((key) => kinds.reduce((total, kind) => total + kind[key], 0)) as [number, number];
  return some === 0 ? {} : ({ [name]: Number((some / all).toFixed(4)) } as Record<K, number>);
}

/** To nine places, the first taking what rounding leaves. */
function roundedShares(counts: readonly number[]): number[] {
  const whole = counts.reduce((total, count) => total + count, 0);
  const shares = counts.map((count) => Math.max(1e-9, Number((count / whole).toFixed(9))));
  const rest = shares.slice(1).reduce((total, share) => total + share, 0);
  return [Number((1 - rest).toFixed(9)), ...shares.slice(1)];
}

const timesAt = (times_ms: Float64Array, own: readonly number[]): Float64Array =>
  Float64Array.from(own, (i) => times_ms[i]!);

function hoursOfDay(times_ms: Float64Array): number[] {
  const hours = new Array<number>(24).fill(0);
  for (const time of times_ms) hours[Math.floor((time % MS_PER_DAY) / MS_PER_HOUR)]!++;
  return hours;
}

/** Weights that turn the hours of all into those of a class. */
const profileAgainst = (own: readonly number[], all: readonly number[], share: number): number[] =>
  own.map((count, hour) => (all[hour] === 0 ? 0 : Number((count / all[hour]! / share).toPrecision(4))));
