/**
 * The usage log: whole lines appended to a file of a folder, in the project's own trace format, so that what was served can
 * be replayed and priced again. Rows are gathered and written together every so often; a process that dies loses what it
 * had not yet written and nothing else: half a line at the end is cut away when the file is taken up again.
 *
 * A file that has reached its size is left and the next one begun: usage-000001.csv, usage-000002.csv and so on. Prompts
 * are written down only where the configuration asks for it.
 */
import { randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { inputError } from '../errors.ts';
import { csvLine, csvText } from '../io/write-csv.ts';
import { wholeMs } from '../routing/exact.ts';
import type { Routes } from '../routing/route.ts';
import type { RouterConfig } from './config.ts';
import type { RequestEntry } from './ledger.ts';
import { hashChain } from './prompt-hashes.ts';
import type { AskedBody } from './request-body.ts';
import { attemptRows, requestRow, USAGE_COLUMNS, type UsageRow } from './usage-rows.ts';

export type LogTerms = NonNullable<RouterConfig['log']>;

const NEWLINE = 0x0a;
/** Lines that wait where the disk takes none; the oldest go first. */
const MOST_LINES = 100_000;

/** What is not written yet. */
export interface LogStanding {
  readonly waiting: number;
  readonly oldest_ms: number;
  readonly dropped: number;
}

export class UsageLog {
  readonly #terms: LogTerms;
  readonly #dir: string;
  readonly #columns: readonly string[];
  readonly #salt = randomBytes(32);
  readonly #onError: (error: unknown) => void;
  readonly #timer: NodeJS.Timeout;
  #handle: FileHandle;
  #number: number;
  #bytes: number;
  #lines: string[] = [];
  /** When the first of them came. */
  #since_ms = 0;
  #writing_lines = 0;
  #dropped = 0;
  #writing: Promise<void> = Promise.resolve();

  private constructor(terms: LogTerms, dir: string, opened: Opened, onError: (error: unknown) => void) {
    this.#terms = terms;
    this.#dir = dir;
    this.#columns = columnsOf(terms);
    this.#onError = onError;
    ({ handle: this.#handle, number: this.#number, bytes: this.#bytes } = opened);
    this.#timer = setInterval(() => void this.flush(), Math.max(1, wholeMs(terms.flush)));
    this.#timer.unref();
  }

  /** @param onError told when lines can't be written; they are kept and written with the next ones */
  static async open(terms: LogTerms, dir: string, onError: (error: unknown) => void): Promise<UsageLog> {
    try {
      await mkdir(dir, { recursive: true });
      const names = (await readdir(dir)).flatMap((name) => nameOf(terms).exec(name)?.[1] ?? []);
      const last = Math.max(1, ...names.map(Number));
      return new UsageLog(terms, dir, await openFile(terms, dir, last), onError);
    } catch (error) {
      throw inputError('ROUTER_LOG', dir, `can't be written: ${(error as Error).message}`);
    }
  }

  add(entry: RequestEntry, body: AskedBody, routes: Routes): void {
    const { rows, hash_chain, prompts } = this.#terms;
    const found = rows === 'request' ? [requestRow(entry, routes)] : attemptRows(entry, routes);
    if (hash_chain) {
      const hashes = hashChain(body.value, this.#salt).join(' ');
      for (const row of found) row.push(hashes);
    }
    if (prompts) {
      const prompt = JSON.stringify(body.value.messages ?? body.value.input ?? body.value.prompt);
      for (const row of found) row.push(prompt);
    }
    if (this.#lines.length + this.#writing_lines === 0) this.#since_ms = performance.now();
    for (const row of found) this.#lines.push(this.#line(row));
  }

  get standing(): LogStanding {
    const waiting = this.#lines.length + this.#writing_lines;
    return { waiting, oldest_ms: waiting === 0 ? 0 : performance.now() - this.#since_ms, dropped: this.#dropped };
  }

  /** Writes what has gathered; told when it is in the file. */
  flush(): Promise<void> {
    this.#writing = this.#writing.then(() => this.#write());
    return this.#writing;
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.flush();
    await this.#handle.close();
  }

  async #write(): Promise<void> {
    if (this.#lines.length === 0) return;
    const lines = this.#lines;
    const begun_ms = performance.now();
    this.#lines = [];
    this.#writing_lines = lines.length;
    try {
      if (this.#bytes >= this.#terms.rotate_bytes) await this.#rotate();
      const bytes = Buffer.from(lines.join(''));
      await this.#handle.appendFile(bytes);
      this.#bytes += bytes.length;
      // Nothing that came while this was written is older than its beginning.
      this.#since_ms = begun_ms;
    } catch (error) {
      const all = [...lines, ...this.#lines];
      this.#dropped += Math.max(0, all.length - MOST_LINES);
      this.#lines = all.slice(-MOST_LINES);
      await this.#handle.truncate(this.#bytes).catch(() => undefined);
      this.#onError(error);
    } finally {
      this.#writing_lines = 0;
    }
  }

  async #rotate(): Promise<void> {
    const next = await openFile(this.#terms, this.#dir, this.#number + 1);
    await this.#handle.close();
    ({ handle: this.#handle, number: this.#number, bytes: this.#bytes } = next);
  }

  #line(row: UsageRow): string {
    if (this.#terms.format === 'csv') return csvLine(row);
    const named = this.#columns.map((column, i) => [column, row[i] ?? undefined]);
    return `${JSON.stringify(Object.fromEntries(named))}\n`;
  }
}

interface Opened {
  readonly handle: FileHandle;
  readonly number: number;
  readonly bytes: number;
}

const columnsOf = ({ hash_chain, prompts }: LogTerms): string[] => [
  ...USAGE_COLUMNS,
  ...(hash_chain ? ['hash_chain'] : []),
  ...(prompts ? ['prompt'] : []),
];

const nameOf = ({ format }: LogTerms): RegExp => new RegExp(`^usage-(\\d{6,})\\.${format}$`);

/** Takes up a file behind its last whole line; one whose columns are others is left for the next number. */
async function openFile(terms: LogTerms, dir: string, number: number): Promise<Opened> {
  const file = join(dir, `usage-${String(number).padStart(6, '0')}.${terms.format}`);
  const handle = await open(file, 'a+', 0o600);
  const bytes = await cutHalfLine(handle);
  if (terms.format !== 'csv') return { handle, number, bytes };
  const header = Buffer.from(csvText([columnsOf(terms)]));
  if (bytes === 0) {
    await handle.appendFile(header);
    return { handle, number, bytes: header.length };
  }
  const found = Buffer.alloc(header.length);
  await handle.read(found, 0, header.length, 0);
  if (found.equals(header)) return { handle, number, bytes };
  await handle.close();
  return openFile(terms, dir, number + 1);
}

/** Length of the file up to its last whole line. */
async function cutHalfLine(handle: FileHandle): Promise<number> {
  const { size } = await handle.stat();
  const block = Buffer.alloc(65_536);
  for (let end = size; end > 0; ) {
    const from = Math.max(0, end - block.length);
    const { bytesRead } = await handle.read(block, 0, end - from, from);
    const at = block.subarray(0, bytesRead).lastIndexOf(NEWLINE);
    if (at >= 0) {
      const length = from + at + 1;
      if (length < size) await handle.truncate(length);
      return length;
    }
    end = from;
  }
  if (size > 0) await handle.truncate(0);
  return 0;
}
