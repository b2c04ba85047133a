/**
 * `tollgate trace fit TRACE -o WORKLOAD`: one small workload file for a trace, and how well what it makes up agrees with
 * the trace, side by side.
 */
import { basename } from 'node:path';
import type { Command } from 'commander';
import { inputError } from '../errors.ts';
import type { Fit } from '../workload/fit.ts';
import type { TraceStatistics } from '../workload/statistics.ts';
import type { FittedSample } from '../workload/trace-sample.ts';

interface Flags {
  readonly out: string;
  readonly seed: string;
  readonly classes: string;
}

export function addFitCommand(trace: Command): void {
  trace
    .command('fit')
    .description('fit a workload file to a trace, and show how well it agrees')
    .argument('<trace>', 'trace file of any known format')
    .requiredOption('-o, --out <file>', 'workload file to write, YAML')
    .option('--classes <number>', 'features and tiers that get a class of their own; the rest becomes one', '8')
    .option('--seed <number>', 'seed of the synthetic trace that is compared', '1')
    .action(fit);
}

async function fit(file: string, flags: Flags): Promise<void> {
  const [seed, max_classes] = [wholeNumber('--seed', flags.seed, 0), wholeNumber('--classes', flags.classes, 1)];
  const [
    { readTrace },
    { TraceSample },
    { fitWorkload },
    { substream },
    { workloadSpec },
    { traceStatistics },
    writing,
  ] = await Promise.all([
    import('../io/read-trace.ts'),
    import('../workload/trace-sample.ts'),
    import('../workload/fit.ts'),
    import('../random.ts'),
    import('../workload/schema.ts'),
    import('../workload/statistics.ts'),
    import('../io/write-workload.ts'),
  ]);
  const { synthesise } = await import('../workload/synthesise.ts');
  const collected = new TraceSample();
  const reading = await readTrace(file, (request) => collected.add(request));
  if (reading.clock === 'none')
    throw inputError('TRACE_NO_TIME', file, 'has no times, so that arrivals can not be fitted');
  const sample = collected.finish(substream(seed, 'fit/clock'));
  checkSample(file, sample);
  const fitted = fitWorkload(sample, { max_classes, peopleOf: (feature) => collected.peopleOf(feature) });
  const notes = notesOf(sample, reading.rejected);
  await writing.writeWorkload(
    flags.out,
    writing.workloadText(fitted.spec, [...heading(file, sample, reading.clock), ...notes]),
  );
  const made = new TraceSample();
  for (const request of synthesise(workloadSpec.parse(fitted.spec), seed)) made.add(request);
  const table = await comparison(
    traceStatistics(sample),
    traceStatistics(made.finish(substream(seed, 'fit/clock'))),
    seed,
  );
  process.stdout.write(
    [table, `Arrivals: ${arrivalsInWords(fitted)}`, ...notes, `Written: ${flags.out}`, ''].join('\n'),
  );
}

function wholeNumber(flag: string, text: string, least: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < least)
    throw inputError('FLAG', flag, `found "${text}"; expected a whole number of at least ${least}`);
  return value;
}

function checkSample(file: string, { times_ms, summed }: FittedSample): void {
  if (times_ms.length >= 3 && times_ms.at(-1)! > times_ms[0]!) return;
  throw inputError(
    'TRACE_TOO_SHORT',
    file,
    summed > 0
      ? `its rows sum several requests each (${summed} rows); only single requests can be fitted`
      : `has ${times_ms.length} requests that can be fitted, over no time or fewer than three`,
  );
}

function heading(file: string, { times_ms }: FittedSample, clock: string): string[] {
  const [from, until] = [times_ms[0]!, times_ms.at(-1)!].map((time) => new Date(time).toISOString());
  return [
    `Fitted to ${basename(file)}, ${times_ms.length} requests`,
    clock === 'relative' ? `Relative clock, counted from 1970: ${from} to ${until}` : `${from} to ${until}`,
  ];
}

function notesOf({ clock_step_ms, unused, summed }: FittedSample, rejected: number): string[] {
  return [
    ...(clock_step_ms > 0
      ? [`Times stand in steps of ${clock_step_ms} ms; each request was spread uniformly within its step first`]
      : []),
    ...(unused > 0 ? [`${unused} requests that used nothing are left out`] : []),
    ...(summed > 0 ? [`${summed} rows that sum several requests are left out`] : []),
    ...(rejected > 0 ? [`${rejected} rows could not be read and are left out`] : []),
  ];
}

function arrivalsInWords({ tried }: Fit): string {
  const [best] = tried as [Fit['tried'][number], ...Fit['tried'][number][]];
  const processes = best.arrivals.map((one) => ('cv' in one ? `${one.process} of CV ${one.cv}` : one.process));
  const { rates } = best;
  const step = rates === undefined ? '' : ` under rates by ${rates.step_seconds ?? 60 * rates.step_minutes!} s`;
  return (
    `${[...new Set(processes)].join(', ')}${step}, the best of ${tried.length} tried ` +
    `(mean over seeds: gap CV ${best.gap_cv.toPrecision(4)}, Fano factor ${best.fano_10s.toPrecision(4)})`
  );
}

async function comparison(real: TraceStatistics, made: TraceStatistics, seed: number): Promise<string> {
  const { terminalTable } = await import('./terminal-table.ts');
  const table = await terminalTable(
    ['', 'Trace', `Synthetic, seed ${seed}`, 'Off'],
    ['left', 'right', 'right', 'right'],
  );
  const row = (name: string, pick: (of: TraceStatistics) => number | undefined, digits: number): void => {
    const [a, b] = [pick(real), pick(made)];
    const shown = (value: number | undefined): string =>
      value === undefined ? 'not told' : value.toLocaleString('en-GB', { maximumFractionDigits: digits });
    const off = a === undefined || b === undefined || a === 0 ? '' : `${(100 * (b / a - 1)).toFixed(1)} %`;
    table.push([name, shown(a), shown(b), off]);
  };
  row('Requests', (of) => of.requests, 0);
  row('Duration, s', (of) => of.duration_ms / 1000, 1);
  for (const side of ['input', 'output'] as const) {
    const name = side === 'input' ? 'Input' : 'Output';
    row(`${name} tokens`, (of) => of[side].total, 0);
    row(`  mean`, (of) => of[side].mean, 1);
    for (const quantile of ['p50', 'p95', 'p99'] as const) row(`  ${quantile}`, (of) => of[side][quantile], 1);
  }
  row('Input : output', (of) => of.input_to_output, 2);
  row('Gap CV', (of) => of.gap_cv, 3);
  row('Fano factor, 10 s', (of) => of.fano_10s, 2);
  row('Busiest minute : mean', (of) => of.busiest_minute_to_mean, 2);
  row('Rank correlation', (of) => of.rank_correlation, 3);
  return table.toString();
}
