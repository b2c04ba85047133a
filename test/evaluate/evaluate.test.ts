import { describe, expect, it } from 'vitest';
import { costOf } from '../../src/appraise.ts';
import { Machine } from '../../src/model/machine.ts';
import { direct, managed, monthly, of, requests, run } from '../costs/fixture.ts';

const codes = (found: ReturnType<typeof run>): string[] => found.diagnostics.map(({ code }) => code);

describe('an evaluation', () => {
  it('gives every strategy, then every phased one, with the costs that the model gives', () => {
    const phased = { id: 'later', kind: 'phased', phases: [{ via: 'toll', for: 1 }, { via: 'direct' }] };
    const found = run({ strategies: [phased, direct, managed('toll')], traffic: monthly(5_000) });
    expect(found.alternatives.map(({ id }) => id)).toEqual(['direct', 'toll', 'later']);
    const machine = new Machine(found.prepared.model);
    found.alternatives.forEach((one, i) => {
      expect(one.npv_usd).toBe(costOf(machine, i));
    });
  });

  it('excludes what keeps data elsewhere, by whatever way, and says of whom it is not known', () => {
    const hybrid = { id: 'mixed', kind: 'hybrid', rules: [{ else: 'toll' }] };
    const phased = { id: 'later', kind: 'phased', phases: [{ via: 'mixed', for: 1 }, { via: 'direct' }] };
    const found = run({
      strategies: [direct, managed('toll'), managed('gift'), managed('able'), hybrid, phased],
      gateways: { toll: { data_residency: ['us'] }, gift: { data_residency: ['eu', 'us'] } },
      constraints: { data_residency: ['eu'] },
    });
    const excluded = found.alternatives.filter((one) => one.excluded !== undefined).map(({ id }) => id);
    expect(excluded).toEqual(['toll', 'mixed', 'later']);
    expect(of(found, 'toll').excluded).toBe('toll keeps data in us; the scenario requires eu');
    expect(codes(found).filter((code) => code === 'RESIDENCY_UNKNOWN').length).toBe(1);
    expect(excluded).not.toContain(found.recommendation?.strategy);
  });

  it('recommends in spite of unpriced usage only if the scenario accepts it', () => {
    const traffic = [...requests(9), ...requests(1, { model: 'nobody' })];
    const strategies = [direct, managed('toll')];
    expect(run({ strategies }, traffic).recommendation).toBeUndefined();
    expect(run({ strategies, accept_unpriced: true }, traffic).recommendation?.strategy).toBe('direct');
    expect(codes(run({ strategies, accept_unpriced: true }, traffic))).toContain('UNPRICED');
  });

  it('warns of a short window', () => {
    const short = requests(10).map((request, i) => ({ ...request, time_ms: 1_000_000 + i * 60_000 }));
    const warned = run({}, short).diagnostics.find(({ code }) => code === 'SHORT_WINDOW');
    expect(warned).toMatchObject({ severity: 'warning' });
    expect(warned?.message).toMatch(/^the traffic covers 9 minutes; its volume and its mix of tokens stand for/);
    expect(run({}).diagnostics.map(({ code }) => code)).not.toContain('SHORT_WINDOW');
  });

  it('tells of a window of days that is no whole week, in which some nights are', () => {
    const days = requests(100).map((request, i) => ({ ...request, time_ms: 1_000_000 + i * 3_600_000 }));
    const told = run({}, days).diagnostics.find(({ code }) => code === 'SHORT_WINDOW');
    expect(told).toMatchObject({ severity: 'info' });
    expect(told?.message).toMatch(
      /^the traffic covers 99 hours; .*\. It is no whole week: workdays, nights and weekends/,
    );
    expect(told?.message).not.toContain('are not in it');
  });

  it('of one strategy recommends it against nothing', () => {
    expect(run({}).recommendation).toMatchObject({ strategy: 'direct', versus: null, saving_usd: null });
  });
});
