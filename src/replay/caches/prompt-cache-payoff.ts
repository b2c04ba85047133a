/**
 * From how many uses on writing a prompt prefix to a seller's cache is cheaper than sending it fresh each time.
 *
 *   n uses, the first of which writes: w + (n - 1) r < n, so n > (w - r) / (1 - r); reads are n - 1
 *
 * w and r are the prices of writing and reading as multiples of the fresh input price. Example: w = 1.25, r = 0.1: more than
 * 1.2778 uses, so one read pays off; w = 2, r = 0.1: more than 2.1111, so two reads. Reads count within one life.
 * Source of the multiples: platform.claude.com/docs/en/build-with-claude/prompt-caching; the inequality is arithmetic.
 * Not modelled: prefixes that grow between uses, storage fees.
 */

/** Uses, the writing one included, above which writing is cheaper; Infinity: never. */
export function usesToPayOff(write_factor: number, read_factor: number): number {
  if (!(write_factor >= 0 && read_factor >= 0))
    throw new Error(`price factors are 0 or more, not ${write_factor} and ${read_factor}`);
  if (read_factor < 1) return (write_factor - read_factor) / (1 - read_factor);
  return write_factor < 1 && read_factor === 1 ? 0 : Infinity;
}

/** Fewest reads after the write with which writing is cheaper; 0: the write alone is; Infinity: never. */
export function readsToPayOff(write_factor: number, read_factor: number): number {
  if (write_factor < 1) return 0;
  const uses = usesToPayOff(write_factor, read_factor);
  return uses === Infinity ? Infinity : Math.max(1, Math.floor(uses + ROUNDING));
}

/** A tie that division leaves a hair below a whole number is a tie. */
const ROUNDING = 1e-9;
