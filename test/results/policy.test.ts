import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors.ts';
import type { Report } from '../../src/report/contract.ts';
import { checkPolicies, judgePolicies, readPolicies } from '../../src/results/policy.ts';
import { report, unpricedReport } from '../report/fixture.ts';

const judge = (text: string, of: Report = report, before?: Report) =>
  judgePolicies(readPolicies([text]), of, before)[0]!;
const problems = (act: () => unknown): string[] => {
  try {
    act();
  } catch (error) {
    if (error instanceof InputError) return error.diagnostics.map(({ path, message }) => `${path}: ${message}`);
    throw error;
  }
  return [];
};
const ids = report.strategies.map(({ id }) => id);

describe('a policy', () => {
  it('is told with the figures found', () => {
    const plain = structuredClone(report);
    plain.recommendation.strategy = 'direct';
    const { verdict, told } = judge('recommended == direct and saving_usd > 0', plain);
    expect(verdict).toBe('holds');
    expect(told).toContain('recommended direct, saving_usd $');
    expect(told).toMatch(/^fails since this holds: .*saving_usd \$/);
  });

  it('that does not hold passes', () => {
    expect(judge('rejected > 1000000').verdict).toBe('fails');
  });

  it('is unknown, not passed, where a figure is', () => {
    const dark = unpricedReport.strategies.find(({ npv_usd }) => npv_usd === null)!.id;
    const { verdict, told } = judge(`npv_usd.${dark} > 1000`, unpricedReport);
    expect(verdict).toBe('unknown');
    expect(told).toMatch(/^fails since this can’t be said: .*not known\)$/);
    expect(judge('saving_usd < 0', unpricedReport).verdict).toBe('unknown');
  });

  it('says that there are no draws where it would need them', () => {
    const { uncertainty: _, ...without } = report;
    expect(judge(`cheapest_fraction.${ids[0]} < 99 %`, without).told).toMatch(/not known; the report has no draws: /);
    expect(judge('saving_usd < 0', unpricedReport).told).not.toContain('draws');
  });

  it('compares with an earlier report', () => {
    const earlier = structuredClone(report);
    earlier.strategies[0]!.npv_usd = report.strategies[0]!.npv_usd! / 2;
    const name = `npv_usd.${ids[0]}`;
    expect(judge(`${name} > before.${name} * 1.5`, report, earlier).verdict).toBe('holds');
    expect(judge(`${name} > before.${name} * 2.5`, report, earlier).verdict).toBe('fails');
    expect(judge('recommended != before.recommended', report, earlier).verdict).toBe('fails');
    expect(problems(() => judge('before.saving_usd > 1'))[0]).toContain('there is no figure "before.saving_usd"');
  });

  it('that can not be read is told with all others', () => {
    const found = problems(() => readPolicies(['saving_usd = 3', 'zeros(1e9) > 1', '1 < 2']));
    expect(found).toHaveLength(2);
    expect(found[0]).toMatch(/^--fail-if 'saving_usd = 3': "=" is not allowed/);
  });

  it('is checked for names before a run, inputs apart', () => {
    const check = (text: string): string[] => problems(() => checkPolicies(readPolicies([text]), ids));
    expect(check(`npv_usd.${ids[0]} > 1 and input.anything > 2 and p95_usd.${ids[1]} > 3`)).toEqual([]);
    expect(check('savings_usd > 1')[0]).toContain('did you mean "saving_usd"');
    expect(problems(() => judge('input.anything > 2'))[0]).toContain('there is no figure "input.anything"');
  });
});
