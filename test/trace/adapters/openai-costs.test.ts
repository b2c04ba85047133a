import { expect, test } from 'vitest';
import { readText, utc } from './read-text.ts';

const HEADER =
  'start_time,end_time,start_time_iso,end_time_iso,amount_value,amount_currency,quantity,quantity_unit,line_item,user_id,api_key_id,project_id,organization_id,project_name,organization_name,user_email,api_source';
const EMPTY = '1790467200,1790553600,2026-09-27T00:00:00+00:00,2026-09-28T00:00:00+00:00,,,,,,,,,,,,,';
const TIMES = '1790553600,1790640000,2026-09-28T00:00:00,2026-09-29T00:00:00';
const ORGANISATION = 'org-fixture,Proj A,Fixture Org,someone@example.com,';
const day = {
  time_ms: utc('2026-09-28T00:00:00'),
  until_ms: utc('2026-09-29T00:00:00'),
  requests: 0,
  seller: 'openai',
};

const ROWS = [
  EMPTY,
  `${TIMES},0.003835980000000000000000000000,usd,,,,,,,org-fixture,,Fixture Org,someone@example.com,`,
  `${TIMES},0.5,usd,1000,tokens,"gpt-5-nano, input_tokens",,key_1,proj_a,${ORGANISATION}`,
  `${TIMES},-0.25,usd,1000,tokens,"gpt-5-nano, output_tokens",user_1,key_1,proj_a,org-fixture,,Fixture Org,,`,
];

test.each(['\n', '\r\n'])(
  'the dashboard: amounts of 30 decimals, items with a comma, blank buckets (line end %j)',
  async (end) => {
    expect(await readText([HEADER, ...ROWS].join(end))).toEqual({
      format: 'openai-costs',
      requests: [
        { ...day, billed_nano_usd: 3_835_980 },
        { ...day, billed_nano_usd: 500_000_000, model: 'gpt-5-nano', team: 'Proj A', user: 'key_1' },
        { ...day, billed_nano_usd: -250_000_000, model: 'gpt-5-nano', team: 'proj_a', user: 'user_1' },
      ],
      skipped: { 'empty buckets': 1 },
      rejects: [],
      warnings: [],
    });
  },
);

test('what is no amount is a reject that names its column, and another currency is left out', async () => {
  const { requests, rejects, skipped } = await readText(
    [
      HEADER,
      `${TIMES},$5,usd,,,,,,,org-fixture,,Fixture Org,,`,
      `${TIMES},5,eur,,,,,,,org-fixture,,Fixture Org,,`,
      `${TIMES},5,usd`,
    ].join('\n'),
  );
  expect(requests).toEqual([]);
  expect(rejects).toEqual([
    '2: amount_value: "$5" is not an amount of money',
    '4: fewer fields than the 17 of the header',
  ]);
  expect(skipped).toEqual({ 'amounts in another currency than USD': 1 });
});

test('pages: amounts inside an object, in dollars', async () => {
  const result = { object: 'organization.costs.result', project_id: null };
  const amount = (value: number) => ({ amount: { value, currency: 'usd' } });
  const text = JSON.stringify({
    object: 'page',
    data: [
      {
        object: 'bucket',
        start_time: 1_790_553_600,
        end_time: 1_790_640_000,
        results: [
          { ...result, ...amount(0.06), line_item: null },
          { ...result, ...amount(12), line_item: 'gpt-5, cached input', quantity: 4, quantity_unit: '1000_tokens' },
        ],
      },
    ],
    has_more: false,
    next_page: null,
  });
  const { format, requests } = await readText(text);
  expect(format).toBe('openai-costs');
  expect(requests).toEqual([
    { ...day, billed_nano_usd: 60_000_000 },
    { ...day, billed_nano_usd: 12_000_000_000, model: 'gpt-5' },
  ]);
});
