/**
 * Rolls requests up into a usage table: integer sums by hour, model, feature, context band and service tier.
 *
 * `assign` decides each request's model and `edges` its band; both come from the caller, so that nothing here knows of
 * prices. Any order or split of a trace gives the same table, once parts are merged. Integers stay exact or it throws.
 */

import { inputError } from '../errors.ts';
import {
  COUNT_METERS,
  type CountMeter,
  type Counts,
  isEmpty,
  NO_COUNTS,
  promptTokens,
  SERVICE_TIERS,
} from '../meters.ts';
import type { TraceRequest } from '../trace/request.ts';
import { byText, MS_PER_HOUR } from '../units.ts';
import type { GroupedUsage } from './grouped.ts';
import type { Buckets, UsageKey, UsageRow, UsageTable } from './table.ts';

/** The model of requests that name none and have none assigned. */
export const UNASSIGNED = 'unassigned';

/** Inclusive lower edges of bands, in prompt tokens, by model. A model without edges has one band. */
export type Edges = Readonly<Record<string, readonly number[]>>;

export interface RollupOptions {
  readonly edges?: Edges;
  /** The model under which a request counts; undefined counts as UNASSIGNED. */
  readonly assign?: (request: TraceRequest) => string | undefined;
}

export interface Rollup {
  /** A request, or a bucket of them. */
  add(request: TraceRequest): void;
  /** What an engine has summed from requests, with the bands in which their prompts lay. */
  addGrouped(grouped: GroupedUsage): void;
  table(): UsageTable;
}

type Sums = { -readonly [M in CountMeter | 'requests']: number };

const MS_PER_MINUTE = 60_000;

/** The model that a request names itself: `seller/model`, or `model` where it names no seller. */
export const ownModel = ({ seller, model }: TraceRequest): string | undefined =>
  model === undefined || seller === undefined ? model : `${seller}/${model}`;

/** The band of a prompt: how many edges lie at or below it. */
export function bandOf(prompt_tokens: number, edges: readonly number[]): number {
  let band = 0;
  while (band < edges.length && prompt_tokens >= edges[band]!) band++;
  return band;
}

export function createRollup({ edges = {}, assign = ownModel }: RollupOptions = {}): Rollup {
  checkEdges(edges);
  const cells = new Map<string, Map<string, Map<number, Sums>>>();
  const minutes = new Map<number, number>();
  let from_ms = Number.POSITIVE_INFINITY;
  let until_ms = Number.NEGATIVE_INFINITY;
  let failed = 0;
  let buckets: Buckets | undefined;

  const stretch = (from: number, until: number): void => {
    if (from < from_ms) from_ms = from;
    if (until > until_ms) until_ms = until;
  };
  const count = (request: TraceRequest, requests: number): void => {
    if (failedUnused(request)) {
      failed += requests;
      return;
    }
    const model = assign(request) ?? UNASSIGNED;
    const modelEdges = edges[model];
    const prompt = request.context_from_tokens ?? (request.until_ms === undefined ? promptTokens(request) : 0);
    const band = modelEdges === undefined ? 0 : bandOf(prompt, modelEdges);
    const hour = Math.floor(request.time_ms / MS_PER_HOUR);
    const features = inner(cells, model, newMap<string, Map<number, Sums>>);
    const sums = inner(
      inner(features, request.feature ?? '', newMap<number, Sums>),
      (hour * MAX_BANDS + band) * SERVICE_TIERS.length + SERVICE_TIERS.indexOf(request.tier),
      noSums,
    );
    sums.requests = exact(sums.requests + requests, 'requests');
    addCounts(sums, request);
  };

  return {
    add(request) {
      const { time_ms, until_ms: end, requests } = request;
      if (end === undefined && requests === 1) {
        stretch(time_ms, time_ms + 1);
        const minute = Math.floor(time_ms / MS_PER_MINUTE);
        minutes.set(minute, (minutes.get(minute) ?? 0) + 1);
      } else {
        stretch(time_ms, end ?? time_ms + 1);
        buckets = {
          longest_ms: Math.max(buckets?.longest_ms ?? 0, (end ?? time_ms) - time_ms),
          lacks_requests: (buckets?.lacks_requests ?? false) || requests === undefined,
          lacks_prompt_sizes: (buckets?.lacks_prompt_sizes ?? false) || request.context_from_tokens === undefined,
        };
      }
      count(request, requests ?? 0);
    },
    addGrouped({ groups, window, requests_per_minute }) {
      if (window !== undefined) stretch(window.from_ms, window.until_ms);
      for (const [minute, requests] of requests_per_minute) minutes.set(minute, (minutes.get(minute) ?? 0) + requests);
      for (const group of groups) count(group, group.requests ?? 0);
    },
    table: () => ({
      edges,
      rows: [...rowsOf(cells)].sort(byKey),
      window: until_ms < from_ms ? undefined : { from_ms, until_ms },
      failed_requests: failed,
      requests_per_minute: sortedByMinute(minutes),
      ...(buckets === undefined ? {} : { buckets }),
    }),
  };
}

/** A failure that used nothing; a failure that did use something is billed like any other request. */
const failedUnused = (request: TraceRequest): boolean =>
  request.status !== undefined && request.status >= 400 && isEmpty(request);

/** More bands than any price list has; part of packed keys, so checked. */
export const MAX_BANDS = 16;

function checkEdges(edges: Edges): void {
  for (const [model, list] of Object.entries(edges)) {
    if (list.length >= MAX_BANDS) throw new Error(`${model} has ${list.length} band edges, more than ${MAX_BANDS - 1}`);
    if (list.some((edge, i) => !(edge > 0) || (i > 0 && edge <= list[i - 1]!)))
      throw new Error(`band edges of ${model} do not rise from above 0: ${list.join(', ')}`);
  }
}

function* rowsOf(cells: ReadonlyMap<string, ReadonlyMap<string, ReadonlyMap<number, Sums>>>): Generator<UsageRow> {
  for (const [model, features] of cells)
    for (const [feature, packed] of features)
      for (const [key, sums] of packed) {
        const tier = SERVICE_TIERS[key % SERVICE_TIERS.length]!;
        const hourAndBand = Math.floor(key / SERVICE_TIERS.length);
        yield {
          hour: Math.floor(hourAndBand / MAX_BANDS),
          model,
          feature,
          band: hourAndBand % MAX_BANDS,
          tier,
          ...sums,
        };
      }
}

const noSums = (): Sums => ({ requests: 0, ...NO_COUNTS });

/** By the request's own fields: reading them in their order is twice as fast as asking for each meter by name. */
function addCounts(sums: Sums, request: TraceRequest): void {
  for (const field in request) {
    const count = request[field as CountMeter];
    if (count === 0 || typeof count !== 'number' || !IS_COUNT.has(field)) continue;
    sums[field as CountMeter] = exact(sums[field as CountMeter] + count, field);
  }
}

const IS_COUNT: ReadonlySet<string> = new Set(COUNT_METERS);

const newMap = <K, V>(): Map<K, V> => new Map();

function inner<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}

/** The sum, if it is still exact. */
export function exact(sum: number, what: string): number {
  if (sum > Number.MAX_SAFE_INTEGER)
    throw inputError('TRACE_TOO_LARGE', 'traffic', `the sum of ${what} passes 2^53 and would no longer be exact`);
  return sum;
}

/** Hour, model, feature, band, tier. */
export const byKey = (a: UsageKey, b: UsageKey): number =>
  a.hour - b.hour ||
  byText(a.model, b.model) ||
  byText(a.feature, b.feature) ||
  a.band - b.band ||
  SERVICE_TIERS.indexOf(a.tier) - SERVICE_TIERS.indexOf(b.tier);

export const sortedByMinute = (minutes: ReadonlyMap<number, number>): ReadonlyMap<number, number> =>
  new Map([...minutes].sort(([a], [b]) => a - b));

/** Token counts and requests over all rows. */
export function totals(table: UsageTable): Counts & { readonly requests: number } {
  const sums = noSums();
  for (const row of table.rows) {
    sums.requests += row.requests;
    for (const meter of COUNT_METERS) sums[meter] = exact(sums[meter] + row[meter], meter);
  }
  return sums;
}
