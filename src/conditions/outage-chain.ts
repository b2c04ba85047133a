/**
 * What the failures of several components come to: one function for the expectation (shares of time) and for the replay
 * (failing fractions at a moment), since it is linear in each of them and the components are independent.
 *
 *   one attempt           f = 1 - (1 - common)(1 - gateway)(1 - seller)(1 - model)
 *   seller and fallback   f = 1 - (1 - common)(1 - gateway)(1 - seller x fallback)       fallback 1: there is none
 *   common cause beta     common = beta min(u1, u2), sellers of their own (1 - beta) u_i
 *
 * Example: u1 = 0.0029, u2 = 0.0037, gateway 0.001: 1 - f = 0.99898928073; with beta = 0.1 it is 0.9987016099, where
 * availability.ts's sum of both causes has 0.9987016073913: it counts twice, about 3e-9, when both strike at once.
 * The gateway helps exactly where 1 - gateway > (1 - u1) / (1 - u1 u2): availability.ts.
 * Source: reliability textbooks (series and parallel systems, beta-factor model). Not modelled: sellers that fail because
 * others' users come over; a retry within the same partial outage is a draw of its own.
 */
import type { Span } from './outage-renewal.ts';
import { OutageCursor, type OutageTimeline } from './outage-timeline.ts';

/** Share of attempts on one route that fail; 0 for a component that is not in the way. */
export const attemptFailing = (common: number, gateway: number, seller: number, model: number): number =>
  1 - (1 - common) * (1 - gateway) * (1 - seller) * (1 - model);

/** Share of requests that neither seller nor fallback answers. */
export const accessFailing = (common: number, gateway: number, seller: number, fallback: number): number =>
  1 - (1 - common) * (1 - gateway) * (1 - seller * fallback);

/** Formula text of the same. */
export const ACCESS_FAILING_FORMULA = '1 - (1 - common_down) * (1 - gateway_down) * (1 - seller_down * fallback_down)';

/** Two sellers' shares of downtime, parted into what they have in common and what is their own. */
export const splitCommonCause = (
  seller: number,
  fallback: number,
  beta: number,
): { readonly common: number; readonly seller: number; readonly fallback: number } => ({
  common: beta * Math.min(seller, fallback),
  seller: (1 - beta) * seller,
  fallback: (1 - beta) * fallback,
});

/**
 * Mean over a span of anything that depends on the failing fractions of all components, exactly: it is constant between
 * two edges. `of` gets the same array again each time.
 */
export function timeAverage(
  timeline: OutageTimeline,
  { from_ms, until_ms }: Span,
  of: (failing: Float64Array) => number,
): number {
  const inside = (edge: number): boolean => edge > from_ms && edge < until_ms;
  const edges = [...new Set([...timeline.from_ms, ...timeline.until_ms].filter(inside))].sort((a, b) => a - b);
  const failing = new Float64Array(timeline.components.length);
  let total = 0;
  let at_ms = from_ms;
  const cursor = new OutageCursor(timeline);
  for (const edge of [...edges, until_ms]) {
    for (let c = 0; c < failing.length; c++) failing[c] = cursor.failingFraction(c, at_ms);
    total += of(failing) * (edge - at_ms);
    at_ms = edge;
  }
  return total / (until_ms - from_ms);
}

/** Share of the requests that fail over a span of even traffic, of one component. */
export const meanFailing = (timeline: OutageTimeline, component: number, span: Span): number =>
  timeAverage(timeline, span, (failing) => failing[component]!);
