/**
 * Requests that an engine has already summed where the data lies: only sums come back. The groups are rows like those of a
 * log of buckets; what can't be told from them, when requests arrived, comes beside them.
 */
import type { TraceRequest, Window } from '../trace/request.ts';

export interface GroupedUsage {
  /**
   * One for each hour, seller, model, feature, tier, prompt size band, and whether a bill and a failure without usage are
   * there: `time_ms` is the start of the hour, `requests` how many it sums, `context_from_tokens` the lower edge of the band.
   */
  readonly groups: readonly TraceRequest[];
  readonly window: Window | undefined;
  /** Minutes since 1970 UTC -> requests. */
  readonly requests_per_minute: ReadonlyMap<number, number>;
}
