/** Traps of pools: connections that are kept, and routes that are all out of use. */
import { describe, expect, test } from 'vitest';
import { bareSeller, type Manner } from '../bare-seller.ts';
import { ANSWER, ask, CHAT, ROUTES } from '../setting.ts';
import { useStage } from '../three-views.ts';
import { after, json, pause } from '../upstream.ts';

const stage = useStage();
const { alpha, beta } = stage;

const routerTo = (upstream: object) =>
  stage.open({ policy: 'a' }, { routes: { a: ROUTES.a }, upstreams: { alpha: upstream } });
const inTurn = async (router: Awaited<ReturnType<typeof routerTo>>, count: number) => {
  const answers = [];
  for (let i = 0; i < count; i++) answers.push(await ask(router, CHAT));
  return answers;
};

describe('trap 21, a kept connection that the seller closes: a request that it swallowed is sent once more', () => {
  const ways: ['reset' | 'end'][] = [['reset'], ['end']];
  test.each(ways)('by a %s, and the log tells both attempts', async (how) => {
    const { base_url, seen } = await bareSeller((requests) => (requests === 1 ? 'answer' : how));
    const router = await routerTo({ base_url });
    const { answers, rows, moved } = await router.see(() => inTurn(router, 20), 20);
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    const calls = seen();
    expect([calls, rows.length, moved('tollgate_attempts_total')]).toEqual([30, 30, 30]);
    expect(rows.slice(0, 3)).toMatchObject([
      { outcome: 'answered', attempt: 1, cost_status: 'exact' },
      { outcome: 'connection', attempt: 1, billing: 'unknown', status: 503 },
      { outcome: 'answered', attempt: 2, billing: 'billed' },
    ]);
    expect(answers[1]?.headers).toMatchObject({ 'x-tollgate-attempts': '2', 'x-tollgate-cost-status': 'estimated' });
  });

  const final: [string, Manner, number][] = [
    ['a connection of its own', () => 'reset', 1],
    [
      'a kept connection, and again on the next',
      (() => {
        let requests = 0;
        return () => (++requests === 1 ? 'answer' : 'reset');
      })(),
      3,
    ],
    ['a kept connection after the first byte of the answer', (requests) => (requests === 1 ? 'answer' : 'half'), 2],
  ];
  test.each(final)('one that broke on %s is not sent once more', async (_, manner, calls) => {
    const { base_url, seen } = await bareSeller(manner);
    const router = await routerTo({ base_url });
    const { answers, rows, moved } = await router.see(() => inTurn(router, Math.min(2, calls)), Math.min(2, calls));
    expect(answers.at(-1)?.status).toBe(502);
    expect([seen(), rows.length, moved('tollgate_attempts_total')]).toEqual([calls, calls, calls]);
    expect(rows.at(-1)).toMatchObject({ outcome: 'connection', billing: 'unknown' });
  });

  const edges: [string, string, number][] = [
    ['kept longer than the seller keeps them', '4 s', 300],
    ['closed before the seller closes them', '20 ms', 30],
  ];
  test.each(edges)(
    'hundreds of requests at the edge of idleness are all answered, on connections %s',
    async (...edge) => {
      const [, keep_alive, most] = edge;
      const idle_ms = 100;
      const { base_url } = await bareSeller(() => 'answer', idle_ms);
      const router = await routerTo({ base_url, keep_alive });
      const { answers, rows } = await router.see(async () => {
        const lanes = Array.from({ length: 30 }, async (_, lane) => {
          const got = [];
          for (let i = 0; i < 10; i++) {
            got.push(await ask(router, CHAT));
            await pause(idle_ms - 3 + ((lane + i) % 5));
          }
          return got;
        });
        return (await Promise.all(lanes)).flat();
      }, 300);
      expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
      expect(rows.length).toBeGreaterThanOrEqual(300);
      // None where timers are on time; a machine that is busy fires them late.
      expect(rows.filter(({ billing }) => billing === 'unknown').length).toBeLessThanOrEqual(most);
    },
  );
});

describe('trap 26, a pool without a route: there is always a route or a typed answer that says when', () => {
  const open = { breaker: { failures: 1, cooldown: '400 ms' } };

  test('where all routes are open, one probe is let through after the cooldown', async () => {
    const router = await stage.open({ policy: 'a', ...open });
    alpha.script(json({ error: { message: 'no' } }, 500), after(300, json(ANSWER)));
    const first = await router.see(async () => [await ask(router, CHAT), await ask(router, CHAT)], 2);
    expect(first.answers.map(({ status }) => status)).toEqual([500, 503]);
    expect(first.answers[1]?.headers['retry-after']).toBe('1');
    expect([first.calls, first.moved('tollgate_requests_total', { outcome: 'no_route' })]).toEqual([[1, 0, 0], 1]);
    await pause(450);
    const { answers, rows, moved, calls } = await router.see(
      () => Promise.all([1, 2, 3].map(() => ask(router, CHAT))),
      3,
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 503, 503]);
    expect(calls).toEqual([1, 0, 0]);
    expect(rows.filter(({ billing }) => billing === 'billed')).toHaveLength(1);
    expect(moved('tollgate_breaker_state', { state: 'closed', route: 'a' })).toBe(1);
  });

  test('a chain of which every route fails ends, with each asked once', async () => {
    const router = await stage.open(open);
    for (const seller of [alpha, beta]) seller.script(json({ error: { message: 'no' } }, 500));
    const { answers, rows, moved, calls } = await router.see(
      async () => [await ask(router, CHAT), await ask(router, CHAT), await ask(router, CHAT)],
      3,
    );
    expect(answers.map(({ status }) => status)).toEqual([500, 503, 503]);
    expect(JSON.parse(answers[1]!.text).error.code).toBe('no_route');
    expect(calls).toEqual([1, 1, 0]);
    expect(rows.filter(({ billing }) => billing === 'refused')).toHaveLength(2);
    expect(moved('tollgate_breaker_state', { state: 'open' })).toBe(2);
  });

  test('weights of 0 alone are refused before anything starts, and one of 0 beside another is passed over', async () => {
    const weighted = (b: number) => ({
      kind: 'weighted',
      of: [
        { use: 'a', weight: 0 },
        { use: 'b', weight: b },
      ],
    });
    await expect(stage.open({ policy: weighted(0) })).rejects.toThrow('weights sum to 0');
    const router = await stage.open({ policy: weighted(1) });
    beta.script(json(ANSWER));
    const { answers, rows, moved, calls } = await router.see(
      () => Promise.all([1, 2, 3].map(() => ask(router, CHAT))),
      3,
    );
    expect([answers.length, rows.length, moved('tollgate_attempts_total', { route: 'b' })]).toEqual([3, 3, 3]);
    expect(calls).toEqual([0, 3, 0]);
  });
});
