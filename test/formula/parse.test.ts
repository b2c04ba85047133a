import { describe, expect, it } from 'vitest';
import { symbolsOf } from '../../src/formula/expr.ts';
import { FormulaError, parseFormula } from '../../src/formula/parse.ts';

describe('a formula', () => {
  it('is read into data', () => {
    expect(parseFormula('a * (b + 2)')).toEqual({
      op: '*',
      args: [{ symbol: 'a' }, { op: '+', args: [{ symbol: 'b' }, { number: 2 }] }],
    });
    expect(parseFormula('-x')).toEqual({ op: '-', args: [{ number: 0 }, { symbol: 'x' }] });
    expect(parseFormula('+x')).toEqual({ symbol: 'x' });
    expect(parseFormula('max(a, b, 3)')).toEqual({
      op: 'max',
      args: [{ symbol: 'a' }, { symbol: 'b' }, { number: 3 }],
    });
  });

  it('multiplies only where an operator stands, where that is asked for', () => {
    expect(parseFormula('2 days')).toEqual({ op: '*', args: [{ number: 2 }, { symbol: 'days' }] });
    const strict = (text: string) => () => parseFormula(text, { multiplies_silently: false });
    expect(strict('salary overhead')).toThrow('nothing stands between "salary" and "overhead"');
    expect(strict('2 (a + b)')).toThrow('nothing stands between "2" and "(a + b)"');
    expect(strict('2 * (a + b)')()).toEqual(parseFormula('2 * (a + b)'));
  });

  it('names what it reads, each once, in order', () => {
    expect(symbolsOf(parseFormula('b * a + max(b, c)'))).toEqual(['b', 'a', 'c']);
  });

  it.each([
    ['a = 5', /AssignmentNode/],
    ['f(x) = x', /FunctionAssignmentNode/],
    ['[1, 2]', /ArrayNode/],
    ['{a: 1}', /ObjectNode/],
    ['1:10', /RangeNode/],
    ['a; b', /BlockNode/],
    ['a.b', /AccessorNode/],
    ['a["constructor"]', /AccessorNode/],
    ['"text"', /ConstantNode/],
    ['a ? b : c', /"a \? b : c" is not allowed; write \(x < y\) \* b \+ \(x >= y\) \* c/],
    ['a < b < c', /"a < b < c" compares more than two sides at once; write \(a < b\) \* \(b < c\)/],
    ['a and b', /the operator "and" is not allowed; allowed are \+ - \* \/ \^ < <= > >= == !=/],
    ['a mod b', /the operator "mod" is not allowed/],
    ['a!', /the operator "!" is not allowed/],
    ["a'", /the operator "'" is not allowed/],
    ['a to b', /the operator "to" is not allowed/],
    ['not a', /the operator "not" is not allowed/],
    ['5 %', /"%" is not allowed in a formula; write 0.05 for 5 %/],
    ['zeros(1e9)', /the function "zeros" is not allowed; allowed are max, min, /],
    ['config({number: "BigNumber"})', /the function "config" is not allowed/],
    ['import({a: 1})', /the function "import" is not allowed/],
    ['createUnit("foo")', /the function "createUnit" is not allowed/],
    ['max(a)', /"max" takes two values or more, got 1/],
    ['ceil(a, b)', /"ceil" takes one value, got 2/],
    ['pow(a)', /"pow" takes two values, got 1/],
    ['round(a, 2)', /"round" takes one value, got 2/],
    ['(a', /can't be read/],
    ['', /is empty/],
    ['1'.repeat(2001), /is 2001 characters long; at most 2000 are read/],
    [Array(600).fill('a').join('+'), /has more than 500 terms/],
    [`${'('.repeat(101)}a${')'.repeat(101)}`, /has more than 100 brackets within each other/],
  ])('%.60s is refused', (text, message) => {
    expect(() => parseFormula(text)).toThrow(FormulaError);
    expect(() => parseFormula(text)).toThrow(message);
  });
});
