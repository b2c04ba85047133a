/** The error of a trace that has more rows that cannot be read than are allowed; it holds them, so that they can be written down. */
import { InputError, problem } from '../errors.ts';
import type { Reject } from './request.ts';

const SHOWN = 3;

export class TooManyRejects extends InputError {
  /** The first ones, as many as were to be kept. */
  readonly rejects: readonly Reject[];

  /** @param most share of rows that may be rejected */
  constructor(
    source: string,
    {
      rows,
      rejected,
      rejects,
    }: { readonly rows: number; readonly rejected: number; readonly rejects: readonly Reject[] },
    most: number,
  ) {
    const share = ((100 * rejected) / (rows + rejected)).toFixed(1);
    super([
      problem(
        'TRACE_REJECTS',
        source,
        `${rejected} of ${rows + rejected} rows (${share} %) cannot be read, more than the ${Number((100 * most).toFixed(6))} % allowed; the first are`,
      ),
      ...rejects.slice(0, SHOWN).map(({ file, line, reason }) => problem('TRACE_REJECTS', `${file}:${line}`, reason)),
    ]);
    this.rejects = rejects;
  }
}
