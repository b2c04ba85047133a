/**
 * `tollgate trace inspect FILE`: how a trace file was understood, what it holds, and what it costs at list prices.
 *
 * Exit code 1 if rows were rejected or anything has no price; more rejects than allowed are bad input. Rejects go to a
 * file only if `--rejects` names one; otherwise the first five are told on stderr.
 */
import type { Command } from 'commander';
import type { Reject } from '../trace/request.ts';
import type { TraceInspection } from './trace-inspection.ts';

interface Flags {
  readonly as?: string;
  readonly at?: string;
  readonly rejects?: string;
  readonly json?: true;
}

export function addTraceCommand(program: Command): void {
  const trace = program.command('trace').description('look into trace files');
  trace
    .command('inspect')
    .description('show what a trace holds and what it costs at list prices')
    .argument('<file>', 'trace file: CSV or JSON lines, the format is told by its header')
    .option('--as <seller/model>', 'price rows that name no model as this one')
    .option('--at <date>', "date of that model's prices (default: the price book's newest)")
    .option('--rejects <file>', 'write rows that cannot be read, with line and reason, to a CSV file')
    .option('--json', 'print JSON')
    .action(inspect);
}

async function inspect(file: string, flags: Flags): Promise<void> {
  const { readPriceBook } = await import('../io/read-price-book.ts');
  const { inspectTrace } = await import('./trace-inspection.ts');
  const book = await readPriceBook();
  const { inspection, rejects } = await inspectTrace(file, book, {
    as: flags.as,
    at: flags.at,
    keeps_all_rejects: flags.rejects !== undefined,
  });
  if (flags.rejects !== undefined) await writeRejects(flags.rejects, file, rejects);
  else tellRejects(file, inspection.rejected, rejects);
  process.stdout.write(flags.json ? `${JSON.stringify(inspection, undefined, 2)}\n` : await inWords(inspection));
  if (inspection.rejected > 0 || inspection.unpriced.length > 0) process.exitCode = 1;
}

async function writeRejects(target: string, file: string, rejects: readonly Reject[]): Promise<void> {
  const { writeFile } = await import('node:fs/promises');
  const { csvText } = await import('../io/write-csv.ts');
  const { inputError } = await import('../errors.ts');
  const rows = rejects.map(({ line, reason, text }) => [file, line, reason, text]);
  await writeFile(target, csvText([['file', 'line', 'reason', 'text'], ...rows])).catch((error: Error) => {
    throw inputError('TRACE_REJECTS_FILE', target, `cannot be written: ${error.message}`);
  });
}

const TOLD = 5;

function tellRejects(file: string, rejected: number, rejects: readonly Reject[]): void {
  const lines = rejects.slice(0, TOLD).map(({ line, reason }) => `${file}:${line}: ${reason}\n`);
  const more = rejected > TOLD ? `and ${rejected - TOLD} more rows; --rejects FILE writes all of them\n` : '';
  process.stderr.write(`${lines.join('')}${more}`);
}

async function inWords(seen: TraceInspection): Promise<string> {
  const [{ default: Table }, { colours }] = await Promise.all([import('cli-table3'), import('./colours.ts')]);
  const pc = colours();
  const table = new Table({
    head: ['Tokens', 'Sum', 'p50', 'p95', 'p99', 'Max'].map((name) => pc.bold(name)),
    colAligns: ['left', 'right', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [], compact: true },
  });
  const { tokens, quantiles, arrivals, window } = seen;
  const sized = (sizes: TraceInspection['quantiles']['input']): string[] =>
    sizes === null ? ['', '', '', ''] : [sizes.p50, sizes.p95, sizes.p99, sizes.max].map(whole);
  table.push(
    ['Prompt', whole(tokens.input + tokens.cache_read + tokens.cache_write), ...sized(quantiles.input)],
    ['  fresh', whole(tokens.input), '', '', '', ''],
    ['  cache read', whole(tokens.cache_read), '', '', '', ''],
    ['  cache write', whole(tokens.cache_write), '', '', '', ''],
    ['Output', whole(tokens.output), ...sized(quantiles.output)],
  );
  const failed = seen.failed_requests === 0 ? '' : `, ${whole(seen.failed_requests)} of them failed without usage`;
  const lines = [
    `${pc.bold(seen.file)}: read as ${seen.format}, since ${seen.reasons.join('; ')}`,
    `${whole(seen.rows)} requests${failed}, ${whole(seen.rejected)} rows rejected`,
    ...(window === null
      ? []
      : [`${window.from} until ${window.until}${seen.clock === 'relative' ? ' (relative)' : ''}`]),
    ...(arrivals === null
      ? []
      : [
          `${arrivals.mean_requests_per_second.toPrecision(4)} requests/s, busiest minute ${arrivals.peak_minute.requests} ` +
            `(${arrivals.peak_to_mean.toPrecision(3)} x the mean) at ${arrivals.peak_minute.from}`,
        ]),
    table.toString(),
    `Models: ${seen.models.map(({ model, requests }) => `${model} (${whole(requests)})`).join(', ')}`,
    seen.cost_usd === null
      ? pc.red('Cost: not known')
      : `Cost: ${pc.bold(`${Number(seen.cost_usd.toPrecision(12))} USD`)} at list prices`,
    ...seen.unpriced.map(({ model, requests, reason }) =>
      pc.red(`Unpriced: ${model}, ${whole(requests)} requests: ${reason}`),
    ),
    ...seen.warnings.map((text) => pc.yellow(`Warning: ${text}`)),
  ];
  return `${lines.join('\n')}\n`;
}

/** 1,234,567, or one decimal where a quantile falls between two counts. */
const whole = (value: number): string => value.toLocaleString('en-GB', { maximumFractionDigits: 1 });
