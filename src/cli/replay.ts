/**
 * `tollgate replay <scenario.yaml>`: every request through each strategy's policies, caches and conditions, one by one:
 * outcomes, attempts, hit rates, latency, and each saving beside its baseline.
 *
 * How to replay stands in the scenario under `replay`, or in a file of its own. Costs are list prices of what was used.
 */
import { type Command, InvalidArgumentError } from 'commander';
import type { PriceBook } from '../pricing/price-book.ts';
import type { UsageTable } from '../usage/table.ts';
import type { RunningReplays } from './start-replays.ts';

interface Flags {
  readonly strategy?: string;
  readonly spec?: string;
  readonly trace?: string;
  readonly format?: string;
  readonly mapping?: string;
  readonly attempts?: string;
  readonly workers?: number;
  readonly variant?: string;
  readonly set: readonly string[];
  readonly json?: true;
}

export function addReplayCommand(program: Command): void {
  program
    .command('replay')
    .description('replay every request through the strategies: outcomes, attempts, hits, latency, savings')
    .argument('<scenario.yaml>', 'the scenario whose `replay` block says how')
    .option('--strategy <id>', 'this strategy alone')
    .option('--spec <file.yaml>', 'a `replay` block in a file of its own, in place of the scenario’s')
    .option('--trace <file>', 'traffic to use in place of the scenario’s own')
    .option('--format <name>', 'format of the trace, where the guess is wrong')
    .option('--mapping <file>', 'column mapping of the trace')
    .option('--attempts <out.csv>', 'write every attempt as a trace; needs one strategy')
    .option(
      '--workers <count>',
      'threads that replay side by side, each some of the strategies (default: 2 where traffic is long, else none)',
      workerCount,
    )
    .option('--variant <name>', 'one of the scenario’s variants: its values in place of the scenario’s own')
    .option(
      '--set <path=value>',
      'change one place of the scenario (repeatable)',
      (value: string, all: readonly string[]) => [...all, value],
      [],
    )
    .option('--json', 'print JSON')
    .action(runReplay);
}

async function runReplay(file: string, flags: Flags): Promise<void> {
  const [
    { readPriceBook },
    { readScenario },
    { readInto },
    { measure },
    { BatchBuilder },
    { replayFacts },
    { Names },
    { readReplaySpec },
    { placedFindings },
    { sampledOutages },
    { pricedSavings },
    { startReplays },
    { showProgress },
    { InputError, inputError },
  ] = await Promise.all([
    import('../io/read-price-book.ts'),
    import('../io/read-scenario.ts'),
    import('../io/traffic-source.ts'),
    import('../measure.ts'),
    import('../replay/build-batches.ts'),
    import('../replay-plans.ts'),
    import('../routing/names.ts'),
    import('./replay-spec.ts'),
    import('../io/placed-findings.ts'),
    import('../sampled-outages.ts'),
    import('../replay/savings.ts'),
    import('./start-replays.ts'),
    import('./progress.ts'),
    import('../errors.ts'),
  ]);
  const book = await readPriceBook();
  const question = await readScenario(file, flags.set, book, flags.variant);
  const { scenario } = question;
  const spec = await readReplaySpec(scenario.replay, file, flags.spec);
  const strategies = flags.strategy === undefined ? Object.keys(spec.strategies) : [flags.strategy];
  if (flags.attempts !== undefined && strategies.length > 1)
    throw inputError('REPLAY_ATTEMPTS', '--attempts', `holds one strategy; name it: --strategy ${strategies[0]}`);

  const on = `${scenario.start}-01`;
  const names = new Names();
  const unread = { names, models: [], features: [], users: [], teams: [] };
  const { column_names, ...facts } = replayFacts(
    scenario,
    book,
    unread,
    spec.sampled_outages ? sampledOutages(question, book) : [],
  );
  const job = { spec, seed: scenario.seed, strategies: scenario.strategies, facts };
  let run: RunningReplays;
  try {
    run = startReplays(job, strategies, column_names, flags.workers, flags.attempts);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw await placedFindings(error, flags.spec ?? file, 'replay', flags.spec !== undefined);
  }
  try {
    const { modelOf } = measure(scenario, book, on);
    const builder = new BatchBuilder({ assign: modelOf, names, onBatch: (batch) => run.take(batch) });
    const progress = showProgress('replaying', flags.json === true);
    const reading = await readInto(
      scenario,
      file,
      book,
      {
        add: (request) => builder.add(request),
        addGrouped: () => {
          throw inputError('REPLAY_GROUPED', file, 'has traffic that arrives as sums; a replay needs every request');
        },
      },
      { trace: flags.trace, format: flags.format, mapping: flags.mapping, engine: 'rows', onProgress: progress.update },
    ).finally(progress.stop);
    builder.end();
    if (builder.requests === 0) throw inputError('TRACE_NO_ROWS', reading.source, 'has no request to replay');
    if (reading.clock === 'none')
      throw inputError('TRACE_NO_TIME', reading.source, 'has no times; a replay needs to know when requests came');
    const results = await run.results();
    const dating = { on: reading.clock === 'absolute' ? undefined : on, has_hours: reading.clock === 'absolute' };
    const cost = await costsAt(book, dating);
    const found = [...results].map(([strategy, result]) => ({
      strategy,
      result,
      cost_usd: cost(result.usage),
      avoided_usd: cost(result.avoided),
      priced_savings: pricedSavings(result, cost),
    }));
    const { replayInJson, replayInWords } = await import('./replay-words.ts');
    const assumed = strategies.filter(
      (id) =>
        spec.strategies[id]?.response_cache?.hit_share !== undefined &&
        results.get(id)?.outcomes.served_from_cache === 0,
    );
    process.stdout.write(
      flags.json
        ? replayInJson(found, reading.source)
        : `${await replayInWords(found, reading.source)}${assumed.map((id) => `${id}: its hit_share is an assumption for costs and not in these counts.\n`).join('')}`,
    );
    if (reading.rejected > 0 || found.some(({ cost_usd }) => cost_usd === null)) process.exitCode = 1;
  } finally {
    await run.end();
  }
}

function workerCount(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw new InvalidArgumentError(`"${text}" is no count of threads; allowed are 1, 2, 3, …`);
}

async function costsAt(book: PriceBook, dating: { readonly on: string | undefined; readonly has_hours: boolean }) {
  const { UsageCharges } = await import('../pricing/usage-charges.ts');
  return (usage: UsageTable): number | null => {
    const charges = new UsageCharges(book);
    charges.add(usage, dating);
    return charges.cost_usd;
  };
}
