import { expect, test } from 'vitest';
import { readText, utc } from './read-text.ts';

const AMOUNT = 'user_id,start_time_iso,end_time_iso,model,api_key_name,api_key,type,price,amount';
const COST = 'user_id,start_time_iso,end_time_iso,model,wallet_type,cost,currency';
const TIMES = 'account,2026-08-13T00:00:00+08:00,2026-08-14T00:00:00+08:00,deepseek-v4-pro';
const KEY = '"Team, Primary",sk-masked';

const bucket = {
  time_ms: utc('2026-08-12T16:00:00'),
  until_ms: utc('2026-08-13T16:00:00'),
  seller: 'deepseek',
  model: 'deepseek-v4-pro',
};
const named = { ...bucket, user: 'Team, Primary' };

test('amounts: the type of a row says what it counts, and tokens bring no request of their own', async () => {
  const rows = [
    `${TIMES},${KEY},input_cache_hit_tokens,0.000000025,1000`,
    `${TIMES},${KEY},input_cache_miss_tokens,0.000003,500`,
    `${TIMES},${KEY},output_tokens,0.000006,200`,
    `${TIMES},${KEY},request_count,,3`,
    `${TIMES},${KEY},total_tokens,,1700`,
    `${TIMES},${KEY},output_tokens,0.000006,-200`,
    `${TIMES},${KEY},request_count,,`,
    `${TIMES},${KEY},output_tokens,0.000006,1.5`,
  ];
  const type = 'request_count, input_cache_miss_tokens, input_cache_hit_tokens, output_tokens';
  expect(await readText(`\uFEFF${[AMOUNT, ...rows].join('\r\n')}`)).toEqual({
    format: 'deepseek-amount',
    requests: [
      { ...named, requests: 0, cache_read_tokens: 1000 },
      { ...named, requests: 0, input_tokens: 500 },
      { ...named, requests: 0, output_tokens: 200 },
      { ...named, requests: 3 },
    ],
    skipped: { [`rows of another type than ${type}`]: 1 },
    rejects: [
      '7: amount: "-200" is not a whole number of 0 or more',
      '8: amount is empty',
      '9: amount: "1.5" is not a whole number of 0 or more',
    ],
    warnings: [],
  });
});

test('amounts of older exports stand on a day in UTC', async () => {
  const text = 'utc_date,model,api_key_name,api_key,type,price,amount\n2026-04-08,deepseek-chat,,sk,request_count,,3\n';
  const { format, requests } = await readText(text);
  expect(format).toBe('deepseek-amount');
  expect(requests).toEqual([
    {
      time_ms: utc('2026-04-08T00:00:00'),
      until_ms: utc('2026-04-09T00:00:00'),
      requests: 3,
      seller: 'deepseek',
      model: 'deepseek-chat',
    },
  ]);
});

test('costs: dollars are read, yuan are left out and told', async () => {
  const rows = [
    `${TIMES},Paid,10.5000000000000000,USD`,
    `${TIMES},Granted,0.0000000015,usd`,
    `${TIMES},Paid,1.25,CNY`,
    `${TIMES},Paid,1.25,EUR`,
    `${TIMES},Paid,n/a,USD`,
  ];
  expect(await readText([COST, ...rows].join('\n'))).toEqual({
    format: 'deepseek-cost',
    requests: [
      { ...bucket, requests: 0, billed_nano_usd: 10_500_000_000 },
      { ...bucket, requests: 0, billed_nano_usd: 2 },
    ],
    skipped: { 'amounts in CNY, which are not converted': 1, 'amounts in another currency than USD': 1 },
    rejects: ['6: cost: "n/a" is not an amount of money'],
    warnings: [],
  });
});
