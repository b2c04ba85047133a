/**
 * Draws of uncertain inputs: one column of n values per input, the same by seed whatever the order of the inputs. Points in
 * the unit cube go through each input's quantile function; declared rank correlations then put columns into another order,
 * so that no distribution changes. Every alternative is to be evaluated on the same draws.
 *
 * Inputs that are points take no dimension and have no correlation; that is told, as are inputs beyond the dimensions of
 * Sobol' sequences. Of the inputs that are correlated the first by name keeps its order; inputs that are not keep theirs.
 * Not modelled: limits that a distribution's tail may pass.
 */
import { quantileOf, type Spec } from '../distribution.ts';
import { type Diagnostic, notice } from '../errors.ts';
import { type CorrelationMethod, correlatedScores, inOrderOf, normalScores } from './correlate.ts';
import { type RankCorrelation, readCorrelations } from './read-correlations.ts';
import { type SamplingMethod, unitPoints } from './unit-points.ts';

export interface UncertainInput {
  readonly path: string;
  readonly spec: Spec;
}

export interface DrawsRequest {
  readonly inputs: readonly UncertainInput[];
  readonly correlations?: readonly RankCorrelation[];
  readonly n: number;
  readonly method?: SamplingMethod;
  readonly correlate_by?: CorrelationMethod;
  readonly seed: number;
}

export interface Draws {
  /** One column per input, in the order of the inputs. */
  readonly values: readonly Float64Array[];
  readonly n: number;
  readonly method: SamplingMethod;
  readonly diagnostics: readonly Diagnostic[];
}

export function drawInputs(request: DrawsRequest): Draws {
  const { inputs, correlations = [], n, method = 'latin-hypercube', correlate_by = 'iman-conover', seed } = request;
  if (!Number.isSafeInteger(n) || n < 1) throw new Error(`draws are a whole number of at least 1, not ${n}`);
  const twice = inputs.find(({ path }, i) => inputs.findIndex((other) => other.path === path) < i);
  if (twice !== undefined) throw new Error(`the input "${twice.path}" stands twice`);

  const uncertain = inputs.filter(({ spec }) => !isPoint(spec)).map(({ path }) => path);
  const { columns, beyond_sobol } = unitPoints(uncertain, n, method, seed);
  const { ordered, fixed } = correlated(request.inputs, columns, correlations, correlate_by, n);
  const values = inputs.map(({ path, spec }) => {
    const points = ordered.get(path) ?? columns.get(path);
    const quantile = quantileOf(spec);
    return points === undefined ? new Float64Array(n).fill(quantile(0.5)) : points.map(quantile);
  });
  return { values, n, method, diagnostics: [...fixed, ...beyondSobol(beyond_sobol)] };
}

/** The columns of those inputs that are correlated, each in its new order. */
function correlated(
  inputs: readonly UncertainInput[],
  columns: ReadonlyMap<string, Float64Array>,
  correlations: readonly RankCorrelation[],
  by: CorrelationMethod,
  n: number,
): { ordered: ReadonlyMap<string, Float64Array>; fixed: readonly Diagnostic[] } {
  const everything = readCorrelations(
    correlations,
    inputs.map(({ path }) => path),
  );
  const places = everything.paths.flatMap((path, i) => (columns.has(path) ? [i] : []));
  const paths = places.map((i) => everything.paths[i]!);
  const fixed = everything.paths
    .filter((path) => !columns.has(path))
    .map((path) => notice('CORRELATION_OF_POINT', path, 'has one value only; its correlations change nothing'));
  if (paths.length < 2 || n === 1) return { ordered: new Map(), fixed };
  const target = places.map((i) => Float64Array.from(places, (j) => everything.target[i]![j]!));
  const before = paths.map((path) => columns.get(path)!);
  const mixed = correlatedScores(before.map(normalScores), target, by);
  return {
    ordered: new Map(paths.map((path, k) => [path, k === 0 ? before[0]! : inOrderOf(before[k]!, mixed[k]!)])),
    fixed,
  };
}

function isPoint(spec: Spec): boolean {
  switch (spec.is) {
    case 'point':
      return true;
    case 'normal':
    case 'lognormal':
    case 'logitnormal':
      return spec.p5 === spec.p95;
    case 'discrete':
      return spec.points.every(({ value }) => value === spec.points[0]!.value);
    case 'empirical':
      return spec.values[0] === spec.values.at(-1);
    default:
      return false;
  }
}

const beyondSobol = (paths: readonly string[]): Diagnostic[] =>
  paths.length === 0
    ? []
    : [
        notice(
          'BEYOND_SOBOL',
          paths[0]!,
          `${paths.length} inputs beyond the dimensions of Sobol' sequences are drawn by a Latin hypercube: ${paths.join(', ')}`,
        ),
      ];
