import { beforeAll, describe, expect, it } from 'vitest';
import { calibrate } from '../../src/calibration/calibrate.ts';
import { setText } from '../../src/calibration/edit.ts';
import type { CalibratedQuantity, Row } from '../../src/calibration/row.ts';
import { readPriceBook } from '../../src/io/read-price-book.ts';
import { parseYaml } from '../../src/io/read-yaml.ts';
import type { MeasuredTarget, Measurements } from '../../src/measurements/contract.ts';
import { measurements as contract } from '../../src/measurements/contract.ts';
import type { PriceBook } from '../../src/pricing/price-book.ts';
import { applyOverrides, parseOverride } from '../../src/scenario/overrides.ts';
import { resolveScenario } from '../../src/scenario/resolve.ts';
import { CANARY, DIRECT, exchange, figure, finding, GATEWAY, measurementsOf, target } from './measured.ts';

let book: PriceBook;
beforeAll(async () => {
  book = await readPriceBook();
});

const RAW = {
  name: 'Mine',
  start: '2026-12',
  horizon: '12 months',
  traffic: { trace: 'mine.csv' },
  baseline: 'direct',
  outages: { error_rate: { value: '0.5 % to 3 %', source: 'a guess', as_of: '2026-10-01' } },
  strategies: [
    { id: 'direct', kind: 'direct' },
    { id: 'openrouter', kind: 'managed_gateway', gateway: 'openrouter' },
    { id: 'litellm', kind: 'self_hosted_gateway', gateway: 'litellm', hop_latency: '3 to 8 ms' },
  ],
};
type Raw = Record<string, unknown>;

const evaluationOf = (raw: Raw) => ({
  question: resolveScenario(structuredClone(raw), book),
  prepared: { passages: new Map([['direct', [{ seller: 'openai', own_keys: true }]]]) } as never,
});
const calibrated = (measured: Measurements, raw: Raw = RAW, taken_as: ReadonlyMap<string, string> = new Map()) =>
  calibrate(evaluationOf(raw), contract.parse(measured), { sha256: 'a1b2c3d4e5f60789', file: 'm.json', taken_as });
const rowsOf = (
  measured: Measurements,
  quantity: CalibratedQuantity,
  raw: Raw = RAW,
  taken_as?: ReadonlyMap<string, string>,
): Row[] => calibrated(measured, raw, taken_as).rows.filter((row) => row.quantity === quantity);
const withGateway = (...findings: Parameters<typeof measurementsOf>[1]): Measurements =>
  measurementsOf([DIRECT, GATEWAY], findings);
const hop = (value: number, low: number, high: number, of: MeasuredTarget = GATEWAY): Measurements =>
  measurementsOf([DIRECT, of], [finding(of.id, 'latency', [figure('added_first_token_ms', value, [low, high])])]);
const written = (edits: Row['edits'], raw: Raw) => {
  const sets = edits.map((edit) => parseOverride(setText(edit), (text) => parseYaml(text, 'set').value));
  return resolveScenario(applyOverrides(raw, sets), book);
};

describe('the hop of a gateway', () => {
  it('stands beside what was added to the first token, with source, day and samples', () => {
    const [row] = rowsOf(hop(40, 35, 45), 'hop_latency');
    expect(row).toMatchObject({
      path: 'gateways.openrouter.hop_latency',
      unit: 'ms',
      strategies: ['openrouter'],
      assumed: {
        value: 15,
        low: expect.closeTo(-70, 9),
        high: expect.closeTo(100, 9),
        given: false,
        as_of: '2026-08-05',
      },
      measured: { value: 40, low: 35, high: 45, level: 0.95, samples: 20, on: '2026-11-21', targets: [GATEWAY.id] },
      verdict: 'within',
    });
    expect(row!.assumed!.source).toContain('opper.ai');
  });

  it('is outside where the intervals do not meet', () => {
    expect(rowsOf(hop(140, 120, 160), 'hop_latency')[0]!.verdict).toBe('outside');
    expect(rowsOf(hop(-90, -100, -70.001), 'hop_latency')[0]!.verdict).toBe('outside');
    expect(rowsOf(hop(140, 99, 160), 'hop_latency')[0]!.verdict).toBe('within');
  });

  it('is that of the strategy where it states one', () => {
    const litellm = target('litellm/gpt-4o-mini', 'litellm', { kind: 'self_hosted_gateway' });
    const [row] = rowsOf(hop(20, 18, 22, litellm), 'hop_latency');
    expect(row).toMatchObject({ path: 'strategies.litellm.hop_latency', verdict: 'outside', strategies: ['litellm'] });
    expect(row!.assumed!.given).toBe(true);
    const { scenario } = written(row!.edits, RAW);
    expect(scenario.strategies[2]).toMatchObject({ hop_latency: { central: expect.closeTo(20, 3) } });
  });

  it('is written centred on the measured value, from 95 % to 90 %, with its source', () => {
    const { edits } = rowsOf(hop(-10, -35, 15), 'hop_latency')[0]!;
    expect(edits[0]).toEqual({
      keys: ['gateways', 'openrouter', 'hop_latency'],
      value: {
        value: '-30.9807 to 10.9807 ms normal',
        source:
          'measured by tollgate smoke on 2026-11-21, target openrouter/openai/gpt-4o-mini, 20 rounds (measurements sha256 a1b2c3d4e5f6)',
        as_of: '2026-11-21',
      },
    });
    const amount = written(edits, RAW).gateways.get('openrouter')!.hop_latency!;
    expect(amount.central).toBeCloseTo(-10, 3);
    expect(amount.spec).toMatchObject({
      is: 'normal',
      p5: expect.closeTo(-30.9807, 6),
      p95: expect.closeTo(10.9807, 6),
    });
    expect(amount.source).toContain('measured by tollgate smoke on 2026-11-21');
    expect(
      written(rowsOf(hop(5, 5, 5), 'hop_latency')[0]!.edits, RAW).gateways.get('openrouter')!.hop_latency,
    ).toMatchObject({
      spec: { is: 'point', value: 5 },
    });
  });

  it.each([
    [
      'too few samples',
      [DIRECT, GATEWAY],
      [figure('added_first_token_ms', 40, undefined, 4)],
      /has 4 samples: too few/,
    ],
    ['no figure', [DIRECT, GATEWAY], [], /gave no added_first_token_ms or added_total_ms \(pass\)/],
    [
      'no baseline',
      [{ ...DIRECT, is_baseline: false }, GATEWAY],
      [figure('added_first_token_ms', 40, [1, 2])],
      /no baseline/,
    ],
    [
      'a baseline that is a gateway',
      [{ ...DIRECT, kind: 'managed_gateway' as const }, GATEWAY],
      [figure('added_first_token_ms', 40, [1, 2])],
      /is no direct route/,
    ],
    [
      'another model at the baseline',
      [{ ...DIRECT, priced_as: { seller: 'openai', model: 'gpt-4o' } }, GATEWAY],
      [figure('added_first_token_ms', 40, [1, 2])],
      /is another model than/,
    ],
    ['a skipped target', [DIRECT, { ...GATEWAY, skipped: 'no key' }], [], /was skipped: no key/],
  ])('is not measured with %s, which is said', (_, targets, figures, why) => {
    const [row] = rowsOf(measurementsOf(targets, [finding(GATEWAY.id, 'latency', figures)]), 'hop_latency');
    expect(row).toMatchObject({ verdict: 'not_measured', measured: null, edits: [] });
    expect(row!.why.join()).toMatch(why);
  });

  it('says where no cost follows from it', () => {
    expect(rowsOf(hop(40, 35, 45), 'hop_latency')[0]!.why.join()).toContain('no cost follows from it');
    const valued = { ...RAW, value: { per_request: '0.05 USD', latency: { churn_per_100ms: '1 %' } } };
    expect(rowsOf(hop(40, 35, 45), 'hop_latency', valued)[0]!.why).toEqual([]);
  });

  it('falls back on what was added to the whole call', () => {
    const measured = withGateway(
      finding(GATEWAY.id, 'latency', [figure('added_first_token_ms', null), figure('added_total_ms', 30, [20, 40])]),
    );
    expect(rowsOf(measured, 'hop_latency')[0]!.measured).toMatchObject({
      value: 30,
      how: 'added_total_ms of the check latency',
    });
  });

  it('is written once where two targets speak to it: from the one with the most samples', () => {
    const other = target('openrouter/other', 'openrouter');
    const measured = measurementsOf(
      [DIRECT, GATEWAY, other],
      [
        finding(GATEWAY.id, 'latency', [figure('added_first_token_ms', 40, [35, 45], 10)]),
        finding(other.id, 'latency', [figure('added_first_token_ms', 50, [45, 55], 30)]),
      ],
    );
    const found = calibrated(measured);
    const rows = found.rows.filter(({ quantity }) => quantity === 'hop_latency');
    expect(rows.map(({ edits }) => edits.length)).toEqual([0, 1]);
    expect(rows[0]!.why.join()).toContain('the value of openrouter/other is written');
    expect(found.edits.map(({ keys }) => keys.join('.'))).toEqual(['gateways.openrouter.hop_latency']);
  });
});

describe('errors outside outages', () => {
  const errors = (own: number, gateway: number): Measurements =>
    withGateway(
      finding(DIRECT.id, 'latency', [figure('error_fraction', own, [0, 0.1], 50)]),
      finding(GATEWAY.id, 'latency', [figure('error_fraction', gateway, [0, 0.2], 50)]),
    );

  it('are those of all targets together', () => {
    const [row] = rowsOf(errors(0.02, 0.06), 'error_share');
    expect(row).toMatchObject({ path: 'outages.error_rate', verdict: 'within' });
    expect(row!.measured).toMatchObject({
      value: 0.04,
      low: expect.closeTo(0.011004, 5),
      high: expect.closeTo(0.09926, 5),
      samples: 100,
      targets: [DIRECT.id, GATEWAY.id],
    });
    expect(row!.assumed).toMatchObject({
      low: expect.closeTo(0.005, 9),
      high: expect.closeTo(0.03, 9),
      source: 'a guess',
    });
    const { error_rate } = written(row!.edits, RAW).scenario.outages;
    expect(error_rate!.central).toBeCloseTo(4.5 / 101, 6);
    expect(error_rate!.source).toContain('targets openai/gpt-4o-mini, openrouter/openai/gpt-4o-mini, 20 rounds');
  });

  it('are outside where many fail, and not assumed where the scenario counts none', () => {
    expect(rowsOf(errors(0.2, 0.3), 'error_share')[0]!.verdict).toBe('outside');
    const { outages: _, ...none } = RAW;
    expect(rowsOf(errors(0, 0), 'error_share', none)[0]).toMatchObject({ verdict: 'not_assumed', edits: [] });
    expect(rowsOf(errors(0, 0), 'error_share')[0]!.why.join()).toContain(
      'written as 0.5%, the mean of what 100 rounds leave possible',
    );
    const [row] = rowsOf(errors(0.02, 0), 'error_share', none);
    expect(row).toMatchObject({ assumed: null, verdict: 'not_assumed' });
    expect(row!.why.join()).toContain('counts no errors');
    expect(written(row!.edits, none).scenario.outages.error_rate!.central).toBeGreaterThan(0);
  });
});

describe('the markup of a gateway', () => {
  const markup = (value: number, low = value, high = value, of = GATEWAY): Measurements =>
    measurementsOf([DIRECT, of], [finding(of.id, 'cost_reported', [figure('markup_fraction', value, [low, high], 3)])]);
  const margin = target('margin/gpt-4o-mini', 'margin');
  const OWN = {
    ...RAW,
    strategies: [RAW.strategies[0], { id: 'margin', kind: 'managed_gateway', gateway: 'margin' }],
    gateways: {
      margin: { name: 'Margin', kind: 'managed', fees: { token_markup: { value: '10 %', source: 'offer' } } },
    },
  };

  it('is the difference of reported and computed cost, within rounding', () => {
    expect(rowsOf(markup(0.1000001, 0.1, 0.1000003, margin), 'token_markup', OWN)[0]).toMatchObject({
      path: 'gateways.margin.fees.token_markup',
      assumed: { value: 0.1, low: 0.1, high: 0.1, source: 'offer', given: true },
      verdict: 'within',
    });
    const [row] = rowsOf(markup(0.055, 0.05, 0.06, margin), 'token_markup', OWN);
    expect(row!.verdict).toBe('outside');
    const { token_markup } = written(row!.edits, OWN).gateways.get('margin')!.fees;
    expect(token_markup!.central).toBeCloseTo(0.055, 6);
    expect(token_markup!.spec).toMatchObject({ is: 'normal', p5: expect.closeTo(0.050804, 5) });
  });

  it('is 0 where a schedule has none, and the fee on credit is told as what no call shows', () => {
    const [row] = rowsOf(markup(0), 'token_markup');
    expect(row).toMatchObject({ assumed: { value: 0, given: false }, verdict: 'within' });
    expect(row!.why.join()).toContain('the fee on buying credit (5.5%) comes on top');
  });

  it('is not written where it equals the fee on credit, which would be paid twice', () => {
    const [row] = rowsOf(markup(0.055, 0.0549, 0.0551), 'token_markup');
    expect(row).toMatchObject({ verdict: 'outside', edits: [] });
    expect(row!.why.join()).toContain('paid twice');
  });

  it('of a seller is held against the price book, and no input takes it', () => {
    const measured = measurementsOf(
      [DIRECT],
      [finding(DIRECT.id, 'cost_reported', [figure('markup_fraction', 0.2, [0.19, 0.21], 3)])],
    );
    expect(rowsOf(measured, 'price')[0]).toMatchObject({ path: null, verdict: 'outside', edits: [] });
    expect(rowsOf(measured, 'price')[0]!.why.join()).toContain('prices["openai/gpt-4o-mini"]');
  });
});

describe('billed tokens', () => {
  const ratio = (value: number, low: number, high: number, of = GATEWAY): Measurements =>
    measurementsOf(
      [DIRECT, of],
      [finding(of.id, 'usage_accounting', [figure('billed_tokens_ratio', value, [low, high], 9)])],
    );

  it('of the same model are the same on every route; no input takes another ratio', () => {
    expect(rowsOf(ratio(1, 1, 1), 'token_ratio')[0]).toMatchObject({ path: null, verdict: 'within', edits: [] });
    const [row] = rowsOf(ratio(1.1, 1.09, 1.11), 'token_ratio');
    expect(row).toMatchObject({ verdict: 'outside', edits: [] });
    expect(row!.why.join()).toContain('no input takes it');
  });

  it('of another model are a ratio of the replay, written as a number with a comment', () => {
    const claude = target('anthropic/claude-haiku-4-5', 'openai', {
      kind: 'direct',
      priced_as: { seller: 'anthropic', model: 'claude-haiku-4-5' },
    });
    expect(rowsOf(ratio(1.2, 1.1, 1.3, claude), 'token_ratio')[0]).toMatchObject({
      verdict: 'not_modelled',
      edits: [],
    });
    const replayed = {
      ...RAW,
      routes: { mini: { seller: 'openai', model: 'gpt-4o-mini' } },
      replay: { strategies: {}, token_ratios: { 'openai/gpt-4o-mini': { 'anthropic/claude-haiku-4-5': 1.05 } } },
    };
    const [row] = rowsOf(ratio(1.2, 1.1, 1.3, claude), 'token_ratio', replayed);
    expect(row).toMatchObject({
      path: 'replay.token_ratios["openai/gpt-4o-mini"]["anthropic/claude-haiku-4-5"]',
      assumed: { value: 1.05, given: true },
      verdict: 'outside',
      edits: [{ value: 1.2, comment: expect.stringContaining('measured by tollgate smoke') }],
    });
    expect(written(row!.edits, replayed).scenario.replay!.token_ratios).toEqual({
      'openai/gpt-4o-mini': { 'anthropic/claude-haiku-4-5': 1.2 },
    });
  });
});

describe('the price of cached input', () => {
  const cache = (
    figures: Parameters<typeof finding>[2],
    verdict: 'pass' | 'fail' | 'not_supported' = 'pass',
    { baseline = DIRECT, read_there = 0.9, status = 200 } = {},
  ) => {
    const there = finding(baseline.id, 'prompt_cache', [figure('cache_read_fraction', read_there, undefined, 1)]);
    const here = { ...finding(GATEWAY.id, 'prompt_cache', figures, verdict), evidence: ['one', 'two'] };
    const evidence = here.evidence.map((id) => exchange(id, GATEWAY.id, { check: 'prompt_cache', status }));
    return rowsOf(measurementsOf([baseline, GATEWAY], [there, here], { evidence }), 'cached_price')[0]!;
  };
  const read = figure('cache_read_fraction', 0.9, undefined, 1);
  const price = (value: number) => figure('cached_price_fraction', value, undefined, 1);

  it('passes through where cached tokens are told and cheaper', () => {
    expect(cache([read, price(0.5)])).toMatchObject({
      path: 'gateways.openrouter.passes_through.cache_read',
      unit: 'yes/no',
      assumed: { value: 1 },
      measured: { value: 1 },
      verdict: 'within',
      edits: [{ value: true }],
    });
  });

  it('does not where they are dropped, or cost what fresh ones do', () => {
    expect(cache([], 'fail')).toMatchObject({ measured: { value: 0 }, verdict: 'outside', edits: [{ value: false }] });
    expect(cache([read, price(1)])).toMatchObject({ measured: { value: 0 }, verdict: 'outside' });
    expect(cache([read, price(0.8)], 'fail')).toMatchObject({ measured: { value: 0 }, verdict: 'outside' });
    const { passes_through } = written(cache([], 'fail').edits, RAW).gateways.get('openrouter')!;
    expect(passes_through.cache_read).toBe(false);
  });

  it('is not known where the gateway did not answer, or the baseline is another model or read no cache either', () => {
    const unknown = { verdict: 'not_measured', measured: null, edits: [] };
    expect(cache([], 'fail', { status: 500 })).toMatchObject(unknown);
    expect(cache([], 'fail', { read_there: 0 })).toMatchObject(unknown);
    const baseline = { ...DIRECT, priced_as: { seller: 'openai', model: 'gpt-4o' } };
    expect(cache([], 'fail', { baseline })).toMatchObject(unknown);
  });

  it('is taken as the model takes it where nothing is said', () => {
    const of = (id: string, kind: MeasuredTarget['kind'], raw: Raw) =>
      rowsOf(measurementsOf([DIRECT, target(`${id}/x`, id, { kind })], []), 'cached_price', raw)[0]!.assumed;
    const margin = {
      ...RAW,
      strategies: [RAW.strategies[0], { id: 'margin', kind: 'managed_gateway', gateway: 'margin' }],
      gateways: { margin: { name: 'Margin', kind: 'managed' } },
    };
    expect(of('margin', 'managed_gateway', margin)).toMatchObject({
      value: 0,
      source: expect.stringContaining('cached input as input'),
    });
    expect(of('litellm', 'self_hosted_gateway', RAW)).toMatchObject({
      value: 1,
      source: expect.stringContaining('on own keys'),
    });
  });

  it('is not measured where costs are not told, or no cache was seen', () => {
    expect(cache([read])).toMatchObject({ verdict: 'not_measured', edits: [] });
    expect(cache([], 'not_supported').why.join()).toContain('saw no cached tokens (not supported)');
  });
});

describe('a failed attempt', () => {
  const failing = (times_ms: readonly number[]): Measurements =>
    measurementsOf(
      [DIRECT, GATEWAY],
      [finding(DIRECT.id, 'latency', [figure('first_token_p50_ms', 300, [280, 320])])],
      {
        evidence: [
          exchange('ok', DIRECT.id),
          exchange('refused', DIRECT.id, { status: 400, total_ms: 1 }),
          exchange('other', DIRECT.id, { check: 'error_shape', status: 500, total_ms: 1 }),
          ...times_ms.map((total_ms, i) => exchange(`e${i}`, DIRECT.id, { status: 503, total_ms })),
        ],
      },
    );

  it('is not modelled without a replay that states one', () => {
    expect(rowsOf(failing([10, 20, 30, 40, 50, 60]), 'failed_attempt')).toMatchObject([
      { path: null, verdict: 'not_modelled', measured: { value: 35, low: 10, high: 60, samples: 6 }, edits: [] },
    ]);
  });

  it('stands beside the time that a replay states, and is written with its quantile', () => {
    const latency = {
      first_token: { p50: '300 ms', p95: '600 ms' },
      per_token: { p50: '10 ms', p95: '20 ms' },
      failure: { p50: '200 ms', p95: '400 ms' },
    };
    const replayed = {
      ...RAW,
      routes: { mini: { seller: 'openai', model: 'gpt-4o-mini' } },
      replay: { strategies: {}, conditions: { latency: { mini: latency } } },
    };
    const few = rowsOf(failing([10, 20]), 'failed_attempt', replayed)[0]!;
    expect(few).toMatchObject({ verdict: 'not_measured', path: 'replay.conditions.latency.mini.failure.p50' });
    expect(few.why.join()).toContain('2 rounds on openai/gpt-4o-mini failed; an interval needs six');
    const [row] = rowsOf(failing([10, 20, 30, 40, 50, 60]), 'failed_attempt', replayed);
    expect(row).toMatchObject({ verdict: 'outside', assumed: { value: 200 }, measured: { value: 35 } });
    expect(row!.why.join()).toContain('its first token took 300 ms');
    expect(written(row!.edits, replayed).scenario.replay!.conditions.latency.mini!.failure).toMatchObject({
      p50: { central: 35, source: expect.stringContaining('measured by') },
      p95: { central: expect.closeTo(60, 9) },
    });
  });
});

describe('a calibration', () => {
  it('names strategies of which nothing was measured, and targets that no strategy uses', () => {
    const found = calibrated(
      measurementsOf([DIRECT, target('vercel/x', 'vercel'), { ...GATEWAY, skipped: 'no key' }], []),
    );
    expect(found.unmeasured).toEqual([
      { is: 'gateway', id: 'openrouter', strategies: ['openrouter'] },
      { is: 'gateway', id: 'litellm', strategies: ['litellm'] },
    ]);
    expect(found.unused_targets).toEqual(['vercel/x']);
  });

  it('refuses measurements of nothing that the scenario uses', () => {
    const vercel = measurementsOf([target('vercel/x', 'vercel'), target('azure/x', 'azure', { kind: 'direct' })], []);
    expect(() => calibrated(vercel)).toThrow(
      "m.json: speaks of nothing that the scenario uses: measured were vercel and azure; the scenario's strategies use openrouter, litellm and openai",
    );
  });

  it('takes a target as a gateway of the scenario where it is told to, and names what it does not know', () => {
    const standIn = [
      { ...DIRECT, kind: 'stand_in' as const, system: 'stand-in' },
      target('stand-in/gateway', 'stand-in gateway', { kind: 'stand_in' }),
    ];
    const measured = measurementsOf(standIn, [
      finding('stand-in/gateway', 'latency', [figure('added_first_token_ms', 40, [35, 45])]),
    ]);
    const [row] = rowsOf(measured, 'hop_latency', RAW, new Map([['stand-in gateway', 'openrouter']]));
    expect(row).toMatchObject({ path: 'gateways.openrouter.hop_latency', verdict: 'within' });
    expect(() => calibrated(measured, RAW, new Map([['stand-in gatway', 'openruter']]))).toThrow(
      /"stand-in gatway" \(did you mean "stand-in gateway".*\n.*"openruter" \(did you mean "openrouter"/s,
    );
  });

  it('says that simulated values are simulated', () => {
    const { edits } = calibrated({ ...hop(40, 35, 45), simulated: true });
    expect(edits.map(({ value }) => (value as { source: string }).source)).toEqual([
      expect.stringMatching(/^simulated by tollgate smoke --stand-in, nothing of it seen in the world, on 2026-11-21/),
    ]);
  });

  it('reads nothing of what targets said', () => {
    const found = calibrated(
      withGateway(
        finding(GATEWAY.id, 'latency', [
          figure('added_first_token_ms', 40, [35, 45]),
          figure('error_fraction', 0, [0, 0.1]),
        ]),
        finding(GATEWAY.id, 'cost_reported', [figure('markup_fraction', 0, [0, 0], 3)], 'fail'),
        finding(GATEWAY.id, 'prompt_cache', [], 'not_supported'),
      ),
    );
    expect(found.rows.length).toBeGreaterThan(4);
    expect(JSON.stringify(found)).not.toContain(CANARY);
  });
});
