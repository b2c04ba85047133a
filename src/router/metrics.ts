/**
 * Counters and histograms of what the router did, as Prometheus text. Names are OpenTelemetry's for generative AI where it
 * has one, with dots as underscores and the unit behind; labels are routes, operations, kinds of result and budgets, all of
 * them from the configuration, so that no client can make their number grow.
 */

import { type Counts, type TokenSide, tokensBySide } from '../meters.ts';
import { CLOSED, HALF_OPEN } from '../routing/breaker.ts';
import { NANO_USD } from '../trace/request.ts';
import type { RequestEntry } from './ledger.ts';
import type { RouteTable } from './route-table.ts';

/** Seconds; the first half is for what the router adds, the second for answers. */
const OVERHEAD_S = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 1];
const ANSWER_S = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];

const TOKEN_SIDES: readonly TokenSide[] = ['input', 'cache_read', 'cache_write', 'output'];

/** Labels as they are written: `route="a",status="200"`. */
class Counter {
  readonly #values = new Map<string, number>();

  add(labels: string, value: number): void {
    this.#values.set(labels, (this.#values.get(labels) ?? 0) + value);
  }

  lines(name: string): string[] {
    return [...this.#values].map(([labels, value]) => `${name}${braced(labels)} ${value}`);
  }
}

class Histogram {
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
    const at = this.#edges.findIndex((edge) => value <= edge);
    if (at >= 0) series.counts[at] = (series.counts[at] as number) + 1;
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
const label = (name: string, value: string | number): string =>
  `${name}="${typeof value === 'number' || /^[\w./:-]*$/.test(value) ? value : escaped(value)}"`;

const braced = (...labels: readonly string[]): string => {
  const all = labels.filter((one) => one !== '').join(',');
  return all === '' ? '' : `{${all}}`;
};

export class Metrics {
  readonly #duration = new Histogram(ANSWER_S);
  readonly #firstToken = new Histogram(ANSWER_S);
  readonly #overhead = new Histogram(OVERHEAD_S);
  readonly #tokens = new Counter();
  readonly #cost = new Counter();
  readonly #unpriced = new Counter();
  readonly #attempts = new Counter();
  readonly #requests = new Counter();

  observe({ operation, outcome, latency_ms, overhead_ms, ttft_ms, attempts }: RequestEntry): void {
    const of = label('gen_ai_operation_name', operation);
    const ended = `${of},${label('outcome', outcome)}`;
    this.#duration.observe(ended, latency_ms / 1000);
    this.#overhead.observe(of, overhead_ms / 1000);
    if (ttft_ms !== undefined) this.#firstToken.observe(of, ttft_ms / 1000);
    this.#requests.add(ended, 1);
    for (const { route, result, status, billing, counts, cost } of attempts) {
      const on = label('route', route);
      this.#attempts.add(`${on},${label('result', result)},${label('status', status)},${label('billing', billing)}`, 1);
      if (cost.usd !== null) this.#cost.add(`${on},${label('status', cost.status)}`, cost.usd);
      else this.#unpriced.add(on, 1);
      if (counts !== undefined) this.#count(`${of},${on}`, counts);
    }
  }

  #count(labels: string, counts: Counts): void {
    const sides = tokensBySide(counts);
    for (const side of TOKEN_SIDES)
      if (sides[side] > 0) this.#tokens.add(`${labels},${label('gen_ai_token_type', side)}`, sides[side]);
  }

  /** @param table whose breakers and budgets are told as they stand */
  text({ compiled, state, config }: RouteTable): string {
    const breaker = new Counter();
    compiled.routes.forEach((route, i) => {
      const phase = state.breaker.phase[i];
      const name = phase === CLOSED ? 'closed' : phase === HALF_OPEN ? 'half_open' : 'open';
      breaker.add(`${label('route', route)},${label('state', name)}`, 1);
    });
    const budget = new Counter();
    config.routing.budgets.forEach(({ name }, i) => {
      const { spent_nano_usd, reserved_nano_usd } = state.budgets[i]!;
      budget.add(`${label('budget', name)},state="spent"`, total(spent_nano_usd));
      budget.add(`${label('budget', name)},state="reserved"`, total(reserved_nano_usd));
    });
    const families: [string, string, string, Counter | Histogram][] = [
      ['gen_ai_client_operation_duration_seconds', 'histogram', 'Requests, from body to end', this.#duration],
      ['gen_ai_client_time_to_first_token_seconds', 'histogram', 'Until the first content', this.#firstToken],
      [
        'tollgate_overhead_seconds',
        'histogram',
        'Duration less waiting for sellers, backoffs, clients',
        this.#overhead,
      ],
      ['gen_ai_client_token_usage_total', 'counter', 'Tokens, reported or estimated', this.#tokens],
      ['tollgate_requests_total', 'counter', 'Requests by outcome', this.#requests],
      ['tollgate_attempts_total', 'counter', 'Attempts by route, result and HTTP status', this.#attempts],
      ['tollgate_cost_usd_total', 'counter', 'What attempts cost, where it is known', this.#cost],
      ['tollgate_unpriced_attempts_total', 'counter', 'Attempts whose cost is not known', this.#unpriced],
      ['tollgate_breaker_state', 'gauge', 'One per route', breaker],
      ['tollgate_budget_usd', 'gauge', 'Of all subjects of a budget, in the period of each', budget],
    ];
    return families
      .flatMap(([name, type, help, metric]) => [
        `# HELP ${name} ${help}`,
        `# TYPE ${name} ${type}`,
        ...metric.lines(name),
      ])
      .concat('')
      .join('\n');
  }
}

const total = (nano_usd: Float64Array): number => nano_usd.reduce((sum, one) => sum + one, 0) / NANO_USD;
