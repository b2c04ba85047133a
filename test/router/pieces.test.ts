import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type PriceBook, priceBook } from '../../src/pricing/price-book.ts';
import { sellerFile } from '../../src/pricing/rate-card.ts';
import { outages } from '../pricing/small-book.ts';
import { type Answer, ask, startRouter, type TestRouter } from './setting.ts';
import { after, json, TestUpstream } from './upstream.ts';

const card = (model: string, prices: object) => ({
  model,
  source: 'test',
  as_of: '2026-01-01',
  confidence: 'high',
  periods: [{ usd_per_mtok: {}, ...prices }],
});
const book: PriceBook = priceBook({
  sellers: [
    sellerFile.parse({
      seller: 'alpha',
      name: 'Alpha',
      cards: [
        card('by-piece', {
          images: [
            { quality: 'low', size: '1024x1024', usd: 0.02 },
            { quality: 'high', size: '1024x1024', usd: 0.08 },
          ],
        }),
        card('one-price', { usd_per_image: 0.03 }),
        card('by-token', { usd_per_mtok: { input: 5, image_output: 40 } }),
        card('embedder', { usd_per_mtok: { input: 2 } }),
      ],
    }),
  ],
  gateways: [],
  outages,
  digest: '',
});

let upstream: TestUpstream;
const opened: TestRouter[] = [];

beforeAll(async () => {
  upstream = await new TestUpstream().listen();
  return () => upstream.close();
});

const made = (n: number, more: object = {}) => ({
  created: 1,
  data: Array.from({ length: n }, () => ({ url: 'x' })),
  ...more,
});

beforeEach(() => {
  upstream.script(json(made(1)));
});

afterEach(async () => {
  for (const { router, bugs } of opened.splice(0)) {
    await router.close();
    expect(bugs).toEqual([]);
  }
});

async function started(hard: number | undefined): Promise<TestRouter> {
  const budgets = hard === undefined ? [] : [{ name: 'day', period: 'day', hard }];
  const router = await startRouter(
    {
      routes: Object.fromEntries(
        ['by-piece', 'one-price', 'by-token', 'embedder'].map((model) => [model, { seller: 'alpha', model }]),
      ),
      routing: { policy: { kind: 'single' }, budgets },
      upstreams: { alpha: { base_url: upstream.base_url } },
    },
    { book },
  );
  opened.push(router);
  return router;
}

const image = (router: TestRouter, model: string, more: object = {}): Promise<Answer> =>
  ask(router, { model, prompt: 'a cat', ...more }, { path: '/v1/images/generations' });
const embed = (router: TestRouter, input: string): Promise<Answer> =>
  ask(router, { model: 'embedder', input }, { path: '/v1/embeddings' });
const spent = ({ router }: TestRouter): number => router.parts.table.state.budgets[0]!.spent_nano_usd[0]!;

describe('images under a hard budget', () => {
  test('are reserved and settled by the piece, at the price of their quality and size', async () => {
    const router = await started(0.1);
    upstream.script(json(made(2)));
    const low = { quality: 'low', size: '1024x1024', n: 2 };
    expect((await image(router, 'by-piece', low)).headers['x-tollgate-cost-usd']).toBe('0.04');
    expect(spent(router)).toBe(0.04e9);
    expect((await image(router, 'by-piece', { quality: 'high', size: '1024x1024' })).status).toBe(429);
    expect((await image(router, 'by-piece', low)).status).toBe(200);
    expect([spent(router), upstream.calls.length]).toEqual([0.08e9, 2]);
  });

  test('that run together never pass it, to the exact count at the seller', async () => {
    upstream.script(after(50, json(made(1))));
    const router = await started(0.1);
    const answers = await Promise.all(Array.from({ length: 8 }, () => image(router, 'one-price')));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(3);
    expect(upstream.calls).toHaveLength(3);
  });

  test('are refused before they are made where nobody can say what they will cost', async () => {
    const router = await started(1000);
    for (const [model, more] of [
      ['by-token', {}],
      ['by-piece', {}],
      ['by-piece', { quality: 'low', size: '7x7' }],
      ['embedder', {}],
    ] as const) {
      const { status, text } = await image(router, model, more);
      expect([status, JSON.parse(text).error]).toMatchObject([
        403,
        { type: 'budget_exceeded', code: 'unpriced_route' },
      ]);
    }
    expect([upstream.calls.length, spent(router)]).toEqual([0, 0]);
  });

  test('without one are made, and priced by their tokens where the seller tells them', async () => {
    const router = await started(undefined);
    upstream.script(json(made(1, { usage: { input_tokens: 100, output_tokens: 1000, total_tokens: 1100 } })));
    const { status, headers } = await image(router, 'by-token');
    expect([status, headers['x-tollgate-cost-usd'], headers['x-tollgate-cost-status']]).toEqual([
      200,
      '0.0405',
      'exact',
    ]);
  });
});

describe('embeddings under a hard budget', () => {
  test('are priced by their input, on a model that lists no other price', async () => {
    const usage = (prompt_tokens: number) => ({ usage: { prompt_tokens, total_tokens: prompt_tokens } });
    upstream.script(json({ object: 'list', data: [{ embedding: [0.1] }], ...usage(400) }));
    const router = await started(0.002);
    const { status, headers } = await embed(router, 'x'.repeat(1500));
    expect([status, headers['x-tollgate-cost-usd']]).toEqual([200, '0.0008']);
    expect(spent(router)).toBe(800_000);
    // 600 tokens at 2 USD per million tokens would end just at the budget, and 601 past it.
    expect((await embed(router, 'x'.repeat(1803))).status).toBe(429);
    expect((await embed(router, 'x'.repeat(1800))).status).toBe(200);
    expect(upstream.calls).toHaveLength(2);
  });
});
