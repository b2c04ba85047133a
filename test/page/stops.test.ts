import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nearestStop, stopsOf } from '../../src/page/stops.ts';

describe('stops of a slider', () => {
  it('are round numbers with the ends and the central value among them', () => {
    const stops = stopsOf({ least: 40, most: 251, central: 85, scale: 'linear' });
    expect(stops.slice(0, 4)).toEqual([40, 45, 50, 55]);
    expect(stops).toContain(85);
    expect(stops.at(-1)).toBe(251);
  });

  it('grow by a tenth on a logarithmic scale', () => {
    const stops = stopsOf({ least: 1000, most: 100_000, central: 10_500, scale: 'log' });
    expect(stops.slice(0, 3)).toEqual([1000, 1100, 1200]);
    expect(stops).toContain(10_500);
  });

  it('rise strictly and stay in the range', () => {
    const range = fc
      .tuple(
        fc.double({ min: -1e6, max: 1e9, noNaN: true }),
        fc.double({ min: 1e-6, max: 1e9, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
      )
      .map(([least, span, at]) => ({
        least: least + 0,
        most: least + span,
        central: Math.min(least + span, least + span * at),
      }));
    fc.assert(
      fc.property(range, fc.constantFrom('linear', 'log'), (ends, scale) => {
        const stops = stopsOf({ ...ends, scale });
        expect(stops.every((value, i) => i === 0 || value > stops[i - 1]!)).toBe(true);
        expect([stops[0], stops.at(-1)]).toEqual([ends.least, ends.most]);
        expect(stops).toContain(ends.central);
        expect(stops.length).toBeLessThan(220);
        expect(stops[nearestStop(stops, ends.central)]).toBe(ends.central);
      }),
    );
  });

  it('are one where nothing can move', () => {
    expect(stopsOf({ least: 5, most: 5, central: 5, scale: 'linear' })).toEqual([5]);
  });
});
