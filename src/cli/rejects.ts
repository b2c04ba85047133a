/** Rows that could not be read, as a CSV file: file, line, reason, text; also where there are so many that the work stops. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { InputError, inputError, problem } from '../errors.ts';
import { csvText } from '../io/write-csv.ts';
import type { Reject } from '../trace/request.ts';
import { TooManyRejects } from '../trace/too-many-rejects.ts';

export const rejectsText = (rejects: readonly Reject[]): string =>
  csvText([
    ['file', 'line', 'reason', 'text'],
    ...rejects.map(({ file, line, reason, text }) => [file, line, reason, text]),
  ]);

export async function writeRejects(target: string, rejects: readonly Reject[]): Promise<void> {
  await writeFile(target, rejectsText(rejects)).catch((error: Error) => {
    throw inputError('TRACE_REJECTS_FILE', target, `cannot be written: ${error.message}`);
  });
}

/** Where reading stops for its rejects, they are written to `target` before the error goes on. */
export async function keepingRejects<T>(target: string | undefined, allow: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof TooManyRejects)) throw error;
    if (target !== undefined) {
      await mkdir(path.dirname(target), { recursive: true });
      await writeRejects(target, error.rejects);
    }
    const hint = `if so many are right, ${allow} allows more`;
    throw new InputError([
      ...error.diagnostics,
      target === undefined
        ? problem('TRACE_REJECTS', 'rejects', hint)
        : problem('TRACE_REJECTS', target, `holds them; ${hint}`),
    ]);
  }
}
