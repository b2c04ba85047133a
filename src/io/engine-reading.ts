/**
 * Large files and Parquet, summed by DuckDB into a sink: the same reading as row by row, from groups. Files that the engine
 * is not certain of are handed back.
 */
import { TooManyRejects } from '../trace/too-many-rejects.ts';
import { fileDigest } from './file-digest.ts';
import type { TraceReading } from './read-trace.ts';
import type { TraceDescription } from './trace-description.ts';
import { fileReading, type TraceFileReading } from './trace-file-reading.ts';
import type { ReadUsageOptions, UsageSink } from './usage-sink.ts';

export interface EngineReading {
  readonly reading: Omit<TraceReading, 'format' | 'title' | 'sha256' | 'billed'>;
  /** Files that the row reader has to read. */
  readonly falls_back: readonly string[];
}

export async function readByEngine(
  described: readonly TraceDescription[],
  sink: UsageSink,
  { size_edges_tokens, kept_rejects, max_reject_fraction = 0.01, onProgress }: Omit<ReadUsageOptions, 'engine'>,
): Promise<EngineReading> {
  const { rollupWithDuckdb } = await import('../engines/duckdb.ts');
  const parts = described.map(({ file, adapter, container, names, delimiter }) => ({
    path: file,
    adapter,
    container,
    names,
    delimiter,
  }));
  const total_bytes = described.reduce((total, { size_bytes }) => total + size_bytes, 0);
  const [summed, digests] = await Promise.all([
    rollupWithDuckdb(parts, {
      edges: size_edges_tokens,
      kept_rejects,
      sizes: sink.addSizes !== undefined,
      onProgress: onProgress && ((fraction) => onProgress({ rows: 0, fraction, what: 'summing', total_bytes })),
    }),
    Promise.all(described.map(({ file }) => fileDigest(file))),
  ]);
  const { rows, rejected } = summed;
  if (rejected > max_reject_fraction * (rows + rejected))
    throw new TooManyRejects(
      described.length === 1 ? described[0]!.file : `${described.length} files`,
      summed,
      max_reject_fraction,
    );
  const falls_back = new Set(summed.falls_back.map(({ path }) => path));
  sink.addGrouped(summed.grouped);
  for (const { request, path, line } of summed.buckets) sink.add(request, path, line);
  if (summed.sizes !== undefined) sink.addSizes?.(summed.sizes);

  const counts = new Map(summed.files.map((one) => [one.path, one]));
  const files = described.flatMap((one, i) =>
    falls_back.has(one.file) ? [] : [readingOf(one, digests[i]!, counts.get(one.file))],
  );
  return {
    falls_back: [...falls_back],
    reading: {
      clock: files[0]?.clock ?? 'none',
      reasons: files[0]?.reasons ?? [],
      header: files[0]?.names ?? [],
      rows: summed.rows,
      rejected: summed.rejected,
      rejects: summed.rejects,
      skipped: summed.skipped,
      warnings: described.filter(({ file }) => !falls_back.has(file)).flatMap(({ warnings }) => warnings),
      files,
    },
  };
}

const readingOf = (
  { file, adapter, container, names, delimiter, reasons }: TraceDescription,
  sha256: string,
  counts: { readonly rows: number; readonly rejected: number } | undefined,
): TraceFileReading =>
  fileReading({
    file,
    adapter,
    container,
    reasons,
    delimiter,
    names,
    rows: counts?.rows ?? 0,
    rejected: counts?.rejected ?? 0,
    sha256,
  });
