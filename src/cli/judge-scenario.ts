/** One scenario file, or one of its variants, read, evaluated without draws and judged: the work of one job of `tollgate claims`. */
import { answer } from '../evaluate.ts';
import { readScenario } from '../io/read-scenario.ts';
import { readTraffic } from '../io/read-traffic.ts';
import type { JudgedRun } from '../ledger/judge-run.ts';
import { judgeRun } from '../ledger/judge-run.ts';
import type { PriceBook } from '../pricing/price-book.ts';
import { shellWord } from './shell-word.ts';

export interface ClaimsJob {
  readonly file: string;
  readonly variant: string | null;
}

/** Throws an InputError with what is wrong with the scenario. */
export async function judgeScenario(
  { file, variant }: ClaimsJob,
  book: PriceBook,
  sets: readonly string[] = [],
): Promise<JudgedRun> {
  const question = await readScenario(file, sets, book, variant ?? undefined);
  const { scenario } = question;
  const { usage, replays } = await readTraffic(scenario, file, book);
  const chosen = variant === null ? undefined : scenario.variants[variant];
  return judgeRun(answer(question, usage, book, replays), replays, {
    file,
    name: question.variant?.of ?? scenario.name,
    variant:
      variant === null || chosen === undefined
        ? null
        : { id: variant, title: chosen.title, ...(chosen.source === undefined ? {} : { source: chosen.source }) },
    command: ['tollgate run', shellWord(file), ...(variant === null ? [] : ['--variant', variant])].join(' '),
  });
}
