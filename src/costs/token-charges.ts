/**
 * Token charges: what sellers invoice for tokens, requests and pieces (searches, images, pages, cache storage).
 *
 *   charge_m = window_tokens x windows_m x usd_per_mtok_m / 1,000,000;  of pieces: window_quantity x windows_m x usd_per_unit_m
 *
 * One line per model, meter, context band, service tier and price window. Window tokens are integers; the price of each
 * month is the one dated for it. A cliff re-prices the whole request, which is why the band is a key of the usage. What own
 * machines answer is charged by nobody (own-hardware.ts).
 * Example: 18,059,974 input tokens at 3 and 245,896 output tokens at 15 USD/Mtok in one window: 54.179922 + 3.68844 =
 * 57.868362 USD. Source: pricing/sellers, or the scenario's contract rates.
 * Not modelled: rounding on invoices, minimum charges, token counts that differ when a model is replaced by another.
 */
import { notice } from '../errors.ts';
import {
  type CountMeter,
  METERS,
  PIECE_METERS,
  PIECES,
  type PieceMeter,
  type ServiceTier,
  TOKEN_METERS,
  type TokenMeter,
} from '../meters.ts';
import type { Quantity } from '../model/model.ts';
import { isBilledByTokens } from '../pricing/price-table.ts';
import type { UsageRow } from '../usage/table.ts';
import { type Channel, rowsThrough, servesItself } from './access.ts';
import { assumedHits, promptCacheLines, responseCacheLine } from './cache-shares.ts';
import type { CostInputs, SellerSpend, Spend } from './cost-inputs.ts';
import { passes, reached } from './pass-through.ts';
import { isPriced, type QuoteRequest } from './quotes.ts';

/** Rows of one price: same model, band, tier and window. */
interface Cell extends QuoteRequest {
  requests: number;
  readonly tokens: Record<TokenMeter, number>;
  readonly pieces: Record<PieceMeter, number>;
}

export function tokenCharges(x: CostInputs): Spend[] {
  return x.access.channels.map((channel) => channelCharges(x, channel));
}

function channelCharges(x: CostInputs, channel: Channel): Spend {
  const rows = rowsThrough(channel, x.usage.rows);
  const cells = cellsOf(
    x,
    rows.filter(({ model }) => !servesItself(channel, model)),
  );
  const sent = cells.map((cell) => ({ seller: sellerOf(cell.model), amounts: cellCharges(x, channel, cell) }));
  const cached = cells.map((cell) => ({ seller: sellerOf(cell.model), amounts: cachedShares(x, channel, cell) }));
  const charged = [...sent, ...answeredFromCache(x, channel, sent), ...cached];
  const amounts = charged.flatMap((one) => one.amounts);
  const window_requests = rows.reduce((total, row) => total + row.requests, 0);
  const models = [...new Set(cells.map((cell) => cell.model))];
  return {
    via: channel.via,
    tokens: x.sheet.sum(amounts, 'USD', `token charges through ${channel.via}`),
    window_requests,
    requests: requestsThrough(x, channel, window_requests),
    models,
    sellers: [...new Set(models.map(sellerOf))],
    by_seller: sellerSpends(x, channel, cells, charged),
  };
}

/** Requests of a channel or a part of it, a gateway's answers from its own cache included. */
export function requestsThrough(x: CostInputs, channel: Channel, window_requests: number): Quantity {
  const cache = x.replayed?.stated.response_cache;
  const isGateways = cache?.run_by === 'gateway' && channel.gateway !== undefined;
  const hits = assumedHits(x);
  if (hits !== undefined && !isGateways)
    return x.sheet.derive(
      'requests * (1 - hit_share)',
      { requests: shareOf(x, window_requests), hit_share: x.sheet.amount(hits) },
      'request',
      'requests of the month that the response cache does not answer',
    );
  return shareOf(x, window_requests + (isGateways ? (x.replayed?.result.outcomes.served_from_cache ?? 0) : 0));
}

/** What a response cache with an assumed share of hits spares of each seller's charges. */
const answeredFromCache = (
  x: CostInputs,
  channel: Channel,
  sent: readonly { readonly seller: string; readonly amounts: readonly Quantity[] }[],
) =>
  [...new Set(sent.map(({ seller }) => seller))].flatMap((seller) => {
    const own = sent.filter((one) => one.seller === seller).flatMap(({ amounts }) => amounts);
    if (own.length === 0) return [];
    const spend = x.sheet.sum(
      own,
      'USD',
      `token charges of ${seller} through ${channel.via} before the response cache`,
    );
    const line = responseCacheLine(x, seller, channel.via, spend);
    return line === undefined ? [] : [{ seller, amounts: [line] }];
  });

const sellerOf = (model: string): string => model.split('/')[0] ?? model;

/** What each seller's tokens cost, and how many of them a measured window holds. */
function sellerSpends(
  x: CostInputs,
  channel: Channel,
  cells: readonly Cell[],
  charged: readonly { readonly seller: string; readonly amounts: readonly Quantity[] }[],
): SellerSpend[] {
  return [...new Set(charged.map((one) => one.seller))].map((seller) => ({
    seller,
    tokens: x.sheet.sum(
      charged.filter((one) => one.seller === seller).flatMap((one) => one.amounts),
      'USD',
      `token charges of ${seller} through ${channel.via}`,
    ),
    window_tokens: cells
      .filter((cell) => sellerOf(cell.model) === seller)
      .reduce((total, cell) => total + TOKEN_METERS.reduce((sum, meter) => sum + cell.tokens[meter], 0), 0),
  }));
}

/** Requests per month of a part of the traffic. Multiplied before divided: all of 200,000 requests are 200,000, no bit more. */
export const shareOf = (x: Pick<CostInputs, 'sheet' | 'demand'>, window_requests: number): Quantity =>
  x.sheet.derive(
    'requests * window_requests / all_window_requests',
    {
      requests: x.demand.requests,
      window_requests: x.sheet.number(window_requests, 'request', 'requests in the measured window'),
      all_window_requests: x.sheet.number(x.demand.window_requests, 'request', 'requests in the measured window'),
    },
    'request',
    'requests of the month x share of the measured requests',
  );

function cellsOf(x: CostInputs, rows: readonly UsageRow[]): Cell[] {
  const cells = new Map<string, Cell>();
  for (const row of rows) {
    const band_from_tokens = row.band === 0 ? 0 : (x.usage.edges[row.model]?.[row.band - 1] ?? 0);
    for (const { window, share } of x.quotes.windows(row)) {
      const key = JSON.stringify([row.model, row.tier, band_from_tokens, window]);
      let cell = cells.get(key);
      if (cell === undefined) {
        cell = {
          model: row.model,
          tier: row.tier,
          band_from_tokens,
          window,
          requests: 0,
          tokens: none(TOKEN_METERS),
          pieces: none(PIECE_METERS),
        };
        cells.set(key, cell);
      }
      cell.requests += row.requests * share;
      for (const meter of TOKEN_METERS) cell.tokens[meter] += row[meter] * share;
      for (const meter of PIECE_METERS) cell.pieces[meter] += row[meter] * share;
    }
  }
  return [...cells.values()];
}

const none = <M extends string>(meters: readonly M[]): Record<M, number> =>
  Object.fromEntries(meters.map((meter) => [meter, 0])) as Record<M, number>;

function cellCharges(x: CostInputs, channel: Channel, cell: Cell): Quantity[] {
  const { at_list, billedAs, ...through } = reached(x, channel, cell);
  const tier = batchTier(x, channel, { ...cell, ...through });
  const amounts = TOKEN_METERS.flatMap((meter) => {
    const count = cell.tokens[meter];
    if (count === 0) return [];
    const usd_per_mtok = x.quotes.price({ ...cell, tier, at_list }, billedAs(meter));
    if (!isPriced(usd_per_mtok)) {
      x.quotes.refuse(x.id, cell.model, usd_per_mtok.unpriced, partOf(channel, cell, tier), cell.requests);
      return [];
    }
    return x.add({
      component: 'token_charges',
      cash: true,
      label: `${METERS[meter].label} (${describe(cell, tier)}${billedAs(meter) === meter ? '' : ', at the input price'})`,
      timing: 'monthly',
      formula: 'window_tokens * windows * usd_per_mtok / 1000000',
      inputs: {
        window_tokens: x.sheet.number(count, 'tokens', 'tokens in the measured window'),
        windows: x.demand.windows,
        usd_per_mtok,
      },
    });
  });
  const pieces = pieceCharges(x, channel, cell, tier);
  const isCounted = [...Object.values(cell.tokens), ...Object.values(cell.pieces)].some((count) => count > 0);
  const uncounted = isCounted ? undefined : x.quotes.uncounted(cell.model);
  if (uncounted !== undefined) x.quotes.refuse(x.id, cell.model, uncounted, partOf(channel, cell, tier), cell.requests);
  const usd_per_request = x.quotes.perRequest(cell.model);
  if (usd_per_request === undefined) return [...amounts, ...pieces];
  return [
    ...amounts,
    ...pieces,
    x.add({
      component: 'token_charges',
      cash: true,
      label: `Requests (${describe(cell, tier)})`,
      timing: 'monthly',
      formula: 'window_requests * windows * usd_per_request',
      inputs: {
        window_requests: x.sheet.number(cell.requests, 'request', 'requests in the measured window'),
        windows: x.demand.windows,
        usd_per_request,
      },
    }),
  ];
}

/** What assumed shares of a prompt cache change, where the gateway passes its price on. */
function cachedShares(x: CostInputs, channel: Channel, cell: Cell): Quantity[] {
  const lines = () => {
    const { at_list, ...through } = reached(x, channel, cell);
    const tier = batchTier(x, channel, { ...cell, ...through });
    const { input_tokens, cache_read_tokens, cache_write_5m_tokens, cache_write_1h_tokens } = cell.tokens;
    const isCounted = cache_read_tokens + cache_write_5m_tokens + cache_write_1h_tokens > 0;
    return promptCacheLines(x, { ...cell, tier, at_list }, input_tokens, isCounted, describe(cell, tier));
  };
  const isAssumed = x.replayed?.lacksPrompts === true && x.replayed.prompt_caches[sellerOf(cell.model)] !== undefined;
  return isAssumed && passes(x, channel, 'cache_read') ? lines() : [];
}

/** Lines of what is sold by the piece. */
function pieceCharges(x: CostInputs, channel: Channel, cell: Cell, tier: ServiceTier): Quantity[] {
  return PIECE_METERS.flatMap((meter) => {
    const count = cell.pieces[meter];
    const priceOf = (of: CountMeter) => x.quotes.price({ ...cell, tier }, of);
    if (count === 0 || isBilledByTokens(meter, cell.tokens, priceOf)) return [];
    const usd_per_unit = priceOf(meter);
    if (!isPriced(usd_per_unit)) {
      x.quotes.refuse(x.id, cell.model, usd_per_unit.unpriced, partOf(channel, cell, tier), cell.requests);
      return [];
    }
    const { label, unit, per } = PIECES[meter];
    return x.add({
      component: 'token_charges',
      cash: true,
      label: `${label} (${describe(cell, tier)})`,
      timing: 'monthly',
      formula: `window_quantity * windows * usd_per_unit${per === 1 ? '' : ` / ${per}`}`,
      inputs: {
        window_quantity: x.sheet.number(count, unit, `${label.toLowerCase()} in the measured window`),
        windows: x.demand.windows,
        usd_per_unit,
      },
    });
  });
}

const partOf = (channel: Channel, cell: Cell, tier: ServiceTier): string => `${channel.via} ${describe(cell, tier)}`;

/** Batching is the scenario's own choice: where the batch price is not known, the requests go at the standard price. */
function batchTier(x: CostInputs, channel: Channel, cell: Cell): ServiceTier {
  const isChosen = x.scenario.traffic.batchable !== undefined || x.replayed?.stated.batch !== undefined;
  if (cell.tier !== 'batch' || !isChosen) return cell.tier;
  const used = [
    ...TOKEN_METERS.filter((meter) => cell.tokens[meter] > 0),
    ...PIECE_METERS.filter((meter) => cell.pieces[meter] > 0),
  ];
  if (used.every((meter) => isPriced(x.quotes.price(cell, meter)))) return 'batch';
  x.warn(
    notice(
      'BATCH_AT_STANDARD_PRICE',
      cell.model,
      `no batch price is known (through ${channel.via}); batchable requests are priced at the standard price`,
    ),
  );
  return 'standard';
}

function describe(cell: Cell, tier: ServiceTier): string {
  const parts = [cell.model];
  if (tier !== 'standard') parts.push(tier);
  if (cell.band_from_tokens > 0) parts.push(`prompts from ${cell.band_from_tokens} tokens`);
  if (cell.window !== undefined) parts.push(cell.window);
  return parts.join(', ');
}
