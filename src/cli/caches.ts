/**
 * `tollgate caches <scenario.yaml | trace>`: what response caches and prompt caches of several sizes and lives would have hit
 * on one's own requests. Needs hash chains of prompts; says so where there are none.
 *
 * The trace is streamed; memory grows with distinct prompts and blocks. Nothing is priced.
 */
import { type Command, Option } from 'commander';
import type { Diagnostic } from '../errors.ts';
import type { SourceReading } from '../io/source-reading.ts';
import type { UsageProgress, UsageSink } from '../io/usage-sink.ts';
import type { CacheStudyOptions } from '../replay/caches/cache-study.ts';
import type { Tenant } from '../replay/columns.ts';
import type { TraceRequest } from '../trace/request.ts';

interface Flags {
  readonly trace?: string;
  readonly format?: string;
  readonly mapping?: string;
  readonly entries?: string;
  readonly lives?: string;
  readonly blocks?: string;
  readonly blockTokens?: string;
  readonly tenant?: Tenant;
  readonly json?: true;
}

export function addCachesCommand(program: Command): void {
  program
    .command('caches')
    .description('what response and prompt caches of other sizes and lives would have hit on a trace')
    .argument('<scenario.yaml | trace>', 'a scenario with its traffic, or a trace file, or - for stdin')
    .option('--trace <file>', 'traffic to use in place of the scenario’s own')
    .option('--format <name>', 'format of the trace, where the guess is wrong (`trace formats` lists them)')
    .option('--mapping <file>', 'column mapping of the trace')
    .option('--entries <numbers>', 'sizes of response caches in answers, such as 100,1000')
    .option('--lives <times>', 'lives of both caches, such as "5 minutes,1 hour"')
    .option('--blocks <numbers>', 'sizes of prompt caches in blocks, such as 2000,20000')
    .option('--block-tokens <number>', 'tokens of a block of the trace’s hash chains (default: 512)')
    .addOption(
      new Option('--tenant <who>', 'who shares answers (default: each of them)').choices(['all', 'team', 'user']),
    )
    .option('--json', 'print JSON')
    .action(studyCaches);
}

async function studyCaches(file: string, flags: Flags): Promise<void> {
  const options = await optionsOf(flags);
  const [{ CacheStudy }, { BatchBuilder }, { inputError }, { showProgress }] = await Promise.all([
    import('../replay/caches/cache-study.ts'),
    import('../replay/build-batches.ts'),
    import('../errors.ts'),
    import('./progress.ts'),
  ]);
  const traffic = await (/\.ya?ml$/i.test(file) ? scenarioTraffic(file, flags) : traceTraffic(file, flags));
  const study = new CacheStudy(options);
  const builder = new BatchBuilder({
    ...(traffic.assign && { assign: traffic.assign }),
    onBatch: (batch) => study.take(batch),
  });
  const sink: UsageSink = {
    add: (request) => builder.add(request),
    addGrouped: () => {
      throw inputError('CACHES_GROUPED', file, 'has traffic that arrives as sums; caches need every request');
    },
  };
  const progress = showProgress('reading traffic', flags.json === true);
  const reading = await traffic.read(sink, progress.update).finally(progress.stop);
  builder.end();
  if (builder.requests === 0) throw inputError('TRACE_NO_ROWS', reading.source, 'has no request');
  if (reading.clock === 'none')
    throw inputError('TRACE_NO_TIME', reading.source, 'has no times; lives of caches need to know when requests came');
  const result = study.result();
  if (flags.json) {
    const { source, rejected } = reading;
    process.stdout.write(`${JSON.stringify({ source, rejected, ...result }, undefined, 2)}\n`);
  } else {
    const { cacheStudyInWords } = await import('./caches-words.ts');
    process.stdout.write(await cacheStudyInWords(result, reading));
  }
  if (reading.rejected > 0) process.exitCode = 1;
}

type Reading = Pick<SourceReading, 'source' | 'clock' | 'rejected' | 'warnings'>;

/** Requests of a scenario or of a file, to be read once. */
interface Traffic {
  readonly assign?: (request: TraceRequest) => string | undefined;
  readonly read: (sink: UsageSink, onProgress: (progress: UsageProgress) => void) => Promise<Reading>;
}

async function scenarioTraffic(file: string, { trace, format, mapping }: Flags): Promise<Traffic> {
  const [{ readPriceBook }, { readScenario }, { readInto }, { measure }] = await Promise.all([
    import('../io/read-price-book.ts'),
    import('../io/read-scenario.ts'),
    import('../io/traffic-source.ts'),
    import('../measure.ts'),
  ]);
  const book = await readPriceBook();
  const { scenario } = await readScenario(file, [], book);
  return {
    assign: measure(scenario, book, `${scenario.start}-01`).modelOf,
    read: (sink, onProgress) =>
      readInto(scenario, file, book, sink, { trace, format, mapping, engine: 'rows', onProgress }),
  };
}

async function traceTraffic(file: string, { trace, format, mapping }: Flags): Promise<Traffic> {
  const [{ readUsage }, { readMapping }, { understood }, { inputError }] = await Promise.all([
    import('../io/read-usage.ts'),
    import('../io/read-mapping.ts'),
    import('../io/traffic-source.ts'),
    import('../errors.ts'),
  ]);
  if (trace !== undefined)
    throw inputError(
      'CACHES_TRACE',
      '--trace',
      `found "${trace}" beside ${file}, which is read as a trace itself; allowed is --trace beside a scenario (.yaml)`,
    );
  const adapters = mapping === undefined ? undefined : [await readMapping(mapping)];
  return {
    read: async (sink, onProgress) => {
      const reading = await readUsage(file, sink, {
        adapters,
        format,
        engine: 'rows',
        size_edges_tokens: [],
        onProgress,
      });
      const { title, clock, rejected, warnings } = reading;
      return {
        source: `${file === '-' ? 'standard input' : file} (${title})`,
        clock,
        rejected,
        warnings: [...warnings, ...understood(reading)],
      };
    },
  };
}

async function optionsOf({ entries, lives, blocks, blockTokens, tenant }: Flags): Promise<CacheStudyOptions> {
  const [{ InputError }, { parseQuantity, hasUnit }, { FormulaError }] = await Promise.all([
    import('../errors.ts'),
    import('../formula/quantity.ts'),
    import('../formula/parse.ts'),
  ]);
  const problems: Diagnostic[] = [];
  const wrong = (option: string, found: string, allowed: string): number => {
    problems.push({
      severity: 'error',
      code: 'CACHES_OPTION',
      path: option,
      message: `found "${found}"; allowed ${allowed}`,
    });
    return Number.NaN;
  };
  const list = <T>(text: string | undefined, read: (one: string) => T): T[] | undefined =>
    text?.split(',').map((one) => read(one.trim()));
  const whole =
    (option: string, what: string) =>
    (text: string): number => {
      const value = Number(text);
      return /^\d+$/.test(text) && value >= 1 && Number.isSafeInteger(value) ? value : wrong(option, text, what);
    };
  const life = (text: string): number => {
    if (text === 'for ever') return Number.POSITIVE_INFINITY;
    try {
      const value = hasUnit(text) ? Math.round(parseQuantity(text, 'ms')) : 0;
      return value >= 1 ? value : wrong('--lives', text, LIVES);
    } catch (error) {
      if (!(error instanceof FormulaError)) throw error;
      return wrong('--lives', text, `${LIVES}: ${error.message}`);
    }
  };
  const lives_ms = list(lives, life);
  const options = {
    entries: list(entries, whole('--entries', WHOLES)),
    lives_ms,
    prompt_lives_ms: lives_ms,
    blocks: list(blocks, whole('--blocks', WHOLES)),
    block_tokens:
      blockTokens === undefined ? undefined : whole('--block-tokens', 'is a whole number from 1')(blockTokens),
    tenants: tenant && [tenant],
  };
  if (problems.length > 0) throw new InputError(problems);
  return options;
}

const WHOLES = 'are whole numbers from 1, separated by commas, such as 100,1000';
const LIVES = 'are times with their unit from 1 ms, separated by commas, such as "5 minutes,1 hour,for ever"';
