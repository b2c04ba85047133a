/**
 * Places in rising numbers, by bisection. Takes any array whose numbers never fall, and the half-open part of it in which to
 * look; gives the end of that part where no number in it qualifies.
 *
 * Example: in 1, 3, 3, 7 the first above 3 is at 3, the first of at least 3 at 1; above 7 it is 4, which is no place.
 */

/** The first number above `x`: so many are at most `x`. */
export function firstAbove(rising: ArrayLike<number>, x: number, from = 0, until = rising.length): number {
  let [low, high] = [from, until];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rising[middle]! > x) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The first number of at least `x`: so many are below `x`. */
export function firstAtLeast(rising: ArrayLike<number>, x: number, from = 0, until = rising.length): number {
  let [low, high] = [from, until];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rising[middle]! >= x) high = middle;
    else low = middle + 1;
  }
  return low;
}
