/**
 * `tollgate replay <scenario.yaml>`: every request through each strategy's policies, caches and conditions, one by one:
 * outcomes, attempts, hit rates, latency, and each saving beside its baseline.
 *
 * How to replay stands in the scenario under `replay`, or in a file of its own. Costs are list prices of what was used.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import type { Command } from 'commander';
import type { PriceBook } from '../pricing/price-book.ts';
import type { ReplayPlan } from '../replay/plan.ts';
import type { ReplayResult } from '../replay/result.ts';
import type { ReplaySpec } from '../replay/schema.ts';
import type { Routes } from '../routing/route.ts';
import type { RoutePrice } from '../routing/route-price.ts';
import type { UsageTable } from '../usage/table.ts';

interface Flags {
  readonly strategy?: string;
  readonly spec?: string;
  readonly trace?: string;
  readonly format?: string;
  readonly mapping?: string;
  readonly attempts?: string;
  readonly set: readonly string[];
  readonly json?: true;
}

interface Replayed {
  readonly strategy: string;
  readonly result: ReplayResult;
  /** At list prices; null: something has none. */
  readonly cost_usd: number | null;
  /** What the response cache spared, at the first route's list prices. */
  readonly avoided_usd: number | null;
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
    { allBandEdges },
    { BatchBuilder },
    { planOfStrategy },
    { replay },
    { showProgress },
    { inputError },
  ] = await Promise.all([
    import('../io/read-price-book.ts'),
    import('../io/read-scenario.ts'),
    import('../io/traffic-source.ts'),
    import('../measure.ts'),
    import('../pricing/bands.ts'),
    import('../replay/build-batches.ts'),
    import('../replay/scenario-plan.ts'),
    import('../replay/replay.ts'),
    import('./progress.ts'),
    import('../errors.ts'),
  ]);
  const book = await readPriceBook();
  const { scenario } = await readScenario(file, flags.set, book);
  const spec = await specOf(scenario.replay, file, flags.spec);
  const strategies = flags.strategy === undefined ? Object.keys(spec.strategies) : [flags.strategy];
  if (flags.attempts !== undefined && strategies.length !== 1)
    throw inputError('REPLAY_ATTEMPTS', '--attempts', `holds one strategy; name it: --strategy ${strategies[0]}`);

  const on = `${scenario.start}-01`;
  const batches: Parameters<typeof replay>[0] & unknown[] = [];
  const { modelOf } = measure(scenario, book, on);
  const builder = new BatchBuilder({ assign: modelOf, onBatch: (batch) => batches.push(batch) });
  const progress = showProgress('reading traffic', flags.json === true);
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

  const dating = { on: reading.clock === 'absolute' ? undefined : on, has_hours: reading.clock === 'absolute' };
  const edges = allBandEdges(book);
  const prices = await pricesOf(book, scenario.routes, on);
  const facts = { routes: scenario.routes, edges, prices, column_names: builder.column_names };
  const cost = await costsAt(book, dating);
  const found: Replayed[] = [];
  for (const strategy of strategies) {
    const plan = planOfStrategy(spec, strategy, facts);
    const sink = flags.attempts === undefined ? undefined : await attemptSink(flags.attempts, plan);
    const result = replay(batches, plan, scenario.seed, sink?.add);
    sink?.end();
    found.push({ strategy, result, cost_usd: cost(result.usage), avoided_usd: cost(result.avoided) });
  }
  process.stdout.write(flags.json ? await inJson(found, reading.source) : await inWords(found, reading.source));
  if (reading.rejected > 0 || found.some(({ cost_usd }) => cost_usd === null)) process.exitCode = 1;
}

async function specOf(
  ofScenario: ReplaySpec | undefined,
  file: string,
  specFile: string | undefined,
): Promise<ReplaySpec> {
  const [{ readYaml }, { replaySpec }, { diagnose, dotted }, { InputError, inputError }] = await Promise.all([
    import('../io/read-yaml.ts'),
    import('../replay/schema.ts'),
    import('../diagnose.ts'),
    import('../errors.ts'),
  ]);
  const yaml = specFile === undefined ? undefined : await readYaml(specFile);
  const stated = yaml === undefined ? ofScenario : yaml.value;
  if (stated === undefined)
    throw inputError(
      'REPLAY_MISSING',
      `${file} replay`,
      'is missing; it says which strategies are replayed and through which policies, caches and conditions. It may stand in a file of its own: --spec <file.yaml>',
    );
  // A scenario that was read has been checked, and its amounts have been understood.
  if (yaml === undefined) return stated as ReplaySpec;
  const parsed = replaySpec.safeParse(stated);
  if (parsed.success) return parsed.data;
  const where = yaml.where ?? ((path: readonly PropertyKey[]) => dotted(path));
  throw new InputError(diagnose('REPLAY_FIELD', parsed.error, replaySpec, stated, where));
}

/** Base prices of routes, for policies that compare costs and for budgets. */
async function pricesOf(book: PriceBook, routes: Routes, on: string): Promise<Readonly<Record<string, RoutePrice>>> {
  const [{ resolveModel }, { priceTable }] = await Promise.all([
    import('../pricing/resolve.ts'),
    import('../pricing/price-table.ts'),
  ]);
  return Object.fromEntries(
    Object.entries(routes).flatMap(([name, { seller, model, tier }]) => {
      const found = resolveModel(book, `${seller}/${model}`, on);
      if ('unknown' in found) return [];
      const table = priceTable(book, { seller: found.seller, model: found.model, tier, band_from_tokens: 0 }, on);
      const [input, output] = [table.price('input_tokens'), table.price('output_tokens')];
      return 'unpriced' in input || 'unpriced' in output
        ? []
        : [[name, { input_usd_per_mtok: input.usd, output_usd_per_mtok: output.usd }]];
    }),
  );
}

async function costsAt(book: PriceBook, dating: { readonly on: string | undefined; readonly has_hours: boolean }) {
  const { UsageCharges } = await import('../pricing/usage-charges.ts');
  return (usage: UsageTable): number | null => {
    const charges = new UsageCharges(book);
    charges.add(usage, dating);
    return charges.cost_usd;
  };
}

const ROWS = 4096;

async function attemptSink(file: string, plan: ReplayPlan) {
  const [{ ATTEMPT_COLUMNS, attemptRow }, { csvText }] = await Promise.all([
    import('../replay/attempt-rows.ts'),
    import('../io/write-csv.ts'),
  ]);
  const descriptor = openSync(file, 'w');
  let rows: Parameters<typeof csvText>[0][number][] = [[...ATTEMPT_COLUMNS]];
  const flush = (): void => {
    writeSync(descriptor, csvText(rows));
    rows = [];
  };
  return {
    add: (attempt: Parameters<typeof attemptRow>[1]): void => {
      rows.push(attemptRow(plan, attempt));
      if (rows.length >= ROWS) flush();
    },
    end: (): void => {
      flush();
      closeSync(descriptor);
    },
  };
}

async function inJson(found: readonly Replayed[], source: string): Promise<string> {
  const { histogramToJson, percentilesMs } = await import('../conditions/latency-histogram.ts');
  const latencyOf = (histogram: ReplayResult['latency']) =>
    histogram.requests === 0 ? null : { ...percentilesMs(histogram), histogram: histogramToJson(histogram) };
  const strategies = found.map(({ result, ...rest }) => ({
    ...rest,
    ...result,
    usage: { ...result.usage, requests_per_minute: [...result.usage.requests_per_minute] },
    avoided: { ...result.avoided, requests_per_minute: [] },
    latency: latencyOf(result.latency),
    first_token: latencyOf(result.first_token),
    batch_latency: latencyOf(result.batch_latency),
  }));
  return `${JSON.stringify({ source, strategies }, undefined, 2)}\n`;
}

async function inWords(found: readonly Replayed[], source: string): Promise<string> {
  const [{ terminalTable, usdShort }, { percentilesMs }, { REQUEST_OUTCOMES }] = await Promise.all([
    import('./terminal-table.ts'),
    import('../conditions/latency-histogram.ts'),
    import('../replay/outcomes.ts'),
  ]);
  const whole = (count: number): string => count.toLocaleString('en-GB');
  const share = (part: number, all: number): string => (all === 0 ? '-' : `${((100 * part) / all).toFixed(2)} %`);
  const money = (amount: number | null): string => (amount === null ? 'unpriced' : usdShort(amount));
  const table = await terminalTable(
    ['', ...found.map(({ strategy }) => strategy)],
    ['left', ...found.map(() => 'right' as const)],
  );
  const row = (label: string, cell: (one: Replayed) => string): unknown => table.push([label, ...found.map(cell)]);
  row('Requests', ({ result }) => whole(result.requests));
  for (const outcome of REQUEST_OUTCOMES)
    if (found.some(({ result }) => result.outcomes[outcome] > 0))
      row(`  ${outcome.replaceAll('_', ' ')}`, ({ result }) => {
        const count = result.outcomes[outcome];
        return `${whole(count)} (${share(count, result.requests)})`;
      });
  row('Attempts', ({ result }) => whole(result.attempts));
  row('  answered after a failure', ({ result }) => whole(result.served_after_failure));
  row('  failed and billed', ({ result }) => whole(result.billed_failures));
  row('Response cache, of all requests', ({ result: { savings } }) => {
    const { saved, of } = savings.response_cache;
    return share(saved.requests, of.requests);
  });
  row('Prompt cache, of prompt tokens it saw', ({ result: { savings } }) => {
    const { saved, of } = savings.prompt_cache;
    return share(saved.prompt_tokens, of.prompt_tokens);
  });
  row('Batch tier, of billed attempts', ({ result: { savings } }) => {
    const { saved, of } = savings.batch;
    return share(saved.requests, of.requests);
  });
  row('Latency p50 / p95 / p99, ms', ({ result: { latency } }) => {
    if (latency.requests === 0) return 'not stated';
    const { p50, p95, p99 } = percentilesMs(latency);
    return [p50, p95, p99].map((ms) => whole(Math.round(ms))).join(' / ');
  });
  row('Tokens at list prices, USD', ({ cost_usd }) => money(cost_usd));
  row('Spared by the response cache, USD', ({ avoided_usd }) => money(avoided_usd));
  return `${source}\n${table.toString()}\n`;
}
