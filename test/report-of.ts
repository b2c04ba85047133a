/** The report of an evaluation that no command made: all that a command would add is the same for every test. */
import type { Evaluation } from '../src/evaluate.ts';
import type { PriceBook } from '../src/pricing/price-book.ts';
import { buildReport } from '../src/report/build.ts';
import type { Report } from '../src/report/contract.ts';

export const reportOf = (evaluation: Evaluation, book: PriceBook): Report =>
  buildReport(evaluation, book, {
    version: '0',
    inputs: [],
    scenario_hash: 'hash',
    traffic_source: 'test',
    rejected: 0,
    command: 'test',
    diagnostics: [],
  });
