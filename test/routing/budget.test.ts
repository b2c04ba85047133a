import { describe, expect, test } from 'vitest';
import { substream } from '../../src/random.ts';
import { Cursor } from '../../src/routing/cursor.ts';
import { estimate } from '../../src/routing/route-price.ts';
import { A, always, drive, only, run, T0, went } from './setting.ts';

/** A route for which no price is given. */
const ALONE = { a: { seller: 'alpha', model: 'large', tier: 'standard' as const } };
const NANO = 1e9;
const DAY = 86_400_000;
/** 1,000 prompt tokens on b (1 and 4 USD/Mtok) cost 0.001 USD, 1,000,000 nano-dollars. */
const COST = 1_000_000;

function budgeted(budget: object, more: object = {}) {
  const driver = drive({ policy: 'b', budgets: [{ name: 'limit', period: 'day', ...budget }], ...more });
  driver.request.prompt_tokens = 1000;
  return driver;
}
const paid =
  (cost_nano_usd = COST) =>
  () =>
    went('answered', { cost_nano_usd });

test('an estimate is tokens times price, and unpriced is no number', () => {
  const { state } = drive({ policy: 'a' });
  expect(estimate(state.prices, A, 1000, 200)).toBe(6_000_000);
  const unpriced = drive({ policy: 'a' }, { routes: ALONE });
  expect(estimate(unpriced.state.prices, 0, 1000, 200)).toBe(-1);
});

describe('a hard limit', () => {
  test('lets through what fits, to the last nano-dollar, and refuses the next', () => {
    const driver = budgeted({ hard: '0.003 USD' });
    const outcomes = [1, 2, 3, 4].map(() => run(driver, paid()).outcome);
    expect(outcomes).toEqual(['answered', 'answered', 'answered', 'refused']);
    expect(driver.cursor.reason).toBe('over_budget');
    expect(driver.state.budgets[0]!.spent_nano_usd[0]).toBe(3 * COST);
  });

  test('holds for requests that run at the same time: what is out is reserved', () => {
    const { compiled, state, request } = budgeted({ hard: '0.003 USD' });
    const cursors = Array.from({ length: 10 }, (_, i) => new Cursor(compiled, state, substream(i, 'x')));
    const let_in = cursors.filter((cursor) => {
      cursor.begin(request, T0);
      return cursor.next(T0) >= 0;
    });
    expect(let_in).toHaveLength(3);
    for (const cursor of let_in) cursor.report(went('answered', { cost_nano_usd: COST / 2 }), T0);
    expect([state.budgets[0]!.spent_nano_usd[0], state.budgets[0]!.reserved_nano_usd[0]]).toEqual([1.5 * COST, 0]);
  });

  test('gives back what a failed attempt did not cost, and keeps what is not known', () => {
    const driver = budgeted({ hard: '0.002 USD' });
    run(driver, () => went('server_error', { cost_nano_usd: 0 }));
    expect(driver.state.budgets[0]!.spent_nano_usd[0]).toBe(0);
    run(driver, always('timeout'));
    expect(driver.state.budgets[0]!.spent_nano_usd[0]).toBe(COST);
  });

  test('reserves the longest answer that the request allows', () => {
    const driver = budgeted({ hard: '0.003 USD' });
    driver.request.output_tokens = 10;
    driver.request.max_output_tokens = 501;
    expect(run(driver, paid()).outcome).toBe('refused');
    driver.request.max_output_tokens = 500;
    expect(run(driver, paid()).outcome).toBe('answered');
  });

  test('ends a request whose fallback would pass it as failed, not as refused', () => {
    const driver = budgeted({ hard: '0.0015 USD' }, { policy: { kind: 'fallback', first: 'b', to: ['a'] } });
    const fate = () => went('server_error', { cost_nano_usd: 0 });
    expect(run(driver, fate)).toMatchObject({ tried: ['b'], outcome: 'failed', reason: 'over_budget' });
  });

  test('refuses a route without a price', () => {
    const driver = drive({ policy: 'a', budgets: [{ name: 'x', period: 'total', hard: '5 USD' }] }, { routes: ALONE });
    expect(run(driver, paid())).toMatchObject({ tried: [], outcome: 'refused', reason: 'unpriced' });
  });

  test('a soft limit alone lets an unpriced route through, and counts what it can’t add up', () => {
    const driver = drive({ policy: 'a', budgets: [{ name: 'x', period: 'total', soft: '5 USD' }] }, { routes: ALONE });
    expect(run(driver, always('answered')).outcome).toBe('answered');
    expect(driver.state.budgets[0]).toMatchObject({ unpriced_attempts: 1 });
  });
});

describe('periods and subjects', () => {
  test('a day begins at midnight UTC, a month on its first', () => {
    const spent = (period: string, times: string[]) => {
      const driver = budgeted({ hard: '0.001 USD', period });
      return times.map((time) => run(driver, paid(), Date.parse(time)).outcome === 'answered');
    };
    const night = ['2026-02-27T23:59:59Z', '2026-02-28T00:00:00Z', '2026-02-28T23:59:59Z', '2026-03-01T00:00:00Z'];
    expect(spent('day', night)).toEqual([true, true, false, true]);
    expect(spent('month', night)).toEqual([true, false, false, true]);
    expect(spent('total', night)).toEqual([true, false, false, false]);
  });

  test('what is settled late is booked in the period that is current, and never reopens an old one', () => {
    const { cursor, request, state } = budgeted({ hard: '0.01 USD' });
    cursor.begin(request, T0);
    cursor.next(T0);
    cursor.report(went('answered', { cost_nano_usd: COST }), T0 + DAY);
    expect([state.budgets[0]!.spent_nano_usd[0], state.budgets[0]!.reserved_nano_usd[0]]).toEqual([COST, 0]);
    cursor.begin(request, T0);
    cursor.next(T0);
    cursor.report(went('answered', { cost_nano_usd: COST }), T0);
    expect(state.budgets[0]!.spent_nano_usd[0]).toBe(2 * COST);
  });

  test('each user has a budget of his own, and those that name none share one', () => {
    const driver = budgeted({ hard: '0.001 USD', per: 'user' });
    const outcomes = [1, 2, 1, 0, 0, 5000].map((user) => {
      driver.request.user = user;
      return run(driver, paid()).outcome;
    });
    expect(outcomes).toEqual(['answered', 'answered', 'refused', 'answered', 'refused', 'answered']);
  });

  test('a budget for some holds for nobody else', () => {
    const driver = budgeted({ hard: '0.001 USD', per: 'team', only: ['ops'] });
    const team = driver.compiled.names.index('team', 'ops');
    const asked = (index: number) => {
      driver.request.team = index;
      return run(driver, paid()).outcome;
    };
    expect([asked(team), asked(team), asked(team + 1), asked(0)]).toEqual([
      'answered',
      'refused',
      'answered',
      'answered',
    ]);
  });

  test('an attempt reserves on every budget or on none', () => {
    const driver = drive({
      policy: 'b',
      budgets: [
        { name: 'wide', period: 'total', hard: '1 USD' },
        { name: 'narrow', period: 'total', hard: '0.0005 USD' },
      ],
    });
    driver.request.prompt_tokens = 1000;
    expect(run(driver, paid()).outcome).toBe('refused');
    expect(driver.state.budgets.map((budget) => budget.reserved_nano_usd[0])).toEqual([0, 0]);
  });
});

describe('a soft limit', () => {
  const limits = { soft: '0.002 USD', hard: '1 USD' };

  test('sends requests to the cheaper policy once it is passed', () => {
    const driver = budgeted(limits, { policy: { kind: 'budget_aware', within: 'a', above_soft: 'b' } });
    expect([1, 2, 3].map(() => run(driver, paid()).tried[0])).toEqual(['a', 'a', 'b']);
    expect(run(driver, paid(), T0 + DAY).tried).toEqual(['a']);
  });

  test('is a warning where there is no cheaper one', () => {
    const driver = budgeted(limits, { policy: { kind: 'budget_aware', within: 'a', budgets: ['limit'] } });
    const seen = [1, 2, 3].map(() => [run(driver, paid()).tried[0], driver.cursor.past_soft]);
    expect(seen).toEqual([
      ['a', 0],
      ['a', 0],
      ['a', 1],
    ]);
  });
});

test('a fallback pays for each attempt that was billed', () => {
  const driver = budgeted({ hard: '1 USD' }, { policy: { kind: 'fallback', first: 'a', to: ['b'] } });
  const fate = (name: string) => ({ ...only(['b'], 'timeout')(name), cost_nano_usd: name === 'a' ? 3 * COST : COST });
  expect(run(driver, fate).tried).toEqual(['a', 'b']);
  expect(driver.state.budgets[0]!.spent_nano_usd[0]! / NANO).toBe(0.004);
});
