/**
 * Rolls requests up into a usage table: integer sums by hour, model, feature, context band and service tier.
 *
 * `assign` decides each request's model and `edges` its band; both come from the caller, so that nothing here knows of
 * prices. Any order or split of a trace gives the same table, once parts are merged. Integers stay exact or it throws.
 */

import { COUNT_METERS, type Counts, isEmpty, promptTokens, SERVICE_TIERS } from '../meters.ts';
import { LABEL_FIELDS, type TraceRequest } from '../trace/request.ts';
import { byText, MS_PER_HOUR } from '../units.ts';
import { exact } from './exact.ts';
import type { GroupedUsage } from './grouped.ts';
import { BANDS_AND_TIERS, LabelRollup, MAX_BANDS } from './label-rollup.ts';
import { RequestsPerMinute } from './requests-per-minute.ts';
import { Addends, noSums, SumRows } from './sum-rows.ts';
import type { Buckets, UsageKey, UsageRow, UsageTable } from './table.ts';

/** The model of requests that name none and have none assigned. */
export const UNASSIGNED = 'unassigned';

/** Inclusive lower edges of bands, in prompt tokens, by model. A model without edges has one band. */
export type Edges = Readonly<Record<string, readonly number[]>>;

export interface RollupOptions {
  readonly edges?: Edges;
  /** The model under which a request counts; undefined counts as UNASSIGNED. */
  readonly assign?: (request: TraceRequest) => string | undefined;
  /** Whether to sum by team, user and agent too. Default true. */
  readonly labels?: boolean;
}

export interface Rollup {
  /** A request, or a bucket of them. */
  add(request: TraceRequest): void;
  /** What an engine has summed from requests, with the bands in which their prompts lay. */
  addGrouped(grouped: GroupedUsage): void;
  table(): UsageTable;
}

/** The model that a request names itself: `seller/model`, or `model` where it names no seller. */
export const ownModel = ({ seller, model }: TraceRequest): string | undefined =>
  model === undefined || seller === undefined ? model : `${seller}/${model}`;

/** The band of a prompt: how many edges lie at or below it. */
export function bandOf(prompt_tokens: number, edges: readonly number[]): number {
  let band = 0;
  while (band < edges.length && prompt_tokens >= edges[band]!) band++;
  return band;
}

export { exact, MAX_BANDS };

export function createRollup({
  edges = {},
  assign = ownModel,
  labels: tellsLabels = true,
}: RollupOptions = {}): Rollup {
  checkEdges(edges);
  const cells = new Map<string, Map<string, Packed>>();
  const labels = new LabelRollup();
  const addends = new Addends();
  const sums = new SumRows();
  const newRow = (): number => sums.take();
  const minutes = new RequestsPerMinute();
  let from_ms = Number.POSITIVE_INFINITY;
  let until_ms = Number.NEGATIVE_INFINITY;
  let failed = 0;
  let buckets: Buckets | undefined;

  const stretch = (from: number, until: number): void => {
    if (from < from_ms) from_ms = from;
    if (until > until_ms) until_ms = until;
  };
  const packedOf = (model: string, feature: string): Packed => {
    const features = inner(cells, model, newMap<string, Packed>);
    let packed = features.get(feature);
    if (packed === undefined) {
      packed = {
        base: labels.baseOf(model, feature),
        edges: edges[model],
        hours: new Map(),
        last_key: Number.NaN,
        last_row: 0,
      };
      features.set(feature, packed);
    }
    return packed;
  };
  const bandAndTier = (request: TraceRequest, { edges: modelEdges }: Packed): number => {
    const tier = SERVICE_TIERS.indexOf(request.tier);
    if (modelEdges === undefined) return tier;
    const prompt = request.context_from_tokens ?? (request.until_ms === undefined ? promptTokens(request) : 0);
    return bandOf(prompt, modelEdges) * SERVICE_TIERS.length + tier;
  };
  const count = (request: TraceRequest, requests: number, isAlone = true): void => {
    if (failedUnused(request)) {
      failed += requests;
      return;
    }
    const packed = packedOf(assign(request) ?? UNASSIGNED, request.feature ?? '');
    const within = bandAndTier(request, packed);
    const hour = Math.floor(request.time_ms / MS_PER_HOUR);
    addends.read(request, requests);
    const key = hour * BANDS_AND_TIERS + within;
    if (key !== packed.last_key) {
      packed.last_row = inner(packed.hours, key, newRow);
      packed.last_key = key;
    }
    sums.add(packed.last_row, addends);
    if (tellsLabels && isAlone) labels.count(request, addends, packed.base + within);
  };
  const labelKey = (request: TraceRequest): number => {
    const packed = packedOf(assign(request) ?? UNASSIGNED, request.feature ?? '');
    return packed.base + bandAndTier(request, packed);
  };

  return {
    add(request) {
      const { time_ms, until_ms: end, requests } = request;
      if (end === undefined && requests === 1) {
        stretch(time_ms, time_ms + 1);
        minutes.add(time_ms);
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
    addGrouped({ groups, window, requests_per_minute, labels: byLabel }) {
      if (window !== undefined) stretch(window.from_ms, window.until_ms);
      minutes.addAll(requests_per_minute);
      for (const group of groups) count(group, group.requests ?? 0, false);
      for (const field of tellsLabels ? LABEL_FIELDS : []) {
        const grouped = byLabel?.[field];
        if (grouped !== undefined) labels.addGrouped(field, grouped, labelKey);
      }
    },
    table: () => ({
      edges,
      rows: [...rowsOf(cells, sums)].sort(byKey),
      window: until_ms < from_ms ? undefined : { from_ms, until_ms },
      failed_requests: failed,
      requests_per_minute: minutes.rising(),
      ...(buckets === undefined ? {} : { buckets }),
      ...labels.tables(),
    }),
  };
}

/** A failure that used nothing; a failure that did use something is billed like any other request. */
const failedUnused = (request: TraceRequest): boolean =>
  request.status !== undefined && request.status >= 400 && isEmpty(request);

function checkEdges(edges: Edges): void {
  for (const [model, list] of Object.entries(edges)) {
    if (list.length >= MAX_BANDS) throw new Error(`${model} has ${list.length} band edges, more than ${MAX_BANDS - 1}`);
    if (list.some((edge, i) => !(edge > 0) || (i > 0 && edge <= list[i - 1]!)))
      throw new Error(`band edges of ${model} do not rise from above 0: ${list.join(', ')}`);
  }
}

/** Usage of a model and a feature, and the number from which on keys of its labels lie. */
interface Packed {
  readonly base: number;
  readonly edges: readonly number[] | undefined;
  /** By hour, band and tier in one number: the row of their sums. */
  readonly hours: Map<number, number>;
  /** Requests of an hour mostly follow each other. */
  last_key: number;
  last_row: number;
}

function* rowsOf(cells: ReadonlyMap<string, ReadonlyMap<string, Packed>>, sums: SumRows): Generator<UsageRow> {
  for (const [model, features] of cells)
    for (const [feature, { hours }] of features)
      for (const [key, row] of hours) {
        const tier = SERVICE_TIERS[key % SERVICE_TIERS.length]!;
        const hourAndBand = Math.floor(key / SERVICE_TIERS.length);
        yield {
          hour: Math.floor(hourAndBand / MAX_BANDS),
          model,
          feature,
          band: hourAndBand % MAX_BANDS,
          tier,
          ...sums.read(row),
        };
      }
}

const newMap = <K, V>(): Map<K, V> => new Map();

function inner<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}

/** Hour, model, feature, band, tier. */
export const byKey = (a: UsageKey, b: UsageKey): number =>
  a.hour - b.hour ||
  byText(a.model, b.model) ||
  byText(a.feature, b.feature) ||
  a.band - b.band ||
  SERVICE_TIERS.indexOf(a.tier) - SERVICE_TIERS.indexOf(b.tier);

/** Token counts and requests over all rows. */
export function totals(table: UsageTable): Counts & { readonly requests: number } {
  const sums = noSums();
  for (const row of table.rows) {
    sums.requests += row.requests;
    for (const meter of COUNT_METERS) sums[meter] = exact(sums[meter] + row[meter], meter);
  }
  return sums;
}
