import { describe, expect, test } from 'vitest';
import { renderSvg } from '../../src/io/render-chart.ts';
import { CHART_IDS, type ChartSpec } from '../../src/report/charts/chart.ts';
import { charts } from '../../src/report/charts/charts.ts';
import { placeMarks } from '../../src/report/charts/labels.ts';
import { strategyColour } from '../../src/report/charts/palette.ts';
import { linearScale, powersOfTen, symlogScale } from '../../src/report/charts/scale.ts';
import { cumulativeDifferences } from '../../src/report/charts/series.ts';
import { spread } from '../../src/report/charts/spread.ts';
import type { Report } from '../../src/report/contract.ts';
import { HORIZON, report, unpricedReport } from './fixture.ts';
import { uncertainReport } from './uncertainty-fixture.ts';

const specs = charts(uncertainReport);
const spec = (id: string): ChartSpec => specs.find((s) => s.usermeta.id === id)!;

describe('specs', () => {
  test('a full report has every chart, plain JSON with title, description and config', () => {
    expect(specs.map((s) => s.usermeta.id)).toEqual([...CHART_IDS]);
    for (const s of specs) {
      expect(JSON.parse(JSON.stringify(s))).toEqual(s);
      expect(s.title.text).not.toBe('');
      expect(s.description.length).toBeGreaterThan(60);
      expect(s).toHaveProperty('config.font');
    }
  });

  test('without totals there is nothing to draw', () => {
    expect(charts(unpricedReport)).toEqual([]);
  });

  test('one unpriced strategy is left out and named', () => {
    const [first, second, ...rest] = report.strategies;
    const partly: Report = {
      ...report,
      strategies: [
        first!,
        { ...second!, npv_usd: null, total_usd: null, monthly_usd: second!.monthly_usd.map(() => null) },
        ...rest,
      ],
    };
    for (const s of charts(partly).slice(0, 3))
      expect(s.description).toContain('Not drawn, since unpriced: openrouter');
  });

  test('a strategy has one colour in all charts', () => {
    const text = JSON.stringify(spec('cumulative-cost'));
    for (const i of report.strategies.keys()) expect(text).toContain(strategyColour(i));
    expect(JSON.stringify(spec('ranking'))).toContain(
      JSON.stringify(report.strategies.map((_, i) => strategyColour(i))),
    );
  });

  test('cumulative differences start at zero and end at the difference of the totals', () => {
    const series = cumulativeDifferences(report);
    const direct = report.strategies[0]!.total_usd!;
    for (const { strategy, values } of series) {
      expect(values).toHaveLength(HORIZON + 1);
      expect(values[0]).toBe(0);
      expect(values.at(-1)).toBeCloseTo(strategy.total_usd! - direct, 6);
    }
  });

  test('break-even months are marked in words, and spelt out when there is none', () => {
    expect(JSON.stringify(spec('cumulative-cost'))).toMatch(/openrouter dearer from month 22\.\d \(Oct 2028\)/);
    const never = charts({ ...report, break_even: [] })[0]!;
    expect(never.description).toContain('Break-even with direct: never');
  });
});

describe('drawing', () => {
  test('every chart compiles without a warning, names itself and has ids of its own', async () => {
    for (const s of specs) {
      const { id } = s.usermeta;
      const svg = await renderSvg(s);
      expect(svg).toMatch(/^<svg role="img" aria-labelledby="/);
      expect(svg).toContain(`<title id="${id}-title">`);
      expect(svg).toContain(`<desc id="${id}-desc">`);
      for (const [, own] of svg.matchAll(/ id="([^"]+)"/g)) expect(own).toMatch(new RegExp(`^${id}-`));
      for (const [, used] of svg.matchAll(/url\(#([^)]+)\)/g)) expect(svg).toContain(` id="${used}"`);
    }
  });

  test('the same spec gives the same bytes, whatever was drawn between', async () => {
    const once = await renderSvg(spec('composition'));
    await renderSvg(spec('ranking'));
    expect(await renderSvg(spec('composition'))).toBe(once);
  });

  test('hostile names are text, and nothing is cut', async () => {
    for (const s of specs) {
      const svg = await renderSvg(s);
      expect(svg).not.toMatch(/<(script|b|img)\b|\u202e/);
      expect(svg).toContain('mixed &lt;b&gt;&amp; co&lt;/b&gt;');
      expect(svg.replace(/<(title|desc)[\s\S]*?<\/\1>/g, '')).not.toContain('…');
    }
  });

  test('a warning is an error that names the chart', async () => {
    const wrong: ChartSpec = {
      ...spec('ranking'),
      layer: undefined,
      mark: 'bar',
      encoding: { x: { field: 'usd', type: 'quantitative', scale: { type: 'log', paddingInner: 3 } } },
    };
    await expect(renderSvg(wrong)).rejects.toThrow(/^chart ranking: /);
  });
});

describe('labels and scales', () => {
  test('labels keep their order, a line apart and inside', () => {
    expect(spread([100, 101, 0], 200, 17)).toEqual([100, 117, 0]);
    expect(spread([198, 199, 200], 200, 17)).toEqual([166, 183, 200]);
    expect(spread([], 200)).toEqual([]);
  });

  test('marks that would touch go to another row, and turn left at the right edge', () => {
    const placed = placeMarks(
      [
        { x: 10, text: 'a long text' },
        { x: 20, text: 'another' },
        { x: 590, text: 'at the edge' },
      ],
      600,
    );
    expect(placed.map(({ row }) => row)).toEqual([0, 1, 0]);
    expect(placed[2]!.left).toBeLessThan(590);
  });

  test('a linear scale has round ticks, with zero among them, below the headroom', () => {
    const scale = linearScale([-40_000, 16_000], 340, 60);
    expect(scale.ticks).toEqual([-40_000, -30_000, -20_000, -10_000, 0, 10_000]);
    expect(scale.pixel(16_000)).toBeGreaterThan(60);
    expect(scale.pixel(scale.domain[0])).toBeCloseTo(340, 9);
  });

  test('a symlog scale keeps both signs and zero apart', () => {
    const scale = symlogScale([-200_000, 90_000], 340, 0);
    expect(scale.constant).toBe(100);
    expect(scale.ticks).toEqual([-100_000, -10_000, -1_000, 0, 1_000, 10_000, 100_000]);
    expect(scale.pixel(0)).toBeGreaterThan(scale.pixel(1_000) + 20);
  });

  test('all equal values still make a scale', () => {
    expect(linearScale([0, 0], 340, 0).domain[1]).toBeGreaterThan(0);
    expect(symlogScale([0, 0], 340, 0).ticks).toContain(0);
    expect(powersOfTen(40, 12_000)).toEqual([100, 1_000, 10_000]);
  });
});
