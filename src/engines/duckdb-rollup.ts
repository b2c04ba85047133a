/**
 * The roll-up of compiled requests as one DuckDB statement, and its result as groups: one scan, with hours, minutes and the
 * labels of who used it as grouping sets. Takes a SELECT of compile-sql.ts.
 *
 * Sums are 128 bits wide there; one that JavaScript's numbers can't hold is an error. Only numbers and the keys of groups
 * come back, nothing by row.
 */
import type { DuckDBConnection } from '@duckdb/node-api';
import { inputError } from '../errors.ts';
import { COUNT_METERS, type CountMeter, METERS, type ServiceTier, TOKEN_METERS } from '../meters.ts';
import { ABSENT, type Adapter, type RequestField } from '../trace/adapter.ts';
import { LABEL_FIELDS, type LabelField, type TraceRequest, type Window } from '../trace/request.ts';
import { quoted } from '../trace/sql-tables.ts';
import { MS_PER_HOUR, MS_PER_MINUTE } from '../units.ts';
import { LabelSums } from '../usage/label-sums.ts';
import { Addends } from '../usage/sum-rows.ts';
import { type CellOf, eachRow } from './duckdb-stream.ts';

export interface RollupQuery {
  /** SELECT of request fields, `reject` and `skip`, whose texts may be untrimmed. */
  readonly select: string;
  readonly adapter: Adapter;
  /** Fields that vary; the others are as the adapter says. */
  readonly fields: ReadonlySet<RequestField>;
  readonly edges: readonly number[];
  readonly sizes: boolean;
}

/** What the rows of a file amount to; sums into maps that the caller owns. */
export class RollupTotals {
  readonly groups: TraceRequest[] = [];
  readonly minutes = new Map<number, number>();
  readonly prompt = new Map<number, number>();
  readonly answer = new Map<number, number>();
  readonly skipped = new Map<string, number>();
  readonly labels = new Map<LabelField, LabelSums<number>>();
  /** Kinds of requests that labels used, by a hash. */
  readonly kinds = new Map<number, TraceRequest>();
  /** Two kinds have one hash, so that the labels can't be trusted. */
  has_clash = false;
  window: Window | undefined;
  requests = 0;
  rejected = 0;
  buckets = 0;
}

const MOST = Number.MAX_SAFE_INTEGER;
const REJECT = 1;
const SKIP = 2;
const BUCKET = 3;

const KEYS = ['seller', 'model', 'feature', 'tier'] as const;

/** Whole periods; `//` alone rounds towards zero, and before 1970 that is up. */
const floored = (time: string, period: number): string =>
  `CASE WHEN ${time} >= 0 THEN ${time} // ${period} ELSE (${time} - ${period - 1}) // ${period} END`;

const sumOf = (meters: readonly CountMeter[]): string => (meters.length === 0 ? '0' : meters.join(' + '));

export const mayHoldBuckets = ({ adapter, fields }: Pick<RollupQuery, 'adapter' | 'fields'>): boolean =>
  fields.has('until_ms') ||
  fields.has('requests') ||
  Object.hasOwn(adapter.constants ?? {}, 'until_ms') ||
  Object.hasOwn(adapter.constants ?? {}, 'requests');

/** Condition under which a row sums requests. */
export const IS_BUCKET = '(until_ms IS NOT NULL OR requests IS DISTINCT FROM 1)';

interface Plan {
  readonly keys: readonly (typeof KEYS)[number][];
  readonly meters: readonly CountMeter[];
  readonly has_bill: boolean;
  readonly has_status: boolean;
  readonly has_skips: boolean;
  readonly labels: readonly LabelField[];
}

function planOf({ adapter, fields }: RollupQuery): Plan {
  const varies = (field: RequestField): boolean => fields.has(field) || Object.hasOwn(adapter.constants ?? {}, field);
  return {
    keys: KEYS.filter(varies),
    meters: COUNT_METERS.filter(varies),
    has_bill: varies('billed_nano_usd'),
    has_status: varies('status'),
    has_skips: (adapter.skips ?? []).length > 0,
    labels: LABEL_FIELDS.filter(varies),
  };
}

export function rollupStatement(query: RollupQuery): string {
  const { select, edges, sizes } = query;
  const plan = planOf(query);
  const { keys, meters, has_bill, has_status, has_skips, labels } = plan;
  const prompt = sumOf(meters.filter((meter) => isToken(meter) && METERS[meter].is_prompt));
  const answer = sumOf(meters.filter((meter) => isToken(meter) && !METERS[meter].is_prompt));
  const size = query.fields.has('context_from_tokens') ? `coalesce(context_from_tokens, ${prompt})` : prompt;
  const band = `CASE ${edges.map((edge, index) => `WHEN size < ${edge} THEN ${index}`).join(' ')} ELSE ${edges.length} END`;
  const unused = `status >= 400 AND ${meters.map((meter) => `${meter} = 0`).join(' AND ') || 'true'}`;
  const state = [
    'CASE WHEN reject IS NOT NULL THEN 1',
    ...(has_skips ? ['WHEN skip IS NOT NULL THEN 2'] : []),
    ...(mayHoldBuckets(query) ? [`WHEN ${IS_BUCKET} THEN 3`] : []),
    'ELSE 0 END',
  ].join(' ');

  const one = [
    `CAST(${state} AS UTINYINT) AS state`,
    'time_ms',
    `${floored('time_ms', MS_PER_MINUTE)} AS minute`,
    `${size} AS size`,
    ...keys,
    ...meters,
    ...(has_skips ? ['skip'] : []),
    ...(has_bill ? ['billed_nano_usd'] : []),
    ...(has_status ? [`coalesce(${unused}, false) AS unused`] : []),
    ...(sizes ? [`${prompt} AS prompt`, `${answer} AS answer`] : []),
    ...labels.map(quoted),
  ];
  const ofRequest = (expression: string): string => `CASE WHEN state = 0 THEN ${expression} END`;
  const two = [
    'state',
    'time_ms',
    `${ofRequest(floored('minute', 60))} AS hour`,
    `${ofRequest('minute')} AS minute`,
    ...(edges.length === 0 ? [] : [`${ofRequest(band)} AS band`]),
    ...keys,
    ...meters,
    ...(has_skips ? ['skip'] : []),
    ...(has_bill ? [`${ofRequest('billed_nano_usd IS NOT NULL')} AS has_bill`, 'billed_nano_usd'] : []),
    ...(has_status ? [`${ofRequest('unused')} AS unused`] : []),
    ...(sizes
      ? ['prompt', 'answer'].map(
          (side) => `${ofRequest(has_status ? `CASE WHEN NOT unused THEN ${side} END` : side)} AS ${side}`,
        )
      : []),
    ...(labels.length === 0 ? [] : [`${kindHash(plan, query)} AS kind`]),
    ...labels.map(
      (label) =>
        `${ofRequest(has_status ? `CASE WHEN NOT unused THEN ${quoted(label)} END` : quoted(label))} AS ${quoted(label)}`,
    ),
  ];
  const groupKeys = [
    'state',
    'hour',
    ...(edges.length === 0 ? [] : ['band']),
    ...keys,
    ...(has_skips ? ['skip'] : []),
    ...(has_bill ? ['has_bill'] : []),
    ...(has_status ? ['unused'] : []),
    // Follows from those before: no group more, and kinds need no set of their own.
    ...(labels.length === 0 ? [] : ['kind']),
  ];
  const sets = [
    groupKeys,
    ['minute'],
    ...(sizes ? [['prompt'], ['answer']] : []),
    ...labels.map((label) => [quoted(label), 'kind']),
  ];
  const mark = `GROUPING(${marksIn(query, plan).map(quoted).join(', ')})`;
  const sums = [...meters, ...(has_bill ? ['billed_nano_usd'] : [])];
  const columns = [
    `CAST(${mark} AS INTEGER) AS mark`,
    'CAST(state AS INTEGER) AS state',
    ...['hour', 'minute', ...(sizes ? ['prompt', 'answer'] : [])].map((key) => `CAST(${key} AS DOUBLE) AS ${key}`),
    ...(edges.length === 0 ? [] : ['CAST(band AS INTEGER) AS band']),
    ...keys,
    ...(has_skips ? ['skip'] : []),
    ...(has_bill ? ['has_bill'] : []),
    ...(has_status ? ['unused'] : []),
    ...(labels.length === 0 ? [] : ['CAST(kind AS DOUBLE) AS kind']),
    ...labels.map(quoted),
    'CAST(count(*) AS DOUBLE) AS n',
    'CAST(min(time_ms) AS DOUBLE) AS first_ms',
    'CAST(max(time_ms) AS DOUBLE) AS last_ms',
    ...sums.map(
      (sum) =>
        `CASE WHEN abs(sum(${sum})) <= ${MOST} THEN CAST(sum(${sum}) AS DOUBLE) WHEN sum(${sum}) IS NULL THEN 0 END AS sum_${sum}`,
    ),
  ];
  return `SELECT ${columns.join(',\n  ')}
FROM (SELECT ${two.join(',\n  ')}
FROM (SELECT ${one.join(',\n  ')}
FROM (${select})))
GROUP BY GROUPING SETS (${sets.map((set) => `(${set.join(', ')})`).join(', ')})`;
}

const isToken = (meter: CountMeter): meter is (typeof TOKEN_METERS)[number] =>
  (TOKEN_METERS as readonly string[]).includes(meter);

export async function rollUp(
  connection: DuckDBConnection,
  query: RollupQuery,
  path: string,
  totals: RollupTotals,
): Promise<void> {
  const plan = planOf(query);
  const result = await connection.stream(rollupStatement(query));
  const marked = marksIn(query, plan);
  const setOf = new Map(
    marked.map((column, i) => [~(1 << (marked.length - 1 - i)) & ((1 << marked.length) - 1), column]),
  );
  const base = { ...ABSENT, ...query.adapter.constants };
  const addends = new Addends();
  await eachRow(result, (cell, row) => {
    const n = cell('n', row) as number;
    const set = setOf.get(cell('mark', row) as number)!;
    if (set === 'team' || set === 'user' || set === 'agent') {
      const label = trimmed(cell(set, row) as string | null);
      if (label !== '') labelsOf(set).count(label, cell('kind', row) as number, addendsOf(cell, row, n));
      return;
    }
    if (set !== 'state') {
      const key = cell(set, row);
      if (key !== null) increase(set === 'minute' ? totals.minutes : totals[set], key as number, n);
      return;
    }
    const state = cell('state', row) as number;
    if (state === REJECT) totals.rejected += n;
    else if (state === BUCKET) totals.buckets += n;
    else if (state === SKIP) increase(totals.skipped, cell('skip', row) as string, n);
    else {
      totals.requests += n;
      const from_ms = cell('first_ms', row) as number;
      const until_ms = (cell('last_ms', row) as number) + 1;
      totals.window = {
        from_ms: Math.min(totals.window?.from_ms ?? from_ms, from_ms),
        until_ms: Math.max(totals.window?.until_ms ?? until_ms, until_ms),
      };
      const group = groupOf(cell, row, n);
      totals.groups.push(group);
      if (plan.labels.length > 0) addKind(cell('kind', row) as number, group);
    }
  });

  function labelsOf(field: LabelField): LabelSums<number> {
    const sums = totals.labels.get(field) ?? new LabelSums();
    totals.labels.set(field, sums);
    return sums;
  }

  function addendsOf(cell: CellOf, row: number, requests: number): Addends {
    addends.clear(requests);
    for (const meter of plan.meters) addends.put(meter, exactSum(cell(`sum_${meter}`, row), meter, path));
    return addends;
  }

  function addKind(kind: number, group: TraceRequest): void {
    const known = totals.kinds.get(kind);
    totals.has_clash ||= known !== undefined && !isSameKind(known, group);
    if (known === undefined) totals.kinds.set(kind, group);
  }

  function groupOf(cell: CellOf, row: number, requests: number): TraceRequest {
    const sum = (field: string): number => exactSum(cell(`sum_${field}`, row), field, path);
    return {
      ...kindOf(cell, row),
      time_ms: (cell('hour', row) as number) * MS_PER_HOUR,
      requests,
      ...Object.fromEntries(plan.meters.map((meter) => [meter, sum(meter)])),
      status: plan.has_status && cell('unused', row) === true ? UNUSED_STATUS : undefined,
      billed_nano_usd: plan.has_bill && cell('has_bill', row) === true ? sum('billed_nano_usd') : undefined,
    };
  }

  function kindOf(cell: CellOf, row: number): TraceRequest {
    const text = (key: (typeof KEYS)[number]): string | undefined => {
      const cell_text = plan.keys.includes(key) ? trimmed(cell(key, row) as string | null) : '';
      return cell_text === '' ? (base[key] as string | undefined) : cell_text;
    };
    const band = query.edges.length === 0 ? 0 : (cell('band', row) as number);
    return {
      ...ABSENT,
      time_ms: cell('first_ms', row) as number,
      seller: text('seller'),
      model: text('model'),
      tier: text('tier') as ServiceTier,
      feature: text('feature'),
      context_from_tokens: band === 0 ? 0 : query.edges[band - 1],
    };
  }
}

/** A kind of request as a number that a double holds: shorter to group by than its texts, which stand in the groups. */
function kindHash({ keys }: Plan, { edges }: RollupQuery): string {
  const of = [...(edges.length === 0 ? [] : ['band']), ...keys];
  return of.length === 0 ? '0' : `hash(${of.join(', ')}) >> 12`;
}

const isSameKind = (a: TraceRequest, b: TraceRequest): boolean =>
  KEYS.every((key) => a[key] === b[key]) && a.context_from_tokens === b.context_from_tokens;

/** The column that each grouping set alone has. */
const marksIn = ({ sizes }: RollupQuery, { labels }: Plan) =>
  ['state', 'minute', ...(sizes ? (['prompt', 'answer'] as const) : []), ...labels] as const;

/** Spaces alone, as SQL's trim. */
const trimmed = (text: string | null): string => text?.replace(/^ +| +$/g, '') ?? '';

/** Stands for whatever status failed without being used. */
const UNUSED_STATUS = 500;

function increase<K>(counts: Map<K, number>, key: K, by: number): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}

function exactSum(sum: unknown, field: string, path: string): number {
  if (typeof sum === 'number') return sum;
  throw inputError(
    'TRACE_TOO_LARGE',
    path,
    `${field} adds up to more than 9,007,199,254,740,991, which can't be counted exactly; is the column what it is taken for?`,
  );
}
