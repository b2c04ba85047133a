/** The wait before a retry: it ends early when the client leaves. Gives the milliseconds that it took. */
import type { Departure } from './departure.ts';

export function backoff(ms: number, gone: Departure): Promise<number> {
  const from = performance.now();
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      gone.onHappen = undefined;
      resolve(performance.now() - from);
    };
    const timer = setTimeout(end, Math.max(1, ms));
    gone.onHappen = end;
    if (gone.hasHappened) end();
  });
}
