/**
 * Failure quantities that several lines read: the share of time in which a seller or a gateway fails requests, incidents
 * a month, and what a request costs on average at a given model.
 */
import { assumed } from '../amount.ts';
import { COUNT_METERS, type CountMeter, isTokenMeter, PIECES } from '../meters.ts';
import type { Quantity } from '../model/model.ts';
import type { Sheet } from '../model/sheet.ts';
import type { FeeSchedule } from '../pricing/fee-schedule.ts';
import { SEVERITIES } from '../pricing/outage-history.ts';
import { outagesOf, type PriceBook } from '../pricing/price-book.ts';
import { defaults } from '../scenario/defaults.ts';
import { HOURS_PER_MONTH } from '../units.ts';
import type { UsageRow } from '../usage/table.ts';
import { isPriced, type Quotes } from './quotes.ts';

export class Failures {
  readonly #sheet: Sheet;
  readonly #book: PriceBook;

  constructor(sheet: Sheet, book: PriceBook) {
    this.#sheet = sheet;
    this.#book = book;
  }

  /** Share of time in which a seller's requests fail: hours of each class x share failing x share in scope / 730. */
  sellerDown(seller: string): Quantity {
    const record = outagesOf(this.#book, seller);
    const { severity, scope_match } = this.#book.outages;
    const source = record.pooled ? `pooled assumption for ${seller}: ${record.source}` : record.source;
    const parts = SEVERITIES.map((severityClass) =>
      this.#sheet.derive(
        'hours * failing * in_scope / hours_per_month',
        {
          hours: this.#sheet.amount(
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

  /** Incidents a month that fail requests in scope: failing hours / mean hours of an incident. Degraded hours need no response. */
  incidents(seller: string): Quantity {
    const record = outagesOf(this.#book, seller);
    const { scope_match } = this.#book.outages;
    const who = record.pooled ? 'pooled' : seller;
    const hours = (severityClass: 'full' | 'partial'): Quantity =>
      this.#sheet.amount(
        assumed(record.hours_per_month[severityClass], 'hour/month', `outages.${who}.${severityClass}`, record.source),
      );
    const formula = '(full_hours + partial_hours * partial_in_scope) / mean_hours_per_incident';
    return this.#sheet.derive(
      formula,
      {
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
    if (gateway.downtime !== undefined) return this.#sheet.amount(gateway.downtime);
    if (gateway.kind === 'self_hosted') return this.#sheet.amount(defaults.hostedDowntime(gateway.gateway));
    return this.#sheet.amount(this.#book.outages.gateway_pooled_downtime);
  }
}

/** USD per request, by month, of rows served by the model that `modelOf` names; or why it is not known. */
export function costPerRequest(
  sheet: Sheet,
  quotes: Quotes,
  rows: readonly UsageRow[],
  modelOf: (row: UsageRow) => string,
): Quantity | { readonly unpriced: string } {
  const requests = rows.reduce((total, row) => total + row.requests, 0);
  const tokens = new Map<string, { readonly price: Quantity; readonly meter: CountMeter; count: number }>();
  for (const row of rows) {
    for (const meter of COUNT_METERS) {
      if (row[meter] === 0) continue;
      const model = modelOf(row);
      const price = quotes.price({ model, tier: 'standard', band_from_tokens: 0, window: undefined }, meter);
      if (!isPriced(price)) return price;
      const key = `${model} ${meter}`;
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
