/** `tollgate run <scenario.yaml>`: evaluates a scenario and writes its report. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Engine } from '../io/usage-sink.ts';
import { addPolicyOption, applyPolicies, checkNames, readPolicies } from './policies.ts';
import { shellWord } from './shell-word.ts';

interface Flags {
  readonly trace?: string;
  readonly format?: string;
  readonly mapping?: string;
  readonly engine?: Engine;
  readonly variant?: string;
  readonly set: readonly string[];
  readonly draws?: number;
  readonly sampling?: keyof typeof METHODS;
  readonly incidents?: 'sampled' | 'expected';
  readonly sobol?: number;
  readonly out?: string;
  readonly png?: true;
  readonly json?: true;
  readonly quiet?: true;
  readonly failIf: readonly string[];
}

const METHODS = { lhs: 'latin-hypercube', plain: 'plain', sobol: 'sobol' } as const;
/** Fewer say nothing of a tail. */
const LEAST_DRAWS = 100;

function wholeNumberOfDraws(text: string): number {
  const draws = Number(text);
  if (Number.isSafeInteger(draws) && (draws === 0 || draws >= LEAST_DRAWS)) return draws;
  throw new InvalidArgumentError(`Allowed are 0 and whole numbers from ${LEAST_DRAWS} on.`);
}

function powerOfTwo(text: string): number {
  const draws = Number(text);
  if (draws === 0 || (draws >= 64 && draws <= 65_536 && Number.isInteger(Math.log2(draws)))) return draws;
  throw new InvalidArgumentError('Allowed are 0 and powers of two from 64 to 65536, such as 4096.');
}

export function addRunCommand(program: Command): void {
  const command = program
    .command('run')
    .description('evaluate a scenario and write its report')
    .argument('<scenario.yaml>', 'the question, as YAML')
    .option('--trace <file>', 'traffic to use in place of the scenario’s own: a file, a glob in quotes, or - for stdin')
    .option('--format <name>', 'format of the trace, where the guess is wrong (`trace formats` lists them)')
    .option('--mapping <file>', 'column mapping of the trace, as `trace map` writes it')
    .addOption(
      new Option('--engine <name>', 'how large traces are summed').choices(['auto', 'rows', 'duckdb']).default('auto'),
    )
    .option('--variant <name>', 'one of the scenario’s variants: its values in place of the scenario’s own')
    .option(
      '--set <path=value>',
      'change one place of the scenario (repeatable)',
      (value: string, all: readonly string[]) => [...all, value],
      [],
    )
    .option(
      '--draws <n>',
      'worlds to draw of what is uncertain; 0: none (default: the scenario’s, 2000)',
      wholeNumberOfDraws,
    )
    .addOption(
      new Option(
        '--sampling <method>',
        'how inputs are drawn: Latin hypercube, independent or a Sobol’ sequence',
      ).choices(['lhs', 'plain', 'sobol']),
    )
    .addOption(
      new Option('--incidents <kind>', 'outages as heavy-tailed worlds, or their expectation in every draw').choices([
        'sampled',
        'expected',
      ]),
    )
    .option('--sobol <n>', 'Sobol’ indices from so many base draws, a power of two; 0: none', powerOfTwo)
    .option('--out <dir>', 'where the report goes (default: reports/<name>/)')
    .option('--png', 'draw the charts as PNG too')
    .option('--json', 'print report.json to stdout and nothing else; files only with --out')
    .option('--quiet', 'print only the path of the HTML report')
    .action(runScenario);
  addPolicyOption(command, 'figures: npv_usd.<strategy>, recommended, unpriced, …');
}

async function runScenario(file: string, flags: Flags): Promise<void> {
  const [
    { readPriceBook },
    { readScenario },
    { readTraffic },
    { evaluate },
    { buildReport },
    { renderJson },
    { provenanceOf },
    { showProgress },
    { keepingRejects },
    { drawsAskedFor },
  ] = await Promise.all([
    import('../io/read-price-book.ts'),
    import('../io/read-scenario.ts'),
    import('../io/read-traffic.ts'),
    import('../evaluate.ts'),
    import('../report/build.ts'),
    import('../report/json.ts'),
    import('./provenance.ts'),
    import('./progress.ts'),
    import('./rejects.ts'),
    import('../scenario/draws-asked-for.ts'),
  ]);
  if (flags.png === true && flags.json === true && flags.out === undefined)
    throw (await import('../errors.ts')).inputError('RUN', '--png', 'needs --out beside --json, which writes no files');
  const policies = await readPolicies(flags.failIf);
  const book = await readPriceBook();
  const question = await readScenario(file, flags.set, book, flags.variant);
  const { scenario, variant } = question;
  const ownFolder = variant === undefined ? slug(scenario.name) : `${slug(variant.of)}-${variant.id}`;
  await checkNames(policies, scenario, file);
  const progress = showProgress('reading traffic', flags.quiet === true);
  const folder = flags.out ?? (flags.json ? undefined : `reports/${ownFolder}`);
  const reading = readTraffic(scenario, file, book, {
    trace: flags.trace,
    format: flags.format,
    mapping: flags.mapping,
    engine: flags.engine,
    onProgress: progress.update,
  }).finally(progress.stop);
  const traffic = await keepingRejects(
    folder && `${folder}/rejects.csv`,
    '--set traffic.max_rejected_fraction="10 %"',
    reading,
  );
  const asked = drawsAskedFor(scenario);
  const indices = showProgress('Sobol’ indices', flags.quiet === true);
  const evaluation = evaluate(question, traffic.usage, book, traffic.replays, {
    map: true,
    draws: flags.draws ?? asked.draws,
    method: flags.sampling === undefined ? asked.method : METHODS[flags.sampling],
    incidents: flags.incidents ?? asked.incidents,
    sobol: flags.sobol ?? asked.sobol,
    onProgress: (evaluations, of) => indices.update({ rows: evaluations, fraction: evaluations / of }),
  });
  indices.stop();
  const report = buildReport(evaluation, book, {
    ...provenanceOf(file, question, traffic, commandOf(file, flags)),
    diagnostics: [...traffic.warnings, ...rejectFindings(traffic)],
  });

  if (flags.json === undefined || flags.out !== undefined) {
    const { writeReport } = await import('../io/write-report.ts');
    const written = await writeReport(report, flags.out ?? `reports/${ownFolder}`, await rejectsFile(traffic.rejects), {
      png: flags.png === true,
      live: await livePart(evaluation, report, question),
    });
    if (written.notice !== undefined) process.stderr.write(`${written.notice}\n`);
    if (flags.json === undefined) await tell(report, written.html, flags.quiet === true);
  }
  if (flags.json) process.stdout.write(renderJson(report));
  if (report.unpriced.length > 0 || report.traffic.rejected > 0) process.exitCode = 1;
  await applyPolicies(policies, report);
}

/** None where the page's scripts are not built. */
async function livePart(
  evaluation: import('../evaluate.ts').Evaluation,
  report: import('../report/contract.ts').Report,
  { file, written }: import('../io/read-scenario.ts').ReadScenario,
): Promise<import('../report/html/what-if.ts').LivePart | undefined> {
  const [{ readPageBundle }, { whatIfOf }, { liveReport }] = await Promise.all([
    import('../io/page-bundle.ts'),
    import('../whatif/build.ts'),
    import('../report/html/what-if.ts'),
  ]);
  const bundle = await readPageBundle();
  return bundle && { bundle, live: liveReport(report, whatIfOf(evaluation), file, written) };
}

async function tell(report: import('../report/contract.ts').Report, html: string, isQuiet: boolean): Promise<void> {
  if (!isQuiet) {
    const [{ renderTerminal }, { colours }, { terminalTraits }] = await Promise.all([
      import('../report/terminal.ts'),
      import('./colours.ts'),
      import('./terminal-traits.ts'),
    ]);
    const page = { path: html, open: `npx tollgate open ${shellWord(nameToOpen(html))}` };
    process.stdout.write(`${renderTerminal(report, { ...terminalTraits(), colours: colours(), page })}\n`);
  } else process.stdout.write(`${html}\n`);
}

/** A report under reports/ goes by its name. */
const nameToOpen = (html: string): string =>
  html
    .replaceAll('\\', '/')
    .replace(/\/report\.html$/, '')
    .replace(/^reports\/(?=[^/]+$)/, '');

/** `Support chatbot` is `support-chatbot`; letters of any script stay, with their marks. */
const slug = (name: string): string =>
  name
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '') || 'report';

const commandOf = (file: string, { trace, format, mapping, variant, set, ...sure }: Flags): string =>
  [
    'tollgate run',
    shellWord(file),
    ...(variant === undefined ? [] : ['--variant', variant]),
    ...(trace === undefined ? [] : ['--trace', shellWord(trace)]),
    ...(format === undefined ? [] : ['--format', shellWord(format)]),
    ...(mapping === undefined ? [] : ['--mapping', shellWord(mapping)]),
    ...set.flatMap((one) => ['--set', shellWord(one)]),
    ...(sure.draws === undefined ? [] : ['--draws', String(sure.draws)]),
    ...(sure.sampling === undefined ? [] : ['--sampling', sure.sampling]),
    ...(sure.sobol === undefined ? [] : ['--sobol', String(sure.sobol)]),
    ...(sure.incidents === undefined ? [] : ['--incidents', sure.incidents]),
  ].join(' ');

type Traffic = Awaited<ReturnType<typeof import('../io/read-traffic.ts')['readTraffic']>>;

function rejectFindings({ rejected, rejects }: Traffic) {
  const first = rejects[0];
  if (first === undefined) return [];
  const reasons = new Map<string, number>();
  for (const { reason } of rejects) {
    const kind = reason.replaceAll(/"[^"]*"/g, '"…"');
    reasons.set(kind, (reasons.get(kind) ?? 0) + 1);
  }
  const told = [...reasons]
    .sort(([, a], [, b]) => b - a)
    .slice(0, 3)
    .map(([kind, rows]) => `${rows} x ${kind}`);
  return [
    {
      severity: 'warning' as const,
      code: 'ROWS_REJECTED',
      path: 'traffic',
      message: `${rejected} rows can’t be read and are left out; the first is ${first.file}:${first.line}: ${first.reason}. Of the first ${rejects.length}: ${told.join('; ')}. A report's folder has them in rejects.csv`,
    },
  ];
}

/** An earlier run's file goes when nothing is rejected any more. */
async function rejectsFile(rejects: Traffic['rejects']): Promise<{ name: string; text: string | null }[]> {
  if (rejects.length === 0) return [{ name: 'rejects.csv', text: null }];
  const { rejectsText } = await import('./rejects.ts');
  return [{ name: 'rejects.csv', text: rejectsText(rejects) }];
}
