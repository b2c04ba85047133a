/**
 * One connection to a ClickHouse server over HTTP: statements in, rows out, with settings that forbid partial answers.
 *
 * `skip_unavailable_shards` is the trap: where a profile sets it, a cluster with a shard down gives smaller numbers and no
 * error. It is set to 0 with every statement; where the account may not, the server's own value is read, and 1 is refused.
 */
import { type InputError, inputError } from '../errors.ts';
import { serverProblem } from './clickhouse-problems.ts';
import { PASSWORD_VARIABLE } from './clickhouse-source.ts';
import type { ResultRow } from './portable-reading.ts';

export interface Connection {
  readonly query: (sql: string) => Promise<readonly ResultRow[]>;
  readonly close: () => Promise<void>;
}

export interface ConnectionOptions {
  readonly url: URL;
  readonly user: string;
  readonly password: string | undefined;
  readonly database: string | undefined;
  readonly max_execution_seconds: number;
}

/** What must hold for numbers to be whole, on servers that know the setting. */
const WHOLE_ANSWERS: Readonly<Record<string, string>> = {
  skip_unavailable_shards: '0',
  timeout_overflow_mode: 'throw',
  read_overflow_mode: 'throw',
  read_overflow_mode_leaf: 'throw',
  group_by_overflow_mode: 'throw',
  result_overflow_mode: 'throw',
  distinct_overflow_mode: 'throw',
  distributed_group_by_no_merge: '0',
  limit: '0',
  offset: '0',
};
/** Sent where settings may be sent, not insisted on: most accounts that may not have the defaults, which serve. */
const ANSWER_FORM: Readonly<Record<string, string>> = {
  // A replica that lags behind gives smaller numbers too.
  fallback_to_stale_replicas_for_distributed_queries: '0',
  output_format_json_quote_64bit_integers: '1',
  output_format_json_quote_denormals: '1',
  extremes: '0',
};
/** Time for an answer to arrive after the server's own bound. */
const GRACE_MS = 15_000;

export async function connect(options: ConnectionOptions): Promise<Connection> {
  const { ClickHouseLogLevel, createClient } = await import('@clickhouse/client');
  const { url, user, database, max_execution_seconds } = options;
  const password = options.password ?? process.env[PASSWORD_VARIABLE] ?? '';
  const where = url.origin;
  const client = createClient({
    url: url.origin,
    ...(url.pathname === '/' ? {} : { pathname: url.pathname }),
    username: user,
    password,
    ...(database === undefined ? {} : { database }),
    request_timeout: max_execution_seconds * 1000 + GRACE_MS,
    max_open_connections: 1,
    log: { level: ClickHouseLogLevel.OFF },
  });
  const explained = (error: unknown): InputError =>
    serverProblem(error, { where, user, secret: password, has_password: password !== '', max_execution_seconds });
  const run = async (sql: string, settings: Readonly<Record<string, string>>): Promise<readonly ResultRow[]> => {
    try {
      const result = await client.query({
        query: sql,
        format: 'JSONEachRow',
        // Errors after the first rows come as errors, not as the last line of an answer.
        clickhouse_settings: { ...settings, wait_end_of_query: 1 },
      });
      return await result.json<ResultRow>();
    } catch (error) {
      throw explained(error);
    }
  };
  try {
    const settings = await settingsFor(run, max_execution_seconds, where);
    return { query: (sql) => run(sql, settings), close: () => client.close() };
  } catch (error) {
    await client.close();
    throw error;
  }
}

/** The settings to send with each statement: none where the account may change none. */
async function settingsFor(
  run: (sql: string, settings: Readonly<Record<string, string>>) => Promise<readonly ResultRow[]>,
  max_execution_seconds: number,
  where: string,
): Promise<Readonly<Record<string, string>>> {
  const wanted: Readonly<Record<string, string>> = {
    ...WHOLE_ANSWERS,
    ...ANSWER_FORM,
    max_execution_time: String(max_execution_seconds),
  };
  const names = ['readonly', ...Object.keys(wanted)].map((name) => `'${name}'`).join(', ');
  const rows = await run(`SELECT name, value FROM system.settings WHERE name IN (${names})`, {});
  const values = new Map(rows.map(({ name, value }) => [String(name), String(value)]));
  if (values.get('readonly') !== '1')
    return Object.fromEntries(Object.entries(wanted).filter(([name]) => values.has(name)));
  const partial = Object.entries(WHOLE_ANSWERS).filter(([name, value]) => (values.get(name) ?? value) !== value);
  if (partial.length > 0)
    throw inputError(
      'CLICKHOUSE_SETTINGS',
      where,
      `the account may change no settings, and its profile has ${partial.map(([name]) => `${name} = ${values.get(name)}`).join(', ')}: answers may leave out rows without a word. Give it a profile with ${partial.map(([name, value]) => `${name} = ${value}`).join(', ')}, or readonly = 2`,
    );
  return {};
}
