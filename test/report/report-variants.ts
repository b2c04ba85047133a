/**
 * Reports of small scenarios that are awkward to show: an unpriced strategy, everything excluded, one strategy alone, a
 * negative total, eight strategies with long names, one month. Evaluated as any other; named by what is awkward.
 */
import { evaluate } from '../../src/evaluate.ts';
import type { PriceBook } from '../../src/pricing/price-book.ts';
import { sellerTerms } from '../../src/pricing/seller-terms.ts';
import { NO_REPLAYS } from '../../src/replay/replayed.ts';
import type { Report } from '../../src/report/contract.ts';
import { resolveScenario } from '../../src/scenario/resolve.ts';
import { direct, type Input, managed, monthly, book as prices, requests, scenario, usageOf } from '../costs/fixture.ts';
import { reportOf } from '../report-of.ts';

const DRAWS = 300;

function evaluated(own: Input, traffic = requests(10), draws = 0, book = prices): Report {
  const question = resolveScenario(scenario(own), book);
  return reportOf(evaluate(question, usageOf(traffic, own), book, NO_REPLAYS, { draws, incidents: 'expected' }), book);
}

const OVERSEAS: PriceBook = {
  ...prices,
  sellers: new Map([
    ...prices.sellers,
    ['acme', { ...prices.sellers.get('acme')!, terms: sellerTerms.parse({ data_residency: ['us'] }) }],
  ]),
};

const long = (id: string, gateway: string) => ({ ...managed(gateway), id });
const EIGHT = [
  direct,
  long('everything-through-a-gateway-that-takes-its-toll-on-credit', 'toll'),
  long('a-gateway-with-a-markup-and-a-name-that-goes-on-and-on', 'markup'),
  long('start-on-free-credit-until-there-is-none-of-it-left-at-all', 'gift'),
  long('minimum-purchase', 'deposit'),
  long('own-keys-through-a-gateway-with-a-fee-for-own-keys', 'keys'),
  long('per-request', 'metered'),
  long('fallback-and-budgets-brought-by-the-gateway', 'able'),
];
const EFFORT = {
  loaded_rate: '60 to 140 USD/hour',
  effort: { budgets: { build: '10 to 40 hours', upkeep: '1 to 3 hours/month' } },
  adapter: { build: 4, upkeep: 0.5 },
  gateway_integration: '4 to 12 hours',
};
const UNCERTAIN = {
  horizon: 24,
  discount_rate: '8 %/year',
  traffic: monthly(200_000, 0.02),
  needs: { budgets: 'required' },
  engineering: EFFORT,
};
const EARLY = { early_access: { new_models: 6, lag_direct: 336, lag_gateway: 24, per_day: 400 } };

export const VARIANTS: Readonly<Record<string, () => Report>> = {
  'no price for a model': () =>
    evaluated({ strategies: [direct, managed('toll')] }, [...requests(9), ...requests(1, { model: 'unheard-of' })]),
  'one strategy without a total': () =>
    evaluated({ traffic: monthly(5_000_000), strategies: [direct, managed('toll'), managed('plans')] }),
  'everything excluded': () =>
    evaluated(
      { constraints: { data_residency: ['eu'] }, strategies: [direct, managed('toll')] },
      requests(10),
      0,
      OVERSEAS,
    ),
  'no draws': () => evaluated({ ...UNCERTAIN, strategies: [direct, managed('toll'), managed('able')] }),
  'one strategy only': () => evaluated({ ...UNCERTAIN }, requests(10), DRAWS),
  'a negative total': () =>
    evaluated(
      { ...UNCERTAIN, traffic: monthly(100), value: EARLY, strategies: [direct, managed('able')] },
      requests(10),
      DRAWS,
    ),
  'eight strategies with long names': () => evaluated({ ...UNCERTAIN, strategies: EIGHT }, requests(10), DRAWS),
  'a horizon of one month': () =>
    evaluated(
      { ...UNCERTAIN, horizon: 1, strategies: [direct, managed('toll'), managed('able')] },
      requests(10),
      DRAWS,
    ),
};
