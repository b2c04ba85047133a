/**
 * `tollgate smoke`: a small suite of live calls over direct and gateway routes, compared. Says first what it is about to do
 * and what that costs at most; keys come from the environment; `--stand-in` needs none and says that nothing is real.
 *
 * Exit codes: 1 where a required check failed or could not be run, where nothing could be called, and after ctrl-C; 2 for
 * bad input. A run in which nothing was called writes no file, so that it takes the place of no earlier one.
 */
import { type Command, InvalidArgumentError } from 'commander';
import { CHECKS, type Measurements } from '../measurements/contract.ts';
import type { PriceBook } from '../pricing/price-book.ts';
import type { Check } from '../smoke/run-smoke.ts';
import type { Target } from '../smoke/target.ts';

interface Flags {
  readonly target?: readonly string[];
  readonly only?: readonly string[];
  readonly rounds: number;
  readonly maxUsd: number;
  readonly seed: number;
  readonly out?: string;
  readonly png?: true;
  readonly prices?: string;
  readonly json?: true;
  readonly dryRun?: true;
  readonly standIn?: true;
}

/** A simulated run never takes the place of a live one. */
const OUT = { live: 'reports/smoke', standIn: 'reports/smoke-stand-in' } as const;

const HELP = `
A target is named as in the price book; address, key variable and cost report come from there. Keys are read from the
environment, and a target whose key is not set is left out:

  export OPENAI_API_KEY=... OPENROUTER_API_KEY=...
  tollgate smoke --target openai/gpt-4o-mini --target openrouter/openai/gpt-4o-mini --dry-run

targets.yaml, for gateways of one's own and for all that a name does not say (tollgate schema targets):

  targets:
    - target: openai/gpt-4o-mini
    - {id: mine, kind: self_hosted_gateway, base_url: "http://127.0.0.1:4000/v1", model: fast,
       priced_as: openai/gpt-4o-mini, key_env: MY_GATEWAY_KEY}
  required: [reachable, streaming, error_shape]

Exit codes: 0 all that is required passes, 1 it does not or nothing could be called, 2 bad input.
`;

const each = (value: string, all: readonly string[] = []): readonly string[] => [
  ...all,
  ...value.split(',').map((one) => one.trim()),
];

export function addSmokeCommand(program: Command): void {
  program
    .command('smoke')
    .description(
      'call direct and gateway routes with a small suite of checks, compare them, and keep what was measured',
    )
    .argument('[targets.yaml]', 'targets, where naming them with --target is not enough')
    .option('--target <name>', 'seller/model or gateway/seller/model, as in the price book (repeatable)', each)
    .option('--only <checks>', `these checks alone, with commas between (repeatable): ${CHECKS.join(', ')}`, each)
    .option('--rounds <count>', 'rounds of the checks that compare', countOf, 20)
    .option('--max-usd <amount>', 'most that may be spent', amountOf, 0.5)
    .option('--seed <number>', 'of the order of calls', countOf, 1)
    .option('--out <dir>', `folder of what is written (default: ${OUT.live}, of a stand-in ${OUT.standIn})`)
    .option('--png', 'draw the charts as PNG too')
    .option('--prices <dir>', "folder of a price book (default: the project's own)")
    .option('--stand-in', 'call a local stand-in in place of sellers: no key, no money, nothing real')
    .option('--dry-run', 'say what would be called and what it would cost at most, and call nothing')
    .option('--json', 'print measurements.json')
    .addHelpText('after', HELP)
    .action(smoke);
}

function countOf(text: string): number {
  if (/^[1-9]\d{0,4}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('expected a whole number from 1 to 99999');
}

function amountOf(text: string): number {
  const usd = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && usd > 0) return usd;
  throw new InvalidArgumentError('expected an amount in USD above 0, such as 0.50');
}

async function smoke(file: string | undefined, flags: Flags): Promise<void> {
  const [{ readPriceBook }, { chosenChecks }, { runTargets }, { planInWords, judgedInWords, smokeInWords }] =
    await Promise.all([
      import('../io/read-price-book.ts'),
      import('../smoke/checks.ts'),
      import('./smoke-targets.ts'),
      import('./smoke-words.ts'),
    ]);
  const book = await readPriceBook(flags.prices);
  const checks = chosenChecks(flags.only);
  const say = (text: string): void => void process.stderr.write(text);
  const { targets, close, simulated } = await runTargets(book, file, flags, say);
  try {
    const { prepareRun } = await import('../smoke/prepare-run.ts');
    const on = new Date().toISOString().slice(0, 10);
    const prepared = prepareRun(targets, { book, env: process.env, checks, rounds: flags.rounds, on });
    say(await planInWords(prepared, { cap_usd: flags.maxUsd, simulated }));
    if (flags.dryRun) return;
    const { found, isInterrupted } = await run(prepared, {
      book,
      checks,
      flags,
      simulated,
      say,
      onJudged: (...one) => say(judgedInWords(...one)),
    });
    const written =
      found.evidence.length === 0 ? undefined : await write(found, flags.out ?? outOf(simulated), flags.png === true);
    if (written?.notice !== undefined) say(`${written.notice}\n`);
    process.stdout.write(flags.json ? `${JSON.stringify(found, null, 2)}\n` : await smokeInWords(found, written));
    if (isInterrupted || hasFailed(found)) process.exitCode = 1;
  } finally {
    await close();
  }
}

interface Running {
  readonly book: PriceBook;
  readonly checks: readonly Check[];
  readonly flags: Flags;
  readonly simulated: boolean;
  readonly say: (text: string) => void;
  readonly onJudged: (
    target: Target,
    check: Check['id'],
    judged: { readonly verdict: string; readonly seen: string },
  ) => void;
}

const outOf = (simulated: boolean): string => (simulated ? OUT.standIn : OUT.live);

async function write(found: Measurements, folder: string, png: boolean) {
  const { writeMeasurements } = await import('../io/write-measurements.ts');
  return writeMeasurements(found, folder, { png });
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** A first ctrl-C ends the run with what was seen; a second one ends the process. */
async function run(
  prepared: import('../smoke/prepare-run.ts').PreparedRun,
  { book, checks, flags, simulated, say, onJudged }: Running,
): Promise<{ readonly found: Measurements; readonly isInterrupted: boolean }> {
  const [{ runSmoke }, { Spending }, { wallClock }, { packageVersion }] = await Promise.all([
    import('../smoke/run-smoke.ts'),
    import('../smoke/spending.ts'),
    import('../smoke/clock.ts'),
    import('../io/package-file.ts'),
  ]);
  const stop = new AbortController();
  const onSignal = (): void => {
    for (const signal of SIGNALS) process.off(signal, onSignal);
    say('Interrupted: what was seen so far is kept; once more ends at once.\n');
    stop.abort();
    void prepared.close();
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  try {
    const found = await runSmoke({
      ready: prepared.ready,
      skipped: prepared.skipped,
      checks,
      facts: {
        simulated,
        tollgate: packageVersion(),
        node: process.version,
        seed: flags.seed,
        rounds: flags.rounds,
        cap_usd: flags.maxUsd,
        price_book_sha256: book.digest,
      },
      spending: new Spending(flags.maxUsd),
      book,
      clock: wallClock,
      secrets: prepared.secrets,
      signal: stop.signal,
      onJudged,
    });
    return { found, isInterrupted: stop.signal.aborted };
  } finally {
    for (const signal of SIGNALS) process.off(signal, onSignal);
    await prepared.close();
  }
}

/** A required check that did not pass, on a target that was called; or no target at all. */
const hasFailed = ({ findings, targets }: Measurements): boolean =>
  targets.every(({ skipped }) => skipped !== null) ||
  findings.some(({ required, verdict }) => required && (verdict === 'fail' || verdict === 'not_run'));
