import { expect, test } from 'vitest';
import {
  answerTokens,
  COUNT_METERS,
  METERS,
  NO_COUNTS,
  promptTokens,
  TOKEN_METERS,
  tokensBySide,
  UNIT_METERS,
  unitPriceField,
} from '../src/meters.ts';
import { canonical } from '../src/trace/adapters/canonical.ts';
import { compileRows } from '../src/trace/compile-rows.ts';

const ones = { ...NO_COUNTS, ...Object.fromEntries(TOKEN_METERS.map((meter) => [meter, 1])) };

test('prompt and answer together are all tokens, each once', () => {
  expect(promptTokens(ones)).toBe(7);
  expect(answerTokens(ones)).toBe(5);
  expect(promptTokens(ones) + answerTokens(ones)).toBe(TOKEN_METERS.length);
});

test('a report counts audio and images with text, and cache writes of both lives together', () => {
  expect(tokensBySide(ones)).toEqual({ input: 3, cache_read: 2, cache_write: 2, output: 5 });
});

test('no two meters share a price key, and only reasoning is billed as another meter', () => {
  const keys = TOKEN_METERS.map((meter) => METERS[meter].price_key);
  expect(new Set(keys).size).toBe(keys.length);
  const fields = UNIT_METERS.map(unitPriceField);
  expect(new Set(fields).size).toBe(fields.length);
  expect(TOKEN_METERS.filter((meter) => METERS[meter].billed_as !== undefined)).toEqual(['reasoning_tokens']);
});

test('every meter but the request itself is a column of the own trace format', () => {
  const header = ['time_ms', ...COUNT_METERS];
  const read = compileRows(canonical, header)(['5', ...COUNT_METERS.map((_, i) => String(i + 1))]);
  expect(read).toMatchObject(Object.fromEntries(COUNT_METERS.map((meter, i) => [meter, i + 1])));
});

test('audio and reasoning that a log counts within its totals are taken out of them', () => {
  const rules = [
    { field: 'input_tokens', from: ['prompt'], cast: 'integer', required: true },
    { field: 'audio_input_tokens', from: ['audio_in'], cast: 'integer' },
    { field: 'output_tokens', from: ['completion'], cast: 'integer', required: true },
    { field: 'audio_output_tokens', from: ['audio_out'], cast: 'integer' },
  ] as const;
  const adapter = { ...canonical, rules, input_includes: ['audio'], output_includes: ['audio'] } as const;
  const read = compileRows(adapter, ['prompt', 'audio_in', 'completion', 'audio_out']);
  expect(read(['100', '30', '50', '20'])).toMatchObject({
    input_tokens: 70,
    audio_input_tokens: 30,
    output_tokens: 30,
    audio_output_tokens: 20,
  });
  expect(read(['10', '30', '50', '20'])).toBe('input_tokens 10 is less than the 30 audio tokens that it includes');
});
