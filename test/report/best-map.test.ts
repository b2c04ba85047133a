import { describe, expect, test } from 'vitest';
import { areaStrips } from '../../src/report/charts/map-areas.ts';
import { renderHtml } from '../../src/report/html.ts';
import { mapRows, mapSentence, mapSentences, NO_MAP } from '../../src/report/map-words.ts';
import { renderMarkdown } from '../../src/report/markdown.ts';
import { bestMap, MIXED, uncertainReport } from './uncertainty-fixture.ts';

describe('the map of the best strategy', () => {
  test('says row by row who is the cheapest up to where', () => {
    expect(mapRows(bestMap).map(({ stretches }) => stretches)).toEqual([
      [{ best: 'direct', until: 8_000_000 }],
      [
        { best: 'direct', until: 3_000_000 },
        { best: MIXED, until: 8_000_000 },
      ],
      [
        { best: 'direct', until: 1_500_000 },
        { best: MIXED, until: 8_000_000 },
      ],
    ]);
  });

  test('is told at the lowest, the own and the highest value of the second input', () => {
    expect(mapSentences(bestMap)).toEqual([
      'Cost of an engineer’s hour at $0/hour: direct is the cheapest throughout.',
      `Cost of an engineer’s hour at $95/hour, as in the scenario: direct is the cheapest up to 3,000,000 requests/month, then ${MIXED}.`,
      `Cost of an engineer’s hour at $200/hour: direct is the cheapest up to 1,500,000 requests/month, then ${MIXED}.`,
    ]);
    const one = mapSentence(bestMap);
    expect(one.match(/\./g)?.filter((dot) => dot === '.')).toHaveLength(1);
    expect(one).toContain('at $95/hour, as in the scenario, direct is the cheapest up to 3,000,000');
  });

  test('of one strategy all over it says so', () => {
    const flat = { ...bestMap, best: bestMap.best.map((row) => row.map(() => 'direct')), boundary: [] };
    expect(mapSentences(flat)).toEqual([
      'direct is the cheapest wherever the two lie: “Requests a month at the start” from 1,000,000 requests/month to 8,000,000 requests/month and “Cost of an engineer’s hour” from $0/hour to $200/hour.',
    ]);
  });

  test('where no price is published it says so and names nobody', () => {
    const open = { ...bestMap, best: bestMap.best.map((row) => [...row.slice(0, 3), null]) };
    expect(mapSentences(open)[0]).toContain('direct is the cheapest up to 8,000,000 requests/month, then none');
  });

  test('the areas meet at the changes and cover the map', () => {
    const strips = areaStrips(bestMap);
    const own = strips.filter(({ y, y2 }) => y <= 94 && y2 >= 94).sort((a, b) => a.x - b.x);
    expect(own.map(({ strategy }) => strategy)).toEqual(['direct', MIXED]);
    expect(own[0]!.x2).toBe(own[1]!.x);
    // Half a step below the row, on the line from (4 M, 80) to (3 M, 95).
    expect(own[0]!.x2).toBeGreaterThan(3_000_000);
    expect(own[0]!.x2).toBeLessThan(3_500_000);
    for (const y of [1, 50, 120, 199])
      expect(
        strips.filter((one) => one.y <= y && one.y2 > y).reduce((sum, { x, x2 }) => sum + (x2 - x), 0),
      ).toBeCloseTo(7_000_000, 3);
  });

  test('without changes on its edges a cell is cut half-way', () => {
    const strips = areaStrips({ ...bestMap, boundary: [] });
    expect(new Set(strips.map(({ x2 }) => Math.round(x2)))).toContain(Math.round(Math.sqrt(2e6 * 4e6)));
  });

  test('stands on the page with its chart, its table with paths and its link, and in Markdown as one sentence', () => {
    const chart = { id: 'driver-map', title: 'map', svg: '<svg id="driver-map"/>' };
    const page = renderHtml(uncertainReport, [chart]);
    const part = page.slice(page.indexOf('<section id="best-map">'), page.indexOf('<section id="measure-next">'));
    expect(part).toContain('<svg id="driver-map"/>');
    expect(part).toContain('Cost of an engineer’s hour (engineering.loaded_rate)');
    expect(part).toContain('<small>this scenario</small>');
    expect(page).toContain('href="#best-map"');
    expect(part).not.toContain(MIXED);
    const markdown = renderMarkdown(uncertainReport).split('## Which is best where')[1]!.split('\n## ')[0]!;
    expect(markdown.trim().split('\n')).toHaveLength(1);
  });

  test('where two inputs can not vary there is a sentence in its place', () => {
    const { best_map: _, ...without } = uncertainReport;
    expect(renderHtml(without, [])).toContain(`<p class="note">${NO_MAP}</p>`);
    expect(renderMarkdown(without)).toContain(NO_MAP);
  });
});
