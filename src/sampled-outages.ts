/**
 * Outages of the sellers and gateways of a scenario, drawn from their records: one world, seeded, the same for every strategy.
 *
 * Incidents of a seller touch each of its models by the share in scope; gateways fail as a whole, with the sellers' pooled
 * lengths. The world reaches from 1970 to 2100, so that whichever stretch a trace covers meets the same outages in it.
 * Costs take the expectation of the same records (costs/failures.ts).
 */
import { inScope, type OutageRenewal, plainRenewal, renewalOf, sampleOutages } from './conditions/outage-renewal.ts';
import type { OutageInterval } from './conditions/outage-timeline.ts';
import { outagesOf, type PriceBook } from './pricing/price-book.ts';
import { substream } from './random.ts';
import { defaults } from './scenario/defaults.ts';
import type { Question } from './scenario/resolve.ts';
import { byText } from './units.ts';

const SPAN = { from_ms: 0, until_ms: Date.UTC(2100, 0) };

export function sampledOutages(
  { scenario, gateways }: Pick<Question, 'scenario' | 'gateways'>,
  book: PriceBook,
): OutageInterval[] {
  const { routes, strategies, seed } = scenario;
  const { severity, scope_match, pooled } = book.outages;
  const models = [...new Set(Object.values(routes).map(({ seller, model }) => `${seller}/${model}`))].sort(byText);
  const sellers = [...new Set(Object.values(routes).map(({ seller }) => seller))].sort(byText);
  const ofSellers = sellers.flatMap((seller) => {
    const renewal = renewalOf(outagesOf(book, seller), severity, scope_match);
    const incidents = sampleOutages(renewal, seller, SPAN, substream(seed, `outages/${seller}`));
    return models
      .filter((model) => model.startsWith(`${seller}/`))
      .flatMap((model) => inScope(incidents, renewal, model, substream(seed, `outages/${model}`)));
  });
  const used = [...new Set(strategies.flatMap((one) => ('gateway' in one ? [one.gateway] : [])))].sort(byText);
  const ofGateways = used.flatMap((id) => {
    const schedule = gateways.get(id);
    const down =
      schedule?.downtime ??
      (schedule?.kind === 'self_hosted' ? defaults.hostedDowntime(id) : book.outages.gateway_pooled_downtime);
    const { mean_hours_per_incident, duration_sigma, gap_cv } = pooled;
    const renewal: OutageRenewal = plainRenewal(down.central, { mean_hours_per_incident, duration_sigma, gap_cv });
    return sampleOutages(renewal, id, SPAN, substream(seed, `outages/${id}`));
  });
  return [...ofSellers, ...ofGateways];
}
