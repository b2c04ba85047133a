import { describe, expect, test } from 'vitest';
import { renderSvg } from '../../../src/io/render-chart.ts';
import { charts as measuredCharts } from '../../../src/measurements/charts/charts.ts';
import { comparisonOf } from '../../../src/measurements/compare.ts';
import type { ChartSpec } from '../../../src/report/charts/chart.ts';
import { charts } from '../../../src/report/charts/charts.ts';
import type { PictureAxis } from '../../../src/report/charts/driver-axis.ts';
import { driverLineChart } from '../../../src/report/charts/driver-line.ts';
import { driverMapChart, type MapPicture } from '../../../src/report/charts/driver-map.ts';
import { textWidth } from '../../../src/report/charts/text-width.ts';
import { hostile, measured } from '../../measurements/setting.ts';
import { report } from '../fixture.ts';
import { uncertainReport } from '../uncertainty-fixture.ts';
import { cut, type Measure, overlaps, placedTexts, sizeOf } from './placed-texts.ts';
import { randomReport } from './random-report.ts';

const FONTS: Readonly<Record<string, Measure>> = {
  'DejaVu Sans': textWidth,
  'a font that runs 4% wider': (...one) => 1.04 * textWidth(...one),
  'a font that runs 15% narrower': (...one) => 0.85 * textWidth(...one),
};

async function faults(specs: readonly ChartSpec[]): Promise<string[]> {
  const found: string[] = [];
  for (const spec of specs) {
    const svg = await renderSvg(spec);
    for (const [font, measure] of Object.entries(FONTS)) {
      const boxes = placedTexts(svg, measure);
      expect(boxes.length).toBeGreaterThan(3);
      found.push(
        ...overlaps(boxes).map((pair) => `${spec.usermeta.id}, ${font}: overlap ${pair}`),
        ...cut(boxes, sizeOf(svg)).map((text) => `${spec.usermeta.id}, ${font}: cut ${text}`),
      );
    }
  }
  return found;
}

describe('the check itself', () => {
  const svg = (texts: string): string => `<svg viewBox="0 0 100 50"><g transform="translate(10,10)">${texts}</g></svg>`;
  const at = (x: number, y: number, words: string): string =>
    `<text text-anchor="start" transform="translate(${x},${y})" font-size="12px">${words}</text>`;

  test('sees texts that cover each other, and texts that reach over the edge', () => {
    const over = svg(at(0, 20, 'cost') + at(10, 22, 'month'));
    expect(overlaps(placedTexts(over))).toEqual(['cost | month']);
    expect(overlaps(placedTexts(svg(at(0, 0, 'cost') + at(0, 17, 'month'))))).toEqual([]);
    expect(cut(placedTexts(svg(at(70, 20, 'month'))), { width: 100, height: 50 })).toEqual(['month']);
    expect(cut(placedTexts(svg(at(0, 20, 'month'))), { width: 100, height: 50 })).toEqual([]);
  });

  test('reads lines of a text and quarter-turned texts', () => {
    const lines =
      '<text text-anchor="end" transform="translate(60,20)" font-size="12px"><tspan>a</tspan><tspan x="0" dy="14">bc</tspan></text>';
    const turned =
      '<text text-anchor="middle" transform="translate(0,20) rotate(-90) translate(0,-2)" font-size="12px">cost</text>';
    const [a, bc, cost] = placedTexts(svg(lines + turned));
    expect([a!.right, bc!.right]).toEqual([70, 70]);
    expect(bc!.bottom - a!.bottom).toBe(14);
    expect(cost!.bottom - cost!.top).toBeCloseTo(textWidth('cost', 12), 9);
    expect((cost!.bottom + cost!.top) / 2).toBeCloseTo(30, 9);
  });
});

describe('no text of a chart covers another or is cut, in whatever font', () => {
  test('on charts of usual reports', async () => {
    expect(await faults([...charts(uncertainReport), ...charts(report)])).toEqual([]);
  });

  test.each([
    [1, 2, 0.02],
    [2, 3, 9],
    [3, 8, 2_000],
    [4, 13, 4e6],
    [5, 24, 300],
  ])('on charts of a random report (seed %i, %i strategies)', async (seed, count, scale) => {
    expect(await faults(charts(randomReport(seed, count, scale)))).toEqual([]);
  });

  test('on charts of measurements', async () => {
    const specs = [measured(), hostile()].flatMap((found) => measuredCharts(comparisonOf(found), true));
    expect(specs.length).toBeGreaterThan(5);
    expect(await faults(specs)).toEqual([]);
  });

  test('on charts of sweeps', async () => {
    const ids = ['direct', 'gateway-of-the-platform-team-with-policy-a', '直接调用供应商的接口不经过任何网关平台'];
    const axis = (path: string, values: readonly number[], scale: 'linear' | 'logarithmic') => ({
      path,
      unit: scale === 'linear' ? 'fraction' : 'USD/work_hour',
      at: values.at(-2)!,
      scale,
      values,
    });
    const x = axis('gateways.a_long_name.fees.credit_purchase.fee', [0, 0.1, 0.2, 0.3, 0.4, 0.5], 'linear');
    const y = axis('engineering.loaded_rate', [1, 10, 100, 1_000], 'logarithmic');
    const areas = mapOf(x, y, (i, j) => (i + j < 3 ? ids[0]! : i > 3 ? ids[1]! : ids[2]!));
    const alone = mapOf(y, x, () => ids[0]!);
    const crowded = mapOf(x, y, (i, j) => (i === 0 ? null : ids[(i + j) % 3]!));
    const lines = {
      x: y,
      npv_usd: Object.fromEntries(ids.map((id, i) => [id, y.values.map((rate) => rate * (1 + i) + 7)])),
      best: [
        { from: 1, to: 20, verdict: ids[1]! },
        { from: 20, to: 21, verdict: ids[2]! },
        { from: 21, to: 1_000, verdict: null },
      ],
    };
    expect(
      await faults([
        ...[areas, alone, crowded].map((map) => driverMapChart(map, ids)),
        driverLineChart(lines, ids, 'direct'),
      ]),
    ).toEqual([]);
  });
});

test('areas of a map carry their names where these fit, else a legend does', () => {
  const axis = { path: 'a', unit: '1', at: 0.5, scale: 'linear' as const, values: [0, 0.25, 0.5, 0.75, 1] };
  const wide = JSON.stringify(
    driverMapChart(
      mapOf(axis, axis, (i) => (i < 2 ? 'one' : 'two')),
      ['one', 'two'],
    ),
  );
  expect(wide).not.toContain('"title":"Cheapest"');
  expect(wide).toContain('{"text":"one"}');
  expect(wide).toContain('{"text":"two"}');
  const name = 'a name that is wider than its strip';
  const narrow = JSON.stringify(
    driverMapChart(
      mapOf(axis, axis, (i) => (i === 2 ? name : 'two')),
      [name, 'two'],
    ),
  );
  expect(narrow).toContain('"title":"Cheapest"');
  expect(narrow).not.toContain('{"text":"two"}');
});

/** A map with its edges half-way between the nodes. */
function mapOf(x: PictureAxis, y: PictureAxis, of: (i: number, j: number) => string | null): MapPicture {
  const best = y.values.map((_, j) => x.values.map((_, i) => of(i, j)));
  const boundary = best.flatMap((row, j) =>
    row.flatMap((above, i) =>
      i === 0 || above === null || above === row[i - 1]
        ? []
        : [{ x: (x.values[i - 1]! + x.values[i]!) / 2, y: y.values[j]!, along: 'x' as const, above }],
    ),
  );
  return { x, y, best, boundary };
}
