/** `tollgate compare <before> <after>`: what changed between two scenarios or reports, for people and for pull requests. */
import type { Command } from 'commander';
import type { Report } from '../report/contract.ts';
import { addPolicyOption, applyPolicies, readPolicies } from './policies.ts';
import type { ScenarioRun } from './scenario-report.ts';

interface Flags {
  readonly trace?: string;
  readonly traceAfter?: string;
  readonly variant?: string;
  readonly variantAfter?: string;
  readonly set: readonly string[];
  readonly setAfter: readonly string[];
  readonly markdown?: true;
  readonly json?: true;
  readonly failIf: readonly string[];
}

export function addCompareCommand(program: Command): void {
  const every = (value: string, all: readonly string[]): string[] => [...all, value];
  const command = program
    .command('compare')
    .description('what changed between two scenarios or reports')
    .argument('<before>', 'a scenario, which is run, or a report.json')
    .argument('<after>', 'the same, later or changed')
    .option('--trace <file>', 'traffic of both scenarios')
    .option('--trace-after <file>', 'traffic of the second alone')
    .option('--variant <name>', 'one of the variants of both scenarios: its values in place of their own')
    .option('--variant-after <name>', 'a variant of the second alone')
    .option('--set <path=value>', 'change one place of both scenarios (repeatable)', every, [])
    .option('--set-after <path=value>', 'change one place of the second alone (repeatable)', every, [])
    .option('--markdown', 'print Markdown, for a pull request')
    .option('--json', 'print JSON')
    .action(compare);
  addPolicyOption(
    command,
    'figures of the second, those of the first under before.: "npv_usd.direct > before.npv_usd.direct"',
  );
}

async function compare(first: string, second: string, flags: Flags): Promise<void> {
  const [{ compareReports }, { comparisonMarkdown, comparisonText }, { colours }, policies] = await Promise.all([
    import('../results/compare.ts'),
    import('../results/comparison-words.ts'),
    import('./colours.ts'),
    readPolicies(flags.failIf),
  ]);
  await refuseSettings(first, second, flags);
  const isQuiet = flags.json === true;
  const { trace, variant, set } = flags;
  const before = await reportOf(first, { trace, variant, set, isQuiet });
  const after = await reportOf(second, {
    trace: flags.traceAfter ?? trace,
    variant: flags.variantAfter ?? variant,
    set: [...set, ...flags.setAfter],
    isQuiet,
  });
  const found = compareReports(before, after);
  process.stdout.write(
    flags.json
      ? `${JSON.stringify(found, undefined, 2)}\n`
      : flags.markdown
        ? comparisonMarkdown(found)
        : comparisonText(found, colours().bold),
  );
  await applyPolicies(policies, after, before);
}

const isReport = (file: string): boolean => /\.json$/i.test(file);

/** A report is finished: what changes a scenario has no effect on it. */
async function refuseSettings(first: string, second: string, flags: Flags): Promise<void> {
  const both = flags.set.length > 0 || [flags.trace, flags.variant].some((one) => one !== undefined);
  const later = flags.setAfter.length > 0 || [flags.traceAfter, flags.variantAfter].some((one) => one !== undefined);
  if (!(both && isReport(first) && isReport(second)) && !(later && isReport(second))) return;
  const { inputError } = await import('../errors.ts');
  throw inputError('COMPARE', second, 'is a report and finished; --set, --variant and --trace change scenarios');
}

async function reportOf(file: string, run: ScenarioRun): Promise<Report> {
  if (isReport(file)) {
    const { readReport } = await import('../io/read-report.ts');
    return readReport(file);
  }
  const { evaluateScenario } = await import('./scenario-report.ts');
  const { checkNames } = await import('./policies.ts');
  const { report } = await evaluateScenario(file, run, (scenario) => checkNames([], scenario, file));
  return report;
}
