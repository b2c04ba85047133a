/** Makes one thing of each, and tells what is wrong with all of them at once, each finding once. */
import { type Diagnostic, InputError } from '../errors.ts';

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
