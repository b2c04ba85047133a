/** Named inputs, and amounts that are formulas over them: values, units, money, and what is wrong with them. */
import { describe, expect, it } from 'vitest';
import { assumed, readAmount } from '../../src/amount.ts';
import { FormulaError } from '../../src/formula/parse.ts';
import { Machine } from '../../src/model/machine.ts';
import { Sheet } from '../../src/model/sheet.ts';
import type { Question } from '../../src/scenario/resolve.ts';
import { resolveFormulas } from '../../src/scenario/resolve-formulas.ts';
import { book } from '../costs/fixture.ts';
import { problemsOf } from '../problems.ts';
import { questionOf } from './question.ts';

const question = (own: object): Question => questionOf(own, book);
const told = (own: object): string[] => problemsOf(() => question(own));

const SALARY = {
  salary: { value: '140000 USD/year', source: 'a survey', as_of: '2026-11-01' },
  overhead: 1.42,
  work_hours: { value: 2080, unit: 'work_hour/year' },
};
const RATE = '= salary * overhead / work_hours';

describe('a named input', () => {
  it.each<[written: unknown, unit: string, central: number]>([
    [6, '1', 6],
    ['30 %', '1', 0.3],
    ['3 %/month', 'fraction/month', 0.03],
    ['140000 USD/year', 'USD/year', 140_000],
    ['3 days', 'days', 3],
    ['2 to 4 GB normal', 'GB', 3],
    [{ value: 2080, unit: 'work_hour/year' }, 'work_hour/year', 2080],
    [{ value: '1 USD/month', unit: 'USD/year' }, 'USD/year', 12],
    [{ value: { dist: 'uniform', min: 2, max: 4 }, unit: 'USD' }, 'USD', 3],
    [{ dist: 'uniform', min: 1, max: 2 }, '1', 1.5],
    [{ dist: 'empirical', values: [1, 2, 6], unit: 'ms' }, 'ms', 3],
    [{ formula: '2 * 3' }, '1', 6],
    ['= 2 * 3', '1', 6],
    [{ value: '= 2 * 3', source: 'a guess' }, '1', 6],
  ])('%j is in %s', (written, unit, central) => {
    const { x } = question({ inputs: { x: written } }).scenario.inputs;
    expect(x).toMatchObject({ unit, path: 'inputs.x' });
    expect(x!.central).toBeCloseTo(central, 12);
  });

  it('has its source and date, and a spread', () => {
    const { salary, x } = question({ inputs: { ...SALARY, x: '2 to 5 USD' } }).scenario.inputs;
    expect(salary).toMatchObject({ source: 'a survey', as_of: '2026-11-01' });
    expect(x!.spec).toEqual({ is: 'lognormal', p5: 2, p95: 5 });
  });

  it.each<[name: string, written: unknown, message: string | RegExp]>([
    ['Team', 1, 'a name has lower-case letters, digits and underscores, starting with a letter'],
    ['a-b', 1, 'a name has lower-case letters, digits and underscores, starting with a letter'],
    ['mod', 1, 'a word of formulas can be no name of an input'],
    ['constructor', 1, 'a word of formulas can be no name of an input'],
    ['x', [1], /^found \[1\]; expected a number, a quantity/],
    [
      'x',
      { value: 1, unti: 'USD' },
      'unknown key "unti" (did you mean "unit"?); allowed are value, formula, unit, source, as_of',
    ],
    ['x', { unit: 'USD' }, 'needs either value or formula'],
    ['x', { value: 1, formula: '2' }, 'needs either value or formula'],
    [
      'x',
      { value: 1, unit: 'USDD/year' },
      'unit "USDD/year": unknown unit "USDD" (did you mean "USD"?); expected a unit such as USD/year, work_hour, request or 1',
    ],
    ['x', { value: 1, unit: '%' }, /^unit "%": /],
    [
      'x',
      { value: 1, unit: 'EUR/USD' },
      'the unit "EUR/USD" has two currencies; amounts in EUR and CNY are converted by themselves',
    ],
    ['x', { formula: '1', unit: 'EUR' }, 'a formula gives dollars; write the unit "USD"'],
    ['x', { value: '3 days', unit: 'USD' }, '"3 days" is in hour, expected USD'],
    ['x', '3 dayz', /^unit "dayz": unknown unit "dayz" \(did you mean "day"/],
    ['x', '2 * 3 days', '"2 * 3 days" does not begin with a number and its unit; write {value: …, unit: USD/year}'],
  ])('%s: %j is refused', (name, written, message) => {
    const found = told({ inputs: { [name]: written } });
    expect(found.length, found.join('\n')).toBe(1);
    expect(found[0]!.startsWith(`inputs.${name}: `), found[0]).toBe(true);
    const said = found[0]!.slice(`inputs.${name}: `.length);
    if (typeof message === 'string') expect(said).toBe(message);
    else expect(said).toMatch(message);
  });
});

describe('an amount that is a formula', () => {
  it('is computed at the means of its inputs, in its own unit', () => {
    const rate = question({ inputs: SALARY, engineering: { loaded_rate: RATE } }).scenario.engineering.loaded_rate!;
    expect(rate).toMatchObject({ unit: 'USD/work_hour', source: '= salary * overhead / work_hours' });
    expect(rate.central).toBeCloseTo((140_000 * 1.42) / 2080, 12);
  });

  it('says who says so', () => {
    const loaded_rate = { formula: 'salary * overhead / work_hours', source: 'finance', as_of: '2026-10-01' };
    const rate = question({ inputs: SALARY, engineering: { loaded_rate } }).scenario.engineering.loaded_rate!;
    expect(rate).toMatchObject({ source: '= salary * overhead / work_hours; finance', as_of: '2026-10-01' });
  });

  it('is no mean of draws where it is not linear', () => {
    const x = {
      dist: 'discrete',
      points: [
        { value: 1, weight: 1 },
        { value: 3, weight: 1 },
      ],
    };
    expect(question({ inputs: { x, y: '= 1 / x' } }).scenario.inputs.y!.central).toBe(0.5);
  });

  it('reads inputs that are formulas themselves, in any order', () => {
    const { scenario } = question({
      inputs: { rate: { formula: 'salary * overhead / work_hours', unit: 'USD/work_hour' }, ...SALARY },
      engineering: { loaded_rate: '= rate * 2' },
    });
    expect(scenario.engineering.loaded_rate!.central).toBeCloseTo((2 * 140_000 * 1.42) / 2080, 12);
  });

  it('adds up what is in different periods', () => {
    const { scenario } = question({
      inputs: { a: '1200 USD/year', b: '50 USD/month' },
      needs: { budgets: { need: 'optional', absence: '= a + b' } },
    });
    expect((scenario.needs.budgets as { absence: { central: number } }).absence.central).toBeCloseTo(150, 10);
  });

  it('of rates of growth keeps their period', () => {
    const growth = (formula: string) =>
      question({
        inputs: { own: '3 %/month', yearly: '12 %/year', half: 0.5 },
        traffic: { trace: 'none.csv', volume: { growth: formula } },
      }).scenario.traffic.volume.growth!.central;
    expect(growth('= own * half')).toBeCloseTo(0.015, 15);
    expect(growth('= half / 10')).toBeCloseTo(0.05, 15);
    expect(() => growth('= yearly')).toThrow(
      '"= yearly" is in fraction/year (yearly in fraction/year), expected fraction/month',
    );
  });

  it('stands in a gateway of the scenario too', () => {
    const { gateways } = question({
      inputs: { seats: 12, seat: '20 USD/month' },
      gateways: { own: { kind: 'managed', fees: { plans: [{ id: 'team', usd_per_month: '= seats * seat' }] } } },
    });
    expect(gateways.get('own')!.fees.plans[0]!.usd_per_month.central).toBeCloseTo(240, 10);
  });
});

const A = { a: 2, b: '3 USD/month', c: '4 hours' };
const rateOf = (loaded_rate: unknown, inputs: object = A): object => ({ inputs, engineering: { loaded_rate } });

describe('one problem of a formula is one line:', () => {
  it.each<[name: string, own: object, message: string | RegExp]>([
    [
      'a wrong unit',
      rateOf('= b * a'),
      'engineering.loaded_rate: "= b * a" is in USD/hour (b in USD/month), expected USD/work_hour; hours of work have the unit work_hour, hours of time the unit hour',
    ],
    [
      'another wrong unit',
      rateOf('= c'),
      'engineering.loaded_rate: "= c" is in hour (c in hours), expected USD/work_hour',
    ],
    [
      'units that do not add up',
      rateOf('= a + c'),
      'engineering.loaded_rate: "= a + c" adds a plain number and hour (c in hours)',
    ],
    [
      'a unit that an input has to state',
      { inputs: { ...A, d: '= b * a' } },
      'inputs.d: "= b * a" is in USD/hour (b in USD/month), expected a plain number',
    ],
    [
      'an unknown name',
      rateOf('= sallary', SALARY),
      'engineering.loaded_rate: there is no input "sallary" (did you mean "salary"?); inputs are salary, overhead, work_hours',
    ],
    [
      'no inputs at all',
      rateOf('= salary', {}),
      'engineering.loaded_rate: there is no input "salary": the scenario has no `inputs`',
    ],
    [
      'a cycle',
      { inputs: { a: '= b', b: '= 2 * a' } },
      'inputs.a: is computed from itself: inputs.a -> inputs.b -> inputs.a',
    ],
    ['a cycle of one', { inputs: { a: '= a + 1' } }, 'inputs.a: is computed from itself: inputs.a -> inputs.a'],
    [
      'a cycle behind others',
      { inputs: { x: '= a', a: '= b', b: '= c', c: '= a', y: '= c' } },
      'inputs.a: is computed from itself: inputs.a -> inputs.b -> inputs.c -> inputs.a',
    ],
    [
      'no value',
      rateOf('= a / (a - 2)'),
      /^engineering.loaded_rate: "= a \/ \(a - 2\)" is in a plain number, expected USD\/work_hour/,
    ],
    [
      'a division by 0',
      { inputs: { ...A, d: '= a / (a - 2)' } },
      'inputs.d: "= a / (a - 2)" has no value at the means of its inputs: a 2',
    ],
    [
      'a negative amount',
      rateOf('= -r', { r: '5 USD/work_hour' }),
      'engineering.loaded_rate: "= -r", -5 at the means, is out of range; allowed is at least 0 USD/hour',
    ],
    [
      'a share past 1',
      { inputs: A, outages: { common_cause: '= a' } },
      'outages.common_cause: "= a", 2 at the means, is out of range; allowed is between 0 and 1',
    ],
    ['a missing operator', rateOf('= a b'), 'engineering.loaded_rate: "= a b": nothing stands between "a" and "b"'],
    [
      'a percentage',
      rateOf('= b * 5 %'),
      'engineering.loaded_rate: "= b * 5 %": "%" is not allowed in a formula; write 0.05 for 5 %',
    ],
    ['an empty formula', rateOf('='), 'engineering.loaded_rate: "= ": is empty'],
    [
      'a formula within a distribution',
      rateOf({ dist: 'uniform', min: '= a', max: 5 }),
      'engineering.loaded_rate: "= a" is a part of an amount; a formula stands for a whole one',
    ],
    [
      'a formula with a stray key',
      rateOf({ formula: 'a', surce: 'x' }),
      /^engineering.loaded_rate: .*unknown key "surce" \(did you mean "source"\?\); allowed are formula, source, as_of$/,
    ],
    [
      'a policy',
      {
        ...rateOf(50),
        routes: { a: { seller: 'acme', model: 'large' } },
        replay: {
          strategies: { direct: { routing: { policy: { kind: 'latency_aware', of: ['a'], tie_band: '= a' } } } },
        },
      },
      /a policy acts on one number; a formula is none/,
    ],
    [
      'a stated world',
      {
        inputs: A,
        replay: {
          strategies: {},
          conditions: { outages: [{ component: 'acme', from: '2026-12-01', until: '2026-12-02', failing: '= a' }] },
        },
      },
      'replay.conditions.outages[0].failing: a replay acts on one number; a formula is none',
    ],
  ])('%s', (_, own, message) => {
    const found = told(own);
    expect(found.length, found.join('\n')).toBe(1);
    if (typeof message === 'string') expect(found[0]).toBe(message);
    else expect(found[0]).toMatch(message);
  });

  it('and several are told at once', () => {
    const found = told({
      inputs: { a: '= b', b: '= a', c: '= nothing' },
      engineering: { loaded_rate: '= c * a', gateway_integration: '= missing' },
      baseline: 'other',
    });
    expect(found.map((one) => one.split(': ')[0])).toEqual([
      'inputs.a',
      'inputs.c',
      'engineering.gateway_integration',
      'baseline',
    ]);
  });
});

/** The reading of the text alone: what a message costs beside it does not depend on the text. */
function refusal(text: string): void {
  try {
    const { formula } = readAmount(`= ${text}`, 'USD', {});
    resolveFormulas({}, () => undefined).within({ ...assumed(1, 'USD', '', ''), formula }, []);
  } catch (error) {
    if (!(error instanceof FormulaError)) throw error;
  }
}

describe('a hostile formula is refused within 50 ms:', () => {
  it.each([
    'config({number: "BigNumber"})',
    'createUnit("mine")',
    'import({a: 1}, {override: true})',
    'zeros(1e9)',
    'range(1, 1e9)',
    '1:1e9',
    'combinations(1e9, 5e8)',
    'factorial(170)',
    '170!',
    'constructor',
    '__proto__',
    'a.constructor',
    'a["constructor"]("return process")()',
    'cos.constructor("return process")()',
    'parse("1")',
    'evaluate("1")',
    'f(x) = f(x)',
    'a = 5',
    'a; b',
    '[1, 2, 3]',
    '"text"',
    '{a: 1}.a',
    `${'('.repeat(10_000)}a${')'.repeat(10_000)}`,
    `${'('.repeat(900)}a${')'.repeat(900)}`,
    `${'-'.repeat(1900)}a`,
    `${'a^'.repeat(900)}a`,
    `${'a?'.repeat(400)}a${':a'.repeat(400)}`,
    'a+'.repeat(900),
    `${'sqrt('.repeat(99)}a${')'.repeat(99)}${'+a'.repeat(600)}`,
  ])('%.60s', (text) => {
    const own = { inputs: { a: 1 }, engineering: { loaded_rate: `= ${text}` } };
    const times = [1, 2, 3].map(() => {
      const begin = performance.now();
      refusal(text);
      return performance.now() - begin;
    });
    expect(Math.min(...times)).toBeLessThan(50);
    const found = told(own);
    expect(found.length).toBe(1);
    expect(found[0]).toMatch(/^engineering.loaded_rate: /);
    expect(found[0]!.length).toBeLessThan(400);
  });
});

describe('in a model', () => {
  const { scenario } = question({
    inputs: { ...SALARY, salary: '120000 to 160000 USD/year' },
    engineering: { loaded_rate: { formula: RATE.slice(2), source: 'finance' } },
  });
  const amount = scenario.engineering.loaded_rate!;
  const modelOf = (found = amount) => {
    const sheet = new Sheet(3);
    const quantity = sheet.amount(found);
    return { sheet, quantity, slot: (path: string) => sheet.model.inputs.findIndex((input) => input.path === path) };
  };

  it('a formula is a quantity of the inputs that it reads', () => {
    const { sheet, quantity, slot } = modelOf();
    const machine = new Machine(sheet.model);
    expect(machine.value(quantity.ref)).toBe(amount.central);
    expect(quantity).toMatchObject({ unit: 'USD/work_hour', source: '= salary * overhead / work_hours; finance' });
    machine.set(slot('inputs.salary'), 280_000);
    machine.set(slot('inputs.work_hours'), 1000);
    machine.run();
    expect(machine.value(quantity.ref)).toBeCloseTo((280_000 * 1.42) / 1000, 10);
  });

  it('what reads the same inputs shares them', () => {
    const { sheet, quantity } = modelOf();
    const count = sheet.model.defs.length;
    expect(sheet.amount(amount).ref).toBe(quantity.ref);
    expect(sheet.amount(scenario.inputs.salary!)).toBeDefined();
    expect(sheet.model.defs.length).toBe(count);
    expect(sheet.model.inputs.filter(({ spec }) => spec.is !== 'point').map(({ path }) => path)).toEqual([
      'inputs.salary',
    ]);
  });

  it('its own path takes a value too, as break-even and sweeps give it one', () => {
    const { sheet, quantity, slot } = modelOf();
    const machine = new Machine(sheet.model);
    machine.set(slot('engineering.loaded_rate'), 200);
    machine.run();
    expect(machine.value(quantity.ref)).toBe(200);
  });

  it('an amount that is not resolved has no place', () => {
    const unresolved = { ...readAmount(RATE, 'USD/work_hour', {}), path: 'engineering.loaded_rate' };
    expect(() => modelOf(unresolved)).toThrow('engineering.loaded_rate is not resolved');
  });

  it('a formula that is 0 at the means is one all the same', () => {
    const { scenario: own } = question({
      inputs: { x: '-1 to 1 normal', one: '1 ms', lag: { formula: 'x * one', unit: 'ms' } },
      strategies: [{ id: 'direct', kind: 'direct', hop_latency: '= lag' }],
    });
    const lag = (own.strategies[0] as { hop_latency?: typeof amount }).hop_latency!;
    const { sheet, quantity, slot } = modelOf(lag);
    const machine = new Machine(sheet.model);
    expect(machine.value(quantity.ref)).toBe(0);
    machine.set(slot('inputs.x'), 3);
    machine.run();
    expect(machine.value(quantity.ref)).toBeCloseTo(3, 12);
  });
});
