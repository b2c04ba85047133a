/**
 * Caches whose hits the traffic can't count, since its prompts are not known: a stated share stands in for them.
 *
 *   response cache   - hit_share x token charges of the seller;  requests that reach the seller fall by the same share
 *   prompt cache     tokens x (1 - hit_share) x share x (usd_per_mtok of a read or write - usd_per_mtok of input) / 1,000,000
 *
 * In this order, so that nothing is saved twice: what the response cache answers reads no prompt cache. Example: 10 Mtok of
 * input at 3 USD, 20 % hits: - 6 USD; of the other 8 Mtok half is read at 0.3: 4 x (0.3 - 3) = - 10.8 USD.
 * Source: the scenario's own assumption, shown with its range. Not modelled: hits that are shorter or longer than the mean
 * request, shares that grow with the volume; give traffic with prompt hashes to count them.
 */
import type { Amount } from '../amount.ts';
import { notice } from '../errors.ts';
import { METERS, type TokenMeter } from '../meters.ts';
import type { Quantity } from '../model/model.ts';
import type { CostInputs } from './cost-inputs.ts';
import { isPriced, type QuoteRequest } from './quotes.ts';

/** The assumed share of hits of the strategy's response cache; undefined: counted in a replay, or there is no cache. */
export function assumedHits({ replayed, warn, id }: Pick<CostInputs, 'replayed' | 'warn' | 'id'>): Amount | undefined {
  const cache = replayed?.stated.response_cache;
  if (cache === undefined || replayed?.lacksPrompts !== true) return undefined;
  if (cache.hit_share === undefined)
    warn(
      notice(
        'CACHE_WITHOUT_PROMPTS',
        `replay.strategies.${id}.response_cache`,
        'saves nothing here: the traffic has no prompt hashes, so its hits are not known; state an assumption as a range, such as `hit_share: 5 % to 20 %`',
      ),
    );
  return cache.hit_share;
}

/** What the response cache spares of a seller's charges. */
export function responseCacheLine(x: CostInputs, seller: string, via: string, spend: Quantity): Quantity | undefined {
  const share = assumedHits(x);
  if (share === undefined) return undefined;
  return x.add({
    component: 'token_charges',
    cash: true,
    label: `Answers of the response cache, assumed share (${seller}, ${via})`,
    timing: 'monthly',
    formula: '0 - hit_share * charges',
    inputs: { hit_share: x.sheet.amount(share), charges: spend },
  });
}

const READ: TokenMeter = 'cache_read_tokens';

/** What a seller's prompt cache changes on a cell's input tokens, where neither hashes nor counts tell. */
export function promptCacheLines(
  x: CostInputs,
  cell: QuoteRequest,
  input_tokens: number,
  has_cached_tokens: boolean,
  described: string,
): Quantity[] {
  const cache = x.replayed?.prompt_caches[cell.model.split('/')[0] ?? cell.model];
  if (cache === undefined || x.replayed?.lacksPrompts !== true || has_cached_tokens || input_tokens === 0) return [];
  const shares: [TokenMeter, Amount | undefined][] = [
    [READ, cache.read_share],
    [cache.write_meter as TokenMeter, cache.write_share],
  ];
  const hits = assumedHits(x);
  return shares.flatMap(([meter, share]) => {
    if (share === undefined || meter === 'input_tokens') return [];
    const [cached, plain] = [x.quotes.price(cell, meter), x.quotes.price(cell, 'input_tokens')];
    if (!isPriced(plain)) return [];
    if (!isPriced(cached)) {
      x.warn(notice('CACHE_UNPRICED', cell.model, `${METERS[meter].label} can't be counted: ${cached.unpriced}`));
      return [];
    }
    return x.add({
      component: 'token_charges',
      cash: true,
      label: `${METERS[meter].label}, assumed share (${described})`,
      timing: 'monthly',
      formula: 'window_tokens * windows * (1 - hit_share) * share * (usd_per_mtok_cached - usd_per_mtok) / 1000000',
      inputs: {
        window_tokens: x.sheet.number(input_tokens, 'tokens', 'input tokens in the measured window'),
        windows: x.demand.windows,
        hit_share: hits === undefined ? x.sheet.number(0, '1', 'no response cache') : x.sheet.amount(hits),
        share: x.sheet.amount(share),
        usd_per_mtok_cached: cached,
        usd_per_mtok: plain,
      },
    });
  });
}
