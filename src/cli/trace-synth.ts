/**
 * `tollgate trace synth WORKLOAD -o FILE`: makes up requests from a workload file and writes them as a trace, CSV or
 * Parquet by the name of the file. The same workload and seed give the same bytes of CSV.
 */
import type { Command } from 'commander';
import { inputError } from '../errors.ts';

interface Flags {
  readonly out: string;
  readonly seed: string;
}

export function addSynthCommand(trace: Command): void {
  trace
    .command('synth')
    .description('make up a trace from a workload file')
    .argument('<workload>', 'workload file, YAML or JSON')
    .requiredOption('-o, --out <file>', 'trace to write: .csv or .parquet')
    .option('--seed <number>', 'seed of the random numbers', '1')
    .action(synth);
}

async function synth(file: string, flags: Flags): Promise<void> {
  const seed = Number(flags.seed);
  if (!/^-?\d+$/.test(flags.seed) || !Number.isSafeInteger(seed))
    throw inputError('SEED', '--seed', `found "${flags.seed}"; a seed is a whole number`);
  const { containerOf, writeTrace } = await import('../io/write-trace.ts');
  containerOf(flags.out);
  const [{ readWorkload }, { requestCounts, synthesise }, { workloadColumns }, { showProgress }] = await Promise.all([
    import('../io/read-workload.ts'),
    import('../workload/synthesise.ts'),
    import('../workload/columns.ts'),
    import('./progress.ts'),
  ]);
  const spec = await readWorkload(file);
  const progress = showProgress('Writing', false);
  const expected = requestCounts(spec).reduce((total, count) => total + count, 0);
  const onRows = (rows: number): void => progress.update({ rows, fraction: rows / expected });
  try {
    const rows = await writeTrace(flags.out, workloadColumns(spec), synthesise(spec, seed), onRows);
    progress.stop();
    process.stdout.write(`${flags.out}: ${rows.toLocaleString('en-GB')} requests, seed ${seed}\n`);
  } finally {
    progress.stop();
  }
}
