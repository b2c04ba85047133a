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
    { provenanceOf },
    { showProgress },
  ] = await Promise.all([
    import('../io/read-price-book.ts'),
    import('../io/read-scenario.ts'),
    import('../io/read-traffic.ts'),
    import('../evaluate.ts'),
    import('../report/build.ts'),
    import('./provenance.ts'),
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
  const command = `tollgate run ${file}${variant === undefined ? '' : ` --variant ${variant}`}`;
  const report = buildReport(evaluation, book, provenanceOf(file, question, traffic, command));
  return { evaluation, report, book };
}
