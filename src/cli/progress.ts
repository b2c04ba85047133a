/**
 * Progress of long work on stderr: rows, rows per second and, where the whole is known, a bar with the time left. Shown only
 * on a terminal, and only once the work has taken a second.
 */
import cliProgress from 'cli-progress';
import type { UsageProgress } from '../io/usage-sink.ts';

export interface Progress {
  readonly update: (progress: UsageProgress) => void;
  readonly stop: () => void;
}

const PARTS = 1000;

export function showProgress(what: string, isQuiet: boolean): Progress {
  if (isQuiet || !process.stderr.isTTY) return { update: () => undefined, stop: () => undefined };
  const started = performance.now();
  let bar: cliProgress.SingleBar | undefined;
  return {
    update: ({ rows, fraction, what: step, total_bytes }) => {
      const seconds = (performance.now() - started) / 1000;
      if (seconds < 1) return;
      const known = fraction !== undefined && fraction > 0;
      if (bar === undefined) {
        bar = new cliProgress.SingleBar({
          format: known ? `${what} {bar} {percentage} % {told}` : `${what}: {told}`,
          stream: process.stderr,
          clearOnComplete: true,
          hideCursor: true,
        });
        bar.start(PARTS, 0, { told: '' });
      }
      const left = known ? ` · ${span((seconds / fraction) * (1 - fraction))} left` : '';
      const bytes =
        known && total_bytes !== undefined ? ` · ${count((fraction * total_bytes) / seconds / 1e6)} MB/s` : '';
      const rate = rows === 0 ? `${step ?? ''}${bytes}` : `${count(rows)} rows · ${count(rows / seconds)} rows/s`;
      bar.update(known ? Math.floor(Math.min(fraction, 1) * PARTS) : 0, { told: `${rate}${left}` });
    },
    stop: () => bar?.stop(),
  };
}

const count = (value: number): string => Math.round(value).toLocaleString('en-US');
const span = (seconds: number): string => (seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`);
