import { expect, test } from 'vitest';
import { compileRows } from '../../src/trace/compile-rows.ts';
import { mappedAdapter, traceMapping } from '../../src/trace/mapping.ts';
import { proposeMapping } from '../../src/trace/propose-mapping.ts';

const table = (text: string) => {
  const [header, ...rows] = text
    .trim()
    .split('\n')
    .map((line) => line.split(','));
  return { header: header!, rows };
};
const proposed = (text: string) => {
  const { header, rows } = table(text);
  const { fields, ...rest } = proposeMapping(header, rows);
  const columns = Object.fromEntries(
    fields.map(({ field, column, unit }) => [field, unit === undefined ? column : `${column} in ${unit}`]),
  );
  return { columns, ...rest };
};

test('a home-made log is understood from names and values', () => {
  const { columns, unused, input_includes } = proposed(`
id,createdAt,modelName,promptTokens,completionTokens,totalTokens,cachedTokens,costCents,durationSec,http_status,teamName
a1,2026-11-02T10:00:00Z,gpt-4o,1200,80,1280,1000,0.42,1.25,200,search
a2,2026-11-02T10:00:05Z,gpt-4o,300,10,310,0,0.1,0.4,200,ops`);
  expect(columns).toEqual({
    time: 'createdAt in iso',
    model: 'modelName',
    input_tokens: 'promptTokens',
    output_tokens: 'completionTokens',
    cache_read_tokens: 'cachedTokens',
    billed: 'costCents in usd_cents',
    latency: 'durationSec in s',
    status: 'http_status',
    team: 'teamName',
  });
  expect(unused).toEqual(['id', 'totalTokens']);
  expect(input_includes).toEqual(['cache_read']);
});

test('a bill in dollars and a squad are known by these words', () => {
  const { columns, unused } = proposed(`
date,llm,in_tok,out_tok,squad,dollars
2026-11-02 10:00:00,gpt-4o,1200,80,search,0.0042
2026-11-02 10:00:05,gpt-4o,300,10,ops,0.0011`);
  expect(columns).toMatchObject({ team: 'squad', billed: 'dollars in usd' });
  expect(unused).toEqual([]);
});

test('a total tells whether cached tokens are in the input or beside it', () => {
  const { input_includes } = proposed(`
tokens_in,tokens_out,cache_hit_tokens,total_tokens
100,10,50,160
200,20,0,220`);
  expect(input_includes).toEqual([]);
});

test.each([
  ['1793620800', 's'],
  ['1793620800123', 'ms'],
  ['1793620800123456', 'us'],
  ['1793620800123456789', 'ns'],
  ['2026-11-02', 'date'],
  ['2026-11-02 10:00:00+02:00', 'iso'],
])('a time such as %s is in %s', (value, unit) => {
  expect(proposed(`ts,prompt_tokens,completion_tokens\n${value},1,1`).columns.time).toBe(`ts in ${unit}`);
});

test('counts that a data frame wrote as 12.0 are counts; half a token is a reject', () => {
  expect(proposed('prompt_tokens,completion_tokens\n12.0,3.0').columns.input_tokens).toBe('prompt_tokens');
  const mapping = traceMapping.parse({ columns: { input_tokens: 'in', output_tokens: 'out' } });
  const read = compileRows(mappedAdapter(mapping), ['in', 'out'], 'csv');
  expect(read(['12.0', '3.0'])).toMatchObject({ input_tokens: 12, output_tokens: 3 });
  expect(read(['12.5', '3.0'])).toBe('in: "12.5" is not a whole number of 0 or more');
});

test('what names do not tell is a doubt, not a guess', () => {
  const { columns, doubts } = proposed('a,b,c\n1,2,3');
  expect(columns).toEqual({});
  expect(doubts).toEqual([
    'no column was found for input_tokens',
    'no column was found for output_tokens',
    'no column was found for time',
    'no column was found for model',
  ]);
});

test('a name whose values do not fit is passed over', () => {
  expect(proposed('prompt_tokens,prompt_token_count,output_tokens\nmany,12,3').columns.input_tokens).toBe(
    'prompt_token_count',
  );
});

test('a mapping reads like any other format', () => {
  const mapping = traceMapping.parse({
    columns: {
      time: { column: 'when', unit: 's' },
      input_tokens: 'in',
      cache_read_tokens: 'cached',
      output_tokens: 'out',
      billed: { column: 'cents', unit: 'usd_cents' },
      tier: { column: 'kind', values: { Bulk: 'batch', live: 'standard' } },
    },
    input_includes: ['cache_read'],
  });
  const read = compileRows(mappedAdapter(mapping), ['kind', 'when', 'in', 'cached', 'out', 'cents'], 'csv');
  expect(read(['BULK', '1793620800', '100', '60', '7', '1.5'])).toMatchObject({
    time_ms: 1_793_620_800_000,
    tier: 'batch',
    input_tokens: 40,
    cache_read_tokens: 60,
    output_tokens: 7,
    billed_nano_usd: 15_000_000,
  });
  expect(read(['other', '1793620800', '100', '60', '7', '1.5'])).toBe('kind: "other" is not one of bulk, live');
});

test('a log in German with commas before fractions is proposed and read to the token', () => {
  const header = ['Zeitpunkt', 'Modell', 'Eingabe-Tokens', 'Ausgabe-Tokens', 'Kosten (USD)', 'Abteilung', 'Dauer (s)'];
  const rows = [
    ['20.10.2026 00:00:27', 'gpt-4o', '1.285', '608', '0,0093', 'Kundendienst', '2,5'],
    ['20.10.2026 00:05', 'gpt-4o', '980', '1.012', '1,25', 'Kundendienst', '12,25'],
  ];
  const proposal = proposeMapping(header, rows);
  expect(proposal.unused).toEqual([]);
  expect(proposal.decimal_comma).toBe(true);
  const columns = Object.fromEntries(
    proposal.fields.map(({ field, column, unit }) => [field, unit === undefined ? column : { column, unit }]),
  );
  const read = compileRows(mappedAdapter(traceMapping.parse({ columns, decimal_comma: true })), header, 'csv');
  expect(rows.map((row) => read(row))).toMatchObject([
    {
      time_ms: Date.parse('2026-10-20T00:00:27Z'),
      model: 'gpt-4o',
      input_tokens: 1285,
      output_tokens: 608,
      billed_nano_usd: 9_300_000,
      team: 'Kundendienst',
      latency_ms: 2500,
    },
    { time_ms: Date.parse('2026-10-20T00:05:00Z'), output_tokens: 1012, billed_nano_usd: 1_250_000_000 },
  ]);
  expect(read(['20.10.2026 00:05', 'gpt-4o', '12.85', '1', '0,1', '', '1'])).toMatch(/Eingabe-Tokens.*with a comma/);
});

test('commas that may part thousands, and logs that write points, are left as they are', () => {
  const header = ['time', 'input tokens', 'output tokens', 'cost', 'pair'];
  const row = (cost: string, pair: string) => ['2026-10-20 00:00', '1285', '608', cost, pair];
  expect(proposeMapping(header, [row('1,234', '')]).decimal_comma).toBeUndefined();
  expect(proposeMapping(header, [row('0.5', '1,2')]).decimal_comma).toBeUndefined();
  expect(proposeMapping(header, [row('0,5', '1,2')]).decimal_comma).toBe(true);
});

test('a date that may be two days is told with what is read instead', () => {
  const { doubts } = proposeMapping(
    ['timestamp', 'prompt_tokens', 'completion_tokens'],
    [['03/11/2026 14:05', '5', '1']],
  );
  expect(doubts.join('\n')).toContain(
    '"timestamp" sounds like time, but values such as 03/11/2026 14:05 are not read as such; write them as 2026-03-01 09:30',
  );
});
