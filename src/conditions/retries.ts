/**
 * Retries: how many attempts a request takes, how often it fails for good, what failed attempts cost.
 *
 *   attempts expected       E = (1 - p^n) / (1 - p)
 *   answered                P = 1 - p^n
 *   billed multiple         (E - P) phi + P, phi the share of failed attempts that are billed
 *
 * Example: p = 0.1, n = 3, phi = 0.5: E = 1.11, P = 0.999, multiple 1.0545. Layers multiply: five layers of three tries
 * are 243 attempts. Source: geometric series; Amazon Builders' Library for the layers.
 * Not modelled: failures that depend on each other, load that retries themselves add.
 */

export const expectedAttempts = (p: number, n: number): number => (p === 1 ? n : (1 - p ** n) / (1 - p));
export const answered = (p: number, n: number): number => 1 - p ** n;
export const billedMultiple = (p: number, n: number, billedShare: number): number =>
  (expectedAttempts(p, n) - answered(p, n)) * billedShare + answered(p, n);
/** Attempts at the bottom of `layers` layers that each try `tries` times. */
export const amplification = (layers: number, tries: number): number => tries ** layers;

/** Formula text of what failed attempts add to the bill, as a share of the spend. */
export const BILLED_FAILURES_FORMULA =
  '((1 - error_rate ^ attempts) / (1 - error_rate) - (1 - error_rate ^ attempts)) * billed_share';
