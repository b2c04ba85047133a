import { describe, expect, it } from 'vitest';
import { type Limits, NON_NEGATIVE, readAmount, SHARE } from '../src/amount.ts';
import { FormulaError, parseFormula } from '../src/formula/parse.ts';
import { hasUnit, parseQuantity } from '../src/formula/quantity.ts';
import { HOURS_PER_MONTH } from '../src/units.ts';

const read = (
  input: number | string | Record<string, unknown>,
  unit = 'USD/work_hour',
  limits: Limits = NON_NEGATIVE,
) => readAmount(input, unit, limits);

describe('an amount', () => {
  it.each([
    [3, '1', 3],
    ['120 USD/hour', 'USD/work_hour', 120],
    ['3 days', 'work_hour', 24],
    ['3 days', 'hour', 72],
    ['2 weeks', 'work_hour', 80],
    ['1.5 to 1.5001 days normal', 'work_hour', 12.0004],
    ['1 month', 'hour', 730],
    ['1 year', 'hour', 8760],
    ['8 %/year', '1/year', 0.08],
    ['12 %/year', 'fraction/month', 0.009488792934583],
    ['1 %/month', 'fraction/year', 0.12682503013196977],
    ['3 %/month', 'fraction/month', 0.03],
    ['2 hours/week', 'work_hour/month', (2 * 730) / 168],
    ['5 %', '1', 0.05],
    ['24 hours/month', 'work_hour/month', 24],
    ['12 hours/year', 'work_hour/month', 1],
    ['3 USD/Mtok', 'USD/Mtok', 3],
    ['3000 USD/Btok', 'USD/Mtok', 3],
    ['2 kreq/month', 'request/month', 2000],
    ['0.5 s', 'ms', 500],
    ['-70 ms', 'ms', -70],
    ['1e3', '1', 1000],
    ['2 USD + 3 USD', 'USD', 5],
    ['1200 USD / 2 hours', 'USD/work_hour', 600],
  ])('%s in %s is %f', (input, unit, central) => {
    expect(read(input, unit, {}).central).toBeCloseTo(central, 9);
  });

  it.each([
    ['2 to 5', 3.287353233105966],
    ['1 to 10', 4.040012826945727],
    ['0.02 to 0.055', 0.034771995769010806],
    ['2 to 5 lognormal', 3.287353233105966],
    ['2 to 5 USD', 3.287353233105966],
    ['2 USD to 5 USD', 3.287353233105966],
    ['2 to 5 normal', 3.5],
    ['-2 to 5 USD normal', 1.5],
  ])('%s has the mean %f', (input, central) => {
    expect(read(input, 'USD').central).toBeCloseTo(central, 14);
  });

  it.each([
    [{ dist: 'pert', min: 1, mode: 2, max: 6 }, 2.5],
    [{ dist: 'triangular', min: 1, mode: 2, max: 6 }, 3],
    [{ dist: 'uniform', min: 1, max: 6 }, 3.5],
    [{ dist: 'normal', p5: 2, p95: 5 }, 3.5],
    [{ dist: 'lognormal', p5: 2, p95: 5 }, 3.287353233105966],
    [{ value: '2 to 5', source: 'a study', as_of: '2026-01-01' }, 3.287353233105966],
  ])('%j has the mean %f', (input, central) => {
    expect(read(input, 'USD').central).toBeCloseTo(central, 14);
  });

  it.each([
    [{ dist: 'beta', mean: 0.3, sd: 0.1 }, '1', { is: 'beta', mean: 0.3, sd: 0.1 }, 0.3],
    [
      {
        dist: 'discrete',
        points: [
          { value: '2 USD', weight: 3 },
          { value: 6, weight: '100 %' },
        ],
      },
      'USD',
      {
        is: 'discrete',
        points: [
          { value: 2, weight: 3 },
          { value: 6, weight: 1 },
        ],
      },
      3,
    ],
    [
      {
        dist: 'mixture',
        parts: [
          { value: '2 to 5 normal', weight: 1 },
          { value: { dist: 'uniform', min: 1, max: 2 }, weight: 3 },
        ],
      },
      'USD',
      {
        is: 'mixture',
        parts: [
          { weight: 1, spec: { is: 'normal', p5: 2, p95: 5 } },
          { weight: 3, spec: { is: 'uniform', min: 1, max: 2 } },
        ],
      },
      2,
    ],
    [{ dist: 'empirical', values: [9, 1, '2 s'], unit: 's' }, 'ms', undefined, 4000],
    [
      { dist: 'empirical', values: [12, 24], unit: '%/year' },
      'fraction/month',
      undefined,
      (1.12 ** (1 / 12) + 1.24 ** (1 / 12)) / 2 - 1,
    ],
  ])('%j in %s is %j with the mean %f', (input, unit, spec, central) => {
    const found = read(input, unit, {});
    if (spec !== undefined) expect(found.spec).toEqual(spec);
    expect(found.central).toBeCloseTo(central, 12);
  });

  it('of parts in another currency says so, and parts tell where they come from', () => {
    const parts = [
      { value: { value: '2 EUR', source: 'a bill' }, weight: 1 },
      { value: '4 EUR', weight: 1 },
    ];
    expect(read({ dist: 'mixture', parts }, 'USD')).toMatchObject({ currency: 'EUR', central: 3, source: 'a bill' });
  });

  it('keeps its source and date', () => {
    expect(read({ value: 3, source: 'a study', as_of: '2026-01-01' }, 'USD')).toMatchObject({
      source: 'a study',
      as_of: '2026-01-01',
      spec: { is: 'point', value: 3 },
    });
  });

  it('of a share stays between 0 and 1', () => {
    const { spec, central } = read('20 % to 60 %', '1', SHARE);
    expect(spec).toEqual({ is: 'logitnormal', p5: 0.2, p95: 0.6 });
    expect(central).toBeGreaterThan(0.2);
    expect(central).toBeLessThan(0.6);
  });
});

it('puts measured values in rising order', () => {
  expect(read({ dist: 'empirical', values: [9, 1, 4] }, 'USD').spec).toEqual({ is: 'empirical', values: [1, 4, 9] });
});

describe('bad input', () => {
  const bad: [input: number | string | Record<string, unknown>, unit: string, limits: Limits, message: RegExp][] = [
    ['3 USDD/hour', 'USD/work_hour', NON_NEGATIVE, /unknown unit "USDD" \(did you mean "USD".*\); expected USD\/hour/],
    ['5 to 2', 'USD', NON_NEGATIVE, /runs from 5 to 2; the lower bound comes first/],
    ['2 to 2', 'USD', NON_NEGATIVE, /runs from 2 to 2 and has no spread; write 2/],
    [
      '0 to 5',
      'USD',
      NON_NEGATIVE,
      /0 to 5 is log-normal and needs bounds above 0; write \{dist: uniform, min: 0, max: 5\}/,
    ],
    ['-1 to 3', 'USD', NON_NEGATIVE, /-1 to 3 is log-normal and needs bounds above 0/],
    ['10 % to 130 %', '1', SHARE, /"10 % to 130 %" needs bounds between 0 and 1/],
    ['130 %', '1', SHARE, /130 % is out of range; allowed is between 0 and 1/],
    [-1, 'USD', NON_NEGATIVE, /-1 is out of range; allowed is at least 0 USD/],
    ['1,000', 'USD', NON_NEGATIVE, /"1,000": .*expected .*"3 USD"/],
    ['1_000', 'USD', NON_NEGATIVE, /"1_000": write 1000, without separators; expected a number/],
    ['', 'USD', NON_NEGATIVE, /"": is empty; expected/],
    ['12 EUR/Mtok', 'request/month', NON_NEGATIVE, /"12 EUR\/Mtok" is in EUR\/token, expected request\/month/],
    ['3 USD', 'work_hour', NON_NEGATIVE, /"3 USD" is in USD, expected hour/],
    ['3 %', '1/month', NON_NEGATIVE, /"3 %" is a plain number, expected 1\/month/],
    ['zeros(1e9)', 'USD', NON_NEGATIVE, /"zeros\(1e9\)".* the function "zeros" is not allowed.*expected/],
    ['config({number:"BigNumber"})', 'USD', NON_NEGATIVE, /the function "config" is not allowed.*expected/],
    ['createUnit("foo")', 'USD', NON_NEGATIVE, /the function "createUnit" is not allowed.*expected/],
    ['import', 'USD', NON_NEGATIVE, /unknown unit "import"/],
    [`${'('.repeat(10_000)}1${')'.repeat(10_000)}`, 'USD', NON_NEGATIVE, /20001 characters long; at most 2000/],
    [
      `${'('.repeat(900)}1${')'.repeat(900)}`,
      'USD',
      NON_NEGATIVE,
      /more than 100 brackets within each other; expected/,
    ],
    ['x=5', 'USD', NON_NEGATIVE, /"x = 5" .*not allowed.*expected/],
    ['[1,2]', 'USD', NON_NEGATIVE, /"\[1,2\]": .*not allowed.*expected/],
    ['"a"+"b"', 'USD', NON_NEGATIVE, /not allowed.*expected/],
    ['1:10', 'USD', NON_NEGATIVE, /"1:10".*not allowed.*expected/],
    ['2 ^ 10', 'USD', NON_NEGATIVE, /"\^" is not allowed in a quantity/],
    ['abs(3)', 'USD', NON_NEGATIVE, /"abs" is not allowed in a quantity/],
    ['1 USD + 2 hours', 'USD', NON_NEGATIVE, /adds USD and hour/],
    ['1/0', 'USD', NON_NEGATIVE, /1\/0 is not a finite number/],
    [Number.POSITIVE_INFINITY, 'USD', NON_NEGATIVE, /Infinity is not a finite number/],
    [{ dist: 'pert', min: 1, mode: 9, max: 6 }, 'USD', NON_NEGATIVE, /min 1, mode 9, max 6 are not in order/],
    [{ dist: 'pert', min: -1, mode: 2, max: 6 }, 'USD', NON_NEGATIVE, /out of range; allowed is at least 0 USD/],
    [{ dist: 'gauss', mean: 1 }, 'USD', NON_NEGATIVE, /is no distribution; allowed are/],
    [{ dist: 'perd', min: 1, mode: 2, max: 6 }, 'USD', NON_NEGATIVE, /is no distribution; .*\(did you mean "pert"/],
    [
      { dist: 'pert', min: 1, mod: 2, max: 6 },
      'USD',
      NON_NEGATIVE,
      /mode: is missing; \{dist: pert\} takes min, mode, max, source, as_of|unknown key "mod" \(did you mean "mode"\?\)/,
    ],
    [{ dist: 'uniform', min: 1, max: 6, mad: 3 }, 'USD', NON_NEGATIVE, /unknown key "mad" \(did you mean "max"\?\)/],
    [{ dist: 'uniform', min: 1 }, 'USD', NON_NEGATIVE, /max: is missing; \{dist: uniform\} takes min, max/],
    [{ dist: 'normal', p5: [1], p95: 2 }, 'USD', NON_NEGATIVE, /p5: found \[1\]; \{dist: normal\} takes p5, p95/],
    [{ dist: 'discrete', points: [] }, 'USD', NON_NEGATIVE, /points: found \[\]; \{dist: discrete\} takes points/],
    [
      { dist: 'discrete', points: [{ value: 1, weigth: 2 }] },
      'USD',
      NON_NEGATIVE,
      /points\[0\]\.?.*(weight: is missing|"weight")/,
    ],
    [
      { dist: 'discrete', points: [{ value: 1, weight: 0 }] },
      'USD',
      NON_NEGATIVE,
      /points\[0\]: the weight 0 is not above 0/,
    ],
    [
      { dist: 'discrete', points: [{ value: -1, weight: 1 }] },
      'USD',
      NON_NEGATIVE,
      /out of range; allowed is at least 0/,
    ],
    [
      {
        dist: 'mixture',
        parts: [
          { value: 1, weight: 1 },
          { value: '5 to 2', weight: 1 },
        ],
      },
      'USD',
      NON_NEGATIVE,
      /parts\[1\]: the interval runs from 5 to 2/,
    ],
    [{ dist: 'empirical', values: [1, '3 hours'] }, 'USD', NON_NEGATIVE, /"3 hours" is in hour, expected USD/],
    [{ dist: 'empirical', values: [1, -3] }, 'USD', NON_NEGATIVE, /out of range; allowed is at least 0 USD/],
    [{ empirical: { file: 'a.csv', column: 'x' } }, 'USD', NON_NEGATIVE, /"a.csv" is read with a scenario file only/],
    [
      { empirical: { file: 'a.csv', colum: 'x' } },
      'USD',
      NON_NEGATIVE,
      /column: is missing; allowed are file, column, unit/,
    ],
    ['20 % to 60 % normal', '1', { min: 0, max: 0.9 }, /lies above 0.9 with a probability of 0.00002/],
    ['20 % to 90 % lognormal', '1', SHARE, /lies above 1 with a probability of 0\.0/],
    [{ valu: 3 }, 'USD', NON_NEGATIVE, /is no distribution; allowed are \{value, source, as_of\}/],
  ];

  it.each(bad.map((one) => [String(JSON.stringify(one[0])).slice(0, 40), ...one] as const))(
    '%s is told in one line, within 50 ms',
    (_, input, unit, limits, message) => {
      const before = performance.now();
      let told = '';
      try {
        read(input, unit, limits);
      } catch (error) {
        expect(error).toBeInstanceOf(FormulaError);
        told = (error as Error).message;
      }
      expect(performance.now() - before).toBeLessThan(50);
      expect(told).toMatch(message);
      expect(told).not.toContain('\n');
      expect(told).not.toContain('work_hour');
      expect(told.length).toBeLessThan(400);
    },
  );

  it('leaves nothing behind: later amounts read as ever', () => {
    expect(parseQuantity('0.1 + 0.2', '1')).toBe(0.1 + 0.2);
    expect(() => parseFormula('foo(1)')).toThrow('the function "foo" is not allowed');
  });
});

describe('units', () => {
  it('a month has 730 hours', () => {
    expect(parseQuantity('1 month', 'hour')).toBe(HOURS_PER_MONTH);
  });

  it.each([
    ['0.5', false],
    ['1e3', false],
    ['1e-3', false],
    ['3 %', true],
    ['3 s', true],
    ['3 USD', true],
  ])('hasUnit(%s) is %s', (text, expected) => {
    expect(hasUnit(text)).toBe(expected);
  });
});
