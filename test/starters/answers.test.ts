/** What people type, and what it is taken for. */
import { beforeAll, describe, expect, it, test } from 'vitest';
import { readPriceBook } from '../../src/io/read-price-book.ts';
import type { PriceBook } from '../../src/pricing/price-book.ts';
import { likelyModels, readGateways, readModels, readRate, readVolume, weighable } from '../../src/starters/answers.ts';
import { SITUATIONS, situationOf } from '../../src/starters/situations.ts';

let book: PriceBook;
beforeAll(async () => {
  book = await readPriceBook();
});
const problemOf = (read: object): string => ('problem' in read ? String(read.problem) : 'none');

test('usage that names its seller and no model is proposed a model of that seller', () => {
  const proposed = ['anthropic/claude-sonnet-5', 'openai/gpt-5.6-luna', 'google/gemini-2.5-flash'];
  expect(likelyModels(proposed, 'openai', book)).toEqual(['openai/gpt-5.6-luna']);
  expect(likelyModels(proposed, 'deepseek', book)).toEqual(['deepseek/deepseek-chat']);
  expect(likelyModels(proposed, 'nobody', book)).toEqual(proposed);
  expect(likelyModels(proposed, undefined, book)).toEqual(proposed);
});

describe('a volume', () => {
  it.each([
    ['50000', '50000'],
    ['50,000', '50000'],
    ["1'250'000", '1250000'],
    ['50k', '50000'],
    ['1.5M', '1500000'],
    ['2 million', '2000000'],
    ['20000 to 80000', '20000 to 80000'],
    ['30000 request/month', '30000 request/month'],
  ])('%s is %s', (typed, value) => {
    expect(readVolume(typed)).toEqual({ value });
  });

  it.each(['', 'many', '0', '-5', '5 USD'])('"%s" is refused with an example', (typed) => {
    expect(problemOf(readVolume(typed))).toContain('such as 50000, 50k or 20000 to 80000');
  });
});

describe('a rate', () => {
  it.each([
    ['91', '91 USD/hour', 'hour'],
    ['80 EUR/hour', '80 EUR/hour', 'hour'],
    ['70 to 120', '70 to 120 USD/hour', 'hour'],
    ['110,000 USD/year', '110000 USD/year', 'year'],
    ['90000 to 120000 EUR/year', '90000 to 120000 EUR/year', 'year'],
  ])('%s is %s', (typed, text, per) => {
    expect(readRate(typed)).toEqual({ value: { text, per } });
  });

  it.each(['', 'dear', '-3', '91 USD/month', '5 apples/year'])('"%s" is refused', (typed) => {
    expect(problemOf(readRate(typed))).not.toBe('none');
  });
});

describe('gateways', () => {
  it('are known by name, in any letter case, once each; a share is a markup; none is none', () => {
    expect(readGateways('OpenRouter, litellm, openrouter, 12.5%', book)).toEqual({
      value: [
        { id: 'openrouter', kind: 'managed_gateway' },
        { id: 'litellm', kind: 'self_hosted_gateway' },
        { id: 'markup-12-5', kind: 'managed_gateway', markup: '12.5 %' },
      ],
    });
    expect(readGateways('none', book)).toEqual({ value: [] });
  });

  it('each that is offered can be weighed', () => {
    for (const id of weighable(book)) expect(readGateways(id, book), id).toHaveProperty('value');
  });

  it('a misspelt one is told with the nearest, an empty answer with what is allowed', () => {
    expect(problemOf(readGateways('portky', book))).toContain('did you mean "portkey"?');
    expect(problemOf(readGateways(' , ', book))).toContain('or none');
  });
});

describe('models', () => {
  it('resolve by the rules of the price book, once each', () => {
    expect(readModels('gpt-4o, openai/gpt-4o, anthropic/claude-sonnet-4.5', book, '2026-12-01')).toEqual({
      value: ['openai/gpt-4o', 'anthropic/claude-sonnet-4-5'],
    });
  });

  it('unknown ones are told together', () => {
    const problem = problemOf(readModels('openai/gpt-4oo, mistral/mistral-lage-latest', book, '2026-12-01'));
    expect(problem).toContain('nearest are openai/gpt-4o');
    expect(problem).toContain('mistral/mistral-large-latest');
  });
});

describe('a situation', () => {
  it('goes by number, by name, or by words that one alone has', () => {
    expect(situationOf('1')).toBe(SITUATIONS[0]);
    expect(situationOf('11')).toBe(SITUATIONS[10]);
    expect(situationOf('seasonal-traffic')).toMatchObject({ id: 'seasonal-traffic' });
    expect(situationOf('Support bot')).toMatchObject({ id: 'support-with-escalation' });
    expect(situationOf('ollama')).toMatchObject({ id: 'local-and-paid' });
  });

  it.each(['0', '12', 'gateway-or-not', 'model', ''])('"%s" names none', (typed) => {
    expect(problemOf(situationOf(typed))).toContain('allowed are 1 to 11');
  });
});
