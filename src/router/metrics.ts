/**
 * What the router did, in counters and histograms. Names and buckets are OpenTelemetry's for generative AI where it has one,
 * with dots as underscores and the unit behind: `gen_ai.client.*` for what the router asks of sellers, `gen_ai.server.*` for
 * what it is asked. Source: opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-metrics.
 *
 * Labels are names of the configuration alone (routes, models, clients and the teams of their keys) and fixed words, so that
 * no client can make their number grow; users, features and tags stand in the usage log.
 */

import { answerTokens, COUNT_METERS, promptTokens } from '../meters.ts';
import type { Route, Routes } from '../routing/route.ts';
import type { AttemptEntry, RequestEntry } from './ledger.ts';
import { type AttemptLabels, attemptLabels, Remembered, type RequestLabels, requestLabels } from './metric-labels.ts';
import { Counter, Histogram, label } from './prometheus-text.ts';
import { type Family, type Standing, standingFamilies } from './standing.ts';

/** Seconds; the first half is for what the router adds, the second for answers. */
const OVERHEAD_S = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 1];
const ANSWER_S = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];

const TOKENS = Array.from({ length: 14 }, (_, i) => 4 ** i);

/** Who the request went to last; the router itself where it went to nobody. */
const OWN = 'tollgate';

export class Metrics {
  readonly #served = new Histogram(ANSWER_S);
  readonly #firstToken = new Histogram(ANSWER_S);
  readonly #overhead = new Histogram(OVERHEAD_S);
  readonly #asked = new Histogram(ANSWER_S);
  readonly #tokens = new Histogram(TOKENS);
  readonly #leaves = new Counter();
  readonly #cost = new Counter();
  readonly #clientCost = new Counter();
  readonly #unpriced = new Counter();
  readonly #attempts = new Counter();
  readonly #requests = new Counter();
  readonly #turnedAway = new Counter();
  readonly #requestLabels = new Remembered<RequestLabels>();
  readonly #attemptLabels = new Remembered<AttemptLabels>();

  /** @param routes as they were when the request was served */
  observe(entry: RequestEntry, routes: Routes, team: string | undefined): void {
    const { operation, outcome, latency_ms, overhead_ms, ttft_ms, attempts, model, client } = entry;
    const last = attempts.at(-1)?.route ?? entry.cached_route;
    const seller = last === undefined ? OWN : (routes[last]?.seller ?? OWN);
    const labels = this.#requestLabels.get([operation, seller, model, client, team, outcome], requestLabels);
    this.#served.observe(labels.served, latency_ms / 1000);
    this.#overhead.observe(labels.of, overhead_ms / 1000);
    if (ttft_ms !== undefined) this.#firstToken.observe(labels.asked, ttft_ms / 1000);
    this.#requests.add(labels.outcome, 1);
    for (const attempt of attempts) this.#observeAttempt(operation, labels.who, attempt, routes[attempt.route]);
  }

  /** A request that was not begun: without a valid key, for a model that is not here, no JSON. */
  turnedAway(code: string): void {
    this.#turnedAway.add(label('code', code), 1);
  }

  #observeAttempt(operation: string, who: string, attempt: AttemptEntry, route: Route | undefined): void {
    const { result, status, billing, counts, cost, latency_ms } = attempt;
    const parts = [
      operation,
      attempt.route,
      route?.seller ?? OWN,
      route?.model ?? '',
      result,
      status,
      billing,
      cost.status,
    ];
    const labels = this.#attemptLabels.get(parts, attemptLabels);
    if (billing !== 'not_sent' || latency_ms > 0) this.#asked.observe(labels.asked, latency_ms / 1000);
    this.#attempts.add(labels.attempt, 1);
    if (cost.usd === null) this.#unpriced.add(labels.on, 1);
    else {
      this.#cost.add(labels.cost, cost.usd);
      this.#clientCost.add(who, cost.usd);
    }
    if (counts === undefined) return;
    this.#tokens.observe(labels.input, promptTokens(counts));
    this.#tokens.observe(labels.output, answerTokens(counts));
    for (const meter of COUNT_METERS) if (counts[meter] > 0) this.#leaves.add(labels.meters[meter], counts[meter]);
  }

  /** What was counted, and how routes, budgets, cache and log stand now. */
  text(standing: Standing): string {
    const families: readonly Family[] = [
      ['gen_ai_client_operation_duration_seconds', 'histogram', 'Attempts at sellers, until they end', this.#asked],
      ['gen_ai_client_token_usage', 'histogram', 'Tokens of an attempt, reported or estimated', this.#tokens],
      ['gen_ai_server_request_duration_seconds', 'histogram', 'Requests, from body to end', this.#served],
      ['gen_ai_server_time_to_first_token_seconds', 'histogram', 'Until the first content', this.#firstToken],
      [
        'tollgate_overhead_seconds',
        'histogram',
        'Duration less waiting for sellers, backoffs, clients',
        this.#overhead,
      ],
      ['tollgate_requests_total', 'counter', 'Requests by client and outcome', this.#requests],
      ['tollgate_turned_away_total', 'counter', 'Requests that were not begun, by error code', this.#turnedAway],
      ['tollgate_attempts_total', 'counter', 'Attempts by route, result and HTTP status', this.#attempts],
      ['tollgate_usage_total', 'counter', 'Tokens and pieces as they are priced, each under one meter', this.#leaves],
      ['tollgate_cost_usd_total', 'counter', 'What attempts cost, where it is known', this.#cost],
      ['tollgate_client_cost_usd_total', 'counter', 'The same by client', this.#clientCost],
      ['tollgate_unpriced_attempts_total', 'counter', 'Attempts whose cost is not known', this.#unpriced],
      ...standingFamilies(standing),
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
