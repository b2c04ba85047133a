/**
 * Each assumption of a scenario beside what live calls measured, and the edits that put the measured values in their place.
 *
 * Takes an evaluated scenario (which gateways and sellers its traffic reaches is known only then) and measurements; gives rows in
 * a fixed order, one edit for a path, and what nothing was measured for. Of several targets that speak to one input, that with
 * the most samples is written, the first of equals. Nothing of the evidence's texts is read.
 */
import type { Evaluation } from '../evaluate.ts';
import type { Measurements } from '../measurements/contract.ts';
import { cachedPriceRows } from './cached-price.ts';
import type { Calibrating } from './calibrating.ts';
import { type Edit, type Origin, pathText } from './edit.ts';
import { errorRows } from './error-share.ts';
import { failedAttemptRows } from './failed-attempt.ts';
import { hopRows } from './hop-latency.ts';
import { type Matches, matchesOf } from './matches.ts';
import type { Row } from './row.ts';
import { markupRows } from './token-markup.ts';
import { tokenRatioRows } from './token-ratio.ts';

export interface Calibration {
  readonly origin: Origin;
  /** false: the run was interrupted, or its cap was reached. */
  readonly complete: boolean;
  readonly rows: readonly Row[];
  /** One for each path. */
  readonly edits: readonly Edit[];
  /** Gateways and sellers that nothing was measured of, with the strategies that use them. */
  readonly unmeasured: readonly {
    readonly is: 'gateway' | 'seller';
    readonly id: string;
    readonly strategies: readonly string[];
  }[];
  /** Ids of targets that the scenario does not use. */
  readonly unused_targets: readonly string[];
}

export interface CalibrateOptions {
  /** SHA-256 of the measurements' file. */
  readonly sha256: string;
  readonly file: string;
  /** Target or measured system -> gateway or seller of the scenario. */
  readonly taken_as: ReadonlyMap<string, string>;
}

export function calibrate(
  evaluation: Pick<Evaluation, 'question' | 'prepared'>,
  measurements: Measurements,
  { sha256, file, taken_as }: CalibrateOptions,
): Calibration {
  const { simulated, started_at, rounds, complete } = measurements;
  const origin = { simulated, sha256, on: started_at.slice(0, 10), rounds };
  const matches = matchesOf(evaluation, measurements, taken_as, file);
  const x: Calibrating = { evaluation, measurements, origin, matches };
  const rows = withOneEdit([
    ...hopRows(x),
    ...errorRows(x),
    ...markupRows(x),
    ...tokenRatioRows(x),
    ...cachedPriceRows(x),
    ...failedAttemptRows(x),
  ]);
  return {
    origin,
    complete,
    rows,
    edits: rows.flatMap(({ edits }) => edits),
    unmeasured: unmeasuredOf(matches),
    unused_targets: matches.others.map(({ id }) => id),
  };
}

const placeOf = ({ keys }: Edit): string => pathText(keys);

/** Rows whose path another row writes from more samples keep their values and lose their edit. */
function withOneEdit(rows: readonly Row[]): Row[] {
  const best = new Map<string, Row>();
  for (const row of rows)
    for (const edit of row.edits) {
      const known = best.get(placeOf(edit));
      if (known === undefined || row.measured!.samples > known.measured!.samples) best.set(placeOf(edit), row);
    }
  return rows.map((row) => {
    const edits = row.edits.filter((edit) => best.get(placeOf(edit)) === row);
    if (edits.length === row.edits.length) return row;
    const taken = best.get(placeOf(row.edits.find((edit) => !edits.includes(edit))!))!;
    return { ...row, edits, why: [...row.why, `the value of ${taken.measured!.targets.join(', ')} is written`] };
  });
}

/** A target that was skipped measured nothing. */
function unmeasuredOf({ matched, uses }: Matches): Calibration['unmeasured'] {
  const missing = (is: 'gateway' | 'seller', map: ReadonlyMap<string, readonly string[]>) =>
    [...map]
      .filter(([id]) => !matched.some((one) => one.is === is && one.id === id && one.target.skipped === null))
      .map(([id, strategies]) => ({ is, id, strategies }));
  return [...missing('gateway', uses.gateways), ...missing('seller', uses.sellers)];
}
