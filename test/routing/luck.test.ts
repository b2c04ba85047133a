import { describe, expect, test } from 'vitest';
import { Luck } from '../../src/routing/luck.ts';

describe('luck', () => {
  test('belongs to the request and its part, whatever was drawn before', () => {
    const luck = Luck.of(1, 'test');
    const draws = (request: number, part: number): number[] => {
      luck.point(request, part);
      return [luck.uniform(), luck.uniform()];
    };
    const first = draws(7, 1);
    draws(8, 1);
    expect(draws(7, 1)).toEqual(first);
    expect(draws(7, 2)).not.toEqual(first);
    expect(draws(7 + 2 ** 32, 1)).not.toEqual(first);
    expect(Luck.of(2, 'test').uniform()).not.toBe(Luck.of(1, 'test').uniform());
  });

  test('is even: mean, variance and correlation of neighbours are those of uniforms within four standard errors', () => {
    const luck = Luck.of(1, 'even');
    const n = 200_000;
    let [sum, squares, product, last] = [0, 0, 0, 0.5];
    const tenths = new Float64Array(10);
    for (let i = 0; i < n; i++) {
      luck.point(i, 3);
      const u = luck.uniform();
      sum += u;
      squares += (u - 0.5) ** 2;
      product += (u - 0.5) * (last - 0.5);
      tenths[Math.floor(u * 10)]!++;
      last = luck.uniform();
    }
    expect(Math.abs(sum / n - 0.5)).toBeLessThan(4 * Math.sqrt(1 / 12 / n));
    expect(Math.abs(squares / n - 1 / 12)).toBeLessThan(4 * Math.sqrt(1 / 180 / n));
    expect(Math.abs(product / n)).toBeLessThan(4 / 12 / Math.sqrt(n));
    for (const count of tenths) expect(Math.abs(count - n / 10)).toBeLessThan(4 * Math.sqrt(0.09 * n));
  });
});
