import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type {
  Cause,
  Charged,
  LoggedAttempt,
  Predicted,
  Reconciled,
} from '../../src/measurements/reconcile-contract.ts';
import { reconcileDays } from '../../src/measurements/reconcile-days.ts';
import { reconcileRequests } from '../../src/measurements/reconcile-requests.ts';
import { type Counts, NO_COUNTS } from '../../src/meters.ts';

const NOON = Date.parse('2026-11-02T12:00:00Z');
const tokens = (input_tokens: number, output_tokens: number): Counts => ({ ...NO_COUNTS, input_tokens, output_tokens });
/** 150 nano-dollars a token in, 600 out; of a model `odd` half a nano-dollar a token; `mystery` has no price. */
const priceAt = ({ model }: Pick<LoggedAttempt, 'model'>, { input_tokens, output_tokens }: Counts): number | null =>
  model === 'mystery'
    ? null
    : model === 'odd'
      ? (input_tokens * 0.5) / 1e9
      : (input_tokens * 150 + output_tokens * 600) / 1e9;

const attempt = (request: string, more: Partial<LoggedAttempt> = {}): Predicted => {
  const made: LoggedAttempt = {
    where: `log.csv:${request}`,
    request,
    attempt: 1,
    time_ms: NOON,
    latency_ms: 100,
    seller: 'openai',
    model: 'mini',
    tier: 'standard',
    counts: tokens(1000, 20),
    outcome: 'answered',
    billing: 'billed',
    cost_status: 'exact',
    ...more,
  };
  return { attempt: made, usd: made.billing === 'billed' ? priceAt(made, made.counts) : 0 };
};
const FAILED = { outcome: 'server_error', billing: 'refused', counts: NO_COUNTS } as const;
const LATE = { outcome: 'timeout', billing: 'unknown', cost_status: 'unpriced', counts: NO_COUNTS } as const;

let made = 0;
const charge = (request: string | null, nano_usd: number, more: Partial<Charged> = {}): Charged => ({
  id: `charge-${++made}`,
  idempotency_key: request === null ? null : `tollgate-${request}`,
  model: 'mini',
  nano_usd,
  state: 'whole',
  route: 'direct',
  time_ms: NOON + 5,
  counts: tokens(1000, 20),
  ...more,
});

const parts = ({ causes }: Reconciled): Partial<Record<Cause, readonly [number, number]>> =>
  Object.fromEntries(causes.map(({ cause, nano_usd, count }) => [cause, [nano_usd, count]]));
const reconcile = (attempts: Predicted[], charges: Charged[]): Reconciled =>
  reconcileRequests(attempts, charges, priceAt);

describe('a log against a bill of requests', () => {
  it('finds nothing where all is equal: 1,000 and 20 tokens at 150 and 600 are 162,000 nano-dollars', () => {
    const found = reconcile([attempt('a')], [charge('a', 162_000)]);
    expect(found).toMatchObject({ difference_nano_usd: 0, relative: 0, causes: [], billed_nano_usd: 162_000 });
    expect(found.known).toEqual({
      requests: 1,
      billed_nano_usd: 162_000,
      predicted_nano_usd: 162_000,
      unequal_requests: 0,
    });
  });

  it('calls another amount for the same counts a price, and one factor of five charges steady', () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const found = reconcile(
      names.map((name) => attempt(name)),
      names.map((name) => charge(name, 170_910)),
    );
    expect(parts(found)).toEqual({ price: [5 * 8910, 5] });
    expect(found.steady_factors).toEqual([{ model: 'mini', route: 'direct', factor: 1.055 }]);
    expect(found.known).toMatchObject({ requests: 5, unequal_requests: 5 });
  });

  it('tells other counts apart from another price: 100 tokens more, and 10 % on top', () => {
    const found = reconcile([attempt('a')], [charge('a', 194_700, { counts: tokens(1100, 20) })]);
    expect(parts(found)).toEqual({ counts: [15_000, 1], price: [17_700, 1] });
    expect(found.causes[0]!.examples[0]!.what).toBe('input_tokens 1000 in the log, 1100 on the bill');
  });

  it('joins the attempts of a request to charges by their counts, else by order', () => {
    const found = reconcile(
      [attempt('a', { ...LATE }), attempt('a', { attempt: 2 })],
      [charge('a', 150_600, { state: 'cancelled', counts: tokens(1000, 1) }), charge('a', 162_000)],
    );
    expect(parts(found)).toEqual({ unknown_billing: [150_600, 1] });
    expect(found.known!.requests).toBe(0);
  });

  it('takes estimates of broken answers for what they are', () => {
    const seen = { outcome: 'cancelled', cost_status: 'estimated', counts: tokens(1200, 5) };
    const found = reconcile([attempt('a', seen)], [charge('a', 153_000, { counts: tokens(1000, 5) })]);
    expect(parts(found)).toEqual({ unknown_billing: [-30_000, 1] });
  });

  it('finds failed attempts that were billed, and what was billed twice', () => {
    const found = reconcile(
      [attempt('a', FAILED), attempt('a', { attempt: 2 }), attempt('b')],
      [charge('a', 162_000), charge('a', 99_000), charge('b', 162_000), charge('b', 162_000)],
    );
    expect(parts(found)).toEqual({ retries_billed: [261_000, 2] });
  });

  it('counts answers of the cache, which cost nothing, and tells one that was billed', () => {
    const hit = { outcome: 'cached', billing: 'not_sent', counts: NO_COUNTS };
    expect(parts(reconcile([attempt('a'), attempt('b', hit)], [charge('a', 162_000)]))).toEqual({
      router_cache: [0, 1],
    });
    expect(parts(reconcile([attempt('b', hit)], [charge('b', 162_000)]))).toEqual({ router_cache: [162_000, 2] });
  });

  it('finds what has no price, what is on one side alone, and half nano-dollars', () => {
    const odd = { model: 'odd', counts: tokens(3, 0) };
    const found = reconcile(
      [attempt('a', { model: 'mystery' }), attempt('b'), attempt('c', odd)],
      [
        charge('a', 7000, { model: 'mystery' }),
        charge('c', 2, odd),
        charge('gone', 500),
        charge(null, 300, { counts: tokens(1, 1) }),
      ],
    );
    expect(parts(found)).toEqual({
      unpriced: [7000, 1],
      not_in_log: [800, 2],
      not_on_bill: [-162_000, 1],
      rounding: [0.5, 1],
    });
    expect(found.difference_nano_usd).toBe(7000 + 800 - 162_000 + 0.5);
  });

  it("joins what has a client's own key by model, day and counts", () => {
    const found = reconcile(
      [attempt('a'), attempt('b', { counts: tokens(10, 1) })],
      [charge(null, 2100, { counts: tokens(10, 1) }), charge('own', 162_000, { idempotency_key: 'own' })],
    );
    expect([found.causes, found.difference_nano_usd, found.known!.requests]).toEqual([[], 0, 2]);
  });

  it('has causes that add up to the difference, whatever is on either side', () => {
    const counts = fc.tuple(fc.nat(2000), fc.nat(50)).map(([input, output]) => tokens(input, output));
    const request = fc.constantFrom('a', 'b', 'c', 'd');
    const model = fc.constantFrom('mini', 'odd', 'mystery');
    const attempts = fc.array(
      fc
        .tuple(request, model, counts, fc.constantFrom('billed', 'refused', 'unknown', 'not_sent'), fc.nat(3))
        .chain(([name, of, used, billing, at]) =>
          fc
            .constantFrom('exact', 'estimated')
            .map((cost_status) => attempt(name, { model: of, counts: used, billing, cost_status, attempt: at })),
        ),
    );
    const charges = fc.array(
      fc
        .tuple(fc.option(request), model, counts, fc.nat(1_000_000))
        .map(([name, of, used, nano]) => charge(name, nano, { model: of, counts: used })),
    );
    fc.assert(
      fc.property(attempts, charges, (log, bill) => {
        const found = reconcile(log, bill);
        const billed = bill.reduce((sum, { nano_usd }) => sum + nano_usd, 0);
        const predicted = log.reduce((sum, { usd }) => sum + (usd ?? 0) * 1e9, 0);
        expect(found.billed_nano_usd).toBe(billed);
        expect(found.predicted_nano_usd).toBeCloseTo(predicted, 4);
        expect(found.causes.reduce((sum, { nano_usd }) => sum + nano_usd, 0)).toBeCloseTo(billed - predicted, 4);
        for (const { cause, nano_usd } of found.causes)
          if (cause !== 'rounding') expect(Number.isInteger(nano_usd)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

describe('a log against a bill of days', () => {
  const nameOf = ({ seller, model }: LoggedAttempt): string => `${seller}/${model}`;
  const day = (nano_usd: number, counts_usd?: number | null, model = 'openai/mini') => ({
    model,
    date: '2026-11-02',
    nano_usd,
    counts_usd,
  });

  it('tells counts, price and what is on one side alone, by model and day', () => {
    const found = reconcileDays(
      [
        attempt('a'),
        attempt('b'),
        attempt('c', { model: 'large' }),
        attempt('d', { outcome: 'cached', billing: 'not_sent' }),
      ],
      [day(200_000, 0.00018), day(170_000, 0.000162), day(5000, undefined, 'openai/other')],
      nameOf,
    );
    expect(parts(found)).toEqual({
      router_cache: [0, 1],
      counts: [342_000 - 324_000, 1],
      price: [370_000 - 342_000, 1],
      not_in_log: [5000, 1],
      not_on_bill: [-162_000, 1],
    });
    expect(found).toMatchObject({ by: 'model_and_day', known: null, difference_nano_usd: 375_000 - 486_000 });
  });

  it('says that price and counts can not be told apart where the bill counts nothing', () => {
    const found = reconcileDays([attempt('a'), attempt('b', LATE)], [day(170_000)], nameOf);
    expect(parts(found)).toEqual({ price_or_counts: [8000, 1] });
    expect(found.causes[0]!.examples[0]!.what).toBe('2 attempts; 1 of 2 attempts are of unknown billing');
  });
});
