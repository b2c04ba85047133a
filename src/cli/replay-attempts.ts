/** Writes the attempts of a replay to a file, as a trace: the file is made with the first rows, and flushed every few thousand. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { csvText } from '../io/write-csv.ts';
import type { OnAttempt } from '../replay/attempt.ts';
import { attemptRow } from '../replay/attempt-rows.ts';
import type { ReplayPlan } from '../replay/plan.ts';
import { ATTEMPT_COLUMNS } from '../trace/attempt-columns.ts';

const ROWS = 4096;

export function attemptSink(file: string, plan: ReplayPlan): { readonly add: OnAttempt; readonly end: () => void } {
  let descriptor: number | undefined;
  let rows: Parameters<typeof csvText>[0][number][] = [[...ATTEMPT_COLUMNS]];
  const flush = (): void => {
    descriptor ??= openSync(file, 'w');
    writeSync(descriptor, csvText(rows));
    rows = [];
  };
  return {
    add: (attempt) => {
      rows.push(attemptRow(plan, attempt));
      if (rows.length >= ROWS) flush();
    },
    end: () => {
      flush();
      closeSync(descriptor!);
    },
  };
}
