/**
 * Requests of a plain spec: a Poisson number in each hour, log-normal sizes, every draw on its own. The number of requests
 * varies with the seed as a Poisson process does.
 *
 *   rate of a class in an hour = requests_per_hour x share x weight of the hour / mean weight
 *   arrivals: Poisson within each hour; sizes: exp(mu + sigma Z), mu = ln p50, sigma = ln(p95 / p50) / 1.6449,
 *   rounded, at least 1
 *
 * Example: p50 350 and p95 1,200 tokens have mean exp(mu + sigma^2 / 2) = 463.3. Each class draws from streams of its own.
 */
import { Z95 } from '../distribution.ts';
import { type Random, substream } from '../random.ts';
import { ABSENT } from '../trace/adapter.ts';
import type { TraceRequest } from '../trace/request.ts';
import { MS_PER_HOUR } from '../units.ts';
import { named, person } from './mix.ts';
import { durationHours, hourWeights, startMs } from './profile.ts';
import type { LogNormalTokens, RequestClass, WorkloadSpec } from './schema.ts';

/** Whether a spec says no more than a rate, a profile and log-normal sizes. */
export const isPlain = (spec: WorkloadSpec): boolean =>
  spec.requests_per_hour !== undefined &&
  spec.start.length === 10 &&
  Number.isInteger(durationHours(spec)) &&
  [spec.arrivals, spec.bursts, spec.growth, spec.rates].every((key) => key === undefined) &&
  spec.classes.every(
    (one) =>
      [one.arrivals, one.models, one.rank_correlation, one.prompts, one.prefixes, one.reasoning_share].every(
        (key) => key === undefined,
      ) &&
      'p50' in one.input_tokens &&
      'p50' in one.output_tokens,
  );

export function* hourlyPoisson(spec: WorkloadSpec, seed: number): Generator<TraceRequest> {
  const start_ms = startMs(spec);
  const sources = spec.classes.map((requests, index) => source(spec, requests, seed, index));
  for (let hour = 0; hour < durationHours(spec); hour++) {
    const made = sources.flatMap((inHour) => inHour(hour, start_ms + hour * MS_PER_HOUR));
    yield* made.sort((a, b) => a.time_ms - b.time_ms);
  }
}

/** The requests of one class in an hour that starts at `from_ms`; hours must be asked for in order. */
function source(spec: WorkloadSpec, requests: RequestClass, seed: number, index: number) {
  const stream = (name: string): Random => substream(seed, `workload/${index}/${requests.feature}/${name}`);
  const [arrivals, sizes, people] = [stream('arrivals'), stream('sizes'), stream('people')];
  const weights = hourWeights(spec, requests);
  const mean_weight = weights.reduce((total, weight) => total + weight, 0) / weights.length;
  const per_weight = (spec.requests_per_hour! * requests.share) / mean_weight;

  return (hour: number, from_ms: number): TraceRequest[] => {
    const rate = per_weight * weights[hour]!;
    const made: TraceRequest[] = [];
    if (rate === 0) return made;
    for (let at = arrivals.exponential() / rate; at < 1; at += arrivals.exponential() / rate) {
      const prompt = size(requests.input_tokens as LogNormalTokens, sizes);
      const cached = Math.floor(prompt * requests.cache_read_share);
      made.push({
        ...ABSENT,
        ...named(requests.model),
        time_ms: from_ms + Math.floor(at * MS_PER_HOUR),
        tier: requests.tier,
        feature: requests.feature,
        input_tokens: prompt - cached,
        cache_read_tokens: cached,
        output_tokens: size(requests.output_tokens as LogNormalTokens, sizes),
        ...person(requests, people),
      });
    }
    return made;
  };
}

function size({ p50, p95 }: LogNormalTokens, random: Random): number {
  const sigma = Math.log(p95 / p50) / Z95;
  return Math.max(1, Math.round(p50 * Math.exp(sigma * random.normal())));
}
