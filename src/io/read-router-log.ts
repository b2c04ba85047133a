/**
 * The router's usage log with what a trace leaves out: which request and attempt a row is, how it ended, whether it is billed.
 * CSV or JSON lines; files, patterns, or the log's folder. Rows that can't be read are told with file and line, all at once.
 */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parse } from 'csv-parse';
import { type Diagnostic, InputError, inputError, problem } from '../errors.ts';
import type { LoggedAttempt } from '../measurements/reconcile-contract.ts';
import { COUNT_METERS, type Counts, SERVICE_TIERS } from '../meters.ts';
import { traceFiles } from './trace-sources.ts';

const MOST_TOLD = 20;
const NEEDED = ['time', 'request', 'attempt', 'billing', 'cost_status', 'input_tokens', 'output_tokens'] as const;
type Row = Readonly<Record<string, unknown>>;

export async function readRouterLog(sources: readonly string[]): Promise<readonly LoggedAttempt[]> {
  const files = await traceFiles(await Promise.all(sources.map(inFolder)));
  const attempts: LoggedAttempt[] = [];
  const found: Diagnostic[] = [];
  for (const file of files) {
    let line = 1;
    for await (const row of rowsOf(file)) {
      if (line === 1) checkColumns(file, row.names);
      line = row.line;
      const read = attemptOf(`${file}:${line}`, row.cells);
      if (typeof read === 'string') found.push(problem('ROUTER_LOG_ROW', `${file}:${line}`, read));
      else attempts.push(read);
      if (found.length >= MOST_TOLD) throw new InputError(found);
    }
  }
  if (found.length > 0) throw new InputError(found);
  if (attempts.length === 0)
    throw inputError('ROUTER_LOG', files.join(', '), 'holds no row; has the router served anything yet?');
  return attempts;
}

/** A folder stands for the log's files in it. */
async function inFolder(source: string): Promise<string> {
  const found = await stat(source).catch(() => undefined);
  return found?.isDirectory() === true ? join(source, 'usage-*') : source;
}

interface FoundRow {
  readonly names: readonly string[];
  readonly cells: Row;
  readonly line: number;
}

async function* rowsOf(file: string): AsyncGenerator<FoundRow> {
  try {
    yield* /\.(jsonl|ndjson)$/i.test(file) ? jsonRows(file) : csvRows(file);
  } catch (error) {
    if (error instanceof InputError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw inputError('FILE_MISSING', file, 'there is no such file');
    throw inputError('ROUTER_LOG', file, `can't be read: ${message}`);
  }
}

async function* csvRows(file: string): AsyncGenerator<FoundRow> {
  const source = createReadStream(file);
  const parser = parse({ columns: true, info: true, bom: true, relax_column_count_less: true });
  source.on('error', (error) => parser.destroy(error));
  source.pipe(parser);
  for await (const { record, info } of parser as AsyncIterable<{ record: Row; info: { lines: number } }>)
    yield { names: Object.keys(record), cells: record, line: info.lines };
}

async function* jsonRows(file: string): AsyncGenerator<FoundRow> {
  let line = 0;
  for await (const text of createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })) {
    line++;
    if (text.trim() === '') continue;
    let cells: unknown;
    try {
      cells = JSON.parse(text);
    } catch {
      throw inputError('ROUTER_LOG', `${file}:${line}`, 'is no JSON object');
    }
    if (typeof cells !== 'object' || cells === null)
      throw inputError('ROUTER_LOG', `${file}:${line}`, 'is no JSON object');
    yield { names: [...Object.keys(cells), ...NEEDED], cells: cells as Row, line };
  }
}

function checkColumns(file: string, names: readonly string[]): void {
  const missing = NEEDED.filter((name) => !names.includes(name));
  if (missing.length > 0)
    throw inputError(
      'ROUTER_LOG',
      file,
      `is no log of \`tollgate router\`: it lacks ${missing.join(', ')}; a trace of another kind is priced by \`tollgate trace inspect\``,
    );
}

/** The attempt, or why the row is none. */
function attemptOf(where: string, row: Row): LoggedAttempt | string {
  const text = (name: string): string | undefined => {
    const value = row[name];
    return value === undefined || value === null || value === '' ? undefined : String(value);
  };
  const time_ms = Date.parse(text('time') ?? '');
  if (Number.isNaN(time_ms)) return `time: "${text('time') ?? ''}" is no instant`;
  const request = text('request');
  if (request === undefined) return 'request: is empty';
  const counts: Record<string, number> = {};
  for (const meter of ['attempt', ...COUNT_METERS]) {
    const count = Number(text(meter) ?? 0);
    if (!Number.isSafeInteger(count) || count < 0)
      return `${meter}: "${text(meter)}" is no count; allowed are 0, 1, 2, …`;
    counts[meter] = count;
  }
  const { attempt = 0, ...meters } = counts;
  const tier = SERVICE_TIERS.find((one) => one === (text('tier') ?? 'standard'));
  if (tier === undefined) return `tier: "${text('tier')}" is none; allowed are ${SERVICE_TIERS.join(', ')}`;
  return {
    where,
    request,
    attempt,
    time_ms,
    latency_ms: Number(text('latency_ms') ?? 0),
    seller: text('seller'),
    model: text('model'),
    tier,
    counts: meters as Counts,
    outcome: text('outcome') ?? '',
    billing: text('billing') ?? 'not_sent',
    cost_status: text('cost_status') ?? 'unpriced',
  };
}
