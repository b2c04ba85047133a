/** What every kind of row is made from. */
import type { Evaluation } from '../evaluate.ts';
import type { Measurements } from '../measurements/contract.ts';
import type { Origin } from './edit.ts';
import type { Matches } from './matches.ts';

export interface Calibrating {
  readonly evaluation: Pick<Evaluation, 'question' | 'prepared'>;
  readonly measurements: Measurements;
  readonly origin: Origin;
  readonly matches: Matches;
}
