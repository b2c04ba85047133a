/** A price book of a few cards, built by hand, for tests that want numbers they can see. */
import { outageHistory } from '../../src/pricing/outage-history.ts';
import { type PriceBook, priceBook } from '../../src/pricing/price-book.ts';
import { sellerFile } from '../../src/pricing/rate-card.ts';

const provenance = { source: 'test', as_of: '2026-08-01', confidence: 'high' };

export const outages = outageHistory.parse({
  severity: { full: 1, partial: 0.3, degraded: 0.01 },
  scope_match: { full: 1, partial: 0.5, degraded: 0.5 },
  services: [],
  pooled: {
    hours_per_month: { full: 1, partial: 2, degraded: 3 },
    incidents_per_month: 1,
    mean_hours_per_incident: 1,
    duration_sigma: 1,
    gap_cv: 1,
    source: 'test',
  },
  gateway_pooled_downtime: 0.001,
});

export const small = sellerFile.parse({
  seller: 'acme',
  name: 'Acme',
  cards: [
    {
      model: 'long/context',
      aliases: [{ id: 'long-old', until: '2026-01-01' }, { id: 'long-0' }],
      ...provenance,
      periods: [
        {
          usd_per_mtok: { input: 3, cache_read: 0.3, output: 15 },
          cliffs: [{ prompt_tokens: 200_000, rule: 'above', usd_per_mtok: { input: 6, output: 30 } }],
          tiers: {
            batch: { usd_per_mtok: { input: 1.5, output: 7.5 } },
            priority: {
              usd_per_mtok: { input: 6, output: 30 },
              cliffs: [{ prompt_tokens: 200_000, usd_per_mtok: { input: 12, output: 60 } }],
            },
          },
        },
      ],
    },
    {
      model: 'dated',
      ...provenance,
      as_of: '2026-05-01',
      periods: [
        { from: '2025-01-01', until: '2026-03-01', usd_per_mtok: { input: 10, output: 40 } },
        {
          from: '2026-03-01',
          until: '2027-01-01',
          usd_per_mtok: { input: 2, output: 8, reasoning: 9 },
          cliffs: [{ prompt_tokens: 128_000, rule: 'at_or_above', usd_per_mtok: { input: 4, output: 16 } }],
        },
        { from: '2027-01-01', status: 'announced', usd_per_mtok: { input: 3, output: 12 } },
        { from: '2026-06-01', status: 'cancelled', usd_per_mtok: { input: 99, output: 99 } },
      ],
    },
    {
      model: 'peaky',
      ...provenance,
      periods: [
        {
          usd_per_mtok: { input: 1, output: 2 },
          tiers: { batch: { usd_per_mtok: { input: 0.5, output: 1 } } },
          windows: [
            {
              label: 'peak',
              zone: 'UTC',
              days: ['mon', 'tue', 'wed', 'thu', 'fri'],
              hours: ['01:00-04:00', '06:00-10:00'],
              usd_per_mtok: { input: 2, output: 4 },
            },
          ],
        },
      ],
    },
    { model: 'rerank', ...provenance, periods: [{ usd_per_mtok: {}, usd_per_request: 0.002 }] },
    { model: 'free', ...provenance, periods: [{ usd_per_mtok: { input: 0, output: 0 } }] },
  ],
});

export const book: PriceBook = priceBook({ sellers: [small], gateways: [], outages, digest: 'test' });
