/**
 * One assumption of a scenario beside what was measured: the assumed value with its 90 % interval, the measured one with the
 * interval of its figure (95 %), and the verdict.
 *
 *   within         the two intervals meet
 *   outside        they do not
 *   not_assumed    measured, and the scenario says nothing of it
 *   not_measured   no figure, or too few samples for an interval
 *   not_modelled   no input of the model takes it
 */
import type { Amount } from '../amount.ts';
import { quantile } from '../distribution.ts';
import type { Edit } from './edit.ts';

export const QUANTITIES = [
  'hop_latency',
  'error_share',
  'token_markup',
  'price',
  'token_ratio',
  'cached_price',
  'failed_attempt',
] as const;
export type CalibratedQuantity = (typeof QUANTITIES)[number];

export type CalibrationVerdict = 'within' | 'outside' | 'not_assumed' | 'not_measured' | 'not_modelled';

export interface Assumed {
  readonly value: number;
  /** P5 and P95; both the value where it is a single number. */
  readonly low: number;
  readonly high: number;
  readonly source: string;
  readonly as_of: string | null;
  /** false: a default of the project or a fact of the price book. */
  readonly given: boolean;
}

export interface MeasuredValue {
  readonly targets: readonly string[];
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** Of the interval. */
  readonly level: number;
  readonly samples: number;
  /** Day on which the run began. */
  readonly on: string;
  /** Which figures of which check, and how they were taken. */
  readonly how: string;
}

export interface Row {
  readonly quantity: CalibratedQuantity;
  /** As `--set` takes it; null: no input of the scenario. */
  readonly path: string | null;
  /** A fraction of 0.05 is written as 5 %; 1 is a bare ratio; yes and no are 1 and 0. */
  readonly unit: 'ms' | 'fraction' | '1' | 'yes/no';
  /** Strategies that it is about; none: its target belongs to all of them alike. */
  readonly strategies: readonly string[];
  readonly assumed: Assumed | null;
  readonly measured: MeasuredValue | null;
  readonly verdict: CalibrationVerdict;
  /** What else has to be known to read it; empty where nothing has. */
  readonly why: readonly string[];
  /** How the measured value gets into the scenario; absent: it does not, and `why` says so. */
  readonly edits: readonly Edit[];
}

/** An amount as it is compared: in its own unit, which the measured value is in as well. */
export function assumedOf(
  amount: Amount,
  source: string,
  as_of: string | undefined,
  stated: ReadonlySet<string>,
): Assumed {
  const { central, spec } = amount;
  return {
    value: central,
    low: spec.is === 'point' ? central : quantile(spec, 0.05),
    high: spec.is === 'point' ? central : quantile(spec, 0.95),
    source: amount.source ?? source,
    as_of: amount.as_of ?? as_of ?? null,
    given: stated.has(amount.path),
  };
}

/** A single number, or yes and no as 1 and 0. */
export const exactly = (value: number, said: Pick<Assumed, 'source' | 'as_of' | 'given'>): Assumed => ({
  value,
  low: value,
  high: value,
  ...said,
});

/** @param tolerance differences that are rounding of what was reported */
export function verdictOf(
  assumed: Pick<Assumed, 'low' | 'high'> | null,
  measured: Pick<MeasuredValue, 'low' | 'high'> | undefined,
  tolerance = 0,
): CalibrationVerdict {
  if (measured === undefined) return 'not_measured';
  if (assumed === null) return 'not_assumed';
  return measured.low <= assumed.high + tolerance && measured.high >= assumed.low - tolerance ? 'within' : 'outside';
}
