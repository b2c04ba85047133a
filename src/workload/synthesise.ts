/**
 * Makes up requests from a workload spec and a seed: always the same ones, in order of time, one by one, so that memory
 * does not grow with their number.
 *
 * A plain spec (hourly-poisson.ts) has a random number of requests, each drawn on its own. Any other has exactly the
 * number that it states, block by block with stratified gaps and lengths, so that its totals hardly move with the seed.
 * Each class, and in it each concern (gaps, inputs, outputs, prompts, models, people), draws from a stream of its own.
 */
import { inputError } from '../errors.ts';
import { type Random, substream } from '../random.ts';
import { ABSENT } from '../trace/adapter.ts';
import type { TraceRequest } from '../trace/request.ts';
import { apportion, arrivals } from './arrivals.ts';
import { gapQuantile } from './gaps.ts';
import { hourlyPoisson, isPlain } from './hourly-poisson.ts';
import { type Burst, burstsOf, intensityOf, requestsOfRates } from './intensity.ts';
import { inverseOf } from './inverse.ts';
import { lengths, outputsFor } from './lengths.ts';
import { modelMix, person } from './mix.ts';
import { durationHours, startMs } from './profile.ts';
import { prompts } from './prompts.ts';
import type { RequestClass, Tokens, WorkloadSpec } from './schema.ts';

export function* synthesise(spec: WorkloadSpec, seed: number): Generator<TraceRequest> {
  if (isPlain(spec)) yield* hourlyPoisson(spec, seed);
  else yield* inOrder(classSources(spec, seed));
}

/** Requests of each class: what the spec states, or its mean rate over the window, in whole numbers. */
export function requestCounts(spec: WorkloadSpec): number[] {
  const stated =
    spec.requests ??
    (spec.requests_per_hour === undefined ? requestsOfRates(spec) : spec.requests_per_hour * durationHours(spec));
  return apportion(
    Math.round(stated),
    spec.classes.map(({ share }) => share),
  );
}

/** The times of one class, in blocks, milliseconds after the start. */
export function classTimes(
  spec: WorkloadSpec,
  index: number,
  requests: number,
  bursts: readonly Burst[],
  seed: number,
): Generator<Float64Array> {
  const own = spec.classes[index]!;
  const intensity = intensityOf(spec, own, bursts);
  if (intensity === undefined)
    throw inputError(
      'WORKLOAD',
      `classes[${index}]`,
      'profile, rates and bursts together leave no time at which requests come',
    );
  const gap = gapQuantile(own.arrivals ?? spec.arrivals ?? { process: 'poisson' });
  return arrivals(requests, gap, intensity, substream(seed, `workload/${index}/${own.feature}/gaps`));
}

export const workloadBursts = (spec: WorkloadSpec, seed: number): Burst[] =>
  burstsOf(spec, substream(seed, 'workload/bursts'));

function classSources(spec: WorkloadSpec, seed: number): Generator<TraceRequest>[] {
  const bursts = workloadBursts(spec, seed);
  const counts = requestCounts(spec);
  return spec.classes.map((requests, index) =>
    ofClass(spec, requests, index, classTimes(spec, index, counts[index]!, bursts, seed), seed),
  );
}

function* ofClass(
  spec: WorkloadSpec,
  requests: RequestClass,
  index: number,
  blocks: Iterable<Float64Array>,
  seed: number,
): Generator<TraceRequest> {
  const stream = (name: string): Random => substream(seed, `workload/${index}/${requests.feature}/${name}`);
  const [inputDraws, outputDraws, people] = [stream('inputs'), stream('outputs'), stream('people')];
  const input = inverseOf(requests.input_tokens);
  const output = inverseOf(requests.output_tokens);
  const asked = prompts(
    requests,
    input,
    least(requests.input_tokens),
    { index, of: spec.classes.length },
    { prompts: stream('prompts'), prefixes: stream('prefixes') },
  );
  const models = modelMix(requests, stream('models'));
  const start_ms = startMs(spec);
  const last_ms = Math.ceil(start_ms + durationHours(spec) * 3_600_000) - 1;

  for (const times of blocks) {
    const numbers = asked.next(times.length);
    const inputs =
      asked.lengthOf === undefined
        ? lengths(times.length, input, least(requests.input_tokens), inputDraws)
        : numbers.map(asked.lengthOf);
    const outputs = outputsFor(
      inputs,
      output,
      least(requests.output_tokens),
      requests.rank_correlation ?? 0,
      outputDraws,
    );
    const names = models(times.length);
    for (let i = 0; i < times.length; i++) {
      const cached = Math.floor(inputs[i]! * requests.cache_read_share);
      const reasoning = Math.floor(outputs[i]! * (requests.reasoning_share ?? 0));
      yield {
        ...ABSENT,
        ...names[i]!,
        time_ms: Math.min(last_ms, Math.floor(start_ms + times[i]!)),
        tier: requests.tier,
        feature: requests.feature,
        input_tokens: inputs[i]! - cached,
        cache_read_tokens: cached,
        output_tokens: outputs[i]! - reasoning,
        reasoning_tokens: reasoning,
        hash_chain: asked.chainOf?.(numbers[i]!, inputs[i]!),
        ...person(requests, people),
      };
    }
  }
}

/** Log-normal lengths are at least one token; a table may hold zeros of its own. */
const least = (tokens: Tokens): number => ('p50' in tokens ? 1 : 0);

/** Merges sources that are each in order of time; of requests at the same time that of the first class comes first. */
function* inOrder(sources: readonly Generator<TraceRequest>[]): Generator<TraceRequest> {
  const heads = sources.map((source) => source.next());
  for (;;) {
    let first = -1;
    for (let i = 0; i < heads.length; i++) {
      if (heads[i]!.done) continue;
      if (first < 0 || heads[i]!.value.time_ms < heads[first]!.value.time_ms) first = i;
    }
    if (first < 0) return;
    yield heads[first]!.value;
    heads[first] = sources[first]!.next();
  }
}
