import { describe, expect, test } from 'vitest';
import { renderSvg } from '../../../src/io/render-chart.ts';
import { charts } from '../../../src/report/charts/charts.ts';
import { composition } from '../../../src/report/charts/composition.ts';
import { COMPONENT_COLOURS, inkOn } from '../../../src/report/charts/palette.ts';
import { namedOn, piecesOf, textsOn } from '../../../src/report/charts/stacks.ts';
import type { Report } from '../../../src/report/contract.ts';
import { report } from '../fixture.ts';

describe('pieces of a bar', () => {
  const pieces = piecesOf(
    'direct',
    [
      { component: 'token_charges', usd: 3_000 },
      { component: 'credits', usd: -500 },
      { component: 'engineering', usd: 1_000 },
      { component: 'latency', usd: -100 },
      { component: 'outages', usd: 0 },
    ],
    0.1,
  );

  test('follow one another away from zero, on both sides', () => {
    expect(pieces.map(({ from_usd, until_usd, width }) => [from_usd, until_usd, width])).toEqual([
      [0, 3_000, 300],
      [0, -500, 50],
      [3_000, 4_000, 100],
      [-500, -600, 10],
    ]);
  });

  test('carry name and amount once, then the amount, where it fits', () => {
    const named = namedOn(pieces);
    expect([...named.keys()]).toEqual(['token_charges']);
    expect(textsOn(pieces, named).map(({ text }) => text)).toEqual(['Token charges $3,000', '−$500', '$1,000']);
    expect(textsOn(pieces, null).map(({ text }) => text)).toEqual(['$3,000', '−$500', '$1,000']);
  });
});

/** Contrast of two colours as WCAG 2.1 defines it. */
function contrast(a: string, b: string): number {
  const [light, dark] = [a, b]
    .map((colour) =>
      [1, 3, 5]
        .map((i) => Number.parseInt(colour.slice(i, i + 2), 16) / 255)
        .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
        .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i]!, 0),
    )
    .sort((p, q) => q - p) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

test('what is written on a component stands out by 4.5 to 1 at least', () => {
  expect(contrast('#ffffff', '#000000')).toBeCloseTo(21, 9);
  for (const colour of Object.values(COMPONENT_COLOURS)) expect(contrast(colour, inkOn(colour))).toBeGreaterThan(4.5);
});

test('a composition whose bars name every component has no legend; what is too small to see is told', () => {
  const one = report.strategies[0]!;
  const alone: Report = {
    ...report,
    strategies: [
      { ...one, total_usd: 100_010, by_component: { engineering: 60_000, gateway_fees: 40_000, outages: 10 } },
    ],
  };
  const spec = charts(alone).find(({ usermeta }) => usermeta.id === 'composition')!;
  expect(JSON.stringify(spec)).not.toContain('"orient":"bottom"');
  expect(JSON.stringify(spec)).toContain('Engineering $60,000');
  expect(spec.title.subtitle).toContain('Too small to see: value lost in outages and failures.');
  const whole = charts(report).find(({ usermeta }) => usermeta.id === 'composition')!;
  expect(JSON.stringify(whole)).toContain('"orient":"bottom"');
});

test('two panels, with and without token charges, share one scale of colours where names stand on the bars', async () => {
  const strategies = report.strategies.map((strategy) => ({
    ...strategy,
    total_usd: 1000,
    by_component: { token_charges: 700, engineering: 200, gateway_fees: 100 },
  }));
  const spec = composition({ ...report, strategies })!;
  expect(spec.vconcat).toHaveLength(2);
  const svg = await renderSvg(spec);
  for (const name of ['Token charges $700', 'Engineering $200', 'Gateway fees $100']) expect(svg).toContain(name);
});
