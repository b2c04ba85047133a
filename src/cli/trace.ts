/**
 * `tollgate trace ...`: how a trace was understood, what it holds and what it cost; mappings for unknown logs; synthetic
 * workloads made and fitted.
 *
 * `inspect` ends with exit code 1 if rows were rejected or anything has no price; more rejects than allowed are bad input.
 * Rejects go to a file only if `--rejects` names one; otherwise the first five are told on stderr.
 */
import { type Command, Option } from 'commander';
import type { Engine } from '../io/usage-sink.ts';
import type { Reject } from '../trace/request.ts';
import { addFitCommand } from './trace-fit.ts';
import { addFormatsCommand } from './trace-formats.ts';
import { addMapCommand } from './trace-map.ts';
import { addSynthCommand } from './trace-synth.ts';

interface Flags {
  readonly as?: string;
  readonly at?: string;
  readonly format?: string;
  readonly mapping?: string;
  readonly engine: Engine;
  readonly rejects?: string;
  readonly maxRejected: string;
  readonly json?: true;
}

export function addTraceCommand(program: Command): void {
  const trace = program.command('trace').description('look into trace files, map unknown ones, make synthetic ones');
  trace
    .command('inspect')
    .description('show how a trace was understood, what it holds, what it cost at list prices and what was billed')
    .argument('<file>', 'a trace, several as a pattern in quotes, or - for stdin; the format is told by its header')
    .option('--as <seller/model>', 'price rows that name no model as this one')
    .option('--at <date>', "date of that model's prices (default: the price book's newest)")
    .option('--format <name>', 'format, where the guess is wrong (`trace formats` lists them)')
    .option('--mapping <file>', 'column mapping, as `trace map` writes it')
    .addOption(
      new Option('--engine <name>', 'how large traces are summed').choices(['auto', 'rows', 'duckdb']).default('auto'),
    )
    .option('--max-rejected <share>', 'share of rows that may be unreadable before it stops', '0.01')
    .option('--rejects <file>', 'write rows that cannot be read, with file, line and reason, to a CSV file')
    .option('--json', 'print JSON')
    .action(inspect);
  addFormatsCommand(trace);
  addMapCommand(trace);
  addFitCommand(trace);
  addSynthCommand(trace);
}

async function inspect(file: string, flags: Flags): Promise<void> {
  const [{ readPriceBook }, { inspectTrace }, { showProgress }, { keepingRejects, writeRejects }] = await Promise.all([
    import('../io/read-price-book.ts'),
    import('./trace-inspection.ts'),
    import('./progress.ts'),
    import('./rejects.ts'),
  ]);
  const book = await readPriceBook();
  const progress = showProgress('reading', flags.json === true);
  const inspecting = inspectTrace(file, book, {
    as: flags.as,
    at: flags.at,
    format: flags.format,
    mapping: flags.mapping,
    engine: flags.engine,
    keeps_all_rejects: flags.rejects !== undefined,
    max_reject_fraction: await shareOf(flags.maxRejected),
    onProgress: progress.update,
  }).finally(progress.stop);
  const { inspection, rejects } = await keepingRejects(flags.rejects, '--max-rejected 0.1', inspecting);
  if (flags.rejects !== undefined) await writeRejects(flags.rejects, rejects);
  else tellRejects(inspection.rejected, rejects);
  if (flags.json) process.stdout.write(`${JSON.stringify(inspection, undefined, 2)}\n`);
  else {
    const { inspectionInWords } = await import('./trace-words.ts');
    process.stdout.write(await inspectionInWords(inspection));
  }
  if (inspection.rejected > 0 || inspection.unpriced.length > 0) process.exitCode = 1;
}

async function shareOf(text: string): Promise<number> {
  const share = Number(text);
  if (text.trim() !== '' && share >= 0 && share <= 1) return share;
  const { inputError } = await import('../errors.ts');
  throw inputError('TRACE_MAX_REJECTED', '--max-rejected', `"${text}" is no share; allowed are 0 to 1, such as 0.05`);
}

const TOLD = 5;

function tellRejects(rejected: number, rejects: readonly Reject[]): void {
  const lines = rejects.slice(0, TOLD).map(({ file, line, reason }) => `${file}:${line}: ${reason}\n`);
  const more = rejected > TOLD ? `and ${rejected - TOLD} more rows; --rejects FILE writes all of them\n` : '';
  process.stderr.write(`${lines.join('')}${more}`);
}
