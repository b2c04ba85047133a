/**
 * `tollgate claims [folder]`: every claim of the scenarios below a folder judged without draws, told as a ledger in the
 * terminal and written as claims.md, claims.html and claims.json.
 */
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { FoundScenario } from '../io/find-scenarios.ts';
import type { Ledger } from '../ledger/contract.ts';
import type { ClaimsJob } from './judge-scenario.ts';

interface Flags {
  readonly out?: string;
  readonly json?: true;
  readonly only?: ReadonlySet<string>;
  readonly failOn?: 'unknown';
  readonly threads?: number;
}

const OUT = 'reports';

function numbersOf(text: string): ReadonlySet<string> {
  const numbers = text.split(',').map((one) => one.trim());
  if (numbers.every((one) => /^C[1-9]\d*$/.test(one))) return new Set(numbers);
  throw new InvalidArgumentError('Expected numbers of the ledger, such as C7,C12.');
}

function threadCount(text: string): number {
  const threads = Number(text);
  if (Number.isInteger(threads) && threads >= 1 && threads <= 64) return threads;
  throw new InvalidArgumentError('Allowed are whole numbers from 1 to 64.');
}

export function addClaimsCommand(program: Command): void {
  program
    .command('claims')
    .description('put the claims of all scenarios below a folder to the test, and tell them as one ledger')
    .argument('[folder]', 'where the scenarios lie (default: ./scenarios, else those of the package)')
    .option(
      '--only <numbers>',
      'statements of the ledger, such as C7,C12; scenarios without them are not run',
      numbersOf,
    )
    .option('--out <dir>', `where claims.md, claims.html and claims.json go (default: ${OUT}/)`)
    .option('--json', 'print claims.json and nothing else; files only with --out')
    .addOption(new Option('--fail-on <verdict>', 'exit with 1 if a claim has this verdict').choices(['unknown']))
    .option('--threads <n>', 'how many scenarios are judged at once (default: one for each core)', threadCount)
    .action(claims);
}

async function claims(folder: string | undefined, flags: Flags): Promise<void> {
  const [{ findScenarios }, { runJobs }, { ledgerOf }, { readPriceBook }, { packageVersion }, { showProgress }] =
    await Promise.all([
      import('../io/find-scenarios.ts'),
      import('./claims-workers.ts'),
      import('../ledger/ledger.ts'),
      import('../io/read-price-book.ts'),
      import('../io/package-file.ts'),
      import('./progress.ts'),
    ]);
  const root = folder ?? (await defaultFolder());
  const { scenarios, problems } = await findScenarios(root);
  const jobs = jobsOf(scenarios, flags.only);
  if (jobs.length === 0 && problems.length === 0) throw await nothingToJudge(root, scenarios, flags.only);

  const progress = showProgress('judging claims', flags.json === true);
  const results = await runJobs(
    jobs,
    (done) => progress.update({ rows: 0, fraction: done / jobs.length, what: `${done} of ${jobs.length} evaluations` }),
    flags.threads,
  ).finally(progress.stop);
  const broken = new Map(problems.map(({ file, diagnostics }) => [file, diagnostics.map(worded)]));
  const judged = results.flatMap(({ result }, i) => {
    const { file } = jobs[i]!;
    if ('judged' in result) return [result.judged];
    if ('bug' in result) throw new Error(`in ${file}: ${result.bug}`);
    broken.set(file, [...new Set([...(broken.get(file) ?? []), ...result.diagnostics.map(worded)])]);
    return [];
  });
  const ledger = ledgerOf(
    judged,
    {
      version: packageVersion(),
      price_book_sha256: (await readPriceBook()).digest,
      problems: [...broken].map(([file, messages]) => ({ file, messages })),
    },
    flags.only,
  );
  const pages = flags.json === undefined || flags.out !== undefined ? await write(ledger, flags.out ?? OUT) : undefined;
  if (flags.json) process.stdout.write(`${JSON.stringify(ledger, undefined, 1)}\n`);
  else await tell(ledger, pages!);
  for (const { messages } of ledger.problems) for (const message of messages) process.stderr.write(`${message}\n`);
  if (flags.failOn === 'unknown' && ledger.claims.some(({ verdict }) => verdict === 'unknown')) process.exitCode = 1;
  if (ledger.problems.length > 0) process.exitCode = 2;
}

async function defaultFolder(): Promise<string> {
  const [{ existsSync }, { packagePath }, path] = await Promise.all([
    import('node:fs'),
    import('../io/package-file.ts'),
    import('node:path'),
  ]);
  if (existsSync('scenarios')) return 'scenarios';
  return path.relative('.', packagePath('scenarios'));
}

const jobsOf = (scenarios: readonly FoundScenario[], only: ReadonlySet<string> | undefined): ClaimsJob[] =>
  scenarios
    .filter(({ numbers }) => only === undefined || numbers.some((number) => only.has(number)))
    .flatMap(({ file, variants }) => variants.map((variant) => ({ file, variant })));

async function nothingToJudge(root: string, found: readonly FoundScenario[], only: ReadonlySet<string> | undefined) {
  const [{ inputError }, { didYouMean }] = await Promise.all([import('../errors.ts'), import('../nearest.ts')]);
  if (found.length === 0) return inputError('CLAIMS', root, 'no scenario below it makes claims');
  const known = [...new Set(found.flatMap(({ numbers }) => numbers))].sort(
    (a, b) => Number(a.slice(1)) - Number(b.slice(1)),
  );
  const asked = [...(only ?? [])].join(',');
  return inputError(
    'CLAIMS',
    `--only ${asked}`,
    `no scenario below ${root} has a claim of that number${didYouMean(asked, known)}; known are ${known.join(', ')}`,
  );
}

const worded = ({ path, message }: { readonly path: string; readonly message: string }): string =>
  `${path}: ${message}`;

/** Gives the path of the page. */
async function write(ledger: Ledger, folder: string): Promise<string> {
  const [
    { writeFiles },
    { ledgerMarkdown },
    { ledgerHtml },
    { claimCharts, lighterSvg },
    { renderSvg },
    { readLedgerBundle },
  ] = await Promise.all([
    import('./write-files.ts'),
    import('../ledger/markdown.ts'),
    import('../ledger/html.ts'),
    import('../ledger/charts.ts'),
    import('../io/render-chart.ts'),
    import('../io/page-bundle.ts'),
  ]);
  const drawn = new Map<number, string>();
  for (const [place, spec] of claimCharts(ledger)) drawn.set(place, lighterSvg(await renderSvg(spec)));
  const written = await writeFiles(folder, [
    ['claims.md', ledgerMarkdown(ledger)],
    ['claims.html', ledgerHtml(ledger, drawn, await readLedgerBundle())],
    ['claims.json', `${JSON.stringify(ledger, undefined, 1)}\n`],
  ]);
  return written.find((file) => file.endsWith('.html'))!;
}

async function tell(ledger: Ledger, page: string): Promise<void> {
  const [{ ledgerText }, { colours }, { terminalTraits }] = await Promise.all([
    import('./claims-words.ts'),
    import('./colours.ts'),
    import('./terminal-traits.ts'),
  ]);
  process.stdout.write(await ledgerText(ledger, page, colours(), terminalTraits().width));
}
