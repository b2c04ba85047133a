import { request as httpRequest } from 'node:http';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { priceBook } from '../../src/pricing/price-book.ts';
import { sellerFile } from '../../src/pricing/rate-card.ts';
import { outages } from '../pricing/small-book.ts';
import {
  ANSWER,
  ask,
  CHAT,
  content,
  DONE,
  KEY,
  ROUTES,
  STOP,
  STREAM,
  startRouter,
  type TestOptions,
  type TestRouter,
} from './setting.ts';
import { type Behaviour, json, after as late, pause, TestUpstream } from './upstream.ts';

/** Counters at the sellers are the oracle: what they were asked is what was routed. */
let alpha: TestUpstream;
let beta: TestUpstream;
const opened: TestRouter[] = [];
const clock = { ms: 0 };

beforeAll(async () => {
  [alpha, beta] = await Promise.all([new TestUpstream().listen(), new TestUpstream().listen()]);
  return async () => {
    await Promise.all([alpha.close(), beta.close()]);
  };
});

beforeEach(() => {
  alpha.script(json(ANSWER));
  beta.script(json(ANSWER));
  clock.ms = Date.UTC(2026, 10, 21, 12);
});

afterEach(async () => {
  for (const { router, bugs } of opened.splice(0)) {
    await router.close();
    expect(bugs).toEqual([]);
  }
});

async function routed(routing: object, options: TestOptions = {}, more: object = {}): Promise<TestRouter> {
  const router = await startRouter(
    {
      routes: { a: ROUTES.a, b: ROUTES.b },
      routing,
      upstreams: { alpha: { base_url: alpha.base_url }, beta: { base_url: beta.base_url } },
      models: { any: 'any' },
      ...more,
    },
    options,
  );
  opened.push(router);
  return router;
}

const named = (policy: object, more: object = {}): object => ({ policy: 'a', policies: { any: policy }, ...more });
const ANY = { ...CHAT, model: 'any' };
const sized = (prompt_tokens: number, more: object = {}) => ({
  ...ANY,
  messages: [{ role: 'user', content: 'xy '.repeat(prompt_tokens) }],
  ...more,
});
const WEIGHTS = (a: number, b: number) => ({
  kind: 'weighted',
  of: [
    { use: 'a', weight: a },
    { use: 'b', weight: b },
  ],
});
const counts = (): [number, number] => [alpha.calls.length, beta.calls.length];
const failing = json({ error: { message: 'x' } }, 500);
const times = async (n: number, router: TestRouter, body: object = ANY): Promise<void> => {
  for (let i = 0; i < n; i++) await ask(router, body);
};

describe('a latency-aware policy', () => {
  const policy = named({ kind: 'latency_aware', of: ['a', 'b'], explore: 0 }, { latency_smoothing: 0.5 });

  test('learns from answers which route is fast, and moves when that changes', async () => {
    alpha.script(late(250, json(ANSWER)));
    const router = await routed(policy);
    await times(8, router);
    expect(alpha.calls.length).toBeLessThanOrEqual(1);
    expect(beta.calls.length).toBeGreaterThanOrEqual(7);
    const [slow, fast] = router.router.parts.table.state.latency_ms;
    if (alpha.calls.length === 1) expect(slow).toBeGreaterThanOrEqual(249);
    expect(fast).toBeLessThan(200);
    alpha.script(json(ANSWER));
    beta.script(late(700, json(ANSWER)));
    await times(2, router);
    const until = counts();
    await times(5, router);
    expect(counts()).toEqual([until[0] + 5, until[1]]);
  });

  test('counts a stream to its end, and not the time that its client takes to read it', async () => {
    const block = content('x'.repeat(60_000));
    const long: Behaviour = async (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.setMaxListeners(0);
      for (let i = 0; i < 200 && !response.destroyed; i++)
        if (!response.write(block))
          await new Promise((resolve) => response.once('drain', resolve).once('close', resolve));
      response.end(STOP + DONE);
    };
    const router = await routed({ ...policy, latency: { a: '1 ms', b: '1 hour' } });
    alpha.script(alpha.events([content('a'), 300, STOP, DONE]));
    await ask(router, { ...STREAM, model: 'any' });
    await router.entry();
    const learnt = router.router.parts.table.state.latency_ms;
    expect(learnt[0]).toBeGreaterThan(140);
    alpha.script(long);
    const known = learnt[0]!;
    await new Promise<void>((resolve, reject) => {
      const request = httpRequest(
        `${router.url}/v1/chat/completions`,
        {
          method: 'POST',
          agent: false,
          headers: { 'content-type': 'application/json', authorization: `Bearer ${KEY}` },
        },
        (response) => {
          response.pause();
          setTimeout(() => response.resume(), 1500);
          response.on('end', resolve);
        },
      );
      request.on('error', reject);
      request.end(JSON.stringify({ ...STREAM, model: 'any' }));
    });
    const { latency_ms } = await router.entry(2);
    expect(latency_ms).toBeGreaterThan(1400);
    expect(learnt[0]).toBeLessThan(0.5 * known + 0.5 * 1200);
  });
});

describe('a cost-aware policy', () => {
  /** In and out of p at 2 and 2 USD per million tokens, of q at 1 and 4. */
  const book = priceBook({
    sellers: [['alpha', 2, 2] as const, ['beta', 1, 4] as const].map(([seller, input, output]) =>
      sellerFile.parse({
        seller,
        name: seller,
        cards: [
          {
            model: 'm',
            source: 'test',
            as_of: '2026-01-01',
            confidence: 'high',
            periods: [{ usd_per_mtok: { input, output } }],
          },
        ],
      }),
    ),
    gateways: [],
    outages,
    digest: '',
  });
  const policy = named({ kind: 'cost_aware', of: ['a', 'b'] }, { breaker: { failures: 1, cooldown: '1 minute' } });

  test('takes the route that is cheapest for the request’s own size', async () => {
    const router = await routed(policy, { book }, { estimates: { output_tokens: 1000 } });
    await ask(router, sized(1000));
    expect(counts()).toEqual([1, 0]);
    await ask(router, sized(1000, { max_tokens: 100 }));
    expect(counts()).toEqual([1, 1]);
    await ask(router, sized(3000));
    expect(counts()).toEqual([1, 2]);
  });

  test('takes the next cheapest where the cheapest fails, and passes it over while its breaker is open', async () => {
    beta.script(failing);
    const router = await routed(policy, { book });
    const short = sized(1000, { max_tokens: 10 });
    for (let i = 0; i < 3; i++) expect((await ask(router, short)).headers['x-tollgate-route']).toBe('a');
    expect(counts()).toEqual([3, 1]);
  });

  test('leaves out what is not good enough', async () => {
    const floor = named({ kind: 'cost_aware', of: ['a', 'b'], quality_floor: 0.8 }, { quality: { a: 0.9, b: 0.7 } });
    const router = await routed(floor, { book });
    await times(2, router, sized(1000, { max_tokens: 10 }));
    expect(counts()).toEqual([2, 0]);
  });
});

describe('weights', () => {
  const policy = named(WEIGHTS(3, 1));
  const drawn = async (seed: number): Promise<string> => {
    const router = await routed(policy, { seed });
    let routes = '';
    for (let i = 0; i < 40; i++) routes += (await ask(router, ANY)).headers['x-tollgate-route'];
    return routes;
  };

  test('draw the same from the same seed, another order from another, and hold over many', async () => {
    const first = await drawn(7);
    expect(counts()).toEqual([first.split('a').length - 1, first.split('b').length - 1]);
    expect(await drawn(7)).toBe(first);
    const other = await drawn(8);
    expect(other).not.toBe(first);
    const share = alpha.calls.length / 120;
    // 120 draws at 0.75: within four standard deviations, and exact for these seeds whenever it runs.
    expect(Math.abs(share - 0.75)).toBeLessThan(0.16);
  });

  test('of 0 take nothing until the others fail', async () => {
    const router = await routed(named(WEIGHTS(1, 0)));
    await times(10, router);
    expect(counts()).toEqual([10, 0]);
  });
});

describe('a conditional policy', () => {
  test('goes by metadata, tier, size of the prompt and feature, first rule first', async () => {
    const router = await routed(
      named({
        kind: 'conditional',
        when: [
          { metadata: { plan: ['free', 'trial'] }, use: 'b' },
          { tier: 'flex', use: 'b' },
          { prompt_tokens: { from: 1000 }, use: 'a' },
          { feature: 'digest', use: 'b' },
        ],
        else: 'a',
      }),
    );
    const went: string[] = [];
    for (const body of [
      { ...ANY, metadata: { plan: 'trial' } },
      { ...ANY, metadata: { plan: 'paid' } },
      { ...ANY, service_tier: 'flex' },
      sized(1200, { metadata: { feature: 'digest' } }),
      sized(900, { metadata: { feature: 'digest' } }),
      ANY,
    ])
      went.push(String((await ask(router, body)).headers['x-tollgate-route']));
    expect(went.join('')).toBe('bababa');
    expect(counts()).toEqual([3, 3]);
  });
});

describe('a budget-aware policy', () => {
  test('goes to the cheaper route as the budget fills, stops at the hard limit, and comes back with the next day', async () => {
    const router = await routed(
      named(
        { kind: 'budget_aware', within: 'a', above_soft: 'b' },
        { budgets: [{ name: 'day', period: 'day', soft: 0.01, hard: 0.0141 }] },
      ),
      { now: () => clock.ms },
    );
    const statuses: number[] = [];
    const short = { ...ANY, max_tokens: 200 };
    for (let i = 0; i < 7; i++) statuses.push((await ask(router, short)).status);
    // 2 x 0.006 at alpha, 3 x 0.0006 at beta; another, of which 0.0003 would be reserved, could go past 0.0141.
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429]);
    expect(counts()).toEqual([2, 3]);
    clock.ms += 86_400_000;
    expect((await ask(router, short)).headers['x-tollgate-route']).toBe('a');
  });
});

describe('smart routing', () => {
  const policy = { kind: 'smart', cheaper: 'b', otherwise: 'a', simple: { prompt_tokens: { below: 500 } } };

  test('sends what is simple to the cheaper route, and to the other what that one fails on', async () => {
    const router = await routed(named(policy));
    await ask(router, sized(100));
    await ask(router, sized(600));
    expect(counts()).toEqual([1, 1]);
    beta.script(failing);
    expect((await ask(router, sized(100))).headers['x-tollgate-route']).toBe('a');
    expect(counts()).toEqual([2, 1]);
  });

  test('weighs what is saved against the quality that is given up', async () => {
    const quality = { quality: { a: 0.9, b: 0.8 } };
    const worth = (quality_value: string) => named({ ...policy, quality_value }, quality);
    const short = sized(400, { max_tokens: 300 });
    // 400 in and 300 out: 0.0057 at alpha, 0.00057 at beta; 0.00513 USD are saved for a tenth of quality.
    await ask(await routed(worth('0.05 USD/request')), short);
    expect(counts()).toEqual([0, 1]);
    await ask(await routed(worth('0.06 USD/request')), short);
    expect(counts()).toEqual([1, 1]);
  });
});

describe('policies in policies', () => {
  test('each keep to their own: conditions over budgets over fallbacks over weights', async () => {
    const router = await routed(
      named(
        {
          kind: 'conditional',
          when: [
            {
              feature: 'chat',
              use: {
                kind: 'budget_aware',
                within: { kind: 'fallback', first: WEIGHTS(1, 0), to: ['b'] },
                above_soft: 'b',
              },
            },
          ],
          else: { kind: 'fallback', first: 'b', to: ['a'] },
        },
        { budgets: [{ name: 'day', period: 'day', soft: 0.005 }] },
      ),
    );
    const chat = { ...ANY, metadata: { feature: 'chat' } };
    alpha.script(failing, json(ANSWER));
    expect((await ask(router, chat)).headers['x-tollgate-route']).toBe('b');
    expect((await ask(router, chat)).headers['x-tollgate-route']).toBe('a');
    expect((await ask(router, chat)).headers['x-tollgate-route']).toBe('b');
    beta.script(failing);
    expect((await ask(router, ANY)).headers['x-tollgate-route']).toBe('a');
    expect([alpha.calls.length, beta.calls.length]).toEqual([3, 1]);
  });
});

describe('a breaker', () => {
  const breaker = { failures: 2, cooldown: '10 s', cooldown_factor: 2 };
  const policy = { kind: 'fallback', first: 'a', to: ['b'] };

  test('keeps off a route that fails, then lets in one probe alone, whatever runs beside it', async () => {
    alpha.script(failing);
    const router = await routed(named(policy, { breaker }), { now: () => clock.ms });
    await times(5, router);
    expect(counts()).toEqual([2, 5]);
    clock.ms += 10_001;
    alpha.script(late(300, json(ANSWER)));
    beta.script(json(ANSWER));
    const probe = ask(router, ANY);
    await pause(100);
    const others = await Promise.all(Array.from({ length: 6 }, () => ask(router, ANY)));
    expect(others.map(({ headers }) => headers['x-tollgate-route'])).toEqual(Array(6).fill('b'));
    expect((await probe).headers['x-tollgate-route']).toBe('a');
    expect(counts()).toEqual([1, 6]);
    await times(3, router);
    expect(counts()).toEqual([4, 6]);
  });

  test('stays open for longer after a probe that fails, and tells a client without another route when to come back', async () => {
    alpha.script(failing);
    const router = await routed({ policy: { kind: 'single' }, breaker }, { now: () => clock.ms }, { models: {} });
    await times(2, router, CHAT);
    const { status, headers } = await ask(router, CHAT);
    expect([status, headers['retry-after']]).toEqual([503, '10']);
    clock.ms += 10_001;
    expect((await ask(router, CHAT)).status).toBe(500);
    expect((await ask(router, CHAT)).headers['retry-after']).toBe('20');
    expect(alpha.calls).toHaveLength(3);
    clock.ms += 20_001;
    alpha.script(json(ANSWER));
    expect((await ask(router, CHAT)).status).toBe(200);
    expect((await ask(router, CHAT)).status).toBe(200);
  });
});
