/** What a probe found: a few words of what was seen, and which of its demands do not hold. */

/** @param demands words -> whether it holds */
export const seen = (words, demands) => ({
  seen: words,
  not: Object.keys(demands).filter((demand) => !demands[demand]),
});

/** Waits until something holds, at most so long. */
export async function until(holds, most_ms = 3000) {
  const deadline = Date.now() + most_ms;
  while (!(await holds())) {
    if (Date.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
  return true;
}
