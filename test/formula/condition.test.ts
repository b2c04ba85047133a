import { describe, expect, it } from 'vitest';
import { type Lookup, parseCondition, type Verdict } from '../../src/formula/condition.ts';
import { nameProblems } from '../../src/formula/condition-names.ts';
import { FormulaError } from '../../src/formula/parse.ts';

const FIGURES: Readonly<Record<string, number | string | null>> = {
  saving_usd: 1500,
  'npv_usd.direct': 100,
  'npv_usd.gateway-15': 80,
  'npv_usd.dark': null,
  recommended: 'gateway-15',
  baseline: 'direct',
  nobody: null,
  never: Number.POSITIVE_INFINITY,
  'input.prices.openai/gpt-4.1.input': 2,
};
const lookup: Lookup = (name) => (Object.hasOwn(FIGURES, name) ? FIGURES[name] : undefined);
const verdict = (text: string): Verdict => parseCondition(text).verdict(lookup);
const refusal = (text: string): string => {
  try {
    parseCondition(text);
  } catch (error) {
    if (error instanceof FormulaError) return error.message;
    throw error;
  }
  return 'was read';
};

describe('a condition', () => {
  it.each([
    ['saving_usd > 1000', 'holds'],
    ['saving_usd >= 1500 and saving_usd <= 1500', 'holds'],
    ['saving_usd != 1500', 'fails'],
    ['npv_usd.gateway-15 < npv_usd.direct', 'holds'],
    ['npv_usd.direct - npv_usd.gateway-15 == 20', 'holds'],
    ['npv_usd.gateway-15 / npv_usd.direct - 1 < -15 %', 'holds'],
    ['not saving_usd > 1000', 'fails'],
    ['not (saving_usd > 1000 or 1 > 2) or 2 > 1', 'holds'],
    ['1 > 2 and 1 > 2 or 2 > 1', 'holds'],
    ['(saving_usd + 500) * 2 == 4000', 'holds'],
    ['((saving_usd > 1)) and ((2) < (3))', 'holds'],
    ['max(npv_usd.direct, npv_usd.gateway-15, 7) == 100', 'holds'],
    ['abs(-3) == 3', 'holds'],
    ['round(2.5) + round(2.4) == 5', 'holds'],
    ['round(min(2.6, round(9))) == 3', 'holds'],
    ['2 ^ 3 - 1 == 7', 'holds'],
    ['0.1 + 0.2 == 0.3 and not 0.1 + 0.2 > 0.3', 'holds'],
    ['input["prices.openai/gpt-4.1.input"] == 2', 'holds'],
    ['1e3 < saving_usd', 'holds'],
  ])('%s: %s', (text, expected) => {
    expect(verdict(text)).toBe(expected);
  });

  it('compares names of strategies as words', () => {
    expect(verdict('recommended == gateway-15')).toBe('holds');
    expect(verdict('direct != recommended')).toBe('holds');
    expect(verdict('recommended == baseline')).toBe('fails');
    expect(verdict('nobody == direct')).toBe('unknown');
  });

  it('takes never for more than any number', () => {
    expect(verdict('never > 1e300')).toBe('holds');
    expect(verdict('never == never')).toBe('holds');
    expect(verdict('never < 12')).toBe('fails');
    expect(verdict('never - never == 0')).toBe('unknown');
  });

  it('is unknown where a figure is, unless the rest decides', () => {
    expect(verdict('npv_usd.dark > 0')).toBe('unknown');
    expect(verdict('not npv_usd.dark > 0')).toBe('unknown');
    expect(verdict('npv_usd.dark > 0 and saving_usd > 0')).toBe('unknown');
    expect(verdict('npv_usd.dark > 0 or saving_usd > 0')).toBe('holds');
    expect(verdict('npv_usd.dark > 0 and saving_usd < 0')).toBe('fails');
    expect(verdict('0 / 0 > 1')).toBe('unknown');
    expect(verdict('max(npv_usd.dark, 1) > 0')).toBe('unknown');
  });

  it('lists its names once, in order', () => {
    expect(parseCondition('b.x < a and a > b.x + c-d').names).toEqual(['b.x', 'a', 'c-d']);
  });
});

describe('a condition that can not be read', () => {
  it.each([
    ['', 'is empty'],
    ['saving_usd', '"saving_usd" is compared with nothing; write for example saving_usd > 0'],
    ['(saving_usd)', '"saving_usd" is compared with nothing'],
    ['saving_usd > 1,000', '"," stands between the values of a function only; write 1000 for 1,000'],
    ['saving_usd = 3', '"=" is not allowed; write == to compare'],
    ['a > 1 && b > 2', '"&&" is not allowed; write "and"'],
    ['1 < saving_usd < 3', 'compares more than two sides at once; write a < b and b < c'],
    ['saving_usd >', 'something is missing beside ">"'],
    ['saving_usd > 1 and', 'something is missing beside "and"'],
    ['saving_usd > 2 USD', 'nothing stands between "2" and "USD"'],
    ['2(3) > 1', 'nothing stands between "2" and "("'],
    ['(a < b) + 1 > 2', '"<" can\'t stand within a calculation: (a < b) + 1'],
    ['max(a > 1, 2) > 1', '">" can\'t stand within a calculation'],
    ['a > * 3', 'a value is missing before "*"'],
    ['a > 3 *', 'a value is missing after "*"'],
    ['a > ()', 'a value is missing before ")"'],
    ['max(3) > 1', '"max" takes two values or more, got 1'],
    ['round(2, 1) > 1', '"round" takes one value'],
    ["recommended == 'direct'", '"\'" is not allowed: text needs no quotes, write recommended == direct'],
    ['(a > 1', 'has 1 opening bracket too many'],
    ['a > 1)', 'has a closing bracket too many'],
    ['not not a > 1', '"not" stands twice in a row'],
    ['a > - - 1', 'a value is missing before "-"'],
    ['not', 'something is missing between brackets or after "not"'],
  ])('%s', (text, expected) => {
    expect(refusal(text)).toContain(expected);
  });

  const hostile = [
    'config({number: "BigNumber"}) == 1',
    'config(1) == 1',
    'createUnit("x") == 1',
    'createUnit(x) == 1',
    'import({pi: 3}) == 1',
    'import(x, y) == 1',
    'zeros(1e9) == 1',
    'ones(1e9) > 0',
    'range(1, 1e9) == 1',
    '1:1e9 == 1',
    'combinations(1e9, 5e8) == 1',
    'factorial(1e9) > 1',
    'constructor.constructor == 1',
    'npv_usd.__proto__ > 1',
    'a["__proto__"] > 1',
    'cos.constructor("return process")() == 1',
    `${'('.repeat(10_000)}1${')'.repeat(10_000)} > 1`,
    `${'('.repeat(500)}1${')'.repeat(500)} > 1`,
    `${'['.repeat(900)}1${']'.repeat(900)} > 1`,
    `${'-'.repeat(1_900)}1 > 1`,
    `${'not '.repeat(450)} 1`,
    'a = 5',
    'a == 5; b == 6',
    'f(x) = x',
    '"a" == "a"',
    '[1, 2, 3] == 1',
    '{a: 1} == 1',
    'a[1] == 1',
    '5 cm > 3 mm',
    'a ? b : c',
    'a > 1 % 2 %',
    "a' > 1",
    'a! > 1',
    'x.y() > 1',
    'eval(1) > 0',
    'parse(1) > 0',
    'a | b > 1',
    'a > b\u202e',
    'a > \u0000',
    '１ > 0',
    'a -> b',
    'a > b -',
    'n0 n1 > 2',
    'a ^^ b > 1',
    'x'.repeat(5_000),
  ];
  it.each(hostile.map((text) => [text.slice(0, 40), text]))('refuses %s within 50 ms', (_, text) => {
    const from = performance.now();
    expect(refusal(text)).not.toBe('was read');
    expect(performance.now() - from).toBeLessThan(50);
  });

  it('leaves the parser as it was', () => {
    for (const text of hostile) refusal(text);
    expect(verdict('saving_usd > 1000 and 0.5 + 0.5 == 1')).toBe('holds');
  });
});

describe('names of a condition', () => {
  const problems = (text: string): string[] =>
    nameProblems(parseCondition(text), {
      kindOf: (name) =>
        name === 'recommended' || name === 'baseline'
          ? 'text'
          : ['saving_usd', 'npv_usd.direct', 'npv_usd.gateway-15', 'unpriced'].includes(name)
            ? 'number'
            : undefined,
      names: () => ['saving_usd', 'npv_usd.direct', 'npv_usd.gateway-15', 'unpriced', 'recommended', 'baseline'],
      words: ['direct', 'gateway-15'],
    });

  it('that exist are fine', () => {
    expect(problems('saving_usd > 0 and recommended == direct and baseline != recommended')).toEqual([]);
  });

  it('are told with the nearest right one', () => {
    expect(problems('savings_usd > 0')).toEqual(['there is no figure "savings_usd" (did you mean "saving_usd"?)']);
    expect(problems('npv_usd.direkt > 0')[0]).toContain('"npv_usd.direct"');
    expect(problems('recommended == gateway15')).toEqual([
      'there is no strategy "gateway15" (did you mean "gateway-15"?); known are direct, gateway-15',
    ]);
  });

  it('are told where a minus needs spaces', () => {
    expect(problems('saving_usd-1000 > 0')).toEqual([
      'there is no figure "saving_usd-1000"; a minus needs spaces: saving_usd - 1000',
    ]);
    expect(problems('npv_usd.gateway-15-npv_usd.direct > 0')[0]).toContain('npv_usd.gateway-15 - npv_usd.direct');
  });

  it('of texts take no arithmetic and no order', () => {
    expect(problems('recommended > direct')).toEqual(['names are compared by == and != alone, not by ">"']);
    expect(problems('recommended + 1 == 2')).toEqual([
      '"recommended" is a name, not a number, in "recommended + 1 == 2"',
    ]);
  });
});
