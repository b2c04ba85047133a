/**
 * What of a count is billed after a free quota: the rest of each day or month, never below 0, never carried over.
 *
 *   billed = sum over days (months) of max(0, count - quota)
 *
 * Example: 1,000 free web searches a day, 1,500 on one day and 200 on the next: 500 are billed, not 700 and not 0.
 */
import type { FreeQuota } from './rate-card.ts';

/** `counts` holds one number for each day (month) of the quota's own kind. */
export const billedAfter = ({ amount }: Pick<FreeQuota, 'amount'>, counts: readonly number[]): number =>
  counts.reduce((billed, count) => billed + Math.max(0, count - amount), 0);
