import { describe, expect, it } from 'vitest';
import { readPriceBook } from '../../src/io/read-price-book.ts';
import { NO_COUNTS } from '../../src/meters.ts';
import { priceBook } from '../../src/pricing/price-book.ts';
import { sellerFile } from '../../src/pricing/rate-card.ts';
import { substream } from '../../src/random.ts';
import { images } from '../../src/smoke/checks/images.ts';
import { chosenChecks } from '../../src/smoke/checks.ts';
import { costUsd, mostUsd, pricedModel } from '../../src/smoke/costs-of.ts';
import { openai } from '../../src/smoke/dialects/openai.ts';
import { planOf } from '../../src/smoke/plan.ts';
import { dialectOf } from '../../src/smoke/prepare-run.ts';
import { noPriceWords, priceUsed } from '../../src/smoke/price-used.ts';
import { ReadyTarget } from '../../src/smoke/probe.ts';
import { standInSpec } from '../../src/smoke/stand-in/spec.ts';
import { standInTarget } from '../../src/smoke/stand-in/stand-in-targets.ts';
import { virtualCaller } from '../../src/smoke/stand-in/virtual-caller.ts';
import { outages } from '../pricing/small-book.ts';
import { run, target, VirtualClock } from './setting.ts';

const ON = '2026-06-01';
const ASKED = images.plan(target())[0]!;
const card = (model: string, period: object) => ({
  model,
  source: 'https://alpha.example/prices',
  as_of: '2026-01-01',
  confidence: 'high',
  periods: [{ usd_per_mtok: {}, ...period }],
});
const book = priceBook({
  sellers: [
    sellerFile.parse({
      seller: 'alpha',
      name: 'alpha',
      cards: [
        card('m', { usd_per_mtok: { input: 3, output: 15 } }),
        card('by-kind', {
          images: [
            { quality: 'low', size: '1024x1024', usd: 0.011 },
            { quality: 'high', size: '1024x1024', usd: 0.167 },
            { quality: 'high', size: '1536x1024', usd: 0.25 },
          ],
        }),
        card('one-kind', {
          images: [
            { size: '1024x1024', usd: 0.03 },
            { size: '512x512', usd: 0.02 },
          ],
        }),
        card('by-piece', { usd_per_image: 0.04 }),
        card('by-token', { usd_per_mtok: { input: 5, image_output: 40 } }),
        card('e', { usd_per_mtok: { input: 0.02 } }),
      ],
    }),
  ],
  gateways: [],
  outages,
  digest: 'x',
});
const of = (images_model: string, more: object = {}) => target({ images_model, ...more });
const most = (model: string, more: object = {}) => mostUsd(book, of(model, more), ASKED, ON);

describe('the most that an image can cost', () => {
  it('is the dearest of its size, where a card lists images by quality and size', () => {
    expect(most('by-kind')).toBeCloseTo(0.167, 12);
    expect(most('one-kind')).toBeCloseTo(0.03, 12);
  });

  it('is the price of a piece, or of all tokens that it can have', () => {
    expect(most('by-piece')).toBeCloseTo(0.04, 12);
    expect(most('by-token')).toBeCloseTo(ASKED.prompt_tokens * 5e-6 + ASKED.output_tokens * 40e-6, 12);
  });

  it('leaves room for a gateway’s own fee', () => {
    expect(most('by-piece', { kind: 'managed_gateway' })).toBeCloseTo(0.06, 12);
  });

  it('is what the target says that one costs, where it says so', () => {
    expect(most('by-kind', { usd_per_image: 0.02 })).toBe(0.02);
    expect(most('no-such', { usd_per_image: 0.02 })).toBe(0.02);
  });

  it('is not known without a price, and the words name the model and where a price goes', () => {
    expect(most('no-such')).toBeUndefined();
    expect(most('m')).toBeCloseTo(ASKED.prompt_tokens * 3e-6 + ASKED.output_tokens * 15e-6, 12);
    expect(most('e')).toBeUndefined();
    expect(noPriceWords(book, of('no-such'), ASKED)).toBe(
      'alpha/no-such has no price in the book, so that no cap could hold; say in targets.yaml what one costs (images_price: 0.04 USD), or name a price book that lists it (--prices)',
    );
    expect(noPriceWords(book, of('e'), ASKED)).toContain('alpha/e has no image price in the book');
  });
});

describe('what an image did cost', () => {
  const cost = (model: string, counts: object, more: object = {}) =>
    costUsd(book, of(model, more), ASKED, { ...NO_COUNTS, ...counts }, ON);

  it('is priced by its size, by its pieces, or by its tokens, as the answer counts them', () => {
    expect(cost('one-kind', { images: 1 })).toBeCloseTo(0.03, 12);
    expect(cost('by-piece', { images: 1 })).toBeCloseTo(0.04, 12);
    expect(cost('by-token', { input_tokens: 20, image_output_tokens: 1000 })).toBeCloseTo(0.0401, 12);
    expect(cost('by-kind', { images: 1 }, { usd_per_image: 0.02 })).toBe(0.02);
  });

  it('is not known where it depends on a quality that nobody told', () => {
    expect(cost('by-kind', { images: 1 })).toBeUndefined();
  });
});

describe('the price of another model of a target', () => {
  const EMBED = { operation: 'embeddings', texts: ['a'], prompt_tokens: 5, output_tokens: 0 } as const;

  it('is found by the name that is sent, with its seller or without', () => {
    const named = (embeddings_model: string, more: object = {}) =>
      pricedModel(book, target({ embeddings_model, ...more }), EMBED);
    expect(named('e')).toEqual({ seller: 'alpha', model: 'e' });
    expect(named('alpha/e', { priced_as: { seller: 'beta', model: 'm' } })).toEqual({ seller: 'alpha', model: 'e' });
    expect(named('alpha/e', { priced_as: undefined })).toEqual({ seller: 'alpha', model: 'e' });
    expect(named('unheard')).toEqual({ seller: 'alpha', model: 'unheard' });
  });

  it('is told with its source and age; a price of the target’s own has no date', () => {
    expect(priceUsed(book, of('by-piece'), ASKED, ON)).toEqual({
      seller: 'alpha',
      model: 'by-piece',
      as_of: '2026-01-01',
      age_days: 151,
      source: 'https://alpha.example/prices',
    });
    expect(priceUsed(book, of('i', { usd_per_image: 0.04 }), ASKED, ON)).toMatchObject({ model: 'i', as_of: null });
    expect(priceUsed(book, of('by-piece', { kind: 'local' }), ASKED, ON)).toBeUndefined();
  });
});

describe('images on a stand-in', () => {
  it('are made where they are asked for by name, and cost what its bill says', async () => {
    const shipped = await readPriceBook();
    const spec = standInSpec.parse({});
    const clock = new VirtualClock();
    const checks = chosenChecks(['images']);
    const bills: (() => readonly { readonly nano_usd: number; readonly model: string }[])[] = [];
    const ready = (['direct', 'gateway'] as const).map((name) => {
      const one = standInTarget(spec, name, 'http://127.0.0.1');
      const planned = planOf(one, openai, checks, { book: shipped, rounds: 1, on: ON });
      expect(planned.at(-1)).toMatchObject({ check: 'images', unpriced: undefined });
      const caller = virtualCaller(spec, name, clock, substream(1, name));
      bills.push(caller.bill);
      return new ReadyTarget(one, caller, dialectOf(one));
    });
    const found = await run(ready, checks, { book: shipped, clock });
    const judged = found.findings.filter(({ check }) => check === 'images');
    expect(judged.map(({ verdict, seen }) => [verdict, seen])).toEqual([
      ['pass', 'one image came'],
      ['pass', 'one image came'],
    ]);
    const nano = bills.map((bill) => bill().find(({ model }) => model === 'stand-in-image')!.nano_usd);
    expect(nano).toEqual([40_000_000, 42_200_000]);
    expect(found.evidence.filter(({ operation }) => operation === 'images').map((one) => one.computed_usd)).toEqual([
      0.04, 0.04,
    ]);
    expect(found.prices.map(({ model, as_of }) => [model, as_of === null])).toEqual([
      ['gpt-4o-mini', false],
      ['stand-in-image', true],
      ['stand-in-image', true],
    ]);
  });
});
