/** The gateway "markup" costs 5 % of 0.0045 USD a request, the plan "flat" 49 USD a month: equal where volume x markup is 49 / 0.0045. */
import { describe, expect, it } from 'vitest';
import { axisOf } from '../../src/claims/axes.ts';
import { InputError } from '../../src/errors.ts';
import { renderSvg } from '../../src/io/render-chart.ts';
import { driverLineChart } from '../../src/report/charts/driver-line.ts';
import { driverMapChart } from '../../src/report/charts/driver-map.ts';
import { flipsOf, lineOf, mapOf } from '../../src/results/driver-sweep.ts';
import { flipsText, lineText, mapText, type Paint } from '../../src/results/sweep-words.ts';
import { type Input, managed, monthly, run } from '../costs/fixture.ts';

const PRODUCT = 49 / 0.0045;
const VOLUME = 'traffic.volume.requests_per_month';
const MARKUP = 'gateways.markup.fees.token_markup';
const strategies = [managed('markup'), managed('plans', { plan: 'flat' })];
const evaluation = (own: Input = {}) => run({ baseline: 'markup', strategies, traffic: monthly(100_000), ...own });
const axis = (from: number, to: number, path = VOLUME, of = evaluation()) =>
  axisOf(of.prepared.model, path, { from, to }, 'here');
const plain: Paint = { bold: String, dim: String, strategy: String };

describe('a map over two drivers', () => {
  const map = mapOf(evaluation(), axis(100_000, 400_000), axis(0.02, 0.1, MARKUP), { x: 12, y: 8 });

  it('names the cheaper one on both sides of the curve where they cost the same', () => {
    map.y.values.forEach((markup, j) => {
      map.x.values.forEach((volume, i) => {
        expect(map.best[j]![i]).toBe(volume * markup <= PRODUCT ? 'markup' : 'plans');
        expect(map.margin_usd[j]![i]).toBeCloseTo(2 * Math.abs(0.0045 * markup * volume - 49), 6);
      });
    });
    expect(map.boundary.length).toBeGreaterThan(8);
    for (const { x, y } of map.boundary) expect(x * y).toBeCloseTo(PRODUCT, 2);
  });

  it('is drawn with characters, a legend and boundary values', () => {
    const text = mapText(map, plain);
    const rows = text.split('\n').filter((line) => /[AB+]{13}$/.test(line));
    expect(rows).toHaveLength(9);
    expect(rows[0]).toMatch(/B{12}$/);
    expect(rows.at(-1)).toMatch(/A{13}$/);
    expect(text).toContain('A markup   B plans   + this scenario');
    expect(text).toContain('at 6%: markup below 181,500 requests/month, then plans');
    expect(text).toContain('at 2%: markup throughout');
  });

  it('is drawn as a chart that says what it shows', async () => {
    const svg = await renderSvg(driverMapChart(map, ['markup', 'plans']));
    expect(svg).toMatch(/^<svg role="img"/);
    expect(svg).toContain('this scenario');
    expect(svg).toContain('plans');
  });

  it('takes two inputs and two strategies', () => {
    expect(() => mapOf(evaluation(), axis(1, 2), axis(1, 2), { x: 2, y: 2 })).toThrow(InputError);
    const alone = run({ baseline: 'markup', strategies: [managed('markup')], traffic: monthly(100_000) });
    const [x, y] = [axis(1, 2, VOLUME, alone), axis(0, 1, MARKUP, alone)];
    expect(() => mapOf(alone, x, y, { x: 2, y: 2 })).toThrow(/markup alone can be ranked/);
  });

  it('leaves out what is past its published prices, and marks where nobody is left', () => {
    const two = [managed('plans', { plan: 'pro' }), { ...managed('plans', { plan: 'pro' }), id: 'twin' }];
    const own = run({ baseline: 'plans', strategies: two, traffic: monthly(100_000) });
    const x = axis(1_000_000, 5_000_000, VOLUME, own);
    const found = mapOf(own, x, axis(0, 1, 'discount_rate', own), { x: 4, y: 2 });
    expect(found.best[0]).toEqual(['plans', 'plans', 'plans', null, null]);
    expect(found.margin_usd[0]!.at(-1)).not.toBe(Number.POSITIVE_INFINITY);
    expect(mapText(found, plain)).toContain('AAA..');
  });
});

describe('costs along one driver', () => {
  const line = lineOf(evaluation(), axis(100_000, 400_000), 10);

  it('cross where the two cost the same', () => {
    expect(line.crossings).toHaveLength(1);
    expect(line.crossings[0]).toMatchObject({
      a: 'markup',
      b: 'plans',
      cheaper_below: 'markup',
      cheaper_above: 'plans',
    });
    expect(line.crossings[0]!.value).toBeCloseTo(PRODUCT / 0.05, 3);
    expect(line.best.map(({ verdict }) => verdict)).toEqual(['markup', 'plans']);
    expect(line.npv_usd.markup!.at(-1)).toBeCloseTo(2 * 400_000 * 0.0045 * 1.05, 6);
  });

  it('are told with crossings, or that there is none', () => {
    expect(lineText(line, plain)).toContain('markup and plans at 217,800 requests/month: markup cheaper below');
    const none = lineOf(evaluation(), axis(1000, 2000), 10);
    expect(lineText(none, plain)).toContain('none: no two strategies cost the same within 1,000 requests/month');
  });

  it('are drawn as lines less the baseline', async () => {
    const spec = driverLineChart(line, ['markup', 'plans'], 'markup');
    expect(JSON.stringify(spec)).toContain('less that of markup');
    expect(await renderSvg(spec)).toContain('plans cheapest above 218,000 requests/month');
  });
});

describe('where the recommendation changes', () => {
  it('is found by bisection', () => {
    const found = flipsOf(evaluation(), axis(100_000, 400_000));
    expect(found.recommended).toBe('markup');
    expect(found.flips).toHaveLength(1);
    expect(found.flips[0]).toMatchObject({ below: 'markup', above: 'plans' });
    expect(found.flips[0]!.value).toBeCloseTo(PRODUCT / 0.05, 1);
    expect(flipsText(found, plain)).toContain('at 217,800 requests/month: markup below, plans above');
  });

  it('or is told to be never, with the range', () => {
    const found = flipsOf(evaluation(), axis(1000, 2000));
    expect(found.flips).toEqual([]);
    expect(flipsText(found, plain)).toContain(
      'never within 1,000 requests/month to 2,000 requests/month: markup throughout',
    );
  });
});
