/**
 * Reads traces into a sink, by the fastest way that gives the same answer: small files row by row, large plain ones and
 * Parquet summed by an engine, of which only the groups come back.
 */
import { createHash } from 'node:crypto';
import { open, stat } from 'node:fs/promises';
import { inputError } from '../errors.ts';
import { readByEngine } from './engine-reading.ts';
import { readTrace, type TraceReading } from './read-trace.ts';
import { describeTrace, type TraceDescription } from './trace-description.ts';
import { isParquet } from './trace-parquet.ts';
import { STANDARD_INPUT, traceFiles } from './trace-sources.ts';
import type { Engine, ReadUsageOptions, UsageSink } from './usage-sink.ts';

/** From this size on the engine's start-up is worth it. */
const LARGE_BYTES = 64 * 1024 * 1024;

export async function readUsage(
  source: string | readonly string[],
  sink: UsageSink,
  { engine = 'auto', ...given }: ReadUsageOptions,
): Promise<TraceReading> {
  const options = withoutAbsent(given);
  const files = await traceFiles(source);
  const described = engine === 'rows' ? [] : await forEngine(files, engine, options);
  if (described.length === 0) return readRows(files, sink, options);
  const { reading, falls_back } = await readByEngine(described, sink, options);
  const taken = new Set(described.map(({ file }) => file));
  const rest = files.filter((file) => !taken.has(file) || falls_back.includes(file));
  if (rest.length === 0) return together([reading]);
  return together([reading, await readRows(rest, sink, options)]);
}

type Options = Omit<ReadUsageOptions, 'engine'>;

/** Optional fields that are undefined are left out, so that defaults hold. */
const withoutAbsent = (given: Options): Options =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as unknown as Options;

function readRows(
  files: readonly string[],
  sink: UsageSink,
  { onProgress, ...options }: Options,
): Promise<TraceReading> {
  return readTrace(files, (request, line, file) => sink.add(request, file, line), {
    ...(options as object),
    ...(onProgress && {
      onProgress: ({ rows, bytes, total_bytes }) =>
        onProgress({ rows, fraction: total_bytes === undefined ? undefined : bytes / total_bytes }),
    }),
  });
}

/** The files that the engine reads as the row reader would: plain ones that are large, and Parquet. */
async function forEngine(files: readonly string[], engine: Engine, { adapters, format }: Options) {
  const described: TraceDescription[] = [];
  for (const file of files) {
    const found = file === STANDARD_INPUT ? undefined : await stat(file).catch(() => undefined);
    if (found === undefined || !found.isFile() || found.size === 0) continue;
    if (engine === 'auto' && found.size < LARGE_BYTES && !(await isParquetFile(file))) continue;
    const one = await describeTrace(file, { ...(adapters && { adapters }), ...(format && { format }) });
    if (one.is_plain || one.container === 'parquet') described.push(one);
  }
  const clocks = new Set(described.map(({ adapter }) => adapter.clock));
  // Files whose clocks differ are refused in the row reader's words.
  return clocks.size > 1 ? [] : described;
}

async function isParquetFile(file: string): Promise<boolean> {
  const handle = await open(file, 'r').catch(() => undefined);
  if (handle === undefined) return false;
  try {
    const { buffer } = await handle.read(Buffer.alloc(4), 0, 4, 0);
    return isParquet(buffer);
  } finally {
    await handle.close();
  }
}

/** Parts of one source as one reading. */
function together(parts: readonly Omit<TraceReading, 'format' | 'title' | 'sha256' | 'billed'>[]): TraceReading {
  const files = parts.flatMap((part) => part.files);
  const digests = files.map(({ sha256 }) => sha256);
  const skipped = new Map<string, number>();
  for (const { reason, rows } of parts.flatMap((part) => part.skipped))
    skipped.set(reason, (skipped.get(reason) ?? 0) + rows);
  const clocks = new Set(parts.map(({ clock }) => clock));
  if (clocks.size > 1)
    throw inputError(
      'TRACE_CLOCK',
      files[0]!.file,
      'some of the files have dates and some have none; read them one by one',
    );
  return {
    format: [...new Set(files.map(({ format }) => format))].join(' + '),
    title: [...new Set(files.map(({ title }) => title))].join(' + '),
    clock: parts[0]!.clock,
    reasons: parts[0]!.reasons,
    header: parts[0]!.header,
    rows: parts.reduce((total, { rows }) => total + rows, 0),
    rejected: parts.reduce((total, { rejected }) => total + rejected, 0),
    rejects: parts.flatMap(({ rejects }) => rejects),
    skipped: [...skipped].map(([reason, rows]) => ({ reason, rows })),
    warnings: parts.flatMap(({ warnings }) => warnings),
    sha256: digests.length === 1 ? digests[0]! : createHash('sha256').update(digests.join('\n')).digest('hex'),
    files,
    billed: files.find(({ billed }) => billed !== undefined)?.billed,
  };
}
