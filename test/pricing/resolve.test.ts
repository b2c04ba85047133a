/** What names as clients write them mean, rule by rule, on the shipped book and on a book made for the hard cases. */
import { beforeAll, describe, expect, test } from 'vitest';
import { readPriceBook } from '../../src/io/read-price-book.ts';
import { type PriceBook, priceBook } from '../../src/pricing/price-book.ts';
import { sellerFile } from '../../src/pricing/rate-card.ts';
import { RESOLUTION_RULES, resolveModel, ruleInWords, unknownInWords } from '../../src/pricing/resolve.ts';
import { outages } from './small-book.ts';

let book: PriceBook;
beforeAll(async () => {
  book = await readPriceBook();
});

const named = (text: string): string => {
  const found = resolveModel(book, text);
  return 'unknown' in found ? 'unknown' : `${found.seller}/${found.model}${found.rule ? ` by ${found.rule}` : ''}`;
};

test.each([
  ['openai/gpt-4o', 'openai/gpt-4o'],
  ['groq/openai/gpt-oss-120b', 'groq/openai/gpt-oss-120b'],
  ['openai/gpt-4o-2024-08-06', 'openai/gpt-4o by alias'],
  ['xai/grok-4-0709', 'xai/grok-4 by alias'],
  ['gpt-4o', 'openai/gpt-4o by first_party'],
  ['gpt-4o-2024-08-06', 'openai/gpt-4o by first_party'],
  ['claude-sonnet-4-5-20250929', 'anthropic/claude-sonnet-4-5 by first_party'],
  ['us.anthropic.claude-sonnet-4-5', 'bedrock/us.anthropic.claude-sonnet-4-5 by bedrock_id'],
  ['us.anthropic.claude-haiku-4-5-20251001-v1:0', 'bedrock/us.anthropic.claude-haiku-4-5 by bedrock_id'],
  ['amazon.nova-pro-v1:0', 'bedrock/amazon.nova-pro-v1:0 by bedrock_id'],
  ['anthropic/claude-sonnet-4.5', 'anthropic/claude-sonnet-4-5 by dots_as_dashes'],
  ['claude-sonnet-4.5', 'anthropic/claude-sonnet-4-5 by dots_as_dashes'],
  ['x-ai/grok-4', 'xai/grok-4 by seller_spelling'],
  ['gemini/gemini-2.5-pro', 'google/gemini-2.5-pro by seller_spelling'],
  ['OpenAI/GPT-4o', 'openai/gpt-4o by letter_case'],
  ['GPT-4o', 'openai/gpt-4o by letter_case'],
  ['minimax/minimax-m2', 'minimax/MiniMax-M2 by letter_case'],
])('%s is %s', (text, expected) => {
  expect(named(text)).toBe(expected);
});

describe('what no rule may guess', () => {
  test.each([
    'openai/gpt-4o:free',
    'gpt-4o:nitro',
    'openai/gpt-4o-2031-01-01',
    'anthropic/claude-opus-4-7-fast',
    'claude-opus',
    'openai/gpt-oss-120b',
    'anthropic.claude-sonnet-4-5-20250929-v1:0',
    'bedrock/claude-sonnet-4-5',
    'openai/',
    'constructor',
    '__proto__/gpt-4o',
  ])('%s is unknown', (text) => {
    expect(named(text)).toBe('unknown');
  });

  test('the snapshot of May 2024 is a model of its own at 5/15 and never gpt-4o', () => {
    expect(named('gpt-4o-2024-05-13')).toBe('openai/gpt-4o-2024-05-13 by first_party');
    const without = priceBook({
      sellers: [...book.sellers.values()].map((file) => ({
        ...file,
        cards: file.cards.filter((card) => card.model !== 'gpt-4o-2024-05-13'),
      })),
      gateways: [],
      outages,
      digest: '',
    });
    expect(resolveModel(without, 'openai/gpt-4o-2024-05-13')).toMatchObject({ unknown: 'openai/gpt-4o-2024-05-13' });
  });

  test('a model that only hosts sell names them as the nearest', () => {
    expect(resolveModel(book, 'openai/gpt-oss-120b')).toMatchObject({
      nearest: ['fireworks/gpt-oss-120b', 'groq/openai/gpt-oss-120b', 'siliconflow/openai/gpt-oss-120b'],
    });
  });
});

describe('ambiguity', () => {
  const card = { source: 'test', as_of: '2026-08-01', confidence: 'high', periods: [{ usd_per_mtok: { input: 1 } }] };
  const of = (seller: string, ...models: string[]) =>
    sellerFile.parse({ seller, name: seller, cards: models.map((model) => ({ ...card, model })) });
  const made = priceBook({
    sellers: [of('openai', 'twin', 'One', 'ONE'), of('google', 'twin'), of('azure', 'hosted')],
    gateways: [],
    outages,
    digest: '',
  });

  test('an id that two sellers of their own models list names both', () => {
    const found = resolveModel(made, 'twin');
    expect(found).toEqual({ unknown: 'twin', nearest: ['openai/twin', 'google/twin'], isAmbiguous: true });
    expect('unknown' in found && unknownInWords(found)).toBe(
      'this name is ambiguous; it may be openai/twin or google/twin',
    );
  });

  test('a misspelt id without its seller names the nearest of those who make models', () => {
    expect(resolveModel(book, 'gpt-4oo')).toMatchObject({ nearest: expect.arrayContaining(['openai/gpt-4o']) });
  });

  test('letter case resolves only where one id is left', () => {
    expect(resolveModel(made, 'openai/one')).toMatchObject({ isAmbiguous: true });
    expect(resolveModel(made, 'openai/TWIN')).toEqual({ seller: 'openai', model: 'twin', rule: 'letter_case' });
  });

  test('a host alone does not make a bare id known', () => {
    expect(resolveModel(made, 'hosted')).toEqual({ unknown: 'hosted', nearest: ['azure/hosted'] });
  });
});

test('an answer says by which rule it was found, the exact id says nothing', () => {
  expect(ruleInWords({ seller: 'openai', model: 'gpt-4o' })).toBeUndefined();
  expect(ruleInWords({ seller: 'openai', model: 'gpt-4o', rule: 'alias' })).toBe(
    `openai/gpt-4o, resolved by rule: ${RESOLUTION_RULES.alias}`,
  );
});
