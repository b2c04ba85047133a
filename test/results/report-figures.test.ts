import { describe, expect, it } from 'vitest';
import { COMPONENTS } from '../../src/report/contract.ts';
import { reportFigures, resultNames } from '../../src/results/report-figures.ts';
import { report, unpricedReport } from '../report/fixture.ts';

const [first, second] = report.strategies.map(({ id }) => id) as [string, string];

describe('figures of a report', () => {
  const { lookup, unitOf, named } = reportFigures(report);

  it('are what the report says', () => {
    expect(lookup(`npv_usd.${first}`)).toBe(report.strategies[0]!.npv_usd);
    expect(lookup('recommended')).toBe(report.recommendation.strategy);
    expect(lookup('saving_usd')).toBe(report.recommendation.saving_usd);
    expect(lookup('requests_per_month')).toBe(report.traffic.monthly_requests[0]);
    expect(lookup('rejected')).toBe(report.traffic.rejected);
    const { path, value, unit } = report.assumptions[0]!;
    expect([lookup(`input.${path}`), unitOf(`input.${path}`)]).toEqual([value, unit]);
  });

  it('give a component that a strategy does not have as 0', () => {
    const absent = COMPONENTS.find((one) => report.strategies[0]!.by_component[one] === undefined)!;
    expect(lookup(`component_usd.${first}.${absent}`)).toBe(0);
  });

  it('give the month of break-even of whoever catches up, 0 of who is ahead from the start, and never as infinite', () => {
    const months = report.break_even.filter(({ driver }) => driver === 'month');
    expect(months.length).toBeGreaterThan(0);
    for (const { a, b, crossings } of months) {
      const isAhead = (one: string, other: string) => lookup(`ahead_from_month.${one}.${other}`) === 1;
      expect(isAhead(a, b) || isAhead(b, a)).toBe(true);
      const [leader, other] = isAhead(a, b) ? [a, b] : [b, a];
      expect(lookup(`break_even_month.${leader}.${other}`)).toBe(0);
      const [found, crossed] = [lookup(`break_even_month.${other}.${leader}`), crossings[0]?.value];
      expect(found).toEqual(crossed === undefined ? Number.POSITIVE_INFINITY : expect.closeTo(crossed, 9));
    }
  });

  it('give break-even over the other drivers in either order', () => {
    const entry = report.break_even.find(({ driver, crossings }) => driver === 'volume' && crossings.length > 0)!;
    const expected = entry.crossings[0]!.value;
    expect(lookup(`break_even_volume.${entry.a}.${entry.b}`)).toBe(expected);
    expect(lookup(`break_even_volume.${entry.b}.${entry.a}`)).toBe(expected);
  });

  it('are not known without draws', () => {
    const { uncertainty: _, ...without } = report;
    expect(reportFigures(without).lookup(`p95_usd.${first}`)).toBeNull();
    expect(reportFigures(without).lookup(`cheapest_fraction.${first}`)).toBeNull();
  });

  it('are not known where usage is unpriced', () => {
    const dark = unpricedReport.strategies.find(({ npv_usd }) => npv_usd === null)!;
    const figures = reportFigures(unpricedReport);
    expect(figures.lookup(`npv_usd.${dark.id}`)).toBeNull();
    expect(figures.lookup(`component_usd.${dark.id}.commitments`)).toBeNull();
    expect(figures.lookup('recommended')).toBeNull();
    expect(figures.lookup('unpriced')).toBe(unpricedReport.unpriced.length);
  });

  it('have no other names', () => {
    for (const name of ['npv', 'npv_usd', `npv_usd.${first}.${second}`, 'npv_usd.__proto__', 'constructor', 'input.no'])
      expect([lookup(name), named.kindOf(name)]).toEqual([undefined, undefined]);
    expect(lookup(`break_even_month.${first}.${first}`)).toBeUndefined();
  });

  it('are all listed once, with units', () => {
    const all = resultNames(report);
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
    expect(all.find(({ name }) => name === `total_usd.${second}`)).toEqual({
      name: `total_usd.${second}`,
      value: report.strategies[1]!.total_usd,
      unit: 'USD',
    });
    for (const { name } of all) expect([name, named.kindOf(name)]).not.toContain(undefined);
  });
});
