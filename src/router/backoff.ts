/** Waits before a retry, unless the client leaves. Gives the milliseconds that it took. */
export function backoff(ms: number, gone: AbortSignal): Promise<number> {
  const from = performance.now();
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      gone.removeEventListener('abort', end);
      resolve(performance.now() - from);
    };
    const timer = setTimeout(end, Math.max(1, ms));
    gone.addEventListener('abort', end);
    if (gone.aborted) end();
  });
}
