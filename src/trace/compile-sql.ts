/**
 * An adapter compiled to DuckDB SQL: a SELECT with one column for each field of a request, in the order of
 * REQUEST_FIELDS, and `reject`, NULL where the row was read and otherwise the reason in the row reader's own words.
 *
 * Values of rejected rows mean nothing. Cells must come as VARCHAR: `csvTable` and `jsonlTable` say how to read them so,
 * since sniffed types round, drop and cast in silence. Malformed quoting is left to the row reader.
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
import { castOf } from './casts.ts';

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** Holds what a row has beyond the header; also marks tables whose field counts can be checked. */
const OVERFLOW = 'tollgate_overflow';
const MALFORMED = 'tollgate_malformed';

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
  status: 'BIGINT',
  latency_ms: 'DOUBLE',
  ttft_ms: 'DOUBLE',
  hash_chain: 'BIGINT[]',
  context_from_tokens: 'BIGINT',
  billed_nano_usd: 'BIGINT',
};

/**
 * FROM expression for CSV files: every cell VARCHAR, no sniffing, short rows padded with NULL (an empty cell is not NULL),
 * and one column for what a row has too much. `path` is a file or a glob.
 */
export function csvTable(path: string, header: readonly string[]): string {
  const columns = [...header.map((name, index) => (name === '' ? `column ${index + 1}` : name)), OVERFLOW]
    .map((name) => `${literal(name)}: 'VARCHAR'`)
    .join(', ');
  return (
    `read_csv(${literal(path)}, auto_detect=false, header=false, skip=1, delim=',', quote='"', escape='"', ` +
    `nullstr=chr(1), null_padding=true, strict_mode=false, columns={${columns}})`
  );
}

/** FROM expression for files of one JSON object a line; `header` is the list of keys to take. */
export function jsonlTable(path: string, header: readonly string[]): string {
  const keys = header.map((name) => `CASE WHEN json_valid(line) THEN line ->> ${literal(name)} END AS ${quoted(name)}`);
  const lines = `read_csv(${literal(path)}, auto_detect=false, header=false, delim=chr(1), quote='', escape='', columns={'line': 'VARCHAR'})`;
  const malformed = `CASE WHEN json_valid(line) THEN json_type(line) <> 'OBJECT' ELSE true END AS ${MALFORMED}`;
  return `(SELECT ${[...keys, malformed].join(', ')} FROM ${lines} WHERE trim(line, chr(32) || chr(9) || chr(13)) <> '')`;
}

export interface SqlOptions {
  /** The table is `csvTable` or `jsonlTable`: field counts and malformed lines are checked too. Default true. */
  readonly checks_shape?: boolean;
  readonly container?: Container;
}

/** The SELECT. `tableExpression` is anything that can stand after FROM and has the header's columns as VARCHAR. */
export function compileSql(
  adapter: Adapter,
  header: readonly string[],
  tableExpression: string,
  { checks_shape = true, container = adapter.containers[0]! }: SqlOptions = {},
): string {
  const columns = bindColumns(adapter, header).columns.map(({ rule, name }) => ({
    ...rule,
    name,
    text: `t_${rule.field}`,
    value: `v_${rule.field}`,
    cast: castOf(rule, container),
  }));
  const bound = new Map<RequestField, string>(columns.map(({ field, value }) => [field, value]));
  const misfits = columns.flatMap(({ required, name, text, value, cast }) => [
    ...(required === true ? [`WHEN ${text} IS NULL THEN ${literal(`${name} is empty`)}`] : []),
    `WHEN ${text} IS NOT NULL AND NOT coalesce(${value} IS NOT NULL AND ${cast.fits(text, value)}, false) THEN ${literal(`${name}: "`)} || ${text} || ${literal(`" is not ${cast.expected}`)}`,
  ]);
  const texts = columns.map(({ name, text }) => `${stripped(quoted(name))} AS ${text}`);
  const values = columns.map(({ text, value, cast }) => `${cast.value(text)} AS ${value}`);
  const fields = REQUEST_FIELDS.map((field) => `${orAbsent(field, bound.get(field))} AS ${quoted(field)}`);
  const trimmed = select([...texts, ...(checks_shape ? shapeColumns(container, header) : [])], tableExpression);
  const cast = select(['*', ...values], `(${trimmed})`);
  const reason = `CASE ${[...(checks_shape ? shapeChecks(container, header) : []), ...misfits].join('\n    ')} END AS reject`;
  return exclusive(adapter, select([...fields, reason], `(${cast})`));
}

const select = (columns: readonly string[], from: string): string =>
  `SELECT ${columns.join(',\n    ')}\n  FROM ${from}`;

/** Without spaces at either end; trim costs more than all the casts, so it runs where it has something to do. */
const stripped = (cell: string): string =>
  `CASE WHEN starts_with(${cell}, ' ') OR ends_with(${cell}, ' ') THEN nullif(trim(${cell}), '') ELSE nullif(${cell}, '') END`;

const orAbsent = (field: RequestField, value: string | undefined): string =>
  value === undefined
    ? absentOf(field)
    : ABSENT[field] === undefined
      ? value
      : `coalesce(${value}, ${absentOf(field)})`;

const absentOf = (field: RequestField): string => {
  const absent = ABSENT[field];
  return absent === undefined
    ? `CAST(NULL AS ${FIELD_TYPES[field]})`
    : `CAST(${typeof absent === 'string' ? literal(absent) : absent} AS ${FIELD_TYPES[field]})`;
};

const shapeColumns = (container: Container, header: readonly string[]): string[] =>
  container === 'csv'
    ? [`${quoted(header.at(-1) || `column ${header.length}`)} AS last_field`, `${OVERFLOW} AS overflow_field`]
    : [`${MALFORMED} AS malformed`];

const shapeChecks = (container: Container, header: readonly string[]): string[] =>
  container === 'csv'
    ? [
        `WHEN last_field IS NULL THEN 'fewer fields than the ${header.length} of the header'`,
        `WHEN overflow_field IS NOT NULL THEN 'more fields than the ${header.length} of the header'`,
      ]
    : [`WHEN malformed THEN 'not a JSON object'`];

/** Takes the counts that input and output include out of them. */
function exclusive(adapter: Adapter, select: string): string {
  const takeOut = inclusions(adapter).filter(({ parts }) => parts.length > 0);
  if (takeOut.length === 0) return select;
  const less = takeOut.map(({ whole, parts }) => `${whole} - ${parts.join(' - ')} AS ${whole}`);
  const negative = takeOut.map(
    ({ whole, parts, what }) =>
      `WHEN reject IS NULL AND ${whole} < ${parts.join(' + ')} THEN '${whole} ' || ${whole} || ' is less than the ' || (${parts.join(' + ')}) || ' ${what} tokens that it includes'`,
  );
  return `SELECT * REPLACE (${less.join(', ')}, CASE ${negative.join(' ')} ELSE reject END AS reject)\n  FROM (${select})`;
}
