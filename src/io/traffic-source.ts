/**
 * Reads a scenario's traffic into a sink, wherever it lies: made up from a workload, in ClickHouse, or in trace files, which
 * are read row by row or summed by an engine. Prices nothing; says how each part was understood.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { type Diagnostic, inputError, notice } from '../errors.ts';
import { sizeEdges } from '../pricing/bands.ts';
import type { PriceBook } from '../pricing/price-book.ts';
import { promptSizes } from '../scenario/prompt-sizes.ts';
import type { Scenario } from '../scenario/schema.ts';
import { synthesise } from '../workload/synthesise.ts';
import { readMapping } from './read-mapping.ts';
import { readUsage } from './read-usage.ts';
import type { SourceReading, TrafficOptions } from './source-reading.ts';
import type { UsageSink } from './usage-sink.ts';

export async function readInto(
  scenario: Scenario,
  scenarioFile: string,
  book: PriceBook,
  sink: UsageSink,
  options: TrafficOptions,
): Promise<SourceReading> {
  const { synthetic, clickhouse, trace } = scenario.traffic;
  if (options.trace === undefined && synthetic !== undefined) return made(scenario, sink);
  if (options.trace === undefined && clickhouse !== undefined)
    return (await import('./clickhouse-traffic.ts')).readFromClickhouse(scenario, book, sink, options);

  const folder = path.dirname(scenarioFile);
  const ofScenario = options.trace === undefined;
  const source = options.trace ?? besideScenario(folder, trace!);
  if (ofScenario && !/[*?]/.test(source) && !existsSync(source))
    throw inputError(
      'TRACE_MISSING',
      `${scenarioFile} traffic.trace`,
      `there is no file ${source}; a trace is named relative to its scenario`,
    );
  const mapping =
    options.mapping ??
    (ofScenario && scenario.traffic.mapping !== undefined
      ? besideScenario(folder, scenario.traffic.mapping)
      : undefined);
  const reading = await readUsage(source, sink, {
    adapters: mapping === undefined ? undefined : [await readMapping(mapping)],
    format: options.format ?? (ofScenario ? scenario.traffic.format : undefined),
    max_reject_fraction: scenario.traffic.max_rejected_fraction.central,
    engine: options.engine,
    size_edges_tokens: sizeEdges(book, promptSizes(scenario)),
    onProgress: options.onProgress,
  });
  return {
    source:
      reading.files.length === 1
        ? `${path.basename(source)} (${reading.title})`
        : `${reading.files.length} files (${reading.title})`,
    clock: reading.clock,
    rows: reading.rows,
    rejected: reading.rejected,
    rejects: reading.rejects,
    warnings: [...reading.warnings, ...understood(reading)],
    inputs: reading.files.map(({ file, sha256 }) => ({ name: path.basename(file), sha256 })),
    billed: [...new Set(reading.files.flatMap(({ billed }) => billed ?? []))],
  };
}

/** A file that a scenario names, relative to the scenario's folder; absolute paths stay as they are. */
const besideScenario = (folder: string, file: string): string =>
  path.isAbsolute(file) ? file : path.join(folder, file);

/** How the files were understood, where that needed settling, and what was left out. */
export function understood({ files, skipped }: Awaited<ReturnType<typeof readUsage>>): Diagnostic[] {
  return [
    ...files.flatMap(({ file, settles }) =>
      settles.length === 0 ? [] : [notice('TRACE_READ_AS', path.basename(file), settles.join('; '))],
    ),
    ...skipped.map(({ reason, rows }) => notice('ROWS_LEFT_OUT', 'traffic', `${rows} rows are left out: ${reason}`)),
  ];
}

function made(scenario: Scenario, sink: UsageSink): SourceReading {
  let rows = 0;
  const source = `a synthetic workload, seed ${scenario.seed}`;
  for (const request of synthesise(scenario.traffic.synthetic!, scenario.seed)) sink.add(request, source, ++rows);
  return { source, clock: 'absolute', rows, rejected: 0, rejects: [], warnings: [], inputs: [], billed: [] };
}
