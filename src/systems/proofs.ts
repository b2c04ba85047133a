/** What shows that a system is served: formats of its that are read, and how far it was tried. */
import { ADAPTERS } from '../trace/adapters/index.ts';
import { BESIDE_THE_BOOK, PUBLISHED_TRACES, RUN_AS_PROGRAM } from './beside-the-book.ts';
import type { TraceFormat } from './system.ts';

/** Formats are named after the system that writes them: `litellm-spend-logs`. */
export const formatsOf = (id: string): TraceFormat[] =>
  ADAPTERS.filter(({ format }) => format.split('-')[0] === id && !PUBLISHED_TRACES.includes(format)).map(
    ({ format, title }) => ({ format, title }),
  );

export function verifiedOf(id: string): string {
  const test = RUN_AS_PROGRAM[id];
  if (test !== undefined) return `run as the real program against a stand-in (${test})`;
  if (id === 'tollgate') return 'run in tests, against stand-ins and real clients';
  if (BESIDE_THE_BOOK.some((one) => one.id === id)) return 'files in its documented form are read in tests';
  return 'from sources; called live by nobody here, its route by tests on a stand-in';
}
