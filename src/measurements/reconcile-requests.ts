/**
 * The router's log against a bill that tells each request: attempts and charges are brought together by the idempotency key
 * that the router sends, `tollgate-<request>`, those of one request by their counts and else by order; charges and attempts
 * that no key joins by equal counts of a model on a day. What differs has one cause each, so that the causes add up.
 *
 * An attempt's state is known if it was not sent, was refused, or was answered with usage. A request with another one (timed
 * out, broken off, cancelled, 502, 504) may be billed for more or less than was predicted; what is over there is that cause's.
 */
import { COUNT_METERS, type Counts } from '../meters.ts';
import { MS_PER_DAY } from '../units.ts';
import type { Cause, Charged, Example, LoggedAttempt, Predicted, Reconciled } from './reconcile-contract.ts';
import { SteadyFactors } from './reconcile-factors.ts';
import { CauseTally, NANO, wholeBeside } from './reconcile-tally.ts';

/** USD of counts at an attempt's price; null: unpriced. */
export type PriceAt = (attempt: LoggedAttempt, counts: Counts) => number | null;

const KEY = 'tollgate-';

export function reconcileRequests(
  predictions: readonly Predicted[],
  charges: readonly Charged[],
  priceAt: PriceAt,
): Reconciled {
  return new Requests(predictions, charges, priceAt).reconciled();
}

interface OfRequest {
  readonly attempts: Predicted[];
  readonly charges: Charged[];
}

class Requests {
  readonly #tally = new CauseTally();
  readonly #factors = new SteadyFactors();
  readonly #priceAt: PriceAt;
  readonly #requests = new Map<string, OfRequest>();
  /** Charges without a key of the router's. */
  readonly #keyless: Charged[] = [];
  /** Attempts of requests without any charge. */
  readonly #unclaimed: Predicted[] = [];
  #known = { requests: 0, billed_nano_usd: 0, predicted_nano_usd: 0, unequal_requests: 0 };

  constructor(predictions: readonly Predicted[], charges: readonly Charged[], priceAt: PriceAt) {
    this.#priceAt = priceAt;
    for (const one of predictions) {
      const { request } = one.attempt;
      const of = this.#requests.get(request) ?? { attempts: [], charges: [] };
      this.#requests.set(request, of);
      of.attempts.push(one);
    }
    for (const charge of charges) {
      const { idempotency_key: key, id } = charge;
      const request = key?.startsWith(KEY) ? key.slice(KEY.length) : (key ?? id);
      const of = this.#requests.get(request) ?? this.#requests.get(id);
      if (of !== undefined) of.charges.push(charge);
      else if (key?.startsWith(KEY)) this.#alone('not_in_log', charge);
      else this.#keyless.push(charge);
      this.#tally.bill(charge.nano_usd);
    }
  }

  reconciled(): Reconciled {
    for (const of of this.#requests.values()) {
      of.attempts.sort((a, b) => a.attempt.attempt - b.attempt.attempt);
      of.charges.sort((a, b) => a.time_ms - b.time_ms);
      this.#request(of);
    }
    this.#byCounts();
    return {
      by: 'request',
      ...this.#tally.result(),
      steady_factors: this.#factors.found(),
      known: this.#known,
    };
  }

  #request({ attempts, charges }: OfRequest): void {
    const isKnown = attempts.every(({ attempt }) => isStateKnown(attempt));
    const open = [...charges];
    let rest = attempts.filter(({ attempt }) => mayBeBilled(attempt));
    for (const { attempt } of attempts) if (attempt.outcome === 'cached') this.#tally.add('router_cache', 0);
    rest = rest.filter((one) => {
      if (!isStateKnown(one.attempt)) return true;
      const at = open.findIndex((charge) => isOfModel(charge, one.attempt) && sameCounts(charge.counts, one.attempt));
      if (at < 0) return true;
      this.#pair(one, open.splice(at, 1)[0]!);
      return false;
    });
    if (!isKnown) {
      this.#unknown(rest, open);
      return;
    }
    rest = rest.filter((one) => {
      const at = Math.max(
        open.findIndex((charge) => isOfModel(charge, one.attempt)),
        open.length > 0 ? 0 : -1,
      );
      if (at < 0) return true;
      this.#pair(one, open.splice(at, 1)[0]!);
      return false;
    });
    for (const charge of open)
      this.#alone(
        attempts.some(({ attempt }) => attempt.outcome === 'cached') ? 'router_cache' : 'retries_billed',
        charge,
      );
    this.#unclaimed.push(...rest);
    if (rest.length === 0) this.#noteKnown(attempts, charges);
  }

  /** The request's charges beside its attempts in whole nano-dollars. */
  #noteKnown(attempts: readonly Predicted[], charges: readonly Charged[]): void {
    const billed = charges.reduce((total, { nano_usd }) => total + nano_usd, 0);
    const nano = attempts.reduce((total, { usd }) => total + (usd ?? 0) * NANO, 0);
    const predicted = wholeBeside(nano, billed);
    this.#known.requests++;
    this.#known.billed_nano_usd += billed;
    this.#known.predicted_nano_usd += predicted;
    if (billed !== predicted) this.#known.unequal_requests++;
  }

  #pair(one: Predicted, charge: Charged): void {
    const { attempt, usd } = one;
    const { nano_usd, model, route } = charge;
    if (usd === null) {
      this.#tally.add('unpriced', nano_usd, example(attempt, `${attempt.seller}/${attempt.model}`, nano_usd, 0));
      return;
    }
    const nano = usd * NANO;
    const isSame = sameCounts(charge.counts, attempt);
    const billedAsCounted = isSame ? usd : this.#priceAt(attempt, charge.counts);
    const whole = wholeBeside(nano, isSame ? nano_usd : Math.round(nano));
    this.#tally.predict(nano, whole);
    if (billedAsCounted === null) {
      this.#tally.add('unpriced', nano_usd - whole, example(attempt, 'counts of the bill', nano_usd, nano));
      return;
    }
    const counted = isSame ? whole : wholeBeside(billedAsCounted * NANO, nano_usd);
    if (!isSame)
      this.#tally.add('counts', counted - whole, example(attempt, countsInWords(attempt, charge), nano_usd, nano));
    if (counted !== nano_usd)
      this.#tally.add('price', nano_usd - counted, example(attempt, `${model} ${charge.state}`, nano_usd, nano));
    this.#factors.add(model, route, billedAsCounted * NANO, nano_usd);
  }

  /** What is over in a request of which not every attempt is known. */
  #unknown(attempts: readonly Predicted[], charges: readonly Charged[]): void {
    let whole = 0;
    for (const { usd } of attempts) {
      if (usd === null) continue;
      const nano = usd * NANO;
      whole += Math.round(nano);
      this.#tally.predict(nano, Math.round(nano));
    }
    const billed = charges.reduce((total, { nano_usd }) => total + nano_usd, 0);
    const [first] = attempts;
    if (first === undefined && charges.length === 0) return;
    const { attempt } = first ?? { attempt: undefined };
    const what = attempts.map(({ attempt: one }) => one.outcome).join(', ');
    const told = attempt && example(attempt, what, billed, whole);
    this.#tally.add('unknown_billing', billed - whole, told, Math.max(attempts.length, charges.length));
  }

  #alone(cause: Cause, { id, model, nano_usd, state }: Charged): void {
    const what = `${model} ${state}`;
    this.#tally.add(cause, nano_usd, { where: id, what, billed_nano_usd: nano_usd, predicted_nano_usd: 0 });
  }

  /** What no key joins: a client's own key, or none. */
  #byCounts(): void {
    const open = new Map<string, Charged[]>();
    for (const charge of this.#keyless) {
      const key = keyOf(charge.model, charge.time_ms, charge.counts);
      const list = open.get(key) ?? [];
      open.set(key, list);
      list.push(charge);
    }
    for (const one of this.#unclaimed) {
      const { attempt, usd } = one;
      const charge = open.get(keyOf(attempt.model ?? '', attempt.time_ms, attempt.counts))?.shift();
      if (charge !== undefined) {
        this.#pair(one, charge);
        this.#noteKnown([one], [charge]);
        continue;
      }
      if (usd === null) {
        this.#tally.add('unpriced', 0, example(attempt, `${attempt.seller}/${attempt.model}`, 0, 0));
        continue;
      }
      const nano = usd * NANO;
      this.#tally.predict(nano, Math.round(nano));
      this.#tally.add('not_on_bill', -Math.round(nano), example(attempt, attempt.outcome, 0, nano));
    }
    for (const list of open.values()) for (const charge of list) this.#alone('not_in_log', charge);
  }
}

const mayBeBilled = ({ billing }: LoggedAttempt): boolean => billing === 'billed' || billing === 'unknown';

const isStateKnown = ({ billing, cost_status, outcome }: LoggedAttempt): boolean =>
  billing === 'not_sent' ||
  billing === 'refused' ||
  (billing === 'billed' && (cost_status === 'exact' || (cost_status === 'unpriced' && outcome === 'answered')));

const bare = (model: string): string => model.slice(model.lastIndexOf('/') + 1);
const isOfModel = ({ model }: Charged, attempt: LoggedAttempt): boolean => bare(model) === bare(attempt.model ?? '');

const sameCounts = (counts: Counts, attempt: LoggedAttempt): boolean =>
  COUNT_METERS.every((meter) => counts[meter] === attempt.counts[meter]);

const keyOf = (model: string, time_ms: number, counts: Counts): string =>
  [bare(model), Math.floor(time_ms / MS_PER_DAY), ...COUNT_METERS.map((meter) => counts[meter])].join(' ');

const countsInWords = ({ counts }: LoggedAttempt, charge: Charged): string =>
  COUNT_METERS.filter((meter) => counts[meter] !== charge.counts[meter])
    .map((meter) => `${meter} ${counts[meter]} in the log, ${charge.counts[meter]} on the bill`)
    .join(', ');

const example = (attempt: LoggedAttempt, what: string, billed: number, predicted: number): Example => ({
  where: `${attempt.where}, request ${attempt.request}, attempt ${attempt.attempt}`,
  what,
  billed_nano_usd: billed,
  predicted_nano_usd: predicted,
});
