/** The smallest question, with parts of its own put over it. */
import type { PriceBook } from '../../src/pricing/price-book.ts';
import { type Question, resolveScenario } from '../../src/scenario/resolve.ts';

export const questionOf = (own: object, book: PriceBook): Question =>
  resolveScenario(
    {
      name: 'test',
      start: '2026-12',
      horizon: 12,
      traffic: { trace: 'none.csv' },
      baseline: 'direct',
      strategies: [{ id: 'direct', kind: 'direct' }],
      ...own,
    },
    book,
  );
