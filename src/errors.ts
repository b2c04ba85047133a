/**
 * What the project says when something is wrong: diagnostics for people, exceptions for bugs.
 *
 * Bad input is collected as diagnostics and thrown once, as an InputError. Findings about data that do not stop a run
 * (a rejected row, an old price) are diagnostics too, carried in the report. A bug throws a plain Error.
 */

export type Severity = 'error' | 'warning' | 'info';

/** One finding. `path` is dotted (`traffic.volume`), a file, or `file:line`; `code` is stable and machine-readable. */
export interface Diagnostic {
  readonly severity: Severity;
  readonly code: string;
  readonly path: string;
  readonly message: string;
}

export const problem = (code: string, path: string, message: string): Diagnostic => ({
  severity: 'error',
  code,
  path,
  message,
});

export const warning = (code: string, path: string, message: string): Diagnostic => ({
  severity: 'warning',
  code,
  path,
  message,
});

export const notice = (code: string, path: string, message: string): Diagnostic => ({
  severity: 'info',
  code,
  path,
  message,
});

/** All that is wrong with an input, told at once. The command line turns it into exit code 2. */
export class InputError extends Error {
  override readonly name = 'InputError';
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map((d) => `${d.path}: ${d.message}`).join('\n'));
    this.diagnostics = diagnostics;
  }
}

/** An InputError of one finding. */
export const inputError = (code: string, path: string, message: string): InputError =>
  new InputError([problem(code, path, message)]);

/** Makes one thing of each, and tells what is wrong with all of them at once, each finding once. */
export function allOrProblems<T, R>(each: readonly T[], make: (one: T) => R): R[] {
  const problems = new Map<string, Diagnostic>();
  const made = each.flatMap((one) => {
    try {
      return [make(one)];
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      for (const found of error.diagnostics) problems.set(`${found.path}: ${found.message}`, found);
      return [];
    }
  });
  if (problems.size > 0) throw new InputError([...problems.values()]);
  return made;
}

/** Closes a switch over a union: a new member is a compile error, and at run time a bug. */
export function assertNever(value: never): never {
  throw new Error(`unhandled case: ${JSON.stringify(value)}`);
}
