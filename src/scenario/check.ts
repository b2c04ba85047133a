/** What every check of a scenario gets: the scenario as read, what it is held against, and where to tell what is wrong. */
import type { FeeSchedule } from '../pricing/fee-schedule.ts';
import type { PriceBook } from '../pricing/price-book.ts';
import type { Scenario } from './schema.ts';

/** One thing that is wrong, at its path in the file; all of them are told at once. */
export type ReportProblem = (path: readonly PropertyKey[], message: string) => void;

export interface Check {
  readonly scenario: Scenario;
  /** Gateways of the price book, with the scenario's own put over them. */
  readonly gateways: ReadonlyMap<string, FeeSchedule>;
  readonly book: PriceBook;
  readonly report: ReportProblem;
}
