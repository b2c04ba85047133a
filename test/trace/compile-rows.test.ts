import { expect, test } from 'vitest';
import { NO_COUNTS } from '../../src/meters.ts';
import { ABSENT, REQUEST_FIELDS } from '../../src/trace/adapter.ts';
import { azure2023 } from '../../src/trace/adapters/azure-2023.ts';
import { canonical } from '../../src/trace/adapters/canonical.ts';
import { mooncake } from '../../src/trace/adapters/mooncake.ts';
import { compileRows } from '../../src/trace/compile-rows.ts';
import { inclusive } from './inclusive-adapter.ts';

test('a canonical row with every column becomes a request, in any order of columns', () => {
  const cells: Record<string, string> = {
    hash_chain: '1 2 3',
    billed_usd: '0.0125',
    status: '200',
    user: 'u1',
    team: 't1',
    feature: 'search, fast',
    tier: 'Batch',
    web_searches: '7',
    image_input_tokens: '8',
    reasoning_tokens: '6',
    output_tokens: '5',
    cache_write_1h_tokens: '4',
    cache_write_5m_tokens: '3',
    cache_read_tokens: '2',
    input_tokens: ' 1 ',
    model: 'm',
    seller: 's',
    ttft_ms: '12.5',
    latency_ms: '1e3',
    time: '1970-01-01T00:00:01Z',
  };
  const request = compileRows(canonical, Object.keys(cells))(Object.values(cells));
  expect(request).toEqual({
    time_ms: 1000,
    seller: 's',
    model: 'm',
    tier: 'batch',
    ...NO_COUNTS,
    input_tokens: 1,
    cache_read_tokens: 2,
    cache_write_5m_tokens: 3,
    cache_write_1h_tokens: 4,
    output_tokens: 5,
    reasoning_tokens: 6,
    image_input_tokens: 8,
    web_searches: 7,
    feature: 'search, fast',
    user: 'u1',
    team: 't1',
    status: 200,
    latency_ms: 1000,
    ttft_ms: 12.5,
    hash_chain: [1, 2, 3],
    until_ms: undefined,
    requests: 1,
    context_from_tokens: undefined,
    billed_nano_usd: 12_500_000,
  });
  expect(Object.keys(request)).toEqual([...REQUEST_FIELDS]);
});

test('optional columns that are absent or empty stand for zero, standard or not known', () => {
  const read = compileRows(canonical, ['input_tokens', 'output_tokens', 'model', 'cache_read_tokens', 'tier']);
  expect(read(['7', '9', '', '', ''])).toEqual({ ...ABSENT, input_tokens: 7, output_tokens: 9 });
});

const one = (input: string): unknown => compileRows(canonical, ['input_tokens', 'output_tokens'])([input, '1']);

test.each([
  ['12.5', 'input_tokens: "12.5" is not a whole number of 0 or more'],
  ['1e3', 'input_tokens: "1e3" is not a whole number of 0 or more'],
  ['-5', 'input_tokens: "-5" is not a whole number of 0 or more'],
  ['+5', 'input_tokens: "+5" is not a whole number of 0 or more'],
  ['0x1F', 'input_tokens: "0x1F" is not a whole number of 0 or more'],
  ['9007199254740992', 'input_tokens: "9007199254740992" is not a whole number of 0 or more'],
  ['', 'input_tokens is empty'],
  ['  ', 'input_tokens is empty'],
])('input tokens "%s" reject the row with the reason', (input, reason) => {
  expect(one(input)).toBe(reason);
});

test('the largest exact integer is read', () => {
  expect(one('9007199254740991')).toMatchObject({ input_tokens: Number.MAX_SAFE_INTEGER });
});

test('a row with fewer or more fields than the header is rejected', () => {
  const read = compileRows(canonical, ['input_tokens', 'output_tokens']);
  expect(read(['1'])).toBe('fewer fields than the 2 of the header');
  expect(read(['1', '2', '3'])).toBe('more fields than the 2 of the header');
});

test('an unknown tier is rejected with the tiers there are', () => {
  const read = compileRows(canonical, ['input_tokens', 'output_tokens', 'tier']);
  expect(read(['1', '2', 'turbo'])).toBe('tier: "turbo" is not one of standard, batch, flex, priority, fast');
});

test('an Azure row has its time in UTC, cut to the millisecond', () => {
  const read = compileRows(azure2023, ['TIMESTAMP', 'ContextTokens', 'GeneratedTokens']);
  expect(read(['2023-11-16 18:17:03.9799600', '4808', '10'])).toEqual({
    ...ABSENT,
    time_ms: Date.parse('2023-11-16T18:17:03.979Z'),
    input_tokens: 4808,
    output_tokens: 10,
  });
});

test('a Mooncake record has its prompt blocks; whole numbers may be written 1e3, texts and halves are rejected', () => {
  const read = compileRows(mooncake, ['timestamp', 'input_length', 'output_length', 'hash_ids']);
  expect(read([1500, 1e3, 4, [7, 8]])).toEqual({
    ...ABSENT,
    time_ms: 1500,
    input_tokens: 1000,
    output_tokens: 4,
    hash_chain: [7, 8],
  });
  expect(read([1500, 12.5, 4, []])).toBe('input_length: "12.5" is not a whole number of 0 or more');
  expect(read([1500, null, 4, []])).toBe('input_length is empty');
  expect(read([1500, 1, 4, [1, 'a']])).toBe('hash_ids: "[1,"a"]" is not an array of whole numbers');
});

test('counts that include others come out exclusive; more parts than the whole is a reject with both numbers', () => {
  const header = ['at', 'prompt', 'cached', 'written', 'completion', 'thought', 'seconds', 'cents'];
  const read = compileRows(inclusive, header);
  expect(read(['2.5', '5000', '1800', '200', '1000', '400', '0.25', '-3'])).toEqual({
    ...ABSENT,
    time_ms: 2500,
    input_tokens: 3000,
    cache_read_tokens: 1800,
    cache_write_5m_tokens: 200,
    output_tokens: 600,
    reasoning_tokens: 400,
    latency_ms: 250,
    billed_nano_usd: -30_000_000,
  });
  expect(read(['1', '100', '90', '20', '1', '0', '', ''])).toBe(
    'input_tokens 100 is less than the 110 cache tokens that it includes',
  );
  expect(read(['1', '100', '', '', '1', '2', '', ''])).toBe(
    'output_tokens 1 is less than the 2 reasoning tokens that it includes',
  );
  expect(read(['1', '1', '', '', '1', '', '-1', ''])).toBe('seconds: "-1" is not a number of 0 or more');
});
