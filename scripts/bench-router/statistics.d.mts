export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
  readonly rounds: number;
}

export function quantile(sorted: ArrayLike<number>, p: number): number;
export function median(values: readonly number[]): number;
export function spread(values: readonly (number | undefined)[]): Spread | undefined;
export function ratios(
  ours: readonly (number | undefined)[],
  theirs: readonly (number | undefined)[],
): Spread | undefined;
export function differences(
  ours: readonly (number | undefined)[],
  theirs: readonly (number | undefined)[],
): Spread | undefined;
export function coverage(rounds: number): number;
