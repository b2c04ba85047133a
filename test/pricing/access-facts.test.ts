/** What an access block may say, and what a further way in takes from the main one. */
import { describe, expect, test } from 'vitest';
import { accessFacts, withFurther } from '../../src/pricing/access-facts.ts';

const sound = {
  base_url: 'https://api.acme.test/{account}/v1',
  api: 'openai',
  key_env: 'ACME_API_KEY',
  ask: { account: { question: 'Which account of Acme?' } },
  source: 'https://acme.test/docs',
  as_of: '2026-11-01',
  confidence: 'high',
};
const told = (change: Record<string, unknown>): string[] =>
  accessFacts
    .safeParse({ ...sound, ...change })
    .error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];

test('a sound block is taken', () => {
  expect(told({})).toEqual([]);
  expect(told({ supports: { chat: true, stream: false } })).toEqual([]);
});

describe('refused', () => {
  test.each([
    ['a source is missing', { source: undefined }, /^source: /],
    ['a date is missing', { as_of: undefined }, /^as_of: /],
    ['a slash at the end', { base_url: 'https://api.acme.test/{account}/' }, /without a slash at the end/],
    ['credentials in the address', { base_url: 'https://u:p@acme.test/{account}' }, /credentials/],
    ['another protocol', { base_url: 'ftp://acme.test/{account}' }, /http or https/],
    ['a key where its variable belongs', { key_env: 'sk-1234' }, /name of an environment variable/],
    ['a secret header', { headers: { authorization: 'Bearer x' } }, /belongs under key_env/],
    ['an unknown feature', { supports: { video: true } }, /supports/],
    ['a place that nobody is asked for', { ask: {} }, /\{account\} is not asked for under ask/],
    [
      'a question that fills no place',
      { ask: { ...sound.ask, region: { question: 'Which region of Acme?' } } },
      /ask\.region is used nowhere/,
    ],
    ['neither an address nor a question for it', { base_url: undefined, ask: undefined }, /neither base_url nor/],
    [
      'an address beside the question for it',
      { ask: { ...sound.ask, base_url: { question: 'At which address?' } } },
      /stands beside the question/,
    ],
    ['a look-up without a path', { reports_cost: { in: 'lookup', name: 'cost' } }, /a look-up has one/],
    ['a form without a place', { model_names: { form: 'model' } }, /names no \{model\}/],
    [
      'two ways in of one name',
      {
        also: [1, 2].map(() => ({ name: 'eu', base_url: 'https://eu.acme.test', api: 'openai', source: 'acme.test' })),
      },
      /also\.1\.name: two have this name/,
    ],
  ])('%s', (_what, change, message) => expect(told(change).join('\n')).toMatch(message));
});

describe('a further way in', () => {
  const facts = accessFacts.parse({
    ...sound,
    headers: { 'x-acme': '1' },
    supports: { chat: true },
    reports_cost: { in: 'usage', name: 'cost' },
    also: [
      { name: 'eu', base_url: 'https://eu.acme.test/{account}', api: 'openai', source: 'acme.test/eu' },
      {
        name: 'messages',
        base_url: 'https://acme.test/m',
        api: 'anthropic',
        source: 'acme.test/m',
        as_of: '2026-10-01',
      },
    ],
  });

  test('takes what it leaves out from the main one, but never its address', () => {
    expect(withFurther(facts, facts.also[0]!)).toMatchObject({
      base_url: 'https://eu.acme.test/{account}',
      key_env: 'ACME_API_KEY',
      headers: { 'x-acme': '1' },
      supports: { chat: true },
      reports_cost: { name: 'cost' },
      as_of: '2026-11-01',
      ask: sound.ask,
    });
  });

  test('of another API takes neither headers nor features, and asks only for places of its own', () => {
    const whole = withFurther(facts, facts.also[1]!);
    expect(whole).toMatchObject({ api: 'anthropic', key_env: 'ACME_API_KEY', as_of: '2026-10-01', ask: {} });
    expect([whole.headers, whole.supports, whole.reports_cost]).toEqual([undefined, undefined, undefined]);
  });
});
