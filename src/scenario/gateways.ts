/** The gateways of a scenario: those of the price book, with what the scenario states put over them field by field. */
import type { FeeSchedule } from '../pricing/fee-schedule.ts';
import type { PriceBook } from '../pricing/price-book.ts';
import { isAmount } from './paths.ts';
import type { Scenario } from './schema.ts';

export function gatewaysOf(scenario: Scenario, raw: unknown, book: PriceBook): ReadonlyMap<string, FeeSchedule> {
  const gateways = new Map(book.gateways);
  const written = (raw as { gateways?: Record<string, unknown> }).gateways ?? {};
  for (const [id, own] of Object.entries(scenario.gateways)) {
    const base = book.gateways.get(id) ?? unlisted(id, scenario);
    gateways.set(id, overlay(base, own, written[id]) as FeeSchedule);
  }
  return gateways;
}

/** A gateway that no book lists: nothing is known of it but what the scenario says. */
const unlisted = (id: string, scenario: Scenario): FeeSchedule => ({
  gateway: id,
  name: id,
  kind: 'managed',
  fees: { plans: [] },
  billing: 'credits',
  variants: [],
  passes_through: {},
  capabilities: {},
  free_credit_usd: 0,
  status: 'active',
  as_of: `${scenario.start}-01`,
  confidence: 'low',
  sources: [{ url: 'the scenario' }],
  unverified: [],
});

/** Only what was written replaces the base; defaults that the contract filled in do not. */
function overlay(base: unknown, own: unknown, written: unknown): unknown {
  if (!isPlain(own) || !isPlain(written) || isAmount(own)) return own;
  const merged: Record<string, unknown> = isPlain(base) && !isAmount(base) ? { ...base } : { ...own };
  for (const key of Object.keys(written)) merged[key] = overlay(merged[key], own[key], written[key]);
  return merged;
}

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
