/**
 * The records inside a JSON value. Interfaces answer in pages, pages hold buckets, buckets hold results; OpenTelemetry files
 * hold resources, scopes and spans. Each innermost object is a record and inherits what stands once around it.
 *
 * It knows envelopes by their key alone. An object that counts tokens or names a model is a record, whatever lists it holds.
 */
import { isRecord, type JsonRecord } from './json-path.ts';

export interface Unnested {
  readonly records: readonly JsonRecord[];
  /** Items of a list that are no objects, and values that are none. */
  readonly others: number;
  /** A page says that more pages follow. */
  readonly has_more: boolean;
  /** Whether there was anything to take apart. */
  readonly is_envelope: boolean;
}

/** Keys under which pages, buckets and queries hold a list of records. */
const LISTS = [
  'data',
  'results',
  'result',
  'observations',
  'resourceSpans',
  'resource_spans',
  'scopeSpans',
  'scope_spans',
  'instrumentationLibrarySpans',
  'spans',
  'rows',
  'items',
  'records',
  'logs',
  'hits',
] as const;

/** Keys that may hold one record, or a further envelope, if nothing else stands beside it. */
const WRAPPERS = ['data', 'result', 'hits', '_source'] as const;

/** What a page says of itself alone; no record inherits it. */
const PAGING: ReadonlySet<string> = new Set([
  'object',
  'has_more',
  'hasMore',
  'next_page',
  'nextPage',
  'next_cursor',
  'nextCursor',
  'next_page_token',
  'nextPageToken',
  'cursor',
  'first_id',
  'last_id',
  'page',
  'limit',
  'total',
  'count',
  'success',
  'errors',
  'messages',
  'result_info',
  'meta',
  'links',
  'took',
  'timed_out',
  'max_score',
  '_shards',
  '_index',
  '_id',
  '_score',
  '_type',
]);

/** Objects nested deeper than this are no envelopes. */
const MOST_DEPTH = 8;

/** Described by key, so that they reach spans although they are no scalars. */
const INHERITED_OBJECTS = ['resource', 'scope'] as const;

/** The records of one JSON value, innermost objects first to last. */
export const recordsOf = (value: unknown): readonly JsonRecord[] => unnest(value).records;

export function unnest(value: unknown): Unnested {
  if (isRecord(value) && envelopeKey(value) === undefined)
    return { records: [withAttributes(value)], others: 0, has_more: false, is_envelope: false };
  const found = { records: [] as JsonRecord[], others: 0, has_more: false, is_envelope: true };
  const walk = (inner: unknown, inherited: JsonRecord, depth: number): void => {
    if (!isRecord(inner)) {
      if (Array.isArray(inner) && depth < MOST_DEPTH) for (const item of inner) walk(item, inherited, depth + 1);
      else found.others++;
      return;
    }
    const key = depth < MOST_DEPTH ? envelopeKey(inner) : undefined;
    if (key === undefined) {
      found.records.push(merged(inherited, withAttributes(inner)));
      return;
    }
    if (inner.has_more === true || inner.hasMore === true) found.has_more = true;
    const own = merged(inherited, heirlooms(inner, key));
    const content = inner[key];
    if (Array.isArray(content)) for (const item of content) walk(item, own, depth + 1);
    else walk(content, own, depth + 1);
  };
  walk(value, {}, 0);
  return found;
}

function envelopeKey(record: JsonRecord): string | undefined {
  for (const key of LISTS) {
    const list = record[key];
    if (!Array.isArray(list) || !Object.hasOwn(record, key) || !list.every(isRecord)) continue;
    return isRequest(record) ? undefined : key;
  }
  for (const key of WRAPPERS) {
    const inner = record[key];
    if (!Object.hasOwn(record, key) || !isRecord(inner)) continue;
    if (Object.keys(record).every((other) => other === key || PAGING.has(other))) return key;
  }
  return undefined;
}

/** An answer to an embedding request holds a list under `data` too, beside its model and its usage; a span has its logs. */
const isRequest = (record: JsonRecord): boolean => Object.keys(record).some((key) => OF_REQUESTS.test(key));

const OF_REQUESTS = /^(?:model|usage|span_?id)$|^(?!total).*tokens|_length$/i;

function heirlooms(envelope: JsonRecord, key: string): JsonRecord {
  const kept: [string, unknown][] = [];
  for (const [name, value] of Object.entries(envelope))
    if (name !== key && !PAGING.has(name) && (typeof value !== 'object' || value === null)) kept.push([name, value]);
  for (const name of INHERITED_OBJECTS) {
    const value = envelope[name];
    if (isRecord(value)) kept.push([name, withAttributes(value)]);
  }
  return Object.fromEntries(kept);
}

function merged(outer: JsonRecord, inner: JsonRecord): JsonRecord {
  for (const _ in outer) return { ...outer, ...inner };
  return inner;
}

/** `attributes` as OpenTelemetry writes them, [{key, value: {stringValue}}], as an object of plain values. */
function withAttributes(record: JsonRecord): JsonRecord {
  const { attributes } = record;
  return Array.isArray(attributes) && attributes.every(isKeyValue)
    ? { ...record, attributes: fromKeyValues(attributes) }
    : record;
}

interface KeyValue {
  readonly key: string;
  readonly value?: unknown;
}

const isKeyValue = (item: unknown): item is KeyValue => isRecord(item) && typeof item.key === 'string';

const fromKeyValues = (list: readonly KeyValue[]): JsonRecord =>
  Object.fromEntries(list.map(({ key, value }) => [key, plain(value)]));

/** A whole number beyond 2^53 stays a text, as it came. */
function plain(value: unknown): unknown {
  if (!isRecord(value)) return value;
  if ('intValue' in value) {
    const number = Number(value.intValue);
    return Number.isSafeInteger(number) ? number : value.intValue;
  }
  for (const kind of ['stringValue', 'doubleValue', 'boolValue', 'bytesValue'] as const)
    if (kind in value) return value[kind];
  const { arrayValue, kvlistValue } = value;
  if (isRecord(arrayValue)) return Array.isArray(arrayValue.values) ? arrayValue.values.map(shallow) : [];
  if (isRecord(kvlistValue) && Array.isArray(kvlistValue.values) && kvlistValue.values.every(isKeyValue))
    return Object.fromEntries(kvlistValue.values.map(({ key, value: inner }) => [key, shallow(inner)]));
  return undefined;
}

/** No attribute that prices anything lies deeper. */
const shallow = (value: unknown): unknown =>
  isRecord(value) && ('arrayValue' in value || 'kvlistValue' in value) ? undefined : plain(value);
