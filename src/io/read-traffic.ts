/** The traffic of a scenario as a usage table: a trace read from its file, or a synthetic workload. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { type Diagnostic, inputError } from '../errors.ts';
import { measure } from '../measure.ts';
import type { PriceBook } from '../pricing/price-book.ts';
import type { Scenario } from '../scenario/schema.ts';
import type { Reject } from '../trace/request.ts';
import type { UsageTable } from '../usage/table.ts';
import { synthesise } from '../workload/synthesise.ts';
import { readTrace } from './read-trace.ts';

export interface Traffic {
  readonly usage: UsageTable;
  /** What was read, in words. */
  readonly source: string;
  readonly rejected: number;
  readonly rejects: readonly Reject[];
  readonly warnings: readonly Diagnostic[];
  readonly inputs: readonly { readonly name: string; readonly sha256: string }[];
}

/**
 * @param trace file that replaces the scenario's own traffic
 * @param onRows called with the number of rows read so far
 */
export async function readTraffic(
  scenario: Scenario,
  scenarioFile: string,
  book: PriceBook,
  trace: string | undefined,
  onRows: (rows: number) => void,
): Promise<Traffic> {
  const rollup = measure(scenario, book, `${scenario.start}-01`);
  const { synthetic } = scenario.traffic;
  if (trace === undefined && synthetic !== undefined) {
    for (const request of synthesise(synthetic, scenario.seed)) rollup.add(request);
    const usage = rollup.table();
    if (usage.rows.length === 0)
      throw inputError(
        'TRACE_NO_ROWS',
        `${scenarioFile} traffic.synthetic`,
        'makes no request; raise requests_per_hour or duration_hours',
      );
    return {
      usage,
      source: `a synthetic workload, seed ${scenario.seed}`,
      rejected: 0,
      rejects: [],
      warnings: [],
      inputs: [],
    };
  }
  const file = trace ?? path.join(path.dirname(scenarioFile), scenario.traffic.trace!);
  if (trace === undefined && !existsSync(file)) {
    throw inputError(
      'TRACE_MISSING',
      `${scenarioFile} traffic.trace`,
      `there is no file ${file}; a trace is named relative to its scenario`,
    );
  }
  let rows = 0;
  const reading = await readTrace(file, (request) => {
    rollup.add(request);
    rows += 1;
    if (rows % 10_000 === 0) onRows(rows);
  });
  const usage = rollup.table();
  if (usage.rows.length === 0) throw inputError('TRACE_NO_ROWS', file, 'has no request that used a token');
  if (reading.clock === 'none' && scenario.traffic.volume.requests_per_month === undefined) {
    throw inputError(
      'TRACE_NO_TIME',
      file,
      'has no times, so a month can’t be projected from it; add traffic.volume.requests_per_month to the scenario',
    );
  }
  return {
    usage,
    source: `${path.basename(file)} (${reading.title})`,
    rejected: reading.rejected,
    rejects: reading.rejects,
    warnings: reading.warnings,
    inputs: [{ name: path.basename(file), sha256: reading.sha256 }],
  };
}
