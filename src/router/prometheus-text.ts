/**
 * Counters and histograms that write themselves in Prometheus' text format, version 0.0.4: cumulative buckets with +Inf, sum
 * and count; backslash, quote and line feed escaped in labels.
 */

/** Labels as they are written: `route="a",status="200"`. */
export class Counter {
  readonly #values = new Map<string, number>();

  add(labels: string, value: number): void {
    this.#values.set(labels, (this.#values.get(labels) ?? 0) + value);
  }

  lines(name: string): string[] {
    return [...this.#values].map(([labels, value]) => `${name}${braced(labels)} ${value}`);
  }
}

export class Histogram {
  readonly #edges: readonly number[];
  readonly #series = new Map<string, { readonly counts: number[]; sum: number; count: number }>();

  constructor(edges: readonly number[]) {
    this.#edges = edges;
  }

  observe(labels: string, value: number): void {
    let series = this.#series.get(labels);
    if (series === undefined) {
      series = { counts: this.#edges.map(() => 0), sum: 0, count: 0 };
      this.#series.set(labels, series);
    }
    let at = 0;
    while (at < this.#edges.length && value > (this.#edges[at] as number)) at++;
    if (at < this.#edges.length) series.counts[at] = (series.counts[at] as number) + 1;
    series.sum += value;
    series.count++;
  }

  lines(name: string): string[] {
    return [...this.#series].flatMap(([labels, { counts, sum, count }]) => {
      let below = 0;
      const buckets = this.#edges.map((edge, i) => {
        below += counts[i] as number;
        return `${name}_bucket${braced(labels, `le="${edge}"`)} ${below}`;
      });
      const all = `${name}_bucket${braced(labels, 'le="+Inf"')} ${count}`;
      return [...buckets, all, `${name}_sum${braced(labels)} ${sum}`, `${name}_count${braced(labels)} ${count}`];
    });
  }
}

const escaped = (text: string): string => text.replace(/[\\"\n]/g, (one) => (one === '\n' ? '\\n' : `\\${one}`));
export const label = (name: string, value: string | number): string =>
  `${name}="${typeof value === 'number' || /^[\w./:-]*$/.test(value) ? value : escaped(value)}"`;

const braced = (...labels: readonly string[]): string => {
  const all = labels.filter((one) => one !== '').join(',');
  return all === '' ? '' : `{${all}}`;
};
