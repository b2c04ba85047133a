/** Names of models there and here, by the declared rules. */
import { beforeAll, describe, expect, test } from 'vitest';
import { readPriceBook } from '../../src/io/read-price-book.ts';
import { type ModelNames, withFurther } from '../../src/pricing/access-facts.ts';
import { namesHere, nameThere } from '../../src/pricing/access-names.ts';
import type { PriceBook } from '../../src/pricing/price-book.ts';

const rule: ModelNames = {
  form: '{seller}/{model}',
  sellers: { anthropic: 'anthropic', xai: 'x-ai' },
  versions_with_dots: ['anthropic'],
  names: { 'mistral/open-mistral-nemo': 'mistralai/mistral-nemo' },
  other_models: [],
};

test.each([
  ['anthropic', 'claude-opus-4-8', 'anthropic/claude-opus-4.8'],
  ['anthropic', 'claude-3-5-haiku', 'anthropic/claude-3.5-haiku'],
  ['anthropic', 'claude-3-haiku', 'anthropic/claude-3-haiku'],
  ['anthropic', 'claude-3-haiku-20240307', 'anthropic/claude-3-haiku-20240307'],
  ['xai', 'grok-code-fast-1', 'x-ai/grok-code-fast-1'],
  ['mistral', 'open-mistral-nemo', 'mistralai/mistral-nemo'],
  ['mistral', 'codestral-2508', undefined],
])('%s/%s is %s there', (seller, model, there) => expect(nameThere(rule, { seller, model })).toBe(there));

test('a name there may mean a model of the book, or none', () => {
  expect(namesHere(rule, 'x-ai/grok-4')).toEqual([{ seller: 'xai', model: 'grok-4' }]);
  expect(namesHere(rule, 'mistralai/mistral-nemo')).toEqual([{ seller: 'mistral', model: 'open-mistral-nemo' }]);
  expect(namesHere(rule, 'xai/grok-4')).toEqual([]);
  expect(namesHere(rule, 'grok-4')).toEqual([]);
});

test('a form without a seller names none', () => {
  const bare = { ...rule, form: '{model}', names: {} };
  expect(namesHere(bare, 'gpt-4o')).toEqual([{ seller: undefined, model: 'gpt-4o' }]);
  expect(nameThere({ ...bare, form: 'a.b(c)/{model}' }, { seller: 'xai', model: 'grok-4' })).toBe('a.b(c)/grok-4');
  expect(namesHere({ ...bare, form: 'a.b(c)/{model}' }, 'a.b(c)/grok-4')).toMatchObject([{ model: 'grok-4' }]);
});

describe('the shipped rules', () => {
  let book: PriceBook;
  beforeAll(async () => {
    book = await readPriceBook();
  });

  test('lead there and back for every card of the book', () => {
    let named = 0;
    for (const { access } of [...book.gateways.values(), ...book.sellers.values()]) {
      for (const one of access === undefined ? [] : [access, ...access.also.map((way) => withFurther(access, way))]) {
        const names = one.model_names;
        if (names === undefined || !names.form.includes('{model}')) continue;
        for (const { seller, cards } of book.sellers.values()) {
          for (const { model } of cards) {
            const there = nameThere(names, { seller, model });
            if (there === undefined) continue;
            named++;
            const back = namesHere(names, there.replaceAll(/[{}]/g, ''));
            expect(back.some((name) => name.model === model && (name.seller ?? seller) === seller)).toBe(true);
          }
        }
      }
    }
    expect(named).toBeGreaterThan(1000);
  });
});
