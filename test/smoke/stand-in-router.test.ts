import { afterEach, describe, expect, it } from 'vitest';
import { readPriceBook } from '../../src/io/read-price-book.ts';
import { costOfAll } from '../../src/router/ledger.ts';
import { standInSpec } from '../../src/smoke/stand-in/spec.ts';
import { startStandIn } from '../../src/smoke/stand-in/start-stand-in.ts';
import { ask, CHAT, startRouter } from '../router/setting.ts';

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

describe('the router before a stand-in', () => {
  it('is charged what it counts, whole and streamed, in both APIs', async () => {
    const spec = standInSpec.parse({ first_token: 1, per_token: 0 });
    const standIn = await startStandIn(spec, { seed: 1 });
    open.push(standIn.close);
    const base_url = `${standIn.origin}/direct/v1`;
    const router = await startRouter(
      {
        routes: {
          mini: { seller: 'openai', model: 'gpt-4o-mini' },
          haiku: { seller: 'anthropic', model: 'claude-haiku-4-5' },
        },
        routing: { policy: { kind: 'single' } },
        upstreams: { openai: { base_url }, anthropic: { base_url, api: 'anthropic' } },
      },
      { book: await readPriceBook() },
    );
    open.push(() => router.router.close());
    const mini = { ...CHAT, model: 'mini' };
    const haiku = { ...CHAT, model: 'haiku', max_tokens: 100 };
    const messages = { path: '/v1/messages', headers: { 'anthropic-version': '2023-06-01' } };
    const answers = [
      await ask(router, mini),
      await ask(router, { ...mini, stream: true }),
      await ask(router, haiku, messages),
      await ask(router, { ...haiku, stream: true }, messages),
    ];
    expect(answers.map(({ status, end }) => [status, end])).toEqual(answers.map(() => [200, 'whole']));
    await router.entry(4);
    const bill = standIn.bill();
    expect(bill.map(({ model, state }) => [model, state])).toEqual([
      ['gpt-4o-mini', 'whole'],
      ['gpt-4o-mini', 'whole'],
      ['claude-haiku-4-5', 'whole'],
      ['claude-haiku-4-5', 'whole'],
    ]);
    for (const [i, { nano_usd, counts, idempotency_key }] of bill.entries()) {
      const { attempts, id } = router.entries[i]!;
      expect(idempotency_key).toBe(`tollgate-${id}`);
      expect(attempts).toHaveLength(1);
      expect(attempts[0]!.counts).toMatchObject({
        input_tokens: counts.input_tokens,
        output_tokens: counts.output_tokens,
      });
      const { usd, status } = costOfAll(attempts);
      expect(status).toBe('exact');
      expect(Math.round(usd! * 1e9)).toBe(nano_usd);
    }
    expect(router.bugs).toEqual([]);
  });
});
