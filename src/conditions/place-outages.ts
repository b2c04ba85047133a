/**
 * Puts recorded outages where a replay runs: as they stand (`absolute`: nothing to do), or the record of one window laid
 * over another span from its beginning, again and again until the span is full.
 *
 *   placed time = span.from + (recorded time - window.from) + n x (window.until - window.from), n = 0, 1, ...
 *
 * Example: an outage from hour 2 to 3 of a day's record, laid over a span of 26.5 hours, stands at hours 2 to 3 and 26 to
 * 26.5. The hours a month are those of the record wherever the span is a whole number of windows. Whole weeks keep the
 * hour of the week. Not modelled: that the past need not come back; sample from a process for that.
 */
import type { Span } from './outage-renewal.ts';
import type { OutageInterval } from './outage-timeline.ts';

export function placeOutages(recorded: readonly OutageInterval[], window: Span, span: Span): OutageInterval[] {
  const length_ms = window.until_ms - window.from_ms;
  if (!(length_ms > 0)) throw new Error(`a window from ${window.from_ms} until ${window.until_ms} has no length`);
  const placed: OutageInterval[] = [];
  for (let shift_ms = span.from_ms - window.from_ms; window.from_ms + shift_ms < span.until_ms; shift_ms += length_ms) {
    for (const outage of recorded) {
      const from_ms = Math.max(outage.from_ms, window.from_ms) + shift_ms;
      const until_ms = Math.min(Math.min(outage.until_ms, window.until_ms) + shift_ms, span.until_ms);
      if (from_ms < until_ms) placed.push({ ...outage, from_ms, until_ms });
    }
  }
  return placed;
}
