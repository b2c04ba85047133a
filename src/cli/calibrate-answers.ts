/**
 * A scenario evaluated as it stands and with values put over it, from traffic that is read once: only what a replay acts on
 * makes it read the traffic again. Without draws, since values are compared one by one.
 */
import type { Evaluation } from '../evaluate.ts';
import type { Report } from '../report/contract.ts';

export interface AnswerFlags {
  readonly trace?: string | undefined;
  readonly format?: string | undefined;
  readonly mapping?: string | undefined;
  /** Folder of the price book; default: the project's own. */
  readonly prices?: string | undefined;
  readonly isQuiet: boolean;
}

export interface Evaluated {
  readonly evaluation: Evaluation;
  readonly report: Report;
}

export interface Answers {
  readonly before: Evaluated;
  /** With `--set` texts put over the scenario. */
  readonly withSets: (sets: readonly string[]) => Promise<Evaluated>;
}

export async function openAnswers(file: string, flags: AnswerFlags): Promise<Answers> {
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
  type Question = Awaited<ReturnType<typeof readScenario>>;
  type Traffic = Awaited<ReturnType<typeof readTraffic>>;
  const book = await readPriceBook(flags.prices);

  const read = async ({ scenario }: Question): Promise<Traffic> => {
    const progress = showProgress('reading traffic', flags.isQuiet);
    const { trace, format, mapping } = flags;
    const onProgress = progress.update;
    return readTraffic(scenario, file, book, { trace, format, mapping, onProgress }).finally(progress.stop);
  };
  const evaluated = (question: Question, traffic: Traffic, sets: readonly string[]): Evaluated => {
    const evaluation = evaluate(question, traffic.usage, book, traffic.replays);
    const command = ['tollgate run', file, ...sets.flatMap((one) => ['--set', JSON.stringify(one)])].join(' ');
    return { evaluation, report: buildReport(evaluation, book, provenanceOf(file, question, traffic, command)) };
  };

  const question = await readScenario(file, [], book);
  const traffic = await read(question);
  return {
    before: evaluated(question, traffic, []),
    withSets: async (sets) => {
      const changed = await readScenario(file, sets, book);
      const isReplayed = sets.some((one) => one.startsWith('replay.'));
      return evaluated(changed, isReplayed ? await read(changed) : traffic, sets);
    },
  };
}
