/**
 * Declared rank correlations between named inputs, as a matrix that can hold. Pairs that are not declared count as 0.
 * Takes pairs and the names that exist; throws an InputError with everything that is wrong: unknown names, a pair that
 * stands twice, values beyond -1 to 1, pairs that can't hold together (with the nearest values that can).
 */
import { type Diagnostic, InputError, problem } from '../errors.ts';
import { didYouMean } from '../nearest.ts';
import { byText } from '../units.ts';
import { pearsonOfSpearman, spearmanOfPearson } from './correlate.ts';
import { canHold, conflictingRows, largestChange, type Matrix, nearestCorrelation } from './correlation-matrix.ts';

export interface RankCorrelation {
  /** Paths of two inputs. */
  readonly between: readonly [string, string];
  /** Spearman's rho, -1 to 1. */
  readonly rank_correlation: number;
}

export interface CorrelatedInputs {
  /** In rising order. */
  readonly paths: readonly string[];
  /** Pearson's correlation of the normal scores that have the rank correlations declared. */
  readonly target: Matrix;
}

const CODE = 'CORRELATIONS';

/** Inputs without any correlation are left out. */
export function readCorrelations(
  correlations: readonly RankCorrelation[],
  known: readonly string[],
  where: (place: number) => string = (place) => `correlations[${place}]`,
): CorrelatedInputs {
  const problems = correlations.flatMap((one, i) => wrongWith(one, i, correlations, known, where));
  if (problems.length > 0) throw new InputError(problems);
  const paths = [...new Set(correlations.flatMap(({ between }) => between))].sort(byText);
  const ranks = paths.map((_, i) => Float64Array.from(paths, (__, j) => (i === j ? 1 : 0)));
  for (const { between, rank_correlation } of correlations) {
    const [i, j] = between.map((path) => paths.indexOf(path)) as [number, number];
    ranks[i]![j] = rank_correlation;
    ranks[j]![i] = rank_correlation;
  }
  const target = ranks.map((row, i) => row.map((rho, j) => (i === j ? 1 : pearsonOfSpearman(rho))));
  if (!canHold(target)) throw new InputError([conflict(paths, ranks, target, correlations, where)]);
  return { paths, target };
}

function wrongWith(
  { between, rank_correlation: rho }: RankCorrelation,
  place: number,
  all: readonly RankCorrelation[],
  known: readonly string[],
  where: (place: number) => string,
): Diagnostic[] {
  const told = (message: string): Diagnostic => problem(CODE, where(place), message);
  const key = (pair: readonly string[]): string => JSON.stringify([...pair].sort(byText));
  const first = all.findIndex((other) => key(other.between) === key(between));
  return [
    ...between
      .filter((path) => !known.includes(path))
      .map((path) =>
        told(`there is no uncertain input "${path}"${didYouMean(path, known)}; allowed are ${listed(known)}`),
      ),
    ...(between[0] === between[1] ? [told(`"${between[0]}" is correlated with itself; expected two inputs`)] : []),
    ...(first < place ? [told(`${pairInWords(between)} stands twice; it stands at ${where(first)} too`)] : []),
    ...(rho >= -1 && rho <= 1 ? [] : [told(`the rank correlation is ${rho}; allowed is -1 to 1`)]),
  ];
}

const listed = (names: readonly string[]): string =>
  names.length <= 12 ? names.join(', ') : `${names.slice(0, 12).join(', ')} and ${names.length - 12} more`;

const pairInWords = ([a, b]: readonly [string, string]): string => `${a} with ${b}`;

function conflict(
  paths: readonly string[],
  ranks: Matrix,
  target: Matrix,
  correlations: readonly RankCorrelation[],
  where: (place: number) => string,
): Diagnostic {
  const rows = conflictingRows(target);
  const nearest = nearestCorrelation(target).map((row) => row.map(spearmanOfPearson));
  const pairs = rows.flatMap((i, k) => rows.slice(k + 1).map((j) => [i, j] as const));
  const declared = (i: number, j: number): number =>
    correlations.findIndex(({ between }) => between.includes(paths[i]!) && between.includes(paths[j]!));
  const words = pairs.map(([i, j]) => {
    const note = declared(i, j) < 0 ? ', not declared,' : '';
    return `${pairInWords([paths[i]!, paths[j]!])} ${ranks[i]![j]}${note} (could be ${rounded(nearest[i]![j]!)})`;
  });
  const place = Math.min(...pairs.map(([i, j]) => declared(i, j)).filter((found) => found >= 0));
  const change = rounded(largestChange(ranks, nearest));
  return problem(
    CODE,
    where(place),
    `these rank correlations can't hold together: ${words.join('; ')}. The nearest that can are in brackets; the largest change is ${change}`,
  );
}

/** Towards 0, where more can hold. */
const rounded = (value: number): string => String(Math.trunc(value * 1000) / 1000);
