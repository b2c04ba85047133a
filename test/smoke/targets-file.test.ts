import { beforeAll, describe, expect, it } from 'vitest';
import { readPriceBook } from '../../src/io/read-price-book.ts';
import type { PriceBook } from '../../src/pricing/price-book.ts';
import { prepareRun } from '../../src/smoke/prepare-run.ts';
import { targetsFile, targetsOf } from '../../src/smoke/targets-file.ts';
import { asksOnce } from './setting.ts';

let book: PriceBook;
beforeAll(async () => {
  book = await readPriceBook();
});

const where = (path: readonly PropertyKey[]): string => `targets.yaml ${path.join('.')}`;
const read = (file: object) => targetsOf(book, targetsFile.parse(file), where);
const prepared = (file: object, env: Record<string, string>) =>
  prepareRun(read(file).targets, { book, env, checks: [asksOnce('reachable')], rounds: 1, on: '2026-06-01' });

describe('targets', () => {
  it('by name need nothing but a key: address, variable and model come from the price book', () => {
    const { targets, found } = read({
      targets: [{ target: 'openrouter/openai/gpt-4o-mini' }, { target: 'openai/gpt-4o-mini' }],
    });
    expect(found).toEqual([]);
    expect(
      targets.map(({ id, base_url, key_env, kind, isBaseline }) => ({ id, base_url, key_env, kind, isBaseline })),
    ).toEqual([
      {
        id: 'openrouter-openai-gpt-4o-mini',
        base_url: 'https://openrouter.ai/api/v1',
        key_env: 'OPENROUTER_API_KEY',
        kind: 'managed_gateway',
        isBaseline: false,
      },
      {
        id: 'openai-gpt-4o-mini',
        base_url: 'https://api.openai.com/v1',
        key_env: 'OPENAI_API_KEY',
        kind: 'direct',
        isBaseline: true,
      },
    ]);
    expect(targets[0]!.priced_as).toEqual({ seller: 'openai', model: 'gpt-4o-mini' });
  });

  it('that ask for more say where the answer goes', () => {
    const { found } = read({ targets: [{ target: 'azure/gpt-4o-mini' }] });
    expect(found.at(-1)!.message).toBe(
      'azure/gpt-4o-mini: answered in targets.yaml: {target: azure/gpt-4o-mini, answers: {resource: …, deployment: …}}',
    );
    const answers = { resource: 'mine', deployment: 'mini' };
    expect(read({ targets: [{ target: 'azure/gpt-4o-mini', answers }] }).found).toEqual([]);
  });

  it('of one’s own need an address and a model', () => {
    const { targets } = read({
      targets: [
        {
          id: 'own',
          base_url: 'http://127.0.0.1:8787/v1/',
          model: 'fast',
          priced_as: 'openai/gpt-4o-mini',
          timeout: '5 s',
        },
      ],
    });
    expect(targets[0]).toMatchObject({
      kind: 'router',
      base_url: 'http://127.0.0.1:8787/v1',
      model: 'fast',
      timeout_ms: 5000,
      key_header: 'authorization',
      isBaseline: true,
    });
    expect(targetsFile.safeParse({ targets: [{ id: 'own', model: 'fast' }] }).error?.issues[0]?.message).toContain(
      'needs a target of the price book, or base_url and model',
    );
  });

  it('that are misspelt, asked for and not answered, or called alike are told at once', () => {
    const { found } = read({
      targets: [
        { target: 'openroutr/openai/gpt-4o-mini' },
        { target: 'cloudflare/openai/gpt-4o-mini' },
        { target: 'openai/gpt-4o-mini' },
        { target: 'openai/gpt-4o-mini' },
      ],
    });
    const told = found.filter(({ severity }) => severity === 'error').map(({ path, message }) => `${path}: ${message}`);
    expect(told[0]).toBe(
      'targets.yaml targets.0: openroutr/openai/gpt-4o-mini: no seller or gateway is called "openroutr" (did you mean "openrouter/openai/gpt-4o-mini"?)',
    );
    expect(
      told.some((line) => line.startsWith('targets.yaml targets.1:') && line.includes('CLOUDFLARE_ACCOUNT_ID')),
    ).toBe(true);
    expect(told.some((line) => line.includes('targets.3: two targets are called openai-gpt-4o-mini'))).toBe(true);
  });

  it('say at once what is misspelt in all of their names: of models, of prices, of the baseline', () => {
    const { found } = read({
      targets: [
        { target: 'openai/gpt-4o-mni' },
        { target: 'openroutr/openai/gpt-4o-mini' },
        { id: 'mine', base_url: 'http://127.0.0.1:1/v1', model: 'fast', priced_as: 'openai/gpt-4o-mnii' },
      ],
      baseline: 'mne',
    });
    const told = found.map(({ severity, path, message }) => `${severity} ${path}: ${message}`);
    expect(told).toContainEqual(
      expect.stringMatching(/^warning targets\.yaml targets\.0: openai\/gpt-4o-mni: .*gpt-4o-mini/),
    );
    expect(told).toContainEqual(expect.stringMatching(/^error targets\.yaml targets\.1: .*openrouter/));
    expect(told).toContainEqual(
      expect.stringMatching(
        /^warning targets\.yaml targets\.2\.priced_as: openai\/gpt-4o-mnii: no rate card has this name; nearest are .*openai\/gpt-4o-mini/,
      ),
    );
    expect(told).toContainEqual(
      'error targets.yaml baseline: there is no target "mne" (did you mean "mine"?); there are openai-gpt-4o-mni, openroutr-openai-gpt-4o-mini, mine',
    );
  });

  it('are priced as the card that an alias means, and an image at what they say', () => {
    const { targets, found } = read({
      targets: [
        {
          id: 'mine',
          base_url: 'http://127.0.0.1:1/v1',
          model: 'fast',
          priced_as: 'openai/gpt-4o-mini-2024-07-18',
          images_model: 'painter',
          images_price: '0.04 USD',
        },
      ],
    });
    expect(found).toEqual([]);
    expect(targets[0]).toMatchObject({ priced_as: { seller: 'openai', model: 'gpt-4o-mini' }, usd_per_image: 0.04 });
  });

  it('without a key or a price are not called, and say why', async () => {
    const file = {
      targets: [
        { target: 'openai/gpt-4o-mini' },
        { id: 'own', base_url: 'http://127.0.0.1:1/v1', model: 'nobody-knows-it' },
        { target: 'mistral/mistral-large-latest' },
      ],
    };
    const { ready, skipped, plan, secrets, close } = prepared(file, { MISTRAL_API_KEY: 'k-1234' });
    expect(ready.map(({ target }) => target.id)).toEqual(['mistral-mistral-large-latest']);
    expect(skipped.map(({ why }) => why)).toEqual([
      'the environment variable OPENAI_API_KEY is not set',
      expect.stringContaining('nobody-knows-it has no price in the book'),
    ]);
    expect(plan).toHaveLength(1);
    expect(plan[0]!.most_usd).toBeGreaterThan(0);
    expect(secrets).toEqual(['k-1234']);
    await close();
  });
});
