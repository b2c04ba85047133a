/**
 * A trace as columns, for fitting: collects requests, puts them in order of time, and spreads coarse clocks.
 *
 * A clock is coarse if all times are whole multiples of a step of 100 ms or more and some requests share one; each request
 * is then moved to a random place in its step. Requests that used nothing are counted and left out, as are rows that sum
 * several requests, of which nothing can be told. Memory grows with the rows.
 */
import { answerTokens, isEmpty, promptTokens, type ServiceTier } from '../meters.ts';
import type { Random } from '../random.ts';
import type { TraceRequest } from '../trace/request.ts';
import type { Sample } from './statistics.ts';
import { orderOf } from './strata.ts';

export interface FittedSample extends Sample {
  /** Index into `kinds` of each request. */
  readonly kinds_of: Float64Array;
  readonly kinds: readonly Kind[];
  /** Step of the clock that was spread, 0 if it is fine enough. */
  readonly clock_step_ms: number;
  readonly unused: number;
  readonly summed: number;
}

/** Requests that are told apart: same feature, tier and model. */
export interface Kind {
  readonly feature: string | undefined;
  readonly tier: ServiceTier;
  readonly model: string | undefined;
  requests: number;
  prompt_tokens: number;
  cached_tokens: number;
  answer_tokens: number;
  reasoning_tokens: number;
}

export class TraceSample {
  private readonly times = new Column();
  private readonly inputs = new Column();
  private readonly outputs = new Column();
  private readonly kindOf = new Column();
  private readonly kinds: Kind[] = [];
  private readonly places = new Map<string, number>();
  private readonly people = new Map<string, { users: Set<string>; teams: Set<string> }>();
  private unused = 0;
  private summed = 0;

  add(request: TraceRequest): void {
    if (request.requests !== 1) {
      this.summed++;
      return;
    }
    if (isEmpty(request)) {
      this.unused++;
      return;
    }
    const [prompt, answer] = [promptTokens(request), answerTokens(request)];
    const model = request.model === undefined ? undefined : [request.seller, request.model].filter(Boolean).join('/');
    const key = JSON.stringify([request.feature, request.tier, model]);
    let place = this.places.get(key);
    if (place === undefined) {
      place = this.kinds.push({ feature: request.feature, tier: request.tier, model, ...NOTHING }) - 1;
      this.places.set(key, place);
    }
    const kind = this.kinds[place]!;
    kind.requests++;
    kind.prompt_tokens += prompt;
    kind.cached_tokens += request.cache_read_tokens;
    kind.answer_tokens += answer;
    kind.reasoning_tokens += request.reasoning_tokens;
    this.seen(request);
    this.times.push(request.time_ms);
    this.inputs.push(prompt);
    this.outputs.push(answer);
    this.kindOf.push(place);
  }

  /** Distinct users and teams of a feature. */
  peopleOf(feature: string | undefined): { readonly users: number; readonly teams: number } {
    const seen = this.people.get(feature ?? '');
    return { users: seen?.users.size ?? 0, teams: seen?.teams.size ?? 0 };
  }

  finish(random: Random): FittedSample {
    const raw = this.times.values();
    const clock_step_ms = clockStep(raw);
    if (clock_step_ms > 0) for (let i = 0; i < raw.length; i++) raw[i]! += random.uniform() * clock_step_ms;
    const order = orderOf(raw);
    const sorted = (column: Float64Array): Float64Array => Float64Array.from(order, (index) => column[index]!);
    return {
      times_ms: sorted(raw),
      input_tokens: sorted(this.inputs.values()),
      output_tokens: sorted(this.outputs.values()),
      kinds_of: sorted(this.kindOf.values()),
      kinds: this.kinds,
      clock_step_ms,
      unused: this.unused,
      summed: this.summed,
    };
  }

  private seen({ feature, user, team }: TraceRequest): void {
    if (user === undefined && team === undefined) return;
    const key = feature ?? '';
    const people = this.people.get(key) ?? { users: new Set(), teams: new Set() };
    this.people.set(key, people);
    if (user !== undefined) people.users.add(user);
    if (team !== undefined) people.teams.add(team);
  }
}

const NOTHING = { requests: 0, prompt_tokens: 0, cached_tokens: 0, answer_tokens: 0, reasoning_tokens: 0 };
const COARSE_MS = 100;

/** The greatest step of which all times are multiples, if it is coarse and requests share a time; else 0. */
export function clockStep(times_ms: Float64Array): number {
  const first = times_ms[0] ?? 0;
  let step_us = 0;
  for (const time of times_ms) {
    step_us = greatestDivisor(step_us, Math.abs(Math.round((time - first) * 1000)));
    if (step_us !== 0 && step_us < COARSE_MS * 1000) return 0;
  }
  return new Set(times_ms).size === times_ms.length ? 0 : step_us / 1000;
}

function greatestDivisor(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y !== 0) [x, y] = [y, x % y];
  return x;
}

/** Numbers in a buffer that doubles. */
class Column {
  private buffer = new Float64Array(1024);
  private length = 0;

  push(value: number): void {
    if (this.length === this.buffer.length) {
      const larger = new Float64Array(2 * this.length);
      larger.set(this.buffer);
      this.buffer = larger;
    }
    this.buffer[this.length++] = value;
  }

  values(): Float64Array {
    return this.buffer.slice(0, this.length);
  }
}
