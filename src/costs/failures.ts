/**
 * Failure quantities that several lines read: the share of time in which a seller, own machines or a gateway fail requests,
 * incidents a month, and what a request costs on average at a given model.
 *
 *   failing share of a month   min(1, expected x world)
 *   incidents of a month       expected x world
 *   both down                  beta min(u1, e2 w1) + (1 - beta)^2 u1 u2, u = min(1, e w), e expected, w the world's factor
 *
 * A world gives each component and month a factor of mean 1 on its failing time; it is 1 unless outages are drawn. What both
 * sellers share in cause fails when the first one fails, so its time is counted in the first one's world: the expectation
 * stays that of conditions/availability.ts, where the least of two months drawn apart would fall short of it.
 * Example: e1 = 0.0029, e2 = 0.0037, beta = 0.1, factors of 1: 0.00029 + 0.81 x 0.00001073 = 0.00029869.
 */
import { type Amount, assumed } from '../amount.ts';
import { type OutageRenewal, plainRenewal, renewalOf } from '../conditions/outage-renewal.ts';
import { COUNT_METERS, type CountMeter, isTokenMeter, PIECES, promptTokens } from '../meters.ts';
import type { Quantity } from '../model/model.ts';
import type { Sheet } from '../model/sheet.ts';
import type { FeeSchedule } from '../pricing/fee-schedule.ts';
import { SEVERITIES } from '../pricing/outage-history.ts';
import { outagesOf, type PriceBook } from '../pricing/price-book.ts';
import { defaults } from '../scenario/defaults.ts';
import { HOURS_PER_MONTH } from '../units.ts';
import type { UsageRow } from '../usage/table.ts';
import { isPriced, type Quotes } from './quotes.ts';

/** Who answers requests and may fail: a seller, or machines of one's own. */
export type Supplier = { readonly seller: string } | { readonly machines: FeeSchedule };

export class Failures {
  readonly #sheet: Sheet;
  readonly #book: PriceBook;
  readonly #factor: Amount | undefined;
  /** By component, how its outages come: what worlds are drawn from. */
  readonly renewals = new Map<string, OutageRenewal>();

  /** @param hours_factor failing hours of sellers, times their record; absent: 1 */
  constructor(sheet: Sheet, book: PriceBook, hours_factor?: Amount) {
    this.#sheet = sheet;
    this.#book = book;
    this.#factor = hours_factor;
  }

  /** Share of a month in which the requests of a seller or of own machines fail. */
  down(supplier: Supplier): Quantity {
    return this.#inWorld(this.#expected(supplier), this.#world(supplier));
  }

  /** Share of a month in which both a supplier and its fallback fail. */
  bothDown(supplier: Supplier, fallback: Supplier, common_cause: Quantity): Quantity {
    const at_once = this.#inWorld(this.#expected(fallback), this.#world(supplier));
    return this.#sheet.derive(
      'common_cause * min(seller_down, at_once) + (1 - common_cause) ^ 2 * seller_down * fallback_down',
      { common_cause, at_once, seller_down: this.down(supplier), fallback_down: this.down(fallback) },
      '1',
      'seller and fallback down at once',
    );
  }

  #expected(supplier: Supplier): Quantity {
    return 'seller' in supplier
      ? this.#sellerExpected(supplier.seller)
      : this.#sheet.amount(machineDowntime(supplier.machines));
  }

  #world(supplier: Supplier): Quantity {
    if ('seller' in supplier) return this.#sellerWorld(supplier.seller);
    const { machines } = supplier;
    return this.#ownWorld(`machines ${machines.gateway}`, machineDowntime(machines));
  }

  #inWorld(expected: Quantity, world: Quantity): Quantity {
    return this.#sheet.derive('min(1, expected * world)', { expected, world }, expected.unit, expected.source);
  }

  #sellerWorld(seller: string): Quantity {
    const { severity, scope_match } = this.#book.outages;
    if (!this.renewals.has(seller))
      this.renewals.set(seller, renewalOf(outagesOf(this.#book, seller), severity, scope_match));
    return this.#sheet.world(seller);
  }

  /** The world of what one runs or rents: its own share of time, in incidents as long as those of sellers. */
  #ownWorld(component: string, downtime: Amount): Quantity {
    const { mean_hours_per_incident, duration_sigma, gap_cv } = this.#book.outages.pooled;
    if (!this.renewals.has(component)) {
      const shape = { mean_hours_per_incident, duration_sigma, gap_cv };
      this.renewals.set(component, plainRenewal(downtime.central, shape));
    }
    return this.#sheet.world(component);
  }

  /** Hours of each class x share failing x share in scope / 730. */
  #sellerExpected(seller: string): Quantity {
    const record = outagesOf(this.#book, seller);
    const { severity, scope_match } = this.#book.outages;
    const source = record.pooled ? `pooled assumption for ${seller}: ${record.source}` : record.source;
    const parts = SEVERITIES.map((severityClass) =>
      this.#sheet.derive(
        'hours * failing * in_scope / hours_per_month',
        {
          hours: this.#scaled(
            assumed(
              record.hours_per_month[severityClass],
              'hour/month',
              `outages.${record.pooled ? 'pooled' : seller}.${severityClass}`,
              source,
            ),
          ),
          failing: this.#sheet.amount(severity[severityClass]),
          in_scope: this.#sheet.amount(scope_match[severityClass]),
          hours_per_month: this.#sheet.number(HOURS_PER_MONTH, 'hour/month', 'hours of a month'),
        },
        '1',
      ),
    );
    return this.#sheet.sum(
      parts,
      '1',
      `${source}; hours x share failing x share in scope / 730, over full, partial and degraded`,
    );
  }

  #scaled(hours: Amount): Quantity {
    const own = this.#sheet.amount(hours);
    if (this.#factor === undefined) return own;
    const inputs = { hours: own, factor: this.#sheet.amount(this.#factor) };
    return this.#sheet.derive('hours * factor', inputs, own.unit, `${own.source}, times outages.hours_factor`);
  }

  /** Incidents a month that fail requests in scope: failing hours / mean hours of an incident. Degraded hours need no response. */
  incidents(seller: string): Quantity {
    const record = outagesOf(this.#book, seller);
    const { scope_match } = this.#book.outages;
    const who = record.pooled ? 'pooled' : seller;
    const hours = (severityClass: 'full' | 'partial'): Quantity =>
      this.#scaled(
        assumed(record.hours_per_month[severityClass], 'hour/month', `outages.${who}.${severityClass}`, record.source),
      );
    const formula = '(full_hours + partial_hours * partial_in_scope) / mean_hours_per_incident';
    return this.#sheet.derive(
      `${formula} * world`,
      {
        world: this.#sellerWorld(seller),
        full_hours: hours('full'),
        partial_hours: hours('partial'),
        partial_in_scope: this.#sheet.amount(scope_match.partial),
        mean_hours_per_incident: this.#sheet.number(record.mean_hours_per_incident, 'hour', record.source),
      },
      'incident/month',
      `${formula}; ${record.source}`,
    );
  }

  /** The same of a gateway, with the sellers' pooled mean duration. */
  gatewayIncidents(gateway: FeeSchedule): Quantity {
    const { mean_hours_per_incident, source } = this.#book.outages.pooled;
    return this.#sheet.derive(
      'gateway_down * hours_per_month / mean_hours_per_incident',
      {
        gateway_down: this.gatewayDown(gateway),
        hours_per_month: this.#sheet.number(HOURS_PER_MONTH, 'hour/month', 'hours of a month'),
        mean_hours_per_incident: this.#sheet.number(mean_hours_per_incident, 'hour', source),
      },
      'incident/month',
    );
  }

  gatewayDown(gateway: FeeSchedule): Quantity {
    const downtime = this.#gatewayDowntime(gateway);
    return this.#inWorld(this.#sheet.amount(downtime), this.#ownWorld(`gateway ${gateway.gateway}`, downtime));
  }

  #gatewayDowntime(gateway: FeeSchedule): Amount {
    if (gateway.downtime !== undefined) return gateway.downtime;
    if (gateway.kind === 'self_hosted') return defaults.hostedDowntime(gateway.gateway);
    return this.#book.outages.gateway_pooled_downtime;
  }
}

const machineDowntime = ({ gateway, serving }: FeeSchedule): Amount =>
  serving?.downtime ?? defaults.machineDowntime(gateway);

/**
 * USD per request, by month, of rows served by the model that `modelOf` names, in the band of that model that the mean prompt of
 * the row falls into; or why it is not known.
 */
export function costPerRequest(
  sheet: Sheet,
  quotes: Quotes,
  rows: readonly UsageRow[],
  modelOf: (row: UsageRow) => string,
): Quantity | { readonly unpriced: string } {
  const requests = rows.reduce((total, row) => total + row.requests, 0);
  const tokens = new Map<string, { readonly price: Quantity; readonly meter: CountMeter; count: number }>();
  for (const row of rows) {
    const model = modelOf(row);
    const band_from_tokens = quotes.bandFrom(model, row.requests > 0 ? promptTokens(row) / row.requests : 0);
    for (const meter of COUNT_METERS) {
      if (row[meter] === 0) continue;
      const price = quotes.price({ model, tier: 'standard', band_from_tokens, window: undefined }, meter);
      if (!isPriced(price)) return price;
      const key = `${model} ${band_from_tokens} ${meter}`;
      const known = tokens.get(key);
      if (known === undefined) tokens.set(key, { price, meter, count: row[meter] });
      else known.count += row[meter];
    }
  }
  const parts = [...tokens.values()].map(({ price, meter, count }) =>
    isTokenMeter(meter)
      ? sheet.derive(
          'tokens_per_request * usd_per_mtok / 1000000',
          { tokens_per_request: sheet.number(count / requests, 'tokens', ''), usd_per_mtok: price },
          'USD/request',
        )
      : sheet.derive(
          'pieces_per_request * usd_per_unit / per',
          {
            pieces_per_request: sheet.number(count / requests, PIECES[meter].unit, ''),
            usd_per_unit: price,
            per: sheet.number(PIECES[meter].per, '1', ''),
          },
          'USD/request',
        ),
  );
  return sheet.sum(parts, 'USD/request', 'mean tokens per request x base prices');
}
