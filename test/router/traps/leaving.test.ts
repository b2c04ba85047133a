/** Traps of clients that leave: what becomes of the seller's work, and what it costs. */
import { describe, expect, test } from 'vitest';
import { type Answer, ask, CHAT, content, DONE, ROLE, STOP, STREAM } from '../setting.ts';
import { eventually, type Stage, useStage, type Views } from '../three-views.ts';
import { after, type Behaviour, json, silent } from '../upstream.ts';

const stage = useStage();
const { alpha, beta } = stage;

const lively = [ROLE, ...Array.from({ length: 200 }, () => [content('four'), 5]).flat(), STOP, DONE];
const afterThree = { leaveAt: (text: string) => text.split('four').length > 3 };
const SMALL = { max_tokens: 400 };
const budgets = [{ name: 'day', period: 'day', hard: 1 }];

describe('trap 13, a client that leaves while the seller works on: the seller’s work ends in every phase', () => {
  const phases: [string, () => Behaviour, () => Promise<Answer>][] = [
    ['before the headers', () => after(700, json({})), () => ask(last(stage), CHAT, { leaveAfter_ms: 100 })],
    [
      'before the first token',
      () => alpha.events([ROLE, 450, content('x')], 'stall'),
      () => ask(last(stage), STREAM, { leaveAfter_ms: 100 }),
    ],
    ['in the middle of a stream', () => alpha.events(lively), () => ask(last(stage), STREAM, afterThree)],
  ];
  test.each(phases)('%s', async (_, behaviour, act) => {
    const router = await stage.open({ retries: { per_route: 2, base: '1 ms' } });
    alpha.script(behaviour());
    beta.script(json({}));
    const { client, entry, rows, moved, calls } = await router.see(act);
    await eventually(() => alpha.brokenOff === 1);
    expect(client.end).toBe('broken');
    expect(alpha.chunks).toBeLessThan(60);
    expect([calls, entry.outcome]).toEqual([[1, 0, 0], 'cancelled']);
    expect(rows).toMatchObject([{ outcome: 'cancelled', status: 499 }]);
    expect(moved('tollgate_requests_total', { outcome: 'cancelled' })).toBe(1);
  });
});

describe('trap 14, what a cancelled request costs: an estimate of what came, else unknown, never 0', () => {
  const whatIs = ({ rows, moved }: Views, billing: string) => {
    expect(rows).toMatchObject([{ outcome: 'cancelled', billing }]);
    expect(rows[0]?.cost_status).not.toBe('exact');
    expect(rows[0]?.cost_usd).not.toBe(0);
    expect(moved('tollgate_cost_usd_total', { status: 'exact' })).toBe(0);
    expect(moved('tollgate_budget_usd', { state: 'reserved' })).toBe(0);
    return moved('tollgate_budget_usd', { state: 'spent' });
  };

  test.each([
    ['a whole answer', CHAT],
    ['a stream', STREAM],
  ])('%s of which nothing came stays unknown, and the budget keeps what was reserved', async (_, body) => {
    const router = await stage.open({ budgets });
    alpha.script(silent);
    const views = await router.see(() => ask(router, { ...body, ...SMALL }, { leaveAfter_ms: 100 }));
    expect([views.client.end, views.calls]).toEqual(['broken', [1, 0, 0]]);
    expect(whatIs(views, 'unknown')).toBeCloseTo(0.006006, 9);
    expect(views.rows[0]).not.toHaveProperty('cost_usd');
    expect(views.moved('tollgate_unpriced_attempts_total', { route: 'a' })).toBe(1);
  });

  test('a stream that was left costs its prompt and the text that came', async () => {
    const router = await stage.open({ budgets });
    alpha.script(alpha.events(lively));
    const views = await router.see(() => ask(router, { ...STREAM, ...SMALL }, afterThree));
    expect([views.client.end, views.calls]).toEqual(['broken', [1, 0, 0]]);
    const spent = whatIs(views, 'billed');
    expect(spent).toBeGreaterThan(3 * 4 * (15 / 3e6) * 0.9);
    expect(spent).toBeLessThan(0.006);
    expect(Number(views.rows[0]?.cost_usd)).toBeCloseTo(spent, 8);
    expect(views.moved('tollgate_cost_usd_total', { status: 'estimated' })).toBeCloseTo(spent, 8);
  });
});

const last = ({ opened }: Stage) => opened.at(-1)!;
