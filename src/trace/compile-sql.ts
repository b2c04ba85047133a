/**
 * An adapter compiled to DuckDB SQL: a SELECT with one column for each field of a request, in the order of REQUEST_FIELDS,
 * `reject`, NULL where the row was read and otherwise the reason in the row reader's own words, and `skip`, NULL unless the
 * row is left out.
 *
 * Values of rejected rows mean nothing. Each cell is read the quick way where that is certain, and only elsewhere trimmed,
 * cast and checked; reasons are put together for rejected rows alone.
 */
import { COUNT_METERS, type CountMeter } from '../meters.ts';
import {
  ABSENT,
  type Adapter,
  bindColumns,
  type Container,
  inclusions,
  REQUEST_FIELDS,
  type RequestField,
} from './adapter.ts';
import { Cells, keysInCells, orNull } from './sql-cells.ts';
import { boundColumns, type Column, testExpression } from './sql-columns.ts';
import { DOUBTFUL, literal, quoted, shapeColumns, shapeFits, shapeRejects } from './sql-tables.ts';

export { csvTable, jsonlTable, parquetTable } from './sql-tables.ts';

const FIELD_TYPES: Readonly<Record<RequestField, string>> = {
  time_ms: 'BIGINT',
  until_ms: 'BIGINT',
  requests: 'BIGINT',
  seller: 'VARCHAR',
  model: 'VARCHAR',
  tier: 'VARCHAR',
  ...(Object.fromEntries(COUNT_METERS.map((meter) => [meter, 'BIGINT'])) as Record<CountMeter, string>),
  feature: 'VARCHAR',
  user: 'VARCHAR',
  team: 'VARCHAR',
  agent: 'VARCHAR',
  status: 'BIGINT',
  latency_ms: 'DOUBLE',
  ttft_ms: 'DOUBLE',
  hash_chain: 'BIGINT[]',
  context_from_tokens: 'BIGINT',
  billed_nano_usd: 'BIGINT',
};

export interface SqlOptions {
  /** The table is `csvTable` or `jsonlTable`: field counts and malformed lines are checked too. Default true. */
  readonly checks_shape?: boolean;
  readonly container?: Container;
  /** Texts that need nothing but trimming come untrimmed, and '' where empty: cheaper done to groups than to rows. */
  readonly leaves_spaces?: boolean;
  /** Two columns more: `row`, counted from 1 in the order of the table, and `row_text`, the cells of a Parquet row. */
  readonly numbers_rows?: boolean;
  /** Of a Parquet table that keeps its columns as they are: their types, in the order of the header. */
  readonly types?: readonly string[];
}

/** Fields that vary from row to row; the others are as the adapter's constants say, or absent. */
export function fieldsRead(
  adapter: Adapter,
  header: readonly string[],
  container: Container,
): ReadonlySet<RequestField> {
  const names = [...header, ...keysInCells(adapter, header, container)];
  const fields = new Set(bindColumns(adapter, names).columns.map(({ rule }) => rule.field));
  if (adapter.bucket_ms !== undefined) fields.add('until_ms');
  return fields;
}

/** The SELECT. `tableExpression` is anything that can stand after FROM and has the header's columns. */
export function compileSql(
  adapter: Adapter,
  header: readonly string[],
  tableExpression: string,
  {
    checks_shape = true,
    container = adapter.containers[0]!,
    types,
    numbers_rows = false,
    leaves_spaces = false,
  }: SqlOptions = {},
): string {
  const cells = new Cells(adapter, header, container, types);
  const columns = boundColumns(adapter, cells, container);
  const shape = checks_shape ? container : undefined;
  const skip = skipExpression(adapter, cells, shape);

  const checked = columns.filter(({ takes_all }) => !takes_all);
  const raw = layer(tableExpression, [
    ...cells.raw,
    ...(numbers_rows ? ['row_number() OVER () AS row', `${rowText(header, container)} AS row_text`] : []),
    ...(shape === undefined ? [] : shapeColumns(shape, header)),
  ]);
  const texts = cells.derived.length === 0 ? raw : layer(raw, ['*', ...cells.derived]);
  const typed = layer(texts, [
    '*',
    ...checked.flatMap(({ quick, cell, as }) => (quick === undefined ? [] : [`${quick.value(cell.own)} AS r_${as}`])),
  ]);
  const certain = layer(typed, [
    '*',
    ...checked.flatMap(({ quick, cell, as }) =>
      quick === undefined ? [] : [`${quick.certain(cell.own, `r_${as}`)} AS k_${as}`],
    ),
  ]);
  const told = layer(certain, [
    '*',
    ...checked.map(
      ({ quick, cell, as }) =>
        `${quick === undefined ? stripped(cell.text) : `CASE WHEN k_${as} THEN NULL ELSE ${stripped(cell.text)} END`} AS t_${as}`,
    ),
  ]);
  const cast = layer(told, [
    '*',
    ...checked.map(({ cast, as }) => `${orNull(`t_${as} IS NOT NULL`, cast.value(`t_${as}`))} AS s_${as}`),
  ]);
  const valued = layer(cast, [
    '*',
    ...columns.map((column) => `${sqlValue(column, leaves_spaces)} AS v_${column.as}`),
    `${skip} AS skip`,
  ]);
  const fields = layer(valued, [
    ...REQUEST_FIELDS.map((field) => `${fieldOf(field, adapter, columns)} AS ${quoted(field)}`),
    `${rejectOf(columns, cells, shape, header)} AS reject`,
    'skip',
    ...(numbers_rows ? ['row', 'row_text'] : []),
  ]);
  return finished(adapter, fields);
}

const rowText = (header: readonly string[], container: Container): string =>
  container === 'parquet'
    ? `concat_ws(',', ${header.map((name) => `coalesce(CAST(${quoted(name)} AS VARCHAR), '')`).join(', ')})`
    : 'CAST(NULL AS VARCHAR)';

const layer = (from: string, columns: readonly string[]): string =>
  `(SELECT ${columns.join(',\n    ')}\n  FROM ${from})`;

/** Without spaces at either end; trim costs more than all the casts, so it runs where it has something to do. */
const stripped = (text: string): string =>
  `CASE WHEN starts_with(${text}, ' ') OR ends_with(${text}, ' ') THEN nullif(trim(${text}), '') ELSE nullif(${text}, '') END`;

/** What groups are keyed by, of one rule and without base, so that nothing depends on its being empty. */
const TRIMMED_LATER: ReadonlySet<RequestField> = new Set(['seller', 'model', 'feature']);

/** NULL where the cell is empty or does not fit. */
function sqlValue({ as, field, quick, cast, cell, takes_all, is_only }: Column, leaves_spaces: boolean): string {
  if (takes_all && is_only && leaves_spaces && TRIMMED_LATER.has(field)) return cell.own;
  if (takes_all)
    return `CASE WHEN ${quick!.certain(cell.own, cell.own)} THEN ${cell.own} ELSE ${stripped(cell.own)} END`;
  const fits = [
    cast.fits(`t_${as}`, `s_${as}`),
    ...(cell.first === undefined ? [] : [cast.ofJson?.(cell.first) ?? 'true']),
  ];
  const slow = `WHEN ${fits.join(' AND ')} THEN s_${as} END`;
  return quick === undefined
    ? `CASE ${slow}`
    : `CASE WHEN k_${as} THEN ${quick.result?.(`r_${as}`) ?? `r_${as}`} WHEN t_${as} IS NULL THEN NULL ${slow}`;
}

/** The last rule that holds and has a cell decides. */
function fieldOf(field: RequestField, adapter: Adapter, columns: readonly Column[]): string {
  let isAlwaysThere = false;
  const own = columns
    .filter((column) => column.field === field)
    .map(({ as, holds, suffix, required }) => {
      isAlwaysThere ||= required && holds === undefined;
      const value = suffix === undefined ? `v_${as}` : `v_${as} || ${suffix}`;
      return holds === undefined ? value : orNull(holds, value);
    })
    .reverse();
  const base = baseOf(field, adapter);
  if (own.length === 0) return base ?? `CAST(NULL AS ${FIELD_TYPES[field]})`;
  const candidates = [...own, ...(base === undefined || isAlwaysThere ? [] : [base])];
  return candidates.length === 1 ? candidates[0]! : `coalesce(${candidates.join(', ')})`;
}

/** What the field is where no column says it; undefined: not known. */
function baseOf(field: RequestField, adapter: Adapter): string | undefined {
  const base = { ...ABSENT, ...adapter.constants }[field];
  if (base === undefined) return undefined;
  const value = typeof base === 'object' ? `[${base.join(', ')}]` : typeof base === 'string' ? literal(base) : base;
  return `CAST(${value} AS ${FIELD_TYPES[field]})`;
}

function skipExpression(adapter: Adapter, cells: Cells, shape: Container | undefined): string {
  const cases = (adapter.skips ?? []).map(({ tests, reason }) => {
    const all = tests.map((test) => testExpression(test, cells));
    return `WHEN ${all.join(' AND ') || 'true'} THEN ${literal(reason)}`;
  });
  if (cases.length === 0) return 'CAST(NULL AS VARCHAR)';
  const fits = shape === undefined ? undefined : shapeFits(shape);
  const skip = `CASE ${cases.join(' ')} END`;
  return fits === undefined ? skip : orNull(fits, skip);
}

function rejectOf(
  columns: readonly Column[],
  cells: Cells,
  shape: Container | undefined,
  header: readonly string[],
): string {
  const checked = columns.filter(({ takes_all }) => !takes_all);
  const fits = shape === undefined ? undefined : shapeFits(shape);
  const good = [
    ...(fits === undefined ? [] : [fits]),
    ...cells.doubts.map((doubt) => `NOT ${doubt}`),
    ...checked.map(({ as, required, holds }) => {
      const read = required ? `v_${as} IS NOT NULL` : `(v_${as} IS NOT NULL OR t_${as} IS NULL)`;
      return holds === undefined ? read : `(NOT ${holds} OR ${read})`;
    }),
  ];
  const misfits = checked.flatMap(({ as, name, required, holds, cast }) => {
    const held = holds === undefined ? '' : `${holds} AND `;
    return [
      ...(required ? [`WHEN ${held}v_${as} IS NULL AND t_${as} IS NULL THEN ${literal(`${name} is empty`)}`] : []),
      `WHEN ${held}v_${as} IS NULL AND t_${as} IS NOT NULL THEN ${literal(`${name}: "`)} || t_${as} || ${literal(`" is not ${cast.expected}`)}`,
    ];
  });
  const cases = [
    ...(good.length === 0 ? [] : [`WHEN ${good.join(' AND ')} THEN NULL`]),
    ...(shape === undefined ? [] : shapeRejects(shape, header)),
    ...cells.doubts.map((doubt) => `WHEN ${doubt} THEN ${literal(DOUBTFUL)}`),
    'WHEN skip IS NOT NULL THEN NULL',
    ...misfits,
  ];
  return `CAST(CASE ${cases.join('\n    ')} END AS VARCHAR)`;
}

/** Takes the counts that input and output include out of them, and gives rows of a bucket log their end. */
function finished(adapter: Adapter, fields: string): string {
  const takeOut = inclusions(adapter).filter(({ parts }) => parts.length > 0);
  const changes = takeOut.map(({ whole, parts }) => `${whole} - ${parts.join(' - ')} AS ${whole}`);
  if (adapter.bucket_ms !== undefined)
    changes.push(`coalesce(until_ms, time_ms + CAST(${adapter.bucket_ms} AS BIGINT)) AS until_ms`);
  if (takeOut.length > 0) {
    const less = takeOut.map(({ whole, parts }) => `${whole} < ${parts.join(' + ')}`);
    const reasons = takeOut.map(
      ({ whole, parts, what }, at) =>
        `WHEN ${less[at]} THEN '${whole} ' || ${whole} || ' is less than the ' || (${parts.join(' + ')}) || ' ${what} tokens that it includes'`,
    );
    changes.push(
      `CASE WHEN reject IS NULL AND skip IS NULL AND (${less.join(' OR ')}) THEN CASE ${reasons.join(' ')} END ELSE reject END AS reject`,
    );
  }
  return changes.length === 0
    ? `SELECT *\n  FROM ${fields}`
    : `SELECT * REPLACE (${changes.join(', ')})\n  FROM ${fields}`;
}
