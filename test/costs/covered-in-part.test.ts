import { describe, expect, it } from 'vitest';
import { direct, type Input, lines, managed, requests, run } from './fixture.ts';

const traffic = [...requests(3), ...requests(1, { seller: 'beta', model: 'twin' })];
const mixed = {
  id: 'mixed',
  kind: 'hybrid',
  rules: [{ model: 'beta/twin', via: 'able' }, { else: 'direct' }],
} as const;
const told = (own: Input) =>
  run({ strategies: [direct, managed('able'), mixed], ...own }, traffic)
    .diagnostics.filter(({ code }) => code === 'COVERED_IN_PART')
    .map(({ path, message }) => `${path}: ${message}`);

describe('what a gateway of a hybrid counts as bringing', () => {
  it('is told with the share of the requests that do not pass it', () => {
    expect(told({ needs: { fallback: 'required', budgets: 'required', dashboards: 'required' } })).toEqual([
      'mixed: Able counts as bringing this for all requests, since it can take over, though 75 % of them do not pass it; what sends those there is not counted: outage fallback to a second seller',
    ]);
  });

  it('is not told of what nobody asks for, of what was built before, or where all requests pass it', () => {
    expect(told({})).toEqual([]);
    expect(told({ needs: { fallback: 'required' }, already_built: ['fallback'] })).toEqual([]);
    const all = { ...mixed, rules: [{ else: 'able' }] };
    expect(told({ needs: { fallback: 'required' }, strategies: [direct, managed('able'), all] })).toEqual([]);
  });

  it('is not told where the other way has a gateway that brings it too', () => {
    const both = { ...mixed, rules: [{ model: 'beta/twin', via: 'able' }, { else: 'proxy' }] };
    const proxy = { id: 'proxy', kind: 'self_hosted_gateway', gateway: 'proxy' };
    expect(told({ needs: { fallback: 'required' }, strategies: [direct, managed('able'), proxy, both] })).toEqual([]);
  });

  it('has to be built where it looks after its own requests alone, unless each way brings it', () => {
    const needs = { fallback: 'required', budgets: 'required' };
    const engineering = { loaded_rate: 100 };
    const builds = (own: Input, label: string) =>
      lines(run({ strategies: [direct, managed('able'), mixed], needs, engineering, ...own }, traffic), 'mixed', label)
        .length;
    expect(builds({}, 'Build: Spending limits by key, user or team')).toBe(1);
    expect(builds({}, 'Build: Outage fallback to a second seller')).toBe(0);
    const all = { ...mixed, rules: [{ else: 'able' }] };
    expect(builds({ strategies: [direct, managed('able'), all] }, 'Build: Spending limits by key, user or team')).toBe(
      0,
    );
  });
});
