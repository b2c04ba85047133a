/** A report as one side of the comparison, and the columns of its tables: one for what a row tells, one per side. */
import type { Report } from '../report/contract.ts';
import type { Column } from '../report/html/table.ts';
import { LETTERS } from './addresses.ts';

export interface ComparedReport {
  readonly name: string;
  readonly written_ms: number;
  readonly has_html: boolean;
  readonly report: Report;
}

/** A longer name at the head of a column of numbers would push them away from each other. */
const LONGEST_OVER_NUMBERS = 40;

export const columnsOf = (first: string, sides: readonly ComparedReport[], numeric: boolean): Column[] => [
  { head: first },
  ...sides.map(({ name }, i) => ({
    head: `${LETTERS[i]} · ${name}`,
    numeric: numeric && name.length <= LONGEST_OVER_NUMBERS,
  })),
];
