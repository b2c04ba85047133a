/**
 * The roll-up of compiled requests as one DuckDB statement, and its result as groups: one scan, with hours and minutes as
 * grouping sets. Takes a SELECT of compile-sql.ts.
 *
 * Sums are 128 bits wide there; one that JavaScript's numbers can't hold is an error. Only numbers and the keys of groups
 * come back, nothing by row.
 */
import type { DuckDBConnection } from '@duckdb/node-api';
import { inputError } from '../errors.ts';
import { COUNT_METERS, type CountMeter, METERS, NO_COUNTS, type ServiceTier, TOKEN_METERS } from '../meters.ts';
import { ABSENT, type Adapter, type RequestField } from '../trace/adapter.ts';
import type { TraceRequest, Window } from '../trace/request.ts';
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
  window: Window | undefined;
  requests = 0;
  rejected = 0;
  buckets = 0;
}

const MOST = Number.MAX_SAFE_INTEGER;
const MS_PER_HOUR = 3_600_000;
const MS_PER_MINUTE = 60_000;
const REJECT = 1;
const SKIP = 2;
const BUCKET = 3;

const KEYS = ['seller', 'model', 'feature', 'tier'] as const;

/** Sets of the grouping, by how they are marked in the result. */
const SETS = ['groups', 'minutes', 'prompt', 'answer'] as const;

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
}

function planOf({ adapter, fields }: RollupQuery): Plan {
  const varies = (field: RequestField): boolean => fields.has(field) || Object.hasOwn(adapter.constants ?? {}, field);
  return {
    keys: KEYS.filter(varies),
    meters: COUNT_METERS.filter(varies),
    has_bill: varies('billed_nano_usd'),
    has_status: varies('status'),
    has_skips: (adapter.skips ?? []).length > 0,
  };
}

export function rollupStatement(query: RollupQuery): string {
  const { select, edges, sizes } = query;
  const plan = planOf(query);
  const { keys, meters, has_bill, has_status, has_skips } = plan;
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
  ];
  const groupKeys = [
    'state',
    'hour',
    ...(edges.length === 0 ? [] : ['band']),
    ...keys,
    ...(has_skips ? ['skip'] : []),
    ...(has_bill ? ['has_bill'] : []),
    ...(has_status ? ['unused'] : []),
  ];
  const sets = [groupKeys, ['minute'], ...(sizes ? [['prompt'], ['answer']] : [])];
  const mark = sizes ? 'GROUPING(state, minute, prompt, answer)' : 'GROUPING(state, minute)';
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
  const marks = marksOf(query.sizes);
  const base = { ...ABSENT, ...query.adapter.constants };
  await eachRow(result, (cell, row) => {
    const n = cell('n', row) as number;
    const set = marks.get(cell('mark', row) as number)!;
    if (set !== 'groups') {
      const key = cell(set === 'minutes' ? 'minute' : set, row);
      if (key !== null) increase(set === 'minutes' ? totals.minutes : totals[set], key as number, n);
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
      totals.groups.push(groupOf(cell, row, n));
    }
  });

  function groupOf(cell: CellOf, row: number, requests: number): TraceRequest {
    const text = (key: (typeof KEYS)[number]): string | undefined => {
      const cell_text = plan.keys.includes(key) ? trimmed(cell(key, row) as string | null) : '';
      return cell_text === '' ? (base[key] as string | undefined) : cell_text;
    };
    const sum = (field: string): number => exactSum(cell(`sum_${field}`, row), field, path);
    const band = query.edges.length === 0 ? 0 : (cell('band', row) as number);
    return {
      ...ABSENT,
      time_ms: (cell('hour', row) as number) * MS_PER_HOUR,
      requests,
      seller: text('seller'),
      model: text('model'),
      tier: text('tier') as ServiceTier,
      ...NO_COUNTS,
      ...Object.fromEntries(plan.meters.map((meter) => [meter, sum(meter)])),
      feature: text('feature'),
      status: plan.has_status && cell('unused', row) === true ? UNUSED_STATUS : undefined,
      context_from_tokens: band === 0 ? 0 : query.edges[band - 1],
      billed_nano_usd: plan.has_bill && cell('has_bill', row) === true ? sum('billed_nano_usd') : undefined,
    };
  }
}

/** Spaces alone, as SQL's trim. */
const trimmed = (text: string | null): string => text?.replace(/^ +| +$/g, '') ?? '';

/** Stands for whatever status failed without being used. */
const UNUSED_STATUS = 500;

/** GROUPING sets a bit for each of its arguments that is not in the set, the first one highest. */
const marksOf = (sizes: boolean): ReadonlyMap<number, (typeof SETS)[number]> =>
  sizes
    ? new Map([
        [0b0111, 'groups'],
        [0b1011, 'minutes'],
        [0b1101, 'prompt'],
        [0b1110, 'answer'],
      ])
    : new Map([
        [0b01, 'groups'],
        [0b10, 'minutes'],
      ]);

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
