/** Rows that could not be read, as a CSV file: file, line, reason, text. */
import { csvText } from '../io/write-csv.ts';
import type { Reject } from '../trace/request.ts';

export const rejectsText = (rejects: readonly Reject[]): string =>
  csvText([
    ['file', 'line', 'reason', 'text'],
    ...rejects.map(({ file, line, reason, text }) => [file, line, reason, text]),
  ]);
