/**
 * The stretch of a run that counts: it begins after a lead-in, in which connections are made, and takes the processor time of
 * what is measured, and of everything else on the machine, at both its ends. Gives the figures of this stretch alone.
 */
import { performance } from 'node:perf_hooks';
import { canMeasure, cpu_ms, machine_ms } from './process-usage.mjs';
import { quantile, spread } from './statistics.mjs';

export class Window {
  ended = 0;
  #latencies = [];
  #firsts = [];

  /** @param pids of what is measured; @param own_pids of what measures */
  constructor({ pids, own_pids, lead_in_ms, duration_ms }) {
    this.start_ms = performance.now();
    this.open_ms = this.start_ms + lead_in_ms;
    this.close_ms = this.open_ms + duration_ms;
    const read = () => ({ at_ms: performance.now(), spent_ms: spent(pids), others_ms: others([...pids, ...own_pids]) });
    this.closed = new Promise((resolve, reject) => {
      const attempt = (take) => () => {
        try {
          take();
        } catch (error) {
          reject(error);
        }
      };
      let from;
      setTimeout(
        attempt(() => {
          from = read();
        }),
        lead_in_ms,
      );
      setTimeout(
        attempt(() => resolve({ from, until: read(), ended: this.ended })),
        lead_in_ms + duration_ms,
      );
    });
    this.closed.catch(() => undefined);
  }

  /** An answer to what began (or was due) at a time; it counts as ended, and its latency where it began, in the stretch. */
  add(began_ms, first_ms) {
    const now = performance.now();
    if (now >= this.open_ms && now < this.close_ms) this.ended++;
    if (began_ms < this.open_ms || began_ms >= this.close_ms) return;
    this.#latencies.push(now - began_ms);
    if (first_ms !== undefined) this.#firsts.push(first_ms - began_ms);
  }

  async figures() {
    const { from, until, ended } = await this.closed;
    const took_ms = until.at_ms - from.at_ms;
    const spent_ms = until.spent_ms - from.spent_ms;
    const latencies = Float64Array.from(this.#latencies).sort();
    return {
      per_s: (ended / took_ms) * 1000,
      cpu_us: (spent_ms * 1000) / ended,
      busy: spent_ms / took_ms,
      p50_ms: quantile(latencies, 0.5),
      p99_ms: quantile(latencies, 0.99),
      first_p50_ms: quantile(Float64Array.from(this.#firsts).sort(), 0.5),
      latencies: latencies.length,
      others: Math.max(0, (until.others_ms - from.others_ms) / took_ms),
    };
  }
}

const spent = (pids) => (canMeasure && pids.length > 0 ? cpu_ms(pids) : Number.NaN);
const others = (ours) => (canMeasure ? machine_ms() - cpu_ms(ours) : Number.NaN);

/** Figures of several stretches as one: processor time by what ended in each, quantiles as the median of theirs. */
export function together(figures) {
  const of = (name) => figures.map((one) => one[name] ?? Number.NaN);
  const sum = (values) => values.reduce((total, value) => total + value, 0);
  const per_s = of('per_s');
  const middle = (name) => spread(of(name))?.median ?? Number.NaN;
  return {
    per_s: sum(per_s) / figures.length,
    cpu_us: sum(of('cpu_us').map((us, i) => us * per_s[i])) / sum(per_s),
    busy: sum(of('busy')) / figures.length,
    p50_ms: middle('p50_ms'),
    p99_ms: middle('p99_ms'),
    first_p50_ms: middle('first_p50_ms'),
    latencies: sum(of('latencies')),
    others: sum(of('others')) / figures.length,
    ...(figures[0].unanswered === undefined
      ? {}
      : { unanswered: sum(of('unanswered')), late_p50_ms: middle('late_p50_ms') }),
  };
}
