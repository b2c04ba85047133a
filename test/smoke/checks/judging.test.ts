import { describe, expect, it } from 'vitest';
import { figure } from '../../../src/measurements/contract.ts';
import { COUNTED_PROMPTS } from '../../../src/smoke/judging/counted-prompts.ts';
import { counted, estimated } from '../../../src/smoke/judging/figures.ts';
import { nonconformities } from '../../../src/smoke/judging/json-schema.ts';
import { likeness, snapshotOf, tokenizerOf } from '../../../src/smoke/judging/model-names.ts';
import { toldWaitMs } from '../../../src/smoke/judging/patience.ts';
import { CALL_TOOL } from '../../../src/smoke/judging/prompts.ts';
import { hasResets, limit, remaining } from '../../../src/smoke/judging/quota-headers.ts';
import { mostTokens } from '../../../src/smoke/judging/token-bounds.ts';
import { exchange } from '../setting.ts';

describe('names of models', () => {
  it.each([
    ['gpt-4o-mini', 'gpt-4o-mini-2024-07-18'],
    ['openai/gpt-4o-mini', 'gpt-4o-mini'],
    ['claude-haiku-4-5', 'anthropic/claude-haiku-4.5'],
    ['claude-haiku-4-5', 'claude-haiku-4-5-20251001'],
    ['us.anthropic.claude-3-5-haiku-20241022-v1:0', 'claude-3-5-haiku-latest'],
    ['meta-llama/llama-3.3-70b-instruct:free', 'Llama-3.3-70B-Instruct'],
    ['gpt-35-turbo', 'gpt-3.5-turbo-0125'],
    ['gemini-2.0-flash', 'gemini-2.0-flash-001'],
    ['mistral-large-latest', 'mistral-large-2411'],
  ])('%s and %s are the same', (a, b) => {
    expect(likeness(a, b)).toBe('same');
  });

  it.each([
    ['gpt-4o', 'gpt-4o-mini'],
    ['gpt-4o', 'gpt-4'],
    ['claude-sonnet-4-5', 'claude-haiku-4-5'],
    ['llama-3.3-70b', 'llama-3.3-8b'],
    ['gemini-2.5-pro', 'gemini-2.0-pro'],
    ['m', 'mystery'],
  ])('%s and %s are not', (a, b) => {
    expect(likeness(a, b)).toBe('other');
  });

  it('a word that is neither size nor version makes names near', () => {
    expect(likeness('llama-3.3-70b-instruct', 'llama-3.3-70b-instruct-turbo')).toBe('near');
  });

  it('have the date of a snapshot, or none', () => {
    expect(snapshotOf('gpt-4o-mini-2024-07-18')).toBe('2024-07-18');
    expect(snapshotOf('claude-haiku-4-5-20251001')).toBe('20251001');
    expect(snapshotOf('gpt-4o-mini')).toBeUndefined();
  });

  it('tell the tokenizer where it is known', () => {
    expect(['openai/gpt-4o-mini', 'gpt-4.1', 'gpt-5-nano', 'o3-mini'].map(tokenizerOf)).toEqual(Array(4).fill('o200k'));
    expect(['gpt-4', 'gpt-4-turbo', 'gpt-3.5-turbo'].map(tokenizerOf)).toEqual(Array(3).fill('cl100k'));
    expect(['claude-haiku-4-5', 'gpt-oss-120b', 'gpt-4.5-preview'].map(tokenizerOf)).toEqual(Array(3).fill(undefined));
  });
});

describe('a schema', () => {
  const schema = {
    type: 'object',
    properties: {
      city: { type: 'string' },
      count: { type: 'integer' },
      tags: { type: 'array', items: { type: 'string' } },
    },
    required: ['city', 'count'],
    additionalProperties: false,
  };
  it('is conformed to, or it is said where not', () => {
    expect(nonconformities({ city: 'Paris', count: 2, tags: ['a'] }, schema)).toEqual([]);
    expect(nonconformities({ city: 7, tags: ['a', 1], more: 1 }, schema)).toEqual([
      'it has no count',
      'it has 1 members that the schema does not have',
      'city is no string',
      'tags[1] is no string',
    ]);
    expect(nonconformities([1], schema)).toEqual(['it is no object']);
    expect(nonconformities({ city: '', count: 1.5 }, schema)).toEqual(['count is no integer']);
    expect(nonconformities('kelvin', { type: 'string', enum: ['celsius'] })).toEqual(['it is none of celsius']);
  });

  it('of a keyword that is not known is a bug, not a pass', () => {
    expect(() => nonconformities('a', { type: 'string', minLength: 2 })).toThrow('minLength');
  });
});

describe('headers of quotas', () => {
  it('are read in the forms of several sellers', () => {
    expect(remaining({ 'x-ratelimit-remaining-requests': '59' }, 'requests')).toBe(59);
    expect(remaining({ 'anthropic-ratelimit-tokens-remaining': '4000' }, 'tokens')).toBe(4000);
    expect(limit({ 'x-ratelimit-limit': '20' }, 'requests')).toBe(20);
    expect(remaining({ 'x-ratelimit-remaining-requests': 'many' }, 'requests')).toBeUndefined();
    expect(remaining({ 'x-ratelimit-remaining': '1' }, 'tokens')).toBeUndefined();
    expect(hasResets({ 'x-ratelimit-reset-tokens': '6ms' })).toBe(true);
    expect(hasResets({ 'x-ratelimit-remaining-requests': '1' })).toBe(false);
  });

  it('say when to come back in milliseconds, in seconds or as a date', () => {
    const wait = (headers: Record<string, string>) =>
      toldWaitMs(exchange({ headers, started_ms: Date.parse('2026-06-01T00:00:00Z'), total_ms: 1000 }));
    expect(wait({ 'retry-after-ms': '250', 'retry-after': '9' })).toBe(250);
    expect(wait({ 'retry-after': '9' })).toBe(9000);
    expect(wait({ 'retry-after': 'Mon, 01 Jun 2026 00:00:05 GMT' })).toBe(4000);
    expect(wait({ 'retry-after': 'soon' })).toBe(-1);
  });
});

describe('bounds of tokens', () => {
  it('lie above what two tokenizers count', () => {
    for (const { text, tokens } of COUNTED_PROMPTS) {
      const most = mostTokens(text);
      expect(most).toBeGreaterThan(1.3 * Math.max(tokens.o200k, tokens.cl100k));
      expect(most).toBeLessThan(4 * tokens.o200k);
    }
  });

  it('hold tools too', () => {
    expect(CALL_TOOL.prompt_tokens).toBeGreaterThan(mostTokens(CALL_TOOL.prompt) + 50);
  });
});

describe('figures', () => {
  it('have an interval only where there is one', () => {
    const [one] = estimated('added_ms', 'ms', { value: 40, low: 38, high: 43, n: 20 }, 'median');
    expect(figure.parse(one)).toMatchObject({ value: 40, interval: { low: 38, high: 43, level: 0.95 }, samples: 20 });
    const [few] = estimated('added_ms', 'ms', { value: 40, low: undefined, high: undefined, n: 2 }, 'median');
    expect(figure.parse(few)).toMatchObject({ value: 40, interval: null, samples: 2 });
    expect(estimated('added_ms', 'ms', undefined, 'median')).toEqual([]);
    expect(figure.parse(counted('bad_key_status', '1', 401, 1, 'status'))).toMatchObject({ value: 401 });
  });
});
