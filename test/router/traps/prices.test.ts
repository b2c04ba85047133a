/** Traps of prices and budgets: what is not known, what runs together, and whose answer is kept for whom. */
import { describe, expect, test } from 'vitest';
import { ANSWER, ANSWER_USD, ask, CHAT, KEY, sha256 } from '../setting.ts';
import { useStage } from '../three-views.ts';
import { after, json } from '../upstream.ts';

const stage = useStage();
const { alpha, gamma } = stage;

const single = { policy: { kind: 'single' } };
/** 5 bytes of a prompt, 2 tokens, and 400 tokens out: 0.000006 + 0.006 USD reserved at alpha. */
const SMALL = { ...CHAT, max_tokens: 400 };
const MYSTERY = { ...CHAT, model: 'g' };

describe('trap 11, an unknown price taken for 0: it stays unknown, and no hard budget lets it through', () => {
  test('without a budget it is served, and nobody is told a cost', async () => {
    const router = await stage.open(single);
    gamma.script(json(ANSWER));
    const { client, rows, moved, calls } = await router.see(() => ask(router, MYSTERY));
    expect([client.status, client.text, calls]).toEqual([200, JSON.stringify(ANSWER), [0, 0, 1]]);
    expect(client.headers['x-tollgate-cost-status']).toBe('unpriced');
    expect(client.headers).not.toHaveProperty('x-tollgate-cost-usd');
    expect(rows).toMatchObject([{ input_tokens: 1000, cost_status: 'unpriced' }]);
    expect(rows[0]).not.toHaveProperty('cost_usd');
    expect([moved('tollgate_cost_usd_total'), moved('tollgate_unpriced_attempts_total', { route: 'g' })]).toEqual([
      0, 1,
    ]);
  });

  test('under a hard budget it is refused before anybody is asked', async () => {
    const router = await stage.open({ ...single, budgets: [{ name: 'day', period: 'day', hard: 100 }] });
    const { client, entry, rows, moved, calls } = await router.see(() => ask(router, MYSTERY));
    expect([client.status, JSON.parse(client.text).error.code]).toEqual([403, 'unpriced_route']);
    expect([entry.outcome, entry.attempts, calls]).toEqual(['refused', [], [0, 0, 0]]);
    expect(rows.filter(({ billing }) => billing === 'billed')).toEqual([]);
    expect(moved('tollgate_requests_total', { outcome: 'refused' })).toBe(1);
  });
});

describe('trap 12, budget races: what runs together is reserved before it is sent', () => {
  test('a budget for three requests lets three of twelve through, to the exact count at the seller', async () => {
    const router = await stage.open({ ...single, budgets: [{ name: 'day', period: 'day', hard: 0.0185 }] });
    alpha.script(after(50, json(ANSWER)));
    const { answers, entries, rows, moved, calls } = await router.see(
      () => Promise.all(Array.from({ length: 12 }, () => ask(router, SMALL))),
      12,
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(3);
    expect(calls).toEqual([3, 0, 0]);
    const refused = answers.find(({ status }) => status !== 200)!;
    expect([refused.status, refused.headers['x-should-retry']]).toEqual([429, 'false']);
    expect(JSON.parse(refused.text)).toMatchObject({ error: { code: 'insufficient_quota', type: 'budget_exceeded' } });
    expect(entries.filter(({ outcome }) => outcome === 'refused')).toHaveLength(9);
    expect(rows.filter(({ billing }) => billing === 'billed')).toHaveLength(3);
    expect(moved('tollgate_budget_usd', { state: 'spent' })).toBeCloseTo(3 * ANSWER_USD, 9);
    expect(moved('tollgate_budget_usd', { state: 'reserved' })).toBe(0);
  });
});

describe('trap 25, a cache shared by tenants: an answer is kept for whom it was made', () => {
  const [MATE, OTHER] = ['key-mate', 'key-other'];
  const clients = [
    { name: 'web', key_sha256: sha256(KEY), team: 'shop' },
    { name: 'mate', key_sha256: sha256(MATE), team: 'shop' },
    { name: 'other', key_sha256: sha256(OTHER), team: 'lab' },
  ];
  const by = (key: string) => ({ headers: { authorization: `Bearer ${key}` } });

  const tenants: ['team' | 'client', string[], number][] = [
    ['team', ['miss', 'hit', 'miss', 'hit'], 2],
    ['client', ['miss', 'miss', 'miss', 'hit'], 3],
  ];
  test.each(tenants)('where the tenant is a %s; a hit costs 0 and says so', async (tenant, expected, asked) => {
    const router = await stage.open(single, { clients, cache: { tenant } });
    alpha.script(json(ANSWER));
    const { answers, entries, rows, moved, calls } = await router.see(async () => {
      const got = [];
      for (const key of [KEY, MATE, OTHER, KEY]) got.push(await ask(router, CHAT, by(key)));
      return got;
    }, 4);
    expect(answers.map(({ headers }) => headers['x-tollgate-cache'])).toEqual(expected);
    expect(calls).toEqual([asked, 0, 0]);
    const hits = answers.filter(({ headers }) => headers['x-tollgate-cache'] === 'hit');
    expect(hits.map(({ headers, text }) => [headers['x-tollgate-cost-usd'], JSON.parse(text).usage.cost])).toEqual(
      hits.map(() => ['0', 0]),
    );
    expect(entries.filter(({ outcome }) => outcome === 'cached')).toHaveLength(4 - asked);
    expect(rows.filter(({ billing }) => billing === 'billed')).toHaveLength(asked);
    expect(moved('tollgate_cost_usd_total')).toBeCloseTo(asked * ANSWER_USD, 12);
    expect(moved('tollgate_requests_total', { outcome: 'cached' })).toBe(4 - asked);
  });
});
