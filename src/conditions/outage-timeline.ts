/**
 * What is down when: for each component (a seller, a model, a gateway, what they share) sorted intervals that do not
 * overlap, with the share of requests that fail in them. Columns, so that a replay of millions of requests allocates
 * nothing.
 *
 * Takes intervals of any origin and order; where two of one component overlap, the worse one holds. Intervals are
 * half-open, [from, until); those without length (incidents entered afterwards) are left out. Names of components are the
 * caller's. Not here: where intervals come from, and what the failures of several components come to.
 */
import { firstAbove } from '../rising.ts';
import { byText } from '../units.ts';

export interface OutageInterval {
  readonly component: string;
  /** Milliseconds since 1970 UTC, inclusive. */
  readonly from_ms: number;
  /** Exclusive; infinite while the outage goes on. */
  readonly until_ms: number;
  readonly severity: string;
  /** Share of the requests in the interval that fail. */
  readonly failing_fraction: number;
}

export interface OutageTimeline {
  readonly components: readonly string[];
  readonly severities: readonly string[];
  /** Component c's intervals stand from first[c] to first[c + 1]. */
  readonly first: Int32Array;
  readonly from_ms: Float64Array;
  readonly until_ms: Float64Array;
  readonly failing_fraction: Float64Array;
  /** Place in `severities`. */
  readonly severity: Uint8Array;
}

export const UP = -1;

export function buildTimeline(components: readonly string[], intervals: Iterable<OutageInterval>): OutageTimeline {
  const of = new Map(components.map((component) => [component, [] as OutageInterval[]]));
  for (const interval of intervals) {
    const list = of.get(interval.component);
    if (list === undefined) throw new Error(`no component "${interval.component}" among ${components.join(', ')}`);
    const { from_ms, until_ms, failing_fraction } = interval;
    if (!(until_ms >= from_ms)) throw new Error(`an outage from ${from_ms} until ${until_ms} ends before it starts`);
    if (!(failing_fraction >= 0 && failing_fraction <= 1)) throw new Error(`${failing_fraction} is no share`);
    if (until_ms > from_ms && failing_fraction > 0) list.push(interval);
  }
  const parts = components.map((component) => withoutOverlap(of.get(component)!));
  const all = parts.flat();
  const severities = [...new Set(all.map(({ severity }) => severity))].sort(byText);
  const first = new Int32Array(components.length + 1);
  parts.forEach((part, c) => {
    first[c + 1] = first[c]! + part.length;
  });
  return {
    components,
    severities,
    first,
    from_ms: Float64Array.from(all, ({ from_ms }) => from_ms),
    until_ms: Float64Array.from(all, ({ until_ms }) => until_ms),
    failing_fraction: Float64Array.from(all, ({ failing_fraction }) => failing_fraction),
    severity: Uint8Array.from(all, ({ severity }) => severities.indexOf(severity)),
  };
}

/** Between two neighbouring edges one set of intervals holds, and the worst of them is what requests meet. */
function withoutOverlap(intervals: readonly OutageInterval[]): OutageInterval[] {
  const sorted = [...intervals].sort((a, b) => a.from_ms - b.from_ms);
  if (sorted.every(({ from_ms }, i) => i === 0 || sorted[i - 1]!.until_ms <= from_ms)) return sorted;
  const edges = [...new Set(intervals.flatMap(({ from_ms, until_ms }) => [from_ms, until_ms]))].sort((a, b) => a - b);
  const found: OutageInterval[] = [];
  let open: OutageInterval[] = [];
  let next = 0;
  for (const [i, from_ms] of edges.slice(0, -1).entries()) {
    open = open.filter(({ until_ms }) => until_ms > from_ms);
    while (sorted[next]?.from_ms === from_ms) open.push(sorted[next++]!);
    const worst = open.reduce<OutageInterval | undefined>(
      (a, b) => (a === undefined || b.failing_fraction > a.failing_fraction ? b : a),
      undefined,
    );
    if (worst === undefined) continue;
    const last = found.at(-1);
    const goesOn =
      last?.until_ms === from_ms &&
      last.failing_fraction === worst.failing_fraction &&
      last.severity === worst.severity &&
      worst.from_ms < from_ms;
    if (goesOn) found.pop();
    found.push({ ...worst, from_ms: goesOn ? last.from_ms : from_ms, until_ms: edges[i + 1]! });
  }
  return found;
}

/** Place of the interval that holds `time_ms`, or UP; any order of questions, by binary search. */
export function intervalAt(timeline: OutageTimeline, component: number, time_ms: number): number {
  const begin = timeline.first[component]!;
  const after = firstAbove(timeline.from_ms, time_ms, begin, timeline.first[component + 1]!);
  return after > begin && timeline.until_ms[after - 1]! > time_ms ? after - 1 : UP;
}

/** Share of requests that fail at `time_ms`; any order of questions. */
export function failingFractionAt(timeline: OutageTimeline, component: number, time_ms: number): number {
  const place = intervalAt(timeline, component, time_ms);
  return place === UP ? 0 : timeline.failing_fraction[place]!;
}

/**
 * Asks in the order of time: constant time on average, no allocation. Going back is right too, and costs the intervals
 * that are passed, so that a retry may come after requests that begin later. What a health check knows is what held its
 * delay ago: ask at `time_ms - delay_ms`, with a cursor of its own.
 */
export class OutageCursor {
  readonly timeline: OutageTimeline;
  readonly #place: Int32Array;

  constructor(timeline: OutageTimeline) {
    this.timeline = timeline;
    this.#place = timeline.first.slice(0, -1);
  }

  /** Place of the interval that holds `time_ms`, or UP. */
  intervalAt(component: number, time_ms: number): number {
    const { first, from_ms, until_ms } = this.timeline;
    const begin = first[component]!;
    const end = first[component + 1]!;
    let place = this.#place[component]!;
    while (place < end && until_ms[place]! <= time_ms) place++;
    while (place > begin && until_ms[place - 1]! > time_ms) place--;
    this.#place[component] = place;
    return place < end && from_ms[place]! <= time_ms ? place : UP;
  }

  failingFraction(component: number, time_ms: number): number {
    const place = this.intervalAt(component, time_ms);
    return place === UP ? 0 : this.timeline.failing_fraction[place]!;
  }
}
