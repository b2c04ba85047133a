/**
 * Sobol' indices: which share of a quantity's variance each input (or group of inputs) brings, alone and with others.
 *
 *   first order   S  = mean(fB (fAB - fA)) / V          Saltelli 2010: variance that knowing the input would remove
 *   total         ST = mean((fA - fAB)^2) / 2 V         Jansen 1999: variance that stays if all others were known
 *
 * A and B are two independent samples of the inputs, AB is A with the columns of one input taken from B, V the variance of
 * fA and fB together; their common mean is subtracted first, which changes no expectation and much of the noise.
 * Intervals are percentiles (type 7) of bootstrap samples of the rows. Small negative estimates are noise and stay.
 *
 * Example: Ishigami's function (7, 0.1) has V 13.8446, S 0.3139, 0.4424, 0 and ST 0.5576, 0.4424, 0.2437; 4,096 points of a
 * scrambled sequence find them within 0.01. Evaluations: N (2 + number of groups).
 * Holds for independent inputs only: correlated ones are refused unless they form a group, whose columns move together.
 * Sources: Saltelli et al., Computer Physics Communications 181 (2010), table 2 (b) and (f); Jansen, ibid. 117 (1999).
 */
import { type Diagnostic, InputError, problem } from '../errors.ts';
import { didYouMean } from '../nearest.ts';
import { substream } from '../random.ts';
import { drawCount, TIE_FRACTION } from './draws.ts';
import { quantileOfSorted } from './summary.ts';

export interface SobolInput {
  readonly id: string;
  /** Inputs with the same group count as one. */
  readonly group?: string;
}

export interface SobolDesign {
  readonly inputs: readonly SobolInput[];
  /** One column per input. Within a group the columns carry whatever correlation its inputs have. */
  readonly A: readonly Float64Array[];
  readonly B: readonly Float64Array[];
  /** The quantity at each row of the points, which have one column per input. */
  readonly evaluate: (points: readonly Float64Array[]) => Float64Array;
  /** Pairs of inputs that are declared correlated. */
  readonly correlated?: readonly (readonly [string, string])[];
  /** Of the bootstrap. */
  readonly seed: number;
  readonly bootstraps?: number;
  /** Of the intervals; 0.95 if not given. */
  readonly confidence_fraction?: number;
}

export interface SobolIndex {
  /** Of the group, or of the input that stands alone. */
  readonly id: string;
  readonly inputs: readonly string[];
  readonly first_order: number;
  readonly first_order_low: number;
  readonly first_order_high: number;
  readonly total: number;
  readonly total_low: number;
  readonly total_high: number;
}

export interface SobolIndices {
  readonly mean: number;
  readonly variance: number;
  readonly evaluations: number;
  /** In the order of the inputs; none where the quantity does not vary. */
  readonly indices: readonly SobolIndex[];
}

export function sobolIndices(design: SobolDesign): SobolIndices {
  const { inputs, A, B } = design;
  checkGroups(inputs, design.correlated ?? []);
  const ids = inputs.map(({ id }) => id);
  const n = drawCount([...ids, ...ids], [...A, ...B]);
  const evaluate = (points: readonly Float64Array[], name: string): Float64Array => {
    const costs = design.evaluate(points);
    drawCount(['points', `the quantity at ${name}`], [points[0]!, costs]);
    return costs.slice();
  };
  const fA = evaluate(A, 'A');
  const fB = evaluate(B, 'B');
  const groups = [...new Set(inputs.map((input) => input.group ?? input.id))].map((id) => ({
    id,
    members: inputs.filter((input) => (input.group ?? input.id) === id).map((input) => input.id),
  }));
  const fAB = groups.map(({ id, members }) =>
    evaluate(
      A.map((column, j) => (members.includes(ids[j]!) ? B[j]! : column)),
      `A with ${id} of B`,
    ),
  );
  const evaluations = n * (2 + groups.length);
  const mean = centre([fA, fB], fAB);
  const variance = (squares(fA) + squares(fB)) / (2 * n);
  if (Math.sqrt(variance) <= TIE_FRACTION * Math.abs(mean)) return { mean, variance, evaluations, indices: [] };

  const all = fAB.map((f) => estimate(fA, fB, f));
  const spread = bootstrap(design, fA, fB, fAB);
  const indices = groups.map(({ id, members }, g) => ({
    id,
    inputs: members,
    first_order: all[g]!.first,
    first_order_low: spread[g]!.first.low,
    first_order_high: spread[g]!.first.high,
    total: all[g]!.total,
    total_low: spread[g]!.total.low,
    total_high: spread[g]!.total.high,
  }));
  return { mean, variance, evaluations, indices };
}

function checkGroups(inputs: readonly SobolInput[], pairs: readonly (readonly [string, string])[]): void {
  const ids = inputs.map(({ id }) => id);
  const groupOf = new Map(inputs.map(({ id, group }) => [id, group ?? id]));
  const found: Diagnostic[] = [];
  for (const { id, group } of inputs)
    if (group === undefined && inputs.some((other) => other.group === id))
      found.push(
        problem('sobol-group', 'inputs', `${id} is an input on its own and the name of a group: rename the group`),
      );
  for (const [a, b] of pairs) {
    const unknown = [a, b].filter((id) => !groupOf.has(id));
    for (const id of unknown)
      found.push(problem('correlation-input', 'inputs', `there is no input "${id}"${didYouMean(id, ids)}`));
    if (unknown.length === 0 && groupOf.get(a) !== groupOf.get(b))
      found.push(
        problem(
          'sobol-correlated',
          'inputs',
          `${a} and ${b} are correlated, and Sobol' indices hold for independent inputs: put both into one group`,
        ),
      );
  }
  if (found.length > 0) throw new InputError(found);
}

/** Takes the common mean of the first columns off all of them. */
function centre(base: readonly Float64Array[], others: readonly Float64Array[]): number {
  const origin = base[0]![0]!;
  let total = 0;
  for (const column of base) for (const value of column) total += value - origin;
  const mean = origin + total / base.reduce((count, column) => count + column.length, 0);
  for (const column of [...base, ...others]) for (let i = 0; i < column.length; i++) column[i]! -= mean;
  return mean;
}

const squares = (column: Float64Array): number => column.reduce((total, value) => total + value * value, 0);

interface Estimate {
  readonly first: number;
  readonly total: number;
}

/** Both indices over all rows, or over the rows that are listed, with repeats. */
function estimate(fA: Float64Array, fB: Float64Array, fAB: Float64Array, rows?: Uint32Array): Estimate {
  const n = fA.length;
  let [sum, square, first, total] = [0, 0, 0, 0];
  for (let k = 0; k < n; k++) {
    const i = rows === undefined ? k : rows[k]!;
    const [a, b, ab] = [fA[i]!, fB[i]!, fAB[i]!];
    sum += a + b;
    square += a * a + b * b;
    first += b * (ab - a);
    total += (a - ab) ** 2;
  }
  const variance = square / (2 * n) - (sum / (2 * n)) ** 2;
  return { first: first / n / variance, total: total / n / (2 * variance) };
}

interface Interval {
  readonly low: number;
  readonly high: number;
}

function bootstrap(
  { seed, bootstraps = 200, confidence_fraction = 0.95 }: SobolDesign,
  fA: Float64Array,
  fB: Float64Array,
  fAB: readonly Float64Array[],
): { first: Interval; total: Interval }[] {
  const random = substream(seed, 'bootstrap of Sobol indices');
  const first = fAB.map(() => new Float64Array(bootstraps));
  const total = fAB.map(() => new Float64Array(bootstraps));
  const rows = new Uint32Array(fA.length);
  for (let r = 0; r < bootstraps; r++) {
    for (let k = 0; k < rows.length; k++) rows[k] = random.integer(rows.length);
    fAB.forEach((f, g) => {
      const found = estimate(fA, fB, f, rows);
      first[g]![r] = found.first;
      total[g]![r] = found.total;
    });
  }
  const interval = (values: Float64Array): Interval => {
    const sorted = values.sort();
    const tail = (1 - confidence_fraction) / 2;
    return { low: quantileOfSorted(sorted, tail), high: quantileOfSorted(sorted, 1 - tail) };
  };
  return fAB.map((_, g) => ({ first: interval(first[g]!), total: interval(total[g]!) }));
}
