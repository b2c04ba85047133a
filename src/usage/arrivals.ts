/**
 * How requests arrive: mean rate over the window, the busiest minute, and how far it stands above the mean.
 *
 *   mean rate = requests / window length;  peak to mean = requests of the busiest minute / 60 s / mean rate
 *
 * Example: 90 requests in 30 minutes, 12 of them in one minute: 0.05 per second, peak to mean 0.2 / 0.05 = 4.
 * Minutes are clock minutes. Failed requests count: they are load too. Not told: bursts shorter than a minute.
 */
import type { UsageTable } from './table.ts';

export interface Arrivals {
  readonly requests: number;
  readonly window_hours: number;
  readonly mean_requests_per_second: number;
  readonly peak_minute: { readonly from_ms: number; readonly requests: number };
  readonly peak_to_mean: number;
}

/** undefined: the table has no request, or only sums of them, which do not say when they came. */
export function arrivals({ window, requests_per_minute }: UsageTable): Arrivals | undefined {
  if (window === undefined || requests_per_minute.size === 0) return undefined;
  let requests = 0;
  let peak: readonly [number, number] = [0, 0];
  for (const entry of requests_per_minute) {
    requests += entry[1];
    if (entry[1] > peak[1]) peak = entry;
  }
  const seconds = (window.until_ms - window.from_ms) / 1000;
  const mean_requests_per_second = requests / seconds;
  return {
    requests,
    window_hours: seconds / 3600,
    mean_requests_per_second,
    peak_minute: { from_ms: peak[0] * 60_000, requests: peak[1] },
    // A window shorter than a minute has no minute that stands out.
    peak_to_mean: Math.max(1, peak[1] / 60 / mean_requests_per_second),
  };
}

/** Coefficient of variation of the gaps between requests: 1 is Poisson, more is bursty. Welford's sums. */
export class Gaps {
  private last: number | undefined;
  private gaps = 0;
  private mean = 0;
  private squares = 0;
  private inOrder = true;

  add(time_ms: number): void {
    if (this.last !== undefined) {
      const gap = time_ms - this.last;
      if (gap < 0) this.inOrder = false;
      this.gaps++;
      const off = gap - this.mean;
      this.mean += off / this.gaps;
      this.squares += off * (gap - this.mean);
    }
    this.last = time_ms;
  }

  /** undefined: fewer than two gaps, no time at all between requests, or a trace that is not in order of time. */
  variation(): number | undefined {
    return this.inOrder && this.gaps > 1 && this.mean > 0
      ? Math.sqrt(this.squares / (this.gaps - 1)) / this.mean
      : undefined;
  }
}
