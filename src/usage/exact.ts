/** Sums of integers that are exact or an error: beyond 2^53 JavaScript's numbers would round without a word. */
import { inputError } from '../errors.ts';

/** The sum, if it is still exact. */
export function exact(sum: number, what: string): number {
  if (sum > Number.MAX_SAFE_INTEGER)
    throw inputError('TRACE_TOO_LARGE', 'traffic', `the sum of ${what} passes 2^53 and would no longer be exact`);
  return sum;
}
