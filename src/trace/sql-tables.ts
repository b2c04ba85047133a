/**
 * How DuckDB is told to read files of each container so that every cell arrives as it stands: FROM expressions without
 * sniffing, with all cells VARCHAR, since sniffed types round, drop and cast in silence.
 *
 * Cells of JSON arrive as JSON text, so that `"5"` and `5` stay apart. Malformed quoting is left to the row reader.
 */
import type { Container } from './adapter.ts';

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** Holds what a row has beyond the header; also marks tables whose field counts can be checked. */
const OVERFLOW = 'tollgate_overflow';
/** Why a line of JSON gives no record; NULL if it gives one. */
const MALFORMED = 'tollgate_malformed';

export interface CsvOptions {
  /** Default `,`. */
  readonly delimiter?: string;
  /** False where the file holds no quote: then nothing is unquoted. Default true. */
  readonly has_quotes?: boolean;
  /** Lines before the first row. Default 1, the header. */
  readonly skip_lines?: number;
  /** Quoted cells hold line breaks: the file is read by one thread. Default false. */
  readonly has_line_breaks?: boolean;
}

/**
 * FROM expression for CSV files: short rows are padded with NULL (an empty cell is not NULL), and one column more holds what
 * a row has too much. `path` is a file or a glob.
 */
export function csvTable(
  path: string,
  header: readonly string[],
  { delimiter = ',', has_quotes = true, skip_lines = 1, has_line_breaks = false }: CsvOptions = {},
): string {
  const columns = [...header.map(columnName), OVERFLOW].map((name) => `${literal(name)}: 'VARCHAR'`).join(', ');
  const quotes = has_quotes ? `quote='"', escape='"'` : `quote='', escape=''`;
  return (
    `read_csv(${literal(path)}, auto_detect=false, header=false, skip=${skip_lines}, delim=${literal(delimiter)}, ${quotes}, ` +
    `compression='none', nullstr=chr(1), null_padding=true, strict_mode=false, ${has_line_breaks ? 'parallel=false, ' : ''}columns={${columns}})`
  );
}

const columnName = (name: string, index: number): string => (name === '' ? `column ${index + 1}` : name);

/** FROM expression for files of one JSON object a line; `header` is the list of names to take, which may lead inwards. */
export function jsonlTable(path: string, header: readonly string[]): string {
  const lines = `read_csv(${literal(path)}, auto_detect=false, header=false, compression='none', delim=chr(1), quote='', escape='', columns={'line': 'VARCHAR'})`;
  const texts = `SELECT line, ${malformed('line')} AS malformed FROM ${lines} WHERE trim(line, chr(32) || chr(9) || chr(13)) <> ''`;
  const keys = header.map((name) => `CASE WHEN malformed IS NULL THEN ${jsonAt('line', name)} END AS ${quoted(name)}`);
  return `(SELECT ${[...keys, `malformed AS ${MALFORMED}`].join(', ')} FROM (${texts}))`;
}

/** FROM expression for a Parquet file: every column a VARCHAR; lists become `[1, 2]`. */
export function parquetTable(path: string, header: readonly string[]): string {
  const columns = header.map((name) => `CAST(${quoted(name)} AS VARCHAR) AS ${quoted(name)}`);
  return `(SELECT ${columns.join(', ')} FROM read_parquet(${literal(path)}))`;
}

/** Why DuckDB's JSON is not trusted with a line, beside that it is none: it allows more than JSON.parse, or reads otherwise. */
const DOUBTS = [
  `regexp_matches(line, ',\\s*[]}]|[:,\\[]\\s*-?[NniI][aAnN][nNfF]')`,
  `(length(line) - length(replace(line, '":', ''))) > (length(json_structure(line)::VARCHAR) - length(replace(json_structure(line)::VARCHAR, '":', '')))`,
  `length(line) > 2000 AND length(line) - length(replace(replace(line, '{', ''), '[', '')) > 1000`,
];
const MAY_BE_ENVELOPE = `regexp_matches(line, '"(data|results?|observations|resource_?[sS]pans|scope_?[sS]pans|instrumentationLibrarySpans|spans|rows|items|records|logs|hits|_source)"\\s*:\\s*[\\[{]|"attributes"\\s*:\\s*\\[')`;

const malformed = (line: string): string =>
  `${[
    `CASE WHEN NOT json_valid(${line}) THEN 'not a JSON object'`,
    `WHEN json_type(${line}) <> 'OBJECT' THEN 'not a JSON object'`,
    ...[...DOUBTS, MAY_BE_ENVELOPE].map((doubt) => `WHEN ${doubt.replaceAll('line', line)} THEN ${literal(DOUBTFUL)}`),
  ].join(' ')} END`;

/** The reason of rows that may be read in two ways; the row reader has the last word on them. */
export const DOUBTFUL = 'not a JSON object that can be read in one way alone';

/** Condition under which a VARCHAR holds a JSON object, and that under which it may be read in two ways. */
export const holdsObject = (cell: string): string =>
  `CASE WHEN contains(${cell}, '{') AND json_valid(${cell}) THEN json_type(${cell}) = 'OBJECT' ELSE false END`;
export const isDoubtful = (cell: string): string =>
  `CASE WHEN contains(${cell}, '{') AND json_valid(${cell}) THEN ${DOUBTS.map((doubt) => `(${doubt.replaceAll('line', cell)})`).join(' OR ')} ELSE false END`;

/** The JSON text under a name in an object's text, NULL where there is none: every way to split the name at dots. */
export function jsonAt(object: string, name: string): string {
  const found = pointers(name).map(
    ({ pointer, inside }) =>
      `${inside.length === 0 ? '' : `CASE WHEN ${inside.map((one) => `json_type(${object}, ${literal(one)}) = 'OBJECT'`).join(' AND ')} THEN `}json_extract(${object}, ${literal(pointer)})${inside.length === 0 ? '' : ' END'}`,
  );
  return `CAST(${found.length === 1 ? found[0] : `coalesce(${found.join(', ')})`} AS VARCHAR)`;
}

interface Way {
  readonly pointer: string;
  /** Pointers to what has to be an object, not a list, for numbers to be keys. */
  readonly inside: readonly string[];
}

/** Preferred first, as json-path.ts looks. */
function pointers(name: string, before = ''): Way[] {
  const ways: Way[] = [];
  const own = step(name);
  ways.push({ pointer: before + own, inside: before !== '' && /^[0-9-]+$/.test(name) ? [before] : [] });
  for (let dot = name.indexOf('.'); dot > 0; dot = name.indexOf('.', dot + 1)) {
    const key = name.slice(0, dot);
    const inside = before !== '' && /^[0-9-]+$/.test(key) ? [before] : [];
    for (const way of pointers(name.slice(dot + 1), before + step(key)))
      ways.push({ pointer: way.pointer, inside: [...inside, ...way.inside] });
  }
  return ways;
}

const step = (key: string): string => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;

/** Columns that tell the shape of a row, by container, and the reject reasons that follow from them. */
export const shapeColumns = (container: Container, header: readonly string[]): string[] =>
  container === 'csv'
    ? [`${quoted(columnName(header.at(-1)!, header.length - 1))} AS last_field`, `${OVERFLOW} AS overflow_field`]
    : container === 'json'
      ? [`${MALFORMED} AS malformed`]
      : [];

/** Condition under which the shape of a row is right. */
export const shapeFits = (container: Container): string | undefined =>
  container === 'csv'
    ? 'last_field IS NOT NULL AND overflow_field IS NULL'
    : container === 'json'
      ? 'malformed IS NULL'
      : undefined;

export const shapeRejects = (container: Container, header: readonly string[]): string[] =>
  container === 'csv'
    ? [
        `WHEN last_field IS NULL THEN 'fewer fields than the ${header.length} of the header'`,
        `WHEN overflow_field IS NOT NULL THEN 'more fields than the ${header.length} of the header'`,
      ]
    : container === 'json'
      ? [`WHEN malformed IS NOT NULL THEN malformed`]
      : [];
