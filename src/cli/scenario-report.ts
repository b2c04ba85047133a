/** A scenario file evaluated, with its report, for commands that look at results and write no report of their own. */
import type { Evaluation } from '../evaluate.ts';
import type { PriceBook } from '../pricing/price-book.ts';
import type { Report } from '../report/contract.ts';

export interface ScenarioRun {
  readonly trace?: string | undefined;
  readonly format?: string | undefined;
  readonly mapping?: string | undefined;
  readonly variant?: string | undefined;
  readonly set: readonly string[];
  readonly isQuiet: boolean;
}

export interface EvaluatedScenario {
  readonly evaluation: Evaluation;
  readonly report: Report;
  readonly book: PriceBook;
}

/** @param beforeTraffic runs once the scenario is read: what can be told before a long trace is */
export async function evaluateScenario(
  file: string,
  { variant, set, isQuiet, trace, format, mapping }: ScenarioRun,
  beforeTraffic: (scenario: Evaluation['question']['scenario']) => Promise<void> | void = () => undefined,
): Promise<EvaluatedScenario> {
  const [
    { readPriceBook },
    { readScenario },
    { readTraffic },
    { evaluate },
    { buildReport },
    { packageVersion },
    { showProgress },
  ] = await Promise.all([
    import('../io/read-price-book.ts'),
    import('../io/read-scenario.ts'),
    import('../io/read-traffic.ts'),
    import('../evaluate.ts'),
    import('../report/build.ts'),
    import('../io/package-file.ts'),
    import('./progress.ts'),
  ]);
  const book = await readPriceBook();
  const question = await readScenario(file, set, book, variant);
  await beforeTraffic(question.scenario);
  const progress = showProgress('reading traffic', isQuiet);
  const traffic = await readTraffic(question.scenario, file, book, {
    trace,
    format,
    mapping,
    onProgress: progress.update,
  }).finally(progress.stop);
  const evaluation = evaluate(question, traffic.usage, book, traffic.replays);
  const report = buildReport(evaluation, book, {
    version: packageVersion(),
    inputs: [{ name: file, sha256: question.sha256 }, ...traffic.inputs],
    scenario_hash: question.hash,
    traffic_source: traffic.source,
    rejected: traffic.rejected,
    billed: traffic.billed,
    command: `tollgate run ${file}${variant === undefined ? '' : ` --variant ${variant}`}`,
    diagnostics: [...traffic.warnings],
  });
  return { evaluation, report, book };
}
