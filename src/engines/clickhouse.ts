/**
 * Usage read from a ClickHouse table, on one server or spread over shards: the server sums, only sums come back.
 *
 * Takes a source and the prompt sizes from which any price changes; gives GroupedUsage with rows, rejects and warnings. A
 * table that grows meanwhile, a shard that is down and a column that is not there are InputErrors; never a smaller number.
 */
import { type Diagnostic, InputError, inputError, notice, warning } from '../errors.ts';
import { didYouMean } from '../nearest.ts';
import { type DescribedColumn, literal, quoted, sqlColumns } from './clickhouse-columns.ts';
import { type Connection, connect } from './clickhouse-connection.ts';
import { LANGFUSE_COLUMNS, LANGFUSE_TABLE, langfuseQuery } from './clickhouse-langfuse.ts';
import { UNKNOWN_DATABASE, UNKNOWN_TABLE } from './clickhouse-problems.ts';
import { type ClickhouseSource, checkSource } from './clickhouse-source.ts';
import { type PortableReading, type PortableRun, rollUpPortably } from './portable-reading.ts';
import { MOST_LABEL_GROUPS, type SqlColumn } from './portable-rollup.ts';

export type { ClickhouseColumn, ClickhouseSource, ClickhouseUnit } from './clickhouse-source.ts';

export interface ClickhouseReading extends PortableReading {
  readonly warnings: readonly Diagnostic[];
}

const MAX_EXECUTION_SECONDS = 600;

/** `size_edges_tokens`: all prompt sizes at which any price changes, ascending. */
export async function readClickhouse(
  written: ClickhouseSource,
  size_edges_tokens: readonly number[],
  onStep?: PortableRun['onStep'],
): Promise<ClickhouseReading> {
  const source = withPreset(written);
  const { url, columns: wanted, from_ms, until_ms, warnings } = checkSource(source);
  const connection = await connect({
    url,
    user: source.user ?? 'default',
    password: source.password,
    database: source.table === undefined ? source.database : undefined,
    max_execution_seconds: source.max_execution_seconds ?? MAX_EXECUTION_SECONDS,
  });
  try {
    const table = source.table === undefined ? undefined : tableOf(source.table, source.database);
    const relation = table === undefined ? `(${source.query}\n)` : nameOf(table);
    const there = await described(connection, relation, table, url.origin);
    const columns = sqlColumns(wanted, there, table === undefined ? 'the query' : `table ${relation}`);
    const bounds = timeBounds(columns.time_ms, from_ms, until_ms);
    const engine = table === undefined ? undefined : await engineOf(connection, table);
    const reading = await rollUpPortably(
      {
        relation,
        columns,
        input_includes: source.input_includes ?? [],
        output_includes: source.output_includes ?? [],
        ...(bounds === undefined ? {} : { where: bounds }),
      },
      size_edges_tokens,
      { query: connection.query, path: `${url.origin} ${table === undefined ? 'query' : relation}`, onStep },
    );
    return {
      ...reading,
      warnings: [
        ...warnings,
        ...engineFindings(engine, relation),
        ...reading.unread_labels.map((field) => tooManyLabels(field, relation)),
        ...presetFindings(written),
      ],
    };
  } finally {
    await connection.close();
  }
}

const presetFindings = ({ format }: ClickhouseSource): Diagnostic[] =>
  format === 'langfuse'
    ? [
        notice(
          'CLICKHOUSE_BILLED',
          'langfuse',
          'what was billed is what Langfuse computed from its own prices, not an invoice',
        ),
      ]
    : [];

interface Table {
  readonly database: string | undefined;
  readonly name: string;
}

/** `database.table` may stand in one. */
function tableOf(name: string, database: string | undefined): Table {
  const dot = name.indexOf('.');
  return database !== undefined || dot < 0
    ? { database, name }
    : { database: name.slice(0, dot), name: name.slice(dot + 1) };
}

const nameOf = ({ database, name }: Table): string =>
  database === undefined ? quoted(name) : `${quoted(database)}.${quoted(name)}`;

/** A format's query and columns; the source's own columns come over them. */
function withPreset(source: ClickhouseSource): ClickhouseSource {
  if (source.format !== 'langfuse' || source.query !== undefined) return source;
  const { table = LANGFUSE_TABLE, ...rest } = source;
  return {
    ...rest,
    query: langfuseQuery(nameOf(tableOf(table, source.database)), source.project_id),
    columns: { ...LANGFUSE_COLUMNS, ...source.columns },
  };
}

/** Columns and types; where the table is not there, the nearest that are. */
async function described(
  { query }: Connection,
  relation: string,
  table: Table | undefined,
  where: string,
): Promise<DescribedColumn[]> {
  try {
    const rows = await query(`DESCRIBE TABLE ${relation}`);
    return rows.map(({ name, type }) => ({ name: String(name), type: String(type) }));
  } catch (error) {
    if (table === undefined || !(error instanceof InputError)) throw error;
    const code = error.diagnostics[0]?.code;
    if (code !== UNKNOWN_TABLE && code !== UNKNOWN_DATABASE) throw error;
    const { database, name } = table;
    const names = async (sql: string): Promise<string[]> => (await query(sql)).map((row) => String(row.name));
    const databases = database === undefined ? [] : await names('SELECT name FROM system.databases');
    if (database !== undefined && !databases.includes(database))
      throw inputError(
        UNKNOWN_DATABASE,
        where,
        `there is no database "${database}"${didYouMean(database, databases)}; there are ${databases.join(', ')}`,
      );
    const tables = await names(`SELECT name FROM system.tables WHERE database = ${databaseOf(table)} ORDER BY name`);
    throw inputError(
      UNKNOWN_TABLE,
      where,
      `there is no table "${name}"${database === undefined ? '' : ` in database "${database}"`}${didYouMean(name, tables)}; there are ${tables.slice(0, MOST_LISTED).join(', ') || 'none'}${tables.length > MOST_LISTED ? ` and ${tables.length - MOST_LISTED} more` : ''}`,
    );
  }
}

const MOST_LISTED = 40;
const databaseOf = ({ database }: Table): string => (database === undefined ? 'currentDatabase()' : literal(database));

async function engineOf({ query }: Connection, table: Table): Promise<string> {
  const rows = await query(
    `SELECT engine FROM system.tables WHERE database = ${databaseOf(table)} AND name = ${literal(table.name)}`,
  );
  return String(rows[0]?.engine ?? '');
}

const tooManyLabels = (field: string, relation: string): Diagnostic =>
  warning(
    'CLICKHOUSE_LABELS',
    relation,
    `has more than ${MOST_LABEL_GROUPS} groups by ${field}, which are not fetched: costs by ${field} are not told`,
  );

/** Engines that keep several versions of a row until they merge, which a plain read counts each. */
const engineFindings = (engine: string | undefined, relation: string): Diagnostic[] =>
  engine !== undefined && /Replacing|Collapsing|Summing|Aggregating/.test(engine)
    ? [
        warning(
          'CLICKHOUSE_VERSIONS',
          relation,
          `is a ${engine}, which may hold several versions of a row, and each is counted: give a "query" that selects FROM ${relation} FINAL`,
        ),
      ]
    : [];

/** Rows without a time stay in, as rejects. */
function timeBounds(
  { sql, time_unit = 'ms' }: SqlColumn,
  from_ms: number | undefined,
  until_ms: number | undefined,
): string | undefined {
  const inUnit = (ms: number): bigint => {
    const per_second = { s: 1n, ms: 1_000n, us: 1_000_000n, ns: 1_000_000_000n }[time_unit];
    // A bound between two seconds excludes the same whole seconds as the next one.
    return (BigInt(ms) * per_second + 999n) / 1000n;
  };
  const bounds = [
    ...(from_ms === undefined ? [] : [`${sql} >= ${inUnit(from_ms)}`]),
    ...(until_ms === undefined ? [] : [`${sql} < ${inUnit(until_ms)}`]),
  ];
  return bounds.length === 0 ? undefined : `(${bounds.join(' AND ')}) OR ${sql} IS NULL`;
}
