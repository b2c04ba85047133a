/** A scenario's traffic that lies in ClickHouse: summed there; the password comes from the environment. */
import { inputError, warning } from '../errors.ts';
import { sizeEdges } from '../pricing/bands.ts';
import type { PriceBook } from '../pricing/price-book.ts';
import { promptSizes } from '../scenario/prompt-sizes.ts';
import type { Scenario } from '../scenario/schema.ts';
import type { SourceReading, TrafficOptions } from './source-reading.ts';
import type { UsageSink } from './usage-sink.ts';

export async function readFromClickhouse(
  scenario: Scenario,
  book: PriceBook,
  sink: UsageSink,
  { onProgress }: TrafficOptions,
): Promise<SourceReading> {
  const { readClickhouse } = await import('../engines/clickhouse.ts');
  const { password_env, columns, ...source } = scenario.traffic.clickhouse!;
  const password = password_env === undefined ? undefined : process.env[password_env];
  if (password_env !== undefined && password === undefined)
    throw inputError(
      'CLICKHOUSE_PASSWORD',
      'traffic.clickhouse.password_env',
      `the environment variable ${password_env} is not set`,
    );
  const reading = await readClickhouse(
    { ...source, password, columns: columns as Record<string, string> | undefined },
    sizeEdges(book, promptSizes(scenario)),
    (step, steps, what) => onProgress?.({ rows: 0, fraction: step / steps, what }),
  );
  const most = scenario.traffic.max_rejected_fraction.central;
  const where = `ClickHouse ${source.table ?? source.format ?? 'query'}`;
  const reasons = reading.rejects.map(({ reason, rows }) => `${rows} rows: ${reason}`);
  if (reading.rejected > most * (reading.rows + reading.rejected))
    throw inputError(
      'TRACE_REJECTS',
      where,
      `${reading.rejected} of ${reading.rows + reading.rejected} rows cannot be read, more than the ${100 * most} % allowed: ${reasons.join('; ')}`,
    );
  if (reading.rows === 0) throw inputError('TRACE_NO_ROWS', where, 'has no row in this window');
  sink.addGrouped(reading);
  return {
    source: `${where} at ${new URL(source.url).host}`,
    clock: 'absolute',
    rows: reading.rows,
    rejected: reading.rejected,
    rejects: reading.rejects.flatMap(({ reason, samples }) =>
      samples.map((text) => ({ file: where, line: 0, reason, text })),
    ),
    warnings: [...reading.warnings, ...reasons.map((text) => warning('ROWS_REJECTED', where, text))],
    inputs: [],
    billed: source.format === 'langfuse' ? ['estimated'] : [],
  };
}
