/** Progress of long work on stderr: shown only on a terminal, and only once the work has taken a second. */
import cliProgress from 'cli-progress';

export interface RowProgress {
  update(rows: number): void;
  stop(): void;
}

export function rowProgress(what: string, isQuiet: boolean): RowProgress {
  if (isQuiet || !process.stderr.isTTY) return { update: () => undefined, stop: () => undefined };
  const started = performance.now();
  let bar: cliProgress.SingleBar | undefined;
  return {
    update: (rows) => {
      const seconds = (performance.now() - started) / 1000;
      if (seconds < 1) return;
      if (bar === undefined) {
        bar = new cliProgress.SingleBar({
          format: `${what}: {value} rows, {rate} rows/s`,
          stream: process.stderr,
          clearOnComplete: true,
        });
        bar.start(0, rows, { rate: '' });
      }
      bar.update(rows, { rate: Math.round(rows / seconds).toLocaleString('en-US') });
    },
    stop: () => bar?.stop(),
  };
}
