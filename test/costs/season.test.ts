import { describe, expect, it } from 'vitest';
import { Machine } from '../../src/model/machine.ts';
import { resolveScenario } from '../../src/scenario/resolve.ts';
import { monthShares, windowSeason } from '../../src/scenario/season.ts';
import { whatIfOf } from '../../src/whatif/build.ts';
import { Recomputer } from '../../src/whatif/recompute.ts';
import { amounts, book, direct, type Input, managed, of, requests, run, scenario, usageOf } from './fixture.ts';

type Found = ReturnType<typeof run>;
const season = { december: 1.9, january: 1.4, february: 0.5 };
const volume = (own: Input): Input => ({ trace: 'none.csv', volume: own });
/** A dollar per thousand requests. */
const prices = { 'acme/large': { input: 1, output: 0 } };

function requestsOf({ prepared }: Found): number[] {
  const machine = new Machine(prepared.model, []);
  return Array.from({ length: prepared.model.months }, (_, m) => machine.value(prepared.demand.requests.ref, m));
}
const inputOf = ({ prepared }: Found, path: string) => prepared.model.inputs.find((input) => input.path === path);
const codes = (found: Found, code: string) => found.diagnostics.filter((one) => one.code === code);
const close = (found: readonly number[], expected: readonly number[]): void => {
  expect(found.length).toBe(expected.length);
  for (const [i, value] of expected.entries()) expect(found[i]).toBeCloseTo(value, 9);
};

describe('a season', () => {
  it('of 1.9, 1.4 and 0.5 at 10 % of growth gives 1,900, 1,540, 605 and 1,331 requests', () => {
    const found = run({ horizon: 4, traffic: volume({ requests_per_month: 1000, growth: 0.1, season }) });
    close(requestsOf(found), [1900, 1540, 605, 1331]);
  });

  it('comes again each year, from whichever month the horizon starts in', () => {
    const found = run({ start: '2027-02', horizon: 24, traffic: volume({ requests_per_month: 1000, season }) });
    const year = [500, ...new Array<number>(9).fill(1000), 1900, 1400];
    expect(requestsOf(found)).toEqual([...year, ...year]);
  });

  it('takes percentages, intervals and sources, like any amount', () => {
    const traffic = volume({
      requests_per_month: 1000,
      season: { december: '190 %', january: { value: '1.2 to 1.6', source: 'three years of orders' } },
    });
    const found = run({ traffic });
    expect(inputOf(found, 'traffic.volume.season.december')).toMatchObject({ unit: '1', given: true });
    expect(inputOf(found, 'traffic.volume.season.december')?.central).toBeCloseTo(1.9, 12);
    expect(inputOf(found, 'traffic.volume.season.january')).toMatchObject({
      source: 'three years of orders',
      spec: { is: 'lognormal', p5: 1.2, p95: 1.6 },
    });
  });

  it('of 1 throughout changes no bit of any cost', () => {
    const own = { requests_per_month: 1234.5, growth: 0.07 };
    const plain = of(run({ horizon: 14, traffic: volume(own) }), 'direct');
    const flat = of(run({ horizon: 14, traffic: volume({ ...own, season: { december: 1, may: 1 } }) }), 'direct');
    expect(flat.monthly_usd).toEqual(plain.monthly_usd);
    expect(flat.npv_usd).toBe(plain.npv_usd);
  });

  it('leaves formula and inputs alone where no month of the horizon has a factor, and says so', () => {
    const found = run({ horizon: 2, traffic: volume({ requests_per_month: 1000, season: { june: 3, july: 2 } }) });
    expect(inputOf(found, 'traffic.volume.season.june')).toBeUndefined();
    expect(found.prepared.demand.requests.source).toBe('requests_per_month x (1 + growth)^month');
    expect(codes(found, 'WITHOUT_EFFECT')).toMatchObject([
      { severity: 'info', path: 'traffic.volume.season', message: expect.stringContaining('June, July') },
    ]);
  });

  it.each([
    [{ decembre: 2 }, /unknown key "decembre" \(did you mean "december"\?\); allowed are january, february, /],
    [{ December: 2 }, /unknown key "December" \(did you mean "december"/],
    [{ december: 190 }, /traffic.volume.season.december: 190 is out of range; .*did you mean "190 %"/],
    [{ august: 0 }, /traffic.volume.season.august: 0 is out of range; allowed is between 0.001 and 100/],
    [{ may: '3 USD' }, /traffic.volume.season.may: .*USD/],
  ])('%j is refused in words', (wrong, words) => {
    expect(() => run({ traffic: volume({ requests_per_month: 1000, season: wrong }) })).toThrow(words);
  });
});

describe('a season and a volume that is measured', () => {
  /** 950 requests over a window of 730 hours. */
  const measured = (from: string, own: Input = {}): Found => {
    const start = Date.parse(from);
    const traffic = requests(950).map((one, i) => ({
      ...one,
      time_ms: start + Math.round((i * (730 * 3_600_000 - 1)) / 949),
    }));
    return run({ horizon: 4, traffic: volume({ season }), ...own }, traffic);
  };
  const path = 'traffic.volume.requests_per_month';

  it('in a December of 1.9 is 500 requests in an ordinary month, and 950 in the next December', () => {
    const found = measured('2025-12-01T00:00:00Z');
    expect(inputOf(found, path)?.central).toBeCloseTo(500, 4);
    expect(inputOf(found, path)?.source).toBe(
      'measured: 950 requests in 730 h, scaled to 730 h, over the season of 1.9 that it fell into',
    );
    close(
      requestsOf(found).map((one) => Math.round(one * 1e4) / 1e4),
      [950, 700, 250, 500],
    );
    expect(codes(found, 'SEASON_MEASURED')).toMatchObject([
      { severity: 'info', path, message: expect.stringContaining('in December, at 1.9 times') },
    ]);
  });

  it('lies in two months by its hours in each: 16 days of December and 15 of January are 1.6581', () => {
    const window = { from_ms: Date.parse('2025-12-16'), until_ms: Date.parse('2026-01-16') };
    expect(monthShares(window)).toEqual(
      new Map([
        ['december', 16 / 31],
        ['january', 15 / 31],
      ]),
    );
    const { scenario: read } = resolveScenario(scenario({ traffic: volume({ season }) }), book);
    expect(windowSeason(read.traffic.volume.season!, window)).toBeCloseTo(1.6581, 4);
    expect(windowSeason(read.traffic.volume.season!, { ...window, until_ms: window.from_ms })).toBe(1.9);
  });

  it('counts as it is in a month without a factor', () => {
    const found = measured('2026-04-01T00:00:00Z');
    expect(inputOf(found, path)?.central).toBeCloseTo(950, 4);
    expect(requestsOf(found)[0]).toBeCloseTo(1.9 * 950, 3);
    expect(codes(found, 'SEASON_MEASURED')[0]?.message).toContain('no factor');
  });

  it('counts as an ordinary month where its times are no dates', () => {
    const found = measured('1970-01-01T00:00:00Z');
    expect(inputOf(found, path)?.central).toBeCloseTo(950, 4);
    expect(codes(found, 'SEASON_MEASURED')[0]?.message).toContain('ordinary month');
  });

  it('moves the ordinary month against the factor of the month that was measured', () => {
    const found = measured('2025-12-01T00:00:00Z');
    const { model } = found.prepared;
    const machine = new Machine(model);
    machine.set(
      model.inputs.findIndex((input) => input.path === 'traffic.volume.season.december'),
      2.5,
    );
    machine.run();
    // what was measured stays: 950 in December, 950 / 2.5 in an ordinary month
    expect(machine.value(found.prepared.demand.requests.ref, 0)).toBeCloseTo(950, 3);
    expect(machine.value(found.prepared.demand.requests.ref, 3)).toBeCloseTo(380, 3);
  });

  it('is not told where the volume is stated', () => {
    const found = measured('2025-12-01T00:00:00Z', { traffic: volume({ requests_per_month: 500, season }) });
    expect(codes(found, 'SEASON_MEASURED')).toEqual([]);
    expect(inputOf(found, path)?.central).toBe(500);
  });

  it('gives the page no slider for the month that was measured, since the volume follows from it', () => {
    const whatIf = whatIfOf(measured('2025-12-01T00:00:00Z'));
    const paths = whatIf.drivers.map((driver) => driver.path);
    expect(paths).toContain('traffic.volume.season.january');
    expect(paths).toContain(path);
    expect(paths).not.toContain('traffic.volume.season.december');
    expect(whatIf.held.find(({ what }) => what.includes('December'))?.why).toContain('measured');
  });
});

describe('a scenario with a season, by hand', () => {
  // An ordinary month has 50,000 requests: 50 USD at list. December has twice as many, January 1.5 times, February a half.
  // A contract of 60 USD a month takes 20 % off. Undiscounted, four months from December on:
  //            spend   off    due    unused      contract   toll at 5.5 % on what is bought
  //   Dec      100     20     80     0           80         105.50
  //   Jan       75     15     60     0           60          79.125
  //   Feb       25      5     20     40          60          26.375
  //   Mar       50     10     40     20          60          52.75
  const own = (level: unknown, busy: Input = { december: 2, january: 1.5, february: 0.5 }): Input => ({
    horizon: 4,
    prices,
    traffic: volume({ requests_per_month: 50_000, season: busy }),
    strategies: [direct, managed('toll')],
    contracts: { acme: { commitment_usd_per_month: level, discount: '20 %' } },
  });

  it('pays the unused part in its quiet months alone', () => {
    const found = run(own(60));
    close(amounts(found, 'direct', 'Discount by contract'), [-20, -15, -5, -10]);
    close(amounts(found, 'direct', 'Unused part'), [0, 0, 40, 20]);
    close(of(found, 'direct').monthly_usd, [80, 60, 60, 60]);
    expect(of(found, 'direct').npv_usd).toBeCloseTo(260, 9);
    close(of(found, 'toll').monthly_usd, [105.5, 79.125, 26.375, 52.75]);
    expect(of(found, 'toll').npv_usd).toBeCloseTo(263.75, 9);
    expect(found.recommendation?.strategy).toBe('direct');
  });

  it('commits where the mean month alone would not', () => {
    // At 50 USD in every month the contract costs 60 and the gateway 52.75; by the season the contract wins.
    const flat = run(own(60, {}));
    expect(of(flat, 'direct').npv_usd).toBeCloseTo(240, 9);
    expect(of(flat, 'toll').npv_usd).toBeCloseTo(211, 9);
    expect(flat.recommendation?.strategy).toBe('toll');
  });

  it('finds the level that pays over busy and quiet months', () => {
    // A discount on what is committed: C / 0.8 of spend at 20 % off. Cost of a level C is, month by month, max(C, spend - C / 4).
    // At 20: 95 + 70 + 20 + 45 = 230; at 40: 90 + 65 + 40 + 40 = 235; at 60: 85 + 60 + 60 + 60 = 265.
    const found = run(own('best'));
    expect(found.prepared.contracts[0]?.commitment_usd).toBeCloseTo(20, 6);
    expect(of(found, 'direct').npv_usd).toBeCloseTo(230, 6);
    const flat = run(own('best', {}));
    expect(flat.prepared.contracts[0]?.commitment_usd).toBeCloseTo(40, 6);
  });

  it('breaks even at the volume of an ordinary month at which both cost the same', () => {
    // With v = thousand requests: contract max(60, 1.6 v) + max(60, 1.2 v) + max(60, 0.4 v) + max(60, 0.8 v); gateway 5.275 v.
    // At 37.5 <= v <= 50: 1.6 v + 180 = 5.275 v, v = 48.9796.
    const { break_even } = run(own(60));
    const entry = break_even.find(({ driver }) => driver === 'volume')!;
    expect(entry.crossings.length).toBe(1);
    expect(entry.crossings[0]!.value / 1000).toBeCloseTo(180 / 3.675, 6);
  });
});

describe('what follows a season', () => {
  it('is the month of a change-over', () => {
    // 700,000 requests: 35 USD of markup against a plan of 49; twice as many from November on: 70 against 49.
    const found = (busy: Input): Found =>
      run({
        horizon: 12,
        start: '2026-06',
        prices,
        traffic: volume({ requests_per_month: 700_000, season: busy }),
        baseline: 'markup',
        strategies: [
          managed('markup'),
          managed('plans', { plan: 'flat' }),
          { id: 'later', kind: 'phased', phases: [{ via: 'markup', for: 'best' }, { via: 'plans' }] },
        ],
      });
    const half = { november: 2, december: 2, january: 2, february: 2, march: 2, april: 2, may: 2 };
    expect(found({}).prepared.switches[0]?.month).toBe(12);
    expect(found(half).prepared.switches[0]?.month).toBe(5);
    expect(of(found(half), 'later').npv_usd - of(found(half), 'markup').npv_usd).toBeCloseTo(7 * (49 - 70), 6);
  });

  it('is past a published volume in the month that is past it', () => {
    const at = (busy: Input): Found =>
      run({
        strategies: [direct, managed('plans')],
        traffic: volume({ requests_per_month: 1_600_000, season: busy }),
      });
    expect(of(at({}), 'plans').excluded).toBeUndefined();
    expect(of(at({ january: 2 }), 'plans').excluded).toContain('3200000 in 2027-01, published up to 3000000');
    const within = run({
      strategies: [direct, managed('plans')],
      traffic: volume({ requests_per_month: 1_000_000, season: { january: 2 } }),
    });
    const volumes = within.sweeps.find(({ driver }) => driver === 'volume')!.values;
    expect(Math.max(...volumes)).toBeCloseTo(1_500_000, 3);
  });

  it('is what a self-hosted gateway needs in its busiest month', () => {
    const strategies = [direct, { id: 'proxy', kind: 'self_hosted_gateway', gateway: 'proxy' } as const];
    const traffic = { ...volume({ requests_per_month: 6_742_000, season: { january: 2 } }), peak_to_mean: 26 };
    const found = run({ strategies, traffic });
    // 6.742 million requests at 26 times the mean take four replicas of 50 USD, twice as many take seven
    expect(amounts(found, 'proxy', 'Gateway replicas')).toEqual([200, 350]);
  });

  it('moves on the page as it does with --set', () => {
    const own = (december: number): Found =>
      run({ traffic: volume({ requests_per_month: 50_000, season: { december, january: 1.4 } }), prices });
    const recomputer = new Recomputer(JSON.parse(JSON.stringify(whatIfOf(own(1.9)))));
    const moved = recomputer.run({ 'traffic.volume.season.december': 2.5 }).alternatives[0]!;
    expect(moved.npv_usd).toBeCloseTo(of(own(2.5), 'direct').npv_usd, 9);
    expect(moved.monthly_usd[0]).toBeCloseTo(125, 9);
  });

  it('measures as usage does: the window itself stays as it was', () => {
    const own = { traffic: volume({ season }) };
    expect(usageOf(requests(10), own)).toEqual(usageOf(requests(10)));
  });
});
