/** Runs jobs of `tollgate claims` on a price book that is read once; a job that fails gives what went wrong. */
import { type Diagnostic, InputError } from '../errors.ts';
import { readPriceBook } from '../io/read-price-book.ts';
import type { JudgedRun } from '../ledger/judge-run.ts';
import { type ClaimsJob, judgeScenario } from './judge-scenario.ts';

export type JobResult =
  | { readonly judged: JudgedRun }
  | { readonly diagnostics: readonly Diagnostic[] }
  | { readonly bug: string };

export interface TimedResult {
  readonly result: JobResult;
  readonly ms: number;
}
export async function jobRunner(): Promise<(job: ClaimsJob) => Promise<TimedResult>> {
  const book = await readPriceBook();
  return async (job) => {
    const started = performance.now();
    const timed = (result: TimedResult['result']): TimedResult => ({ result, ms: performance.now() - started });
    try {
      return timed({ judged: await judgeScenario(job, book) });
    } catch (error) {
      return timed(failureOf(error));
    }
  };
}

function failureOf(error: unknown): JobResult {
  if (error instanceof InputError) return { diagnostics: error.diagnostics };
  return { bug: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}
