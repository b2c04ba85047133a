import { expect, test } from 'vitest';
import { readPriceBook } from '../../../src/io/read-price-book.ts';
import { resolveModel } from '../../../src/pricing/resolve.ts';
import { ownModel } from '../../../src/usage/rollup.ts';
import { readFixture } from './read-fixture.ts';
import { readText, utc } from './read-text.ts';

const HEADER =
  'usage_date_utc,model,workspace,api_key,usage_type,context_window,token_type,cost_usd,list_price_usd,cost_type,inference_geo,speed,api_key_id,api_key_status';
const KEY = 'token,not_available,,apikey_01AAA,archived';

const day = {
  time_ms: utc('2026-08-05T00:00:00'),
  until_ms: utc('2026-08-06T00:00:00'),
  requests: 0,
  seller: 'anthropic',
};

test('the Console: names for people become ids, cents and credits are kept, list prices are not read', async () => {
  const rows = [
    `2026-08-05,Claude Haiku 4.5,Default,demo-key,message,≤ 200k,input_no_cache,0.05,0.05,${KEY}`,
    `2026-08-05,Claude Sonnet 4.5,Default,demo-key,message,≤ 200k,input_cache_read,0.10,1.00,${KEY}`,
    `2026-08-05,Claude Sonnet 4.5,Default,demo-key,message,≤ 200k,output,0.00,0.00,${KEY}`,
    `2026-08-05,,"Research, West",other-key,,,,-1.25,,web_search,not_available,,apikey_01BBB,active`,
    `2026-08-05,Claude Haiku 4.5,Default,demo-key,message,≤ 200k,output,,0.05,${KEY}`,
    `2026-08-05,Claude Haiku 4.5,Default,demo-key,message,≤ 200k,output,$1,0.05,${KEY}`,
  ];
  expect(await readText(`\uFEFF${[HEADER, ...rows].join('\r\n')}`)).toEqual({
    format: 'anthropic-cost',
    requests: [
      { ...day, model: 'claude-haiku-4.5', team: 'Default', user: 'demo-key', billed_nano_usd: 50_000_000 },
      { ...day, model: 'claude-sonnet-4.5', team: 'Default', user: 'demo-key', billed_nano_usd: 100_000_000 },
      { ...day, model: 'claude-sonnet-4.5', team: 'Default', user: 'demo-key', billed_nano_usd: 0 },
      { ...day, team: 'Research, West', user: 'other-key', billed_nano_usd: -1_250_000_000 },
    ],
    skipped: {},
    rejects: ['6: cost_usd is empty', '7: cost_usd: "$1" is not an amount of money'],
    warnings: [],
  });
});

test('the price book knows the models that the Console names', async () => {
  const { requests } = await readFixture(
    'usage_date_utc,model,cost_usd\n2026-08-05,Claude Haiku 4.5,1\n2026-08-05,Claude Opus 5,1\n',
  );
  const book = await readPriceBook();
  const models = requests.map((request) => resolveModel(book, ownModel(request as never)!));
  expect(models).toMatchObject([{ model: 'claude-haiku-4-5' }, { model: 'claude-opus-5' }]);
});

test('the Admin API: amounts are decimal texts of cents', async () => {
  const line = {
    workspace_id: 'wrkspc_01',
    description: 'Claude Sonnet 4 Usage - Input Tokens',
    cost_type: 'tokens',
    context_window: '0-200k',
    model: 'claude-sonnet-4-20250514',
    service_tier: 'standard',
    token_type: 'uncached_input_tokens',
    inference_geo: 'global',
  };
  const text = JSON.stringify({
    data: [
      {
        starting_at: '2026-08-05T00:00:00Z',
        ending_at: '2026-08-06T00:00:00Z',
        results: [
          { currency: 'USD', amount: '123.78912', ...line },
          { currency: 'USD', amount: '0.5', ...line, model: null, workspace_id: null, cost_type: 'web_search' },
          { currency: 'EUR', amount: '5', ...line },
          { currency: 'USD', amount: '1,5', ...line },
        ],
      },
    ],
    has_more: false,
    next_page: null,
  });
  const { format, requests, skipped, rejects } = await readText(text);
  expect(format).toBe('anthropic-cost-api');
  expect(requests).toEqual([
    { ...day, model: 'claude-sonnet-4-20250514', team: 'wrkspc_01', billed_nano_usd: 1_237_891_200 },
    { ...day, billed_nano_usd: 5_000_000 },
  ]);
  expect(skipped).toEqual({ 'amounts in another currency than USD': 1 });
  expect(rejects).toEqual([expect.stringContaining('amount: "1,5" is not an amount of money')]);
});
