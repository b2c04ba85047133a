import { describe, expect, it } from 'vitest';
import { focusRows } from '../../src/report/focus/rows.ts';
import { resolveScenario } from '../../src/scenario/resolve.ts';
import { reportOf } from '../report-of.ts';
import { amounts, book, direct, lines, monthly, of, requests, run, scenario } from './fixture.ts';

const first = (found: ReturnType<typeof run>, id: string, label: string): number => amounts(found, id, label)[0]!;
const power = { draw: '200 W', price: '0.30 USD/kWh' };
const serving = {
  models: ['acme/large'],
  machine: { price: 3600, life: '3 years', power },
  time_per_request: '2 s',
  utilisation: '60 %',
  setup: '2 days',
  care: '2 hours/month',
  downtime: 0.01,
};
const gateway = (own: object = {}, beside: object = {}) => ({
  rack: { name: 'Rack', kind: 'self_hosted', serving: { ...serving, ...own }, ...beside },
});
const rack = { id: 'rack', kind: 'self_hosted_gateway', gateway: 'rack' } as const;
const peaked = (requests_per_month: number) => ({ ...monthly(requests_per_month), peak_to_mean: 3 });
const engineering = { loaded_rate: 100, gateway_integration: 0, adapter: { build: 0, upkeep: 0 } };
const with_ = (own: object, traffic = requests(10), more: object = {}) =>
  run(
    { traffic: peaked(1_000_000), engineering, gateways: gateway(own), strategies: [direct, rack], ...more },
    traffic,
  );

describe('machines of one’s own', () => {
  it('1,000,000 requests of 2 s at a peak of 3 take 4: 400 USD, power 175.20, care 800', () => {
    const found = with_({});
    expect(first(found, 'rack', 'Machines, bought')).toBeCloseTo(400, 9);
    expect(first(found, 'rack', 'Power')).toBeCloseTo(175.2, 9);
    expect(first(found, 'rack', 'Care of the machines')).toBe(800);
    expect(amounts(found, 'rack', 'Set up the machines')).toEqual([1600, 0]);
    const [line] = lines(found, 'rack', 'Machines, bought');
    expect(line!.inputs.machines!.values).toEqual([4, 4]);
    expect(line!.line.component).toBe('infrastructure');
  });

  it('two where work can wait, however busy the busiest minute', () => {
    expect(first(with_({ sized_for: 'mean' }), 'rack', 'Machines, bought')).toBeCloseTo(200, 9);
  });

  it('never fewer than stand there anyway', () => {
    const few = { traffic: peaked(100) };
    expect(first(with_({}, requests(10), few), 'rack', 'Machines, bought')).toBeCloseTo(100, 9);
    expect(first(with_({ min_machines: 2 }, requests(10), few), 'rack', 'Machines, bought')).toBeCloseTo(200, 9);
  });

  it('of 1,000 tokens in at 5,000/s and 100 out at 50/s a request takes 2.2 s', () => {
    const { time_per_request: _, ...rest } = serving;
    const rate = { ...rest, throughput: { input: 5000, output: '50 token/s' } };
    const by = (own: object) =>
      run({
        traffic: peaked(1_000_000),
        gateways: { rack: { name: 'Rack', kind: 'self_hosted', serving: own } },
        strategies: [direct, rack],
      });
    const machines = (found: ReturnType<typeof run>) =>
      lines(found, 'rack', 'Machines, bought')[0]!.inputs.machines!.values;
    // 1,000,000 x 2.2 / 3600 x 3 / 438 = 4.186
    expect(machines(by(rate))).toEqual([5, 5]);
    expect(machines(by({ ...rest, time_per_request: '2.2 s' }))).toEqual([5, 5]);
  });

  it('cost a rent instead: 2.50 USD/hour are 1,825 USD a month for each', () => {
    const found = with_({ machine: { rent: '2.50 USD/hour' } });
    expect(first(found, 'rack', 'Machines, rented')).toBeCloseTo(4 * 1825, 6);
    expect(lines(found, 'rack', 'Power')).toEqual([]);
  });

  it('grow with the traffic, a whole machine at a time', () => {
    const growing = { horizon: 13, traffic: { ...monthly(1_000_000, 0.03), peak_to_mean: 3 } };
    const bought = amounts(with_({}, requests(10), growing), 'rack', 'Machines, bought');
    expect(bought.map((usd) => Math.round(usd / 100))).toEqual([4, 4, 5, 5, 5, 5, 5, 5, 5, 5, 6, 6, 6]);
  });
});

describe('what machines answer', () => {
  const both = [...requests(5), ...requests(5, { seller: 'beta', model: 'twin' })];

  it('is charged by nobody; other models go on to their sellers', () => {
    const found = with_({}, both);
    const charged = of(found, 'rack').lines.filter(({ line }) => line.component === 'token_charges');
    expect(charged.map(({ line }) => line.label)).toEqual(['Input tokens (beta/twin)', 'Output tokens (beta/twin)']);
    expect(lines(found, 'rack', 'Machines, bought')[0]!.inputs.machines!.values).toEqual([2, 2]);
    expect(found.prepared.passages.get('rack')).toEqual([{ seller: 'beta', own_keys: true }]);
  });

  it('needs no price in the book', () => {
    const unlisted = requests(10, { seller: 'own', model: 'small' });
    const found = with_({ models: ['own/small'] }, unlisted);
    expect(of(found, 'direct').isUnpriced).toBe(true);
    expect(of(found, 'rack').isUnpriced).toBe(false);
    expect(of(found, 'rack').npv_usd).toBeGreaterThan(0);
  });

  it('is named as the book names it, whatever alias the scenario writes', () => {
    const found = with_({ models: ['acme/large-latest'] });
    expect(lines(found, 'rack', 'Input tokens')).toEqual([]);
  });

  it('is told where no request asks for it, and is then billed', () => {
    const found = with_({ models: ['acme/lage'] });
    expect(found.diagnostics).toContainEqual(
      expect.objectContaining({
        code: 'WITHOUT_EFFECT',
        path: 'gateways.rack.serving.models',
        message: 'no request that goes through rack asks for acme/lage; they ask for acme/large',
      }),
    );
    expect(lines(found, 'rack', 'Input tokens').length).toBe(1);
    expect(first(found, 'rack', 'Machines, bought')).toBeCloseTo(100, 9);
  });

  it('has a row of focus.csv that names one’s own infrastructure and costs nothing', () => {
    const found = with_({}, both);
    const rows = focusRows(reportOf(found, book)).filter((row) => row.x_Strategy === 'rack');
    expect(rows.find((row) => row.x_Model === 'acme/large')).toMatchObject({
      BilledCost: 0,
      ProviderName: 'Own infrastructure',
      InvoiceIssuerName: 'Own infrastructure',
    });
    expect(rows.find((row) => row.x_Model === 'beta/twin')).toMatchObject({ InvoiceIssuerName: 'beta' });
  });
});

describe('outages of machines', () => {
  const own = {
    traffic: monthly(50_000),
    value: { per_request: 0.05 },
    outages: { from: 'history', common_cause: 0, recovered_later: 0.4 },
    engineering: { loaded_rate: 0, effort: { fallback: { build: 0, upkeep: 0 } } },
  };
  const lost = (downtime: number): number => 50_000 * downtime * 0.6 * 0.05;

  it('lose requests for their downtime, and no seller’s', () => {
    const found = run({ ...own, gateways: gateway(), strategies: [direct, rack] });
    expect(first(found, 'rack', 'Requests lost in outages')).toBeCloseTo(lost(0.01), 9);
    expect(lines(found, 'rack', 'Incident response')).toEqual([]);
  });

  it('add to those of a gateway before them', () => {
    const found = run({ ...own, gateways: gateway({}, { downtime: 0.002 }), strategies: [direct, rack] });
    expect(first(found, 'rack', 'Requests lost')).toBeCloseTo(lost(1 - 0.998 * 0.99), 9);
  });

  it('are taken over by a seller that is paid for them', () => {
    const policy = { kind: 'fallback', to: ['beta/twin'] };
    const found = run({
      ...own,
      needs: { fallback: 'required' },
      gateways: gateway(),
      strategies: [direct, { ...rack, policy }],
    });
    expect(first(found, 'rack', 'Requests lost')).toBeCloseTo(lost(0.01 * 0.0037), 9);
    // twin costs 0.006 USD a request, one's own machine nothing
    expect(first(found, 'rack', 'Fallback from machines of rack to beta/twin')).toBeCloseTo(
      50_000 * (0.01 - 0.01 * 0.0037) * 0.006,
      9,
    );
  });

  it('machines take over from a seller, without a price', () => {
    const policy = { kind: 'fallback', to: ['acme/large'] };
    const twins = requests(10, { seller: 'beta', model: 'twin' });
    const mixed = { id: 'mixed', kind: 'hybrid', rules: [{ model: 'acme/large', via: 'rack' }, { else: 'direct' }] };
    const found = run(
      {
        ...own,
        needs: { fallback: 'required' },
        gateways: gateway(),
        strategies: [direct, rack, { ...mixed, policy }],
      },
      [...requests(10), ...twins],
    );
    expect(first(found, 'mixed', 'Fallback from beta to acme/large')).toBeCloseTo(
      25_000 * (0.0037 - 0.0037 * 0.01) * (0 - 0.006),
      9,
    );
    expect(found.prepared.passages.get('mixed')!.map(({ seller }) => seller)).toEqual(['beta']);
  });
});

describe('machines beside other ways', () => {
  it('a hybrid pays for them where some of its traffic goes there', () => {
    const rules = (feature: string) => [{ feature, via: 'rack' }, { else: 'direct' }];
    const hybrid = (id: string, feature: string) => ({ id, kind: 'hybrid', rules: rules(feature) });
    const traffic = [...requests(5), ...requests(5, { feature: 'digest' })];
    const found = with_({}, traffic, {
      strategies: [direct, rack, hybrid('part', 'digest'), hybrid('none', 'other')],
    });
    expect(first(found, 'part', 'Machines, bought')).toBeCloseTo(200, 9);
    expect(lines(found, 'part', 'Input tokens').map(({ inputs }) => inputs.window_tokens!.value)).toEqual([5000]);
    expect(lines(found, 'none', 'Machines')).toEqual([]);
  });

  it('are connected to as a gateway, not as one seller more, where a replay names them', () => {
    const rules = [{ model: 'acme/large', via: 'rack' }, { else: 'direct' }];
    const policy = { kind: 'conditional', when: [{ feature: 'digest', use: 'own' }], else: 'twin' };
    const found = with_({}, [...requests(5), ...requests(5, { feature: 'digest' })], {
      engineering: { loaded_rate: 100, gateway_integration: 5, adapter: { build: 16, upkeep: 0, learning: 0.9 } },
      already_built: ['routing_policy'],
      routes: { own: { seller: 'acme', model: 'large' }, twin: { seller: 'beta', model: 'twin' } },
      strategies: [direct, rack, { id: 'mixed', kind: 'hybrid', rules }],
      replay: { strategies: { mixed: { routing: { policy } } } },
    });
    expect(first(found, 'mixed', 'Build: adapters')).toBeCloseTo(1600, 9);
    expect(first(found, 'mixed', 'Connect to the gateway (rack)')).toBe(500);
    expect(lines(found, 'mixed', 'Input tokens').map(({ line }) => line.label)).toEqual(['Input tokens (beta/twin)']);
  });

  it('a phase pays for them from its first month on, and sets them up then', () => {
    const later = { id: 'later', kind: 'phased', phases: [{ via: 'direct', for: 2 }, { via: 'rack' }], migration: 0 };
    const found = with_({}, requests(10), { horizon: 4, strategies: [direct, rack, later] });
    expect(amounts(found, 'later', 'Machines, bought').map(Math.round)).toEqual([0, 0, 400, 400]);
    expect(amounts(found, 'later', 'Set up the machines')).toEqual([0, 0, 1600, 0]);
  });

  it('break even with tokens at one volume', () => {
    const found = with_({ machine: { rent: 1000 }, care: 0, setup: 0, sized_for: 'mean' }, requests(10), {
      traffic: monthly(100_000),
    });
    // 0.0045 USD a request: one machine is paid for by 222,222 requests, and holds 788,400
    const [crossing] = found.break_even.filter((one) => one.driver === 'volume').flatMap((one) => one.crossings);
    expect(crossing?.value).toBeCloseTo(1000 / 0.0045, 3);
  });
});

describe('a scenario that says too little', () => {
  const problems = (own: object, beside: object = {}, strategy: object = rack): string => {
    try {
      resolveScenario(scenario({ gateways: gateway(own, beside), strategies: [direct, strategy] }), book);
      return '';
    } catch (error) {
      return (error as Error).message;
    }
  };

  it.each([
    [{ machine: { price: 3600, rent: 100, life: 36 } }, /serving\.machine: .*exactly one of price and rent/],
    [{ machine: { price: 3600, power } }, /serving\.machine: a machine that is bought has a life/],
    [{ machine: { price: 3600, life: 36 } }, /serving\.machine: .*draws; add power/],
    [{ machine: { rent: 100, life: 36 } }, /serving\.machine: a machine that is rented has no life/],
    [{ time_per_request: undefined }, /serving: .*exactly one of time_per_request and throughput/],
    [{ models: undefined }, /serving\.models/],
    [{ utilisation: 0 }, /serving\.utilisation/],
  ])('%o is told', (own, message) => {
    expect(problems(own)).toMatch(message);
  });

  it('takes the kinds of a gateway that one runs oneself', () => {
    expect(problems({}, { kind: 'managed' })).toMatch(/needs kind: self_hosted there/);
    expect(problems({}, {}, { ...rack, kind: 'managed_gateway' })).toMatch(/kind: self_hosted_gateway here/);
    expect(problems({})).toBe('');
  });
});
