import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstAbove, firstAtLeast } from '../src/rising.ts';

const rising = fc
  .array(fc.integer({ min: -5, max: 5 }), { maxLength: 20 })
  .map((values) => values.sort((a, b) => a - b));

describe('places in rising numbers', () => {
  it('are those of the example', () => {
    expect(firstAbove([1, 3, 3, 7], 3)).toBe(3);
    expect(firstAtLeast([1, 3, 3, 7], 3)).toBe(1);
    expect(firstAbove([1, 3, 3, 7], 7)).toBe(4);
  });

  it('are those that a look at every number finds', () => {
    fc.assert(
      fc.property(rising, fc.integer({ min: -6, max: 6 }), (values, x) => {
        expect(firstAbove(values, x)).toBe(values.filter((value) => value <= x).length);
        expect(firstAtLeast(Float64Array.from(values), x)).toBe(values.filter((value) => value < x).length);
      }),
    );
  });

  it('stay within the part that is looked at', () => {
    expect(firstAbove([1, 3, 3, 7], 0, 2, 3)).toBe(2);
    expect(firstAbove([1, 3, 3, 7], 9, 0, 2)).toBe(2);
    expect(firstAtLeast([], 1)).toBe(0);
  });
});
