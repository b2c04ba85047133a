import { expect, test } from 'vitest';
import { conflictsIn } from '../../src/pricing/conflicts.ts';
import { sellerFile } from '../../src/pricing/rate-card.ts';
import { small } from './small-book.ts';

const card = (model: string, more: object = {}) => ({
  model,
  source: 'test',
  as_of: '2026-08-01',
  confidence: 'high',
  periods: [{ usd_per_mtok: { input: 1 } }],
  ...more,
});
const codes = (...cards: object[]) =>
  conflictsIn(sellerFile.parse({ seller: 'acme', name: 'Acme', cards })).map(
    ({ code, at }) => `${code} ${at.join('.')}`,
  );

test('a file without contradictions has none', () => {
  expect(conflictsIn(small)).toEqual([]);
});

test('a model twice', () => {
  expect(codes(card('a'), card('b'), card('a'))).toEqual(['PRICE_DUPLICATE_MODEL cards.2.model']);
});

test('an alias that is a model, or another alias at the same time', () => {
  expect(codes(card('a'), card('b', { aliases: [{ id: 'a' }] }))).toEqual(['PRICE_DUPLICATE_MODEL cards.1.aliases.0']);
  const early = card('a', { aliases: [{ id: 'x', until: '2026-01-01' }] });
  expect(codes(early, card('b', { aliases: [{ id: 'x', from: '2026-01-01' }] }))).toEqual([]);
  expect(codes(early, card('b', { aliases: [{ id: 'x', from: '2025-12-31' }] }))).toEqual([
    'PRICE_DUPLICATE_MODEL cards.1.aliases.0',
  ]);
});

test('confirmed periods that share a day', () => {
  const period = (from: string | undefined, until: string | undefined, status = 'confirmed') => ({
    from,
    until,
    status,
    usd_per_mtok: { input: 1 },
  });
  const of = (...periods: object[]) => codes(card('a', { periods }));
  expect(of(period(undefined, '2026-01-01'), period('2026-01-01', undefined))).toEqual([]);
  expect(of(period(undefined, '2026-01-02'), period('2026-01-01', undefined))).toEqual([
    'PRICE_PERIOD_OVERLAP cards.0.periods.1',
  ]);
  expect(of(period(undefined, undefined), period('2026-01-01', undefined, 'cancelled'))).toEqual([]);
  expect(of(period('2026-02-01', '2026-01-01'))).toEqual(['PRICE_PERIOD_ORDER cards.0.periods.0']);
});

test('cliffs out of order or twice at one prompt size', () => {
  const cliff = (prompt_tokens: number, rule = 'above') => ({ prompt_tokens, rule, usd_per_mtok: { input: 2 } });
  const of = (cliffs: object[], batch: object[] = []) => {
    const tiers = { batch: { usd_per_mtok: { input: 1 }, cliffs: batch } };
    return codes(card('a', { periods: [{ usd_per_mtok: { input: 1 }, cliffs, tiers }] }));
  };
  expect(of([cliff(32_000), cliff(128_000)], [cliff(32_000)])).toEqual([]);
  expect(of([cliff(128_000), cliff(32_000)])).toEqual(['PRICE_CLIFF_ORDER cards.0.periods.0.cliffs']);
  expect(of([], [cliff(127_999), cliff(128_000, 'at_or_above')])).toEqual([
    'PRICE_CLIFF_ORDER cards.0.periods.0.tiers.batch.cliffs',
  ]);
});

test('two windows of one label', () => {
  const window = { label: 'peak', zone: 'UTC', days: ['mon'], hours: ['01:00-02:00'], usd_per_mtok: { input: 2 } };
  expect(codes(card('a', { periods: [{ usd_per_mtok: { input: 1 }, windows: [window, window] }] }))).toEqual([
    'PRICE_DUPLICATE_WINDOW cards.0.periods.0.windows',
  ]);
});
