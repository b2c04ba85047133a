/**
 * A bill that a prediction is held against: JSON lines of requests (`measurements/bill-line.ts`), or any trace format that
 * carries a billed cost, summed by model and day. Lines that can't be read are told with their number, all at once.
 */
import { open } from 'node:fs/promises';
import { diagnose, dotted } from '../diagnose.ts';
import { type Diagnostic, InputError, inputError, problem } from '../errors.ts';
import { type BillLine, billLine } from '../measurements/bill-line.ts';
import type { Prediction } from '../measurements/predict.ts';
import type { Charged, ChargedDay } from '../measurements/reconcile-contract.ts';
import { COUNT_METERS, type Counts, isEmpty, NO_COUNTS } from '../meters.ts';
import { MS_PER_DAY } from '../units.ts';
import { readUsage } from './read-usage.ts';
import { readText } from './read-yaml.ts';

const MOST_TOLD = 20;
const MOST_CHARACTERS = 512 * 1024 * 1024;
const CODE = 'BILL';

export type ReadBill =
  | { readonly by: 'request'; readonly charges: readonly Charged[]; readonly simulated: boolean }
  | {
      readonly by: 'model_and_day';
      readonly days: readonly ChargedDay[];
      readonly unread: number;
      /** Rows that are no charge in US dollars, by reason. */
      readonly left_out: readonly { readonly reason: string; readonly rows: number }[];
    };

export interface BillOptions {
  readonly format?: string | undefined;
  readonly mapping?: string | undefined;
  readonly prediction: Prediction;
}

export async function readBill(file: string, options: BillOptions): Promise<ReadBill> {
  if (options.format === undefined && options.mapping === undefined && (await tellsRequests(file)))
    return billOfRequests(await readText(file, MOST_CHARACTERS), file);
  return billOfDays(file, options);
}

/** Its first line is one of a bill of requests. */
async function tellsRequests(file: string): Promise<boolean> {
  const handle = await open(file, 'r').catch((error: NodeJS.ErrnoException) => {
    throw inputError(
      'FILE_MISSING',
      file,
      error.code === 'ENOENT' ? 'there is no such file' : `can't be read: ${error.message}`,
    );
  });
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4096), 0, 4096, 0).catch((error: Error) => {
      throw inputError('FILE_UNREADABLE', file, `can't be read: ${error.message}`);
    });
    const head = buffer.toString('utf8', 0, bytesRead);
    if (head.trim() === '') throw inputError(CODE, file, 'is empty: nothing was billed, or nothing was written yet');
    return /^\s*\{[^\n]*"nano_usd"/.test(head);
  } finally {
    await handle.close();
  }
}

export function billOfRequests(text: string, file: string): ReadBill {
  const found: Diagnostic[] = [];
  const charges: Charged[] = [];
  const ids = new Map<string, number>();
  let simulated = false;
  for (const [i, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const where = `${file}:${i + 1}`;
    const read = lineOf(line, where);
    if (Array.isArray(read)) found.push(...read);
    else {
      const twin = ids.get(read.id);
      if (twin !== undefined) found.push(problem(CODE, where, `"${read.id}" is billed in line ${twin} already`));
      ids.set(read.id, i + 1);
      simulated ||= read.simulated;
      charges.push(chargedOf(read));
    }
    if (found.length >= MOST_TOLD) break;
  }
  if (found.length > 0) throw new InputError(found);
  return { by: 'request', charges, simulated };
}

function lineOf(line: string, where: string): BillLine | Diagnostic[] {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return [problem(CODE, where, 'is no JSON object; half a line at the end is one that was still being written')];
  }
  const read = billLine.safeParse(value);
  return read.success
    ? read.data
    : diagnose(CODE, read.error, billLine, value, (path) => `${where} ${dotted(path)}`.trimEnd());
}

function chargedOf({ id, idempotency_key, model, nano_usd, state, route, time, ...rest }: BillLine): Charged {
  const { simulated: _, ...counts } = rest;
  const time_ms = Date.parse(time);
  return { id, idempotency_key, model, nano_usd, state, route, time_ms, counts: { ...NO_COUNTS, ...counts } };
}

async function billOfDays(file: string, { format, mapping, prediction }: BillOptions): Promise<ReadBill> {
  const days: ChargedDay[] = [];
  const adapters = mapping === undefined ? undefined : [await (await import('./read-mapping.ts')).readMapping(mapping)];
  const reading = await readUsage(
    file,
    {
      add: (request) => {
        const { billed_nano_usd: nano_usd, time_ms, seller, model, tier } = request;
        if (nano_usd === undefined) return;
        const name = model === undefined ? undefined : prediction.nameOf(seller, model, time_ms);
        const date = new Date(Math.floor(time_ms / MS_PER_DAY) * MS_PER_DAY).toISOString().slice(0, 10);
        // The sum of several requests does not tell their sizes, on which prices may depend.
        const isOne = request.requests === 1 && request.until_ms === undefined && !isEmpty(request);
        const counts_usd = isOne ? prediction.priceOf({ seller, model, tier, time_ms }, countsOf(request)) : undefined;
        days.push({ model: name, date, nano_usd, counts_usd });
      },
      addGrouped: () => {
        throw new Error('a bill is read row by row');
      },
    },
    { engine: 'rows', format, adapters, size_edges_tokens: [] },
  );
  if (reading.clock !== 'absolute')
    throw inputError(CODE, file, `has no dates (${reading.title}); a bill is held against a log by model and day`);
  if (days.length === 0)
    throw inputError(CODE, file, `was read as ${reading.title}, and no row of it says what was billed`);
  return { by: 'model_and_day', days, unread: reading.rejected, left_out: reading.skipped };
}

const countsOf = (request: Counts): Counts =>
  Object.fromEntries(COUNT_METERS.map((meter) => [meter, request[meter]])) as Counts;
