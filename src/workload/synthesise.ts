/**
 * Makes up requests from a workload spec and a seed: always the same ones, in order of time.
 *
 *   rate of a class in an hour = requests_per_hour x share x weight of the hour / mean weight
 *   arrivals: Poisson within each hour; sizes: exp(mu + sigma Z), mu = ln p50, sigma = ln(p95 / p50) / 1.6449,
 *   rounded, at least 1
 *
 * Example: p50 350 and p95 1,200 tokens have mean exp(mu + sigma^2 / 2) = 463.3. Each class draws from streams of its own.
 * Not modelled: bursts within an hour, conversations, prompts that repeat.
 */
import { Z95 } from '../distribution.ts';
import { type Random, substream } from '../random.ts';
import { ABSENT } from '../trace/adapter.ts';
import type { TraceRequest } from '../trace/request.ts';
import { MS_PER_HOUR } from '../units.ts';
import { hourWeights } from './profile.ts';
import type { RequestClass, WorkloadSpec } from './schema.ts';

export function* synthesise(spec: WorkloadSpec, seed: number): Generator<TraceRequest> {
  const start_ms = Date.parse(`${spec.start}T00:00:00Z`);
  const sources = spec.classes.map((requests, index) => source(spec, requests, seed, index));
  for (let hour = 0; hour < spec.duration_hours; hour++) {
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
  const per_weight = (spec.requests_per_hour * requests.share) / mean_weight;

  return (hour: number, from_ms: number): TraceRequest[] => {
    const rate = per_weight * weights[hour]!;
    const made: TraceRequest[] = [];
    if (rate === 0) return made;
    for (let at = arrivals.exponential() / rate; at < 1; at += arrivals.exponential() / rate) {
      const prompt = size(requests.input_tokens, sizes);
      const cached = Math.floor(prompt * requests.cache_read_share);
      made.push({
        ...ABSENT,
        ...named(requests.model),
        time_ms: from_ms + Math.floor(at * MS_PER_HOUR),
        tier: requests.tier,
        feature: requests.feature,
        input_tokens: prompt - cached,
        cache_read_tokens: cached,
        output_tokens: size(requests.output_tokens, sizes),
        ...person(requests, people),
      });
    }
    return made;
  };
}

/** `seller/model` taken apart at the first slash. */
function named(model: string | undefined): Partial<TraceRequest> {
  if (model === undefined) return {};
  const slash = model.indexOf('/');
  return slash < 0 ? { model } : { seller: model.slice(0, slash), model: model.slice(slash + 1) };
}

function size({ p50, p95 }: RequestClass['input_tokens'], random: Random): number {
  const sigma = Math.log(p95 / p50) / Z95;
  return Math.max(1, Math.round(p50 * Math.exp(sigma * random.normal())));
}

/** User numbers are squares of uniforms, so that the first tenth of the users makes about a third of the requests. */
function person({ users, teams }: RequestClass, random: Random): Partial<TraceRequest> {
  const user = users === undefined ? undefined : Math.floor(users * random.uniform() ** 2);
  const team = teams === undefined ? undefined : (user ?? random.integer(teams)) % teams;
  return {
    user: user === undefined ? undefined : `user-${String(user + 1).padStart(3, '0')}`,
    team: team === undefined ? undefined : `team-${team + 1}`,
  };
}
