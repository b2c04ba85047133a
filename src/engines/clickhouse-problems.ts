/**
 * What a ClickHouse server or the way to it says when something is wrong, in words for people. Pure; knows error codes and
 * both forms of message (18.16 names no error types). Passwords are taken out of whatever is quoted.
 */
import { type InputError, inputError } from '../errors.ts';
import { PASSWORD_VARIABLE } from './clickhouse-source.ts';

export interface ServerContext {
  /** Address without account. */
  readonly where: string;
  readonly user: string;
  /** Never shown. */
  readonly secret: string;
  readonly has_password: boolean;
  readonly max_execution_seconds: number;
}

/** Numbers of ClickHouse's ErrorCodes.cpp. */
const WRONG_ACCOUNT = new Set([192, 193, 194, 195, 516]);
const SHARD_DOWN = new Set([198, 209, 210, 279]);
const FORBIDDEN_SETTING = new Set([164, 452]);
const TIMEOUT = 159;
export const UNKNOWN_TABLE = 'CLICKHOUSE_TABLE';
export const UNKNOWN_DATABASE = 'CLICKHOUSE_DATABASE';
const TABLE_CODES: Readonly<Record<number, string>> = { 60: UNKNOWN_TABLE, 81: UNKNOWN_DATABASE };

export function serverProblem(error: unknown, context: ServerContext): InputError {
  const { where, user, secret, has_password, max_execution_seconds } = context;
  const raw = messageOf(error);
  const told = (code: string, message: string): InputError =>
    inputError(code, where, secret === '' ? message : message.replaceAll(secret, '***'));
  const code = numberOf(error, raw);
  if (code === undefined) return unreachable(error, raw, told);
  const said = plain(raw);
  if (WRONG_ACCOUNT.has(code))
    return told(
      'CLICKHOUSE_ACCOUNT',
      `the server does not accept user "${user}" with ${has_password ? 'the password given' : 'no password'}: the password is read from the environment variable ${PASSWORD_VARIABLE}, ${has_password ? 'which does not fit' : 'which is not set'}`,
    );
  if (SHARD_DOWN.has(code)) {
    const shards = addressesIn(raw);
    return told(
      'CLICKHOUSE_SHARD',
      `the table is spread over servers, and ${shards.length === 0 ? 'one' : shards.join(', ')} does not answer; without it all sums would be too small, so none are given. The server says: ${said}`,
    );
  }
  if (FORBIDDEN_SETTING.has(code))
    return told('CLICKHOUSE_SETTINGS', `the account may not set what whole answers need: ${said}`);
  if (code === TIMEOUT)
    return told(
      'CLICKHOUSE_TIME',
      `a statement took longer than ${max_execution_seconds} s: raise "max_execution_seconds", or read less at a time with "from" and "until"`,
    );
  return told(TABLE_CODES[code] ?? 'CLICKHOUSE_SERVER', `ClickHouse says: ${said}`);
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function numberOf(error: unknown, message: string): number | undefined {
  const own = (error as { readonly code?: unknown } | null)?.code;
  const text = typeof own === 'string' && /^[0-9]+$/.test(own) ? own : /\bCode: ([0-9]+)/.exec(message)?.[1];
  return text === undefined ? undefined : Number(text);
}

/** `127.0.0.1:9000`, as the server names the shards it cannot reach. */
const addressesIn = (message: string): string[] => [
  ...new Set(
    [...message.matchAll(/\(([\w.[\]-]+(?::[0-9a-f]*)*:[0-9]{2,5})(?:,[^)]*)?\)/gi)].map((match) => match[1]!),
  ),
];

/** The server's own words without the wrapping of 18.16, one line, bounded. */
const plain = (message: string): string =>
  message
    .replace(/^Code: [0-9]+[.,] ?(?:e\.displayText\(\) = )?/, '')
    .replace(/^DB::(?:Net)?Exception: /, '')
    .replace(/, e\.what\(\) = .*$/s, '')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 500);

function unreachable(error: unknown, message: string, told: (code: string, message: string) => InputError): InputError {
  const code = String((error as { readonly code?: unknown } | null)?.code ?? '');
  if (/ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT/.test(`${code} ${message}`))
    return told(
      'CLICKHOUSE_UNREACHABLE',
      `nothing answers there (${code || message}): is the server running, and is this its HTTP port (8123, or 8443 with https)?`,
    );
  if (/^HPE_|ECONNRESET|EPROTO/.test(code) || /socket hang up|Parse Error|clickhouse-client program/.test(message))
    return told(
      'CLICKHOUSE_UNREACHABLE',
      `what answers there does not speak HTTP${code === 'EPROTO' ? 'S' : ''} (${code || message.replace(/\s+/g, ' ').trim()}): ClickHouse's HTTP port is 8123, or 8443 with https; 9000 is its native one`,
    );
  if (/[Tt]imeout/.test(message)) return told('CLICKHOUSE_TIME', `the server gave no answer in time (${message})`);
  return told('CLICKHOUSE_SERVER', `cannot be read: ${message.slice(0, 500)}`);
}
