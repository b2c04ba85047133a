/**
 * Which share of the attempts on a route fails for outages at an instant: all components in the way in series.
 *
 *   failing(route, t) = 1 - product over its components of (1 - failing(component, t))
 *
 * Example: a gateway that fails 10 % and behind it a seller that fails half: 1 - 0.9 x 0.5 = 0.55. The share stays the same
 * between two edges and is kept with them, so that most attempts cost two comparisons, in any order of time.
 * Source: reliability textbooks (series systems); conditions/outage-chain.ts for the expectation of the same.
 * Not modelled: components that fail together for a reason that is no component.
 */
import { intervalAt, type OutageTimeline, UP } from '../conditions/outage-timeline.ts';

export class RouteOutages {
  readonly #timeline: OutageTimeline;
  /** Places of components in the timeline, by route. */
  readonly #components: readonly Int32Array[];
  readonly #from_ms: Float64Array;
  readonly #until_ms: Float64Array;
  readonly #failing: Float64Array;

  constructor(timeline: OutageTimeline, components: readonly (readonly string[])[]) {
    this.#timeline = timeline;
    this.#components = components.map((names) =>
      Int32Array.from(
        names.flatMap((name) => (timeline.components.includes(name) ? [timeline.components.indexOf(name)] : [])),
      ),
    );
    this.#from_ms = new Float64Array(components.length).fill(Number.POSITIVE_INFINITY);
    this.#until_ms = new Float64Array(components.length).fill(Number.NEGATIVE_INFINITY);
    this.#failing = new Float64Array(components.length);
  }

  /** Whether anything ever fails on it. */
  strikes(route: number): boolean {
    const { first } = this.#timeline;
    return this.#components[route]!.some((component) => first[component]! < first[component + 1]!);
  }

  failing(route: number, time_ms: number): number {
    if (!(time_ms >= this.#from_ms[route]! && time_ms < this.#until_ms[route]!)) this.#look(route, time_ms);
    return this.#failing[route]!;
  }

  /** Until when the share that was looked up last stays as it is. */
  until(route: number): number {
    return this.#until_ms[route]!;
  }

  #look(route: number, time_ms: number): void {
    const { first, from_ms, until_ms, failing_fraction } = this.#timeline;
    let since = Number.NEGATIVE_INFINITY;
    let until = Number.POSITIVE_INFINITY;
    let answered = 1;
    for (const component of this.#components[route]!) {
      const place = intervalAt(this.#timeline, component, time_ms);
      if (place === UP) {
        let next = first[component]!;
        while (next < first[component + 1]! && from_ms[next]! <= time_ms) next++;
        if (next > first[component]!) since = Math.max(since, until_ms[next - 1]!);
        if (next < first[component + 1]!) until = Math.min(until, from_ms[next]!);
      } else {
        since = Math.max(since, from_ms[place]!);
        until = Math.min(until, until_ms[place]!);
        answered *= 1 - failing_fraction[place]!;
      }
    }
    this.#from_ms[route] = since;
    this.#until_ms[route] = until;
    this.#failing[route] = 1 - answered;
  }
}
