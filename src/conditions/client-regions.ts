/**
 * Where clients are, as shares of the requests: traces do not say. Each request draws its region, so that hops and policies
 * by region act on it.
 *
 *   region of u     the first whose shares up to and with it exceed u
 *
 * Example: eu 60 %, us 40 %: u = 0.59 is eu, u = 0.6 is us. Not modelled: regions that are busy at other hours.
 */
export interface ClientRegions {
  readonly names: readonly string[];
  /** Share up to and with each; the last is 1. */
  readonly until: Float64Array;
}

export function clientRegions(shares: Readonly<Record<string, number>>): ClientRegions | undefined {
  const names = Object.keys(shares);
  if (names.length === 0) return undefined;
  let total = 0;
  const until = Float64Array.from(names, (name) => {
    total += shares[name]!;
    return total;
  });
  until[names.length - 1] = 1;
  return { names, until };
}

/** Place of the region. */
export function regionOf({ until }: ClientRegions, u: number): number {
  let region = 0;
  while (u >= until[region]!) region++;
  return region;
}
