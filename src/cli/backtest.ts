/** `tollgate backtest <scenario.yaml>`: what the first part of the trace predicts for the rest, against what happened. */
import type { Command } from 'commander';
import type { Backtest, BacktestCause } from '../backtest.ts';

interface Flags {
  readonly trace?: string;
  readonly format?: string;
  readonly mapping?: string;
  readonly split: string;
  readonly set: readonly string[];
  readonly json?: true;
}

export function addBacktestCommand(program: Command): void {
  program
    .command('backtest')
    .description('predict the second part of a trace from the first, and compare with what was used and billed')
    .argument('<scenario.yaml>', 'the scenario whose growth, volume and models are put to the test')
    .option('--trace <file>', 'traffic to use in place of the scenario’s own')
    .option('--format <name>', 'format of the trace, where the guess is wrong')
    .option('--mapping <file>', 'column mapping of the trace')
    .option('--split <share>', 'share of the window that is known: 0.1 to 0.9', '0.5')
    .option(
      '--set <path=value>',
      'change one place of the scenario (repeatable)',
      (value: string, all: readonly string[]) => [...all, value],
      [],
    )
    .option('--json', 'print JSON')
    .action(runBacktest);
}

async function runBacktest(file: string, flags: Flags): Promise<void> {
  const [{ readPriceBook }, { readScenario }, { backtestTraffic }, { showProgress }] = await Promise.all([
    import('../io/read-price-book.ts'),
    import('../io/read-scenario.ts'),
    import('./backtest-traffic.ts'),
    import('./progress.ts'),
  ]);
  const book = await readPriceBook();
  const question = await readScenario(file, flags.set, book);
  const progress = showProgress('reading traffic', flags.json === true);
  const { found, split_at, source } = await backtestTraffic(question.scenario, file, book, {
    share: await shareOf(flags.split),
    trace: flags.trace,
    format: flags.format,
    mapping: flags.mapping,
    onProgress: progress.update,
  }).finally(progress.stop);
  if ('unpriced' in found) {
    const { InputError, problem } = await import('../errors.ts');
    throw new InputError(found.unpriced.map(({ model, reason }) => problem('UNPRICED', model, reason)));
  }
  process.stdout.write(
    flags.json
      ? `${JSON.stringify({ source, split_at, ...found }, undefined, 2)}\n`
      : await inWords(found, split_at, source),
  );
}

async function shareOf(text: string): Promise<number> {
  const share = Number(text);
  if (share >= 0.1 && share <= 0.9) return share;
  const { inputError } = await import('../errors.ts');
  throw inputError('SPLIT', '--split', `"${text}" is no share; allowed are 0.1 to 0.9`);
}

const CAUSE_WORDS: Readonly<Record<BacktestCause, string>> = {
  volume: 'Volume: more or fewer requests than predicted',
  mix: 'Mix: other shares of models',
  sizes: 'Sizes: other tokens per request',
  prices: 'Prices: changed after the split',
  bill: 'Bill: price book against what was billed',
};
const SIDE_WORDS = { input: 'Input', cache_read: 'Read from cache', cache_write: 'Written to cache', output: 'Output' };

async function inWords(found: Backtest, split_at: string, source: string): Promise<string> {
  const [{ terminalTable, usdShort }, { colours }] = await Promise.all([
    import('./terminal-table.ts'),
    import('./colours.ts'),
  ]);
  const pc = colours();
  const whole = (value: number): string => Math.round(value).toLocaleString('en-GB');
  const percent = (predicted: number, actual: number): string =>
    actual === 0 ? '' : `${predicted >= actual ? '+' : ''}${((predicted / actual - 1) * 100).toFixed(1)} %`;
  const table = await terminalTable(['', 'Predicted', 'Actual', 'Error'], ['left', 'right', 'right', 'right']);
  const { requests, cost_usd, peak_to_mean, failed_fraction, billed_usd } = found;
  table.push([
    'Requests',
    whole(requests.predicted),
    whole(requests.actual),
    percent(requests.predicted, requests.actual),
  ]);
  for (const { side, predicted, actual } of found.sides)
    table.push([`${SIDE_WORDS[side]}, tokens`, whole(predicted), whole(actual), percent(predicted, actual)]);
  for (const { side, predicted_usd, actual_usd } of found.sides)
    table.push([
      `${SIDE_WORDS[side]}, USD`,
      usdShort(predicted_usd),
      usdShort(actual_usd),
      percent(predicted_usd, actual_usd),
    ]);
  table.push([
    'Cost at list prices, USD',
    usdShort(cost_usd.predicted),
    usdShort(cost_usd.actual),
    percent(cost_usd.predicted, cost_usd.actual),
  ]);
  if (billed_usd !== undefined)
    table.push([
      'Billed, USD',
      usdShort(cost_usd.predicted),
      usdShort(billed_usd),
      percent(cost_usd.predicted, billed_usd),
    ]);
  if (peak_to_mean !== undefined)
    table.push([
      'Busiest minute over mean',
      peak_to_mean.predicted.toFixed(2),
      peak_to_mean.actual.toFixed(2),
      percent(peak_to_mean.predicted, peak_to_mean.actual),
    ]);
  table.push([
    'Failed requests',
    `${(failed_fraction.predicted * 100).toFixed(2)} %`,
    `${(failed_fraction.actual * 100).toFixed(2)} %`,
    '',
  ]);
  const causes = await terminalTable(['Where the error comes from', 'USD'], ['left', 'right']);
  for (const { cause, usd } of found.errors)
    causes.push([CAUSE_WORDS[cause], `${usd >= 0 ? '+' : ''}${usdShort(usd)}`]);
  const against = billed_usd === undefined ? cost_usd.actual : billed_usd;
  causes.push([
    pc.bold('Together'),
    pc.bold(`${cost_usd.predicted >= against ? '+' : ''}${usdShort(cost_usd.predicted - against)}`),
  ]);
  return [
    `${pc.bold(source)}: the first ${span(found.first_hours)}, until ${split_at}, predict the ${span(found.rest_hours)} after it`,
    table.toString(),
    causes.toString(),
    ...(found.models_not_seen.length === 0
      ? []
      : [pc.yellow(`Not seen in the first part: ${found.models_not_seen.join(', ')}`)]),
    ...(found.first_hours < 168
      ? [
          pc.yellow(
            'The first part is shorter than a week: workdays, nights and weekends may weigh too much or too little in it',
          ),
        ]
      : []),
    '',
  ].join('\n');
}

const span = (hours: number): string =>
  hours >= 48
    ? `${(hours / 24).toFixed(1)} days`
    : hours >= 2
      ? `${hours.toFixed(1)} hours`
      : `${Math.round(hours * 60)} minutes`;
