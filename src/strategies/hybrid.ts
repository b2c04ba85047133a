/**
 * A hybrid: rules send each part of the traffic over another strategy's channel: by model, feature, prompt size, or as a share
 * of what reaches the rule. It has a capability without building it where every way brings it; for fallback, rate limits and the
 * choice of models one way is enough, since it can take over.
 *
 * Prompt sizes of rules are edges of bands when traffic is measured, so that a row lies on one side of each. A share takes
 * requests as they come, whatever they are. Not modelled: what sends a request to the gateway when its own way fails, and
 * that what is missing on one way alone takes less to build than for all.
 */
import type { Capability } from '../capabilities.ts';
import type { Access, Channel } from '../costs/access.ts';
import type { UsageRow } from '../usage/table.ts';
import type { SpecOf, Strategy, StrategyContext } from './strategy.ts';

type Rule = SpecOf<'hybrid'>['rules'][number];

export const hybrid: Strategy<'hybrid'> = {
  kind: 'hybrid',
  title: 'Hybrid',
  serve: (spec, { access, edges }) => {
    const targets = [...new Set(spec.rules.map(targetOf))];
    const accesses = new Map(targets.map((id) => [id, access(id)]));
    const channels = targets.flatMap((id) =>
      (accesses.get(id) as Access).channels.map(
        (channel): Channel => ({
          ...channel,
          hop: spec.hop_latency ?? channel.hop,
          takes: (row) => shareTo(id, spec.rules, row, edges) * channel.takes(row),
        }),
      ),
    );
    const all = [...accesses.values()];
    return {
      channels,
      brings: broughtByAll(all),
      fallback:
        spec.policy?.kind === 'fallback'
          ? spec.policy.to
          : (all.find((one) => one.fallback.length > 0)?.fallback ?? []),
    };
  },
};

/**
 * What one way of several brings for the requests of all: it can take over from another that fails or is limited, and it picks
 * the models of what the rules leave to it. Keys, budgets, records, caches and checks are of the requests that pass it.
 */
const FOR_ALL: ReadonlySet<Capability> = new Set(['fallback', 'rate_limit_handling', 'routing_policy']);

function broughtByAll(accesses: readonly Access[]): Map<Capability, string> {
  return new Map(
    accesses
      .flatMap(({ brings }) => [...brings])
      .filter(([capability]) => FOR_ALL.has(capability) || accesses.every(({ brings }) => brings.has(capability))),
  );
}

const targetOf = (rule: Rule): string => ('else' in rule ? rule.else : rule.via);

/** Share of a row that ends up at `id`: each rule takes its share of what the rules before it left. */
function shareTo(id: string, rules: readonly Rule[], row: UsageRow, edges: StrategyContext['edges']): number {
  let left = 1;
  let taken = 0;
  for (const rule of rules) {
    if (!matches(rule, row, edges)) continue;
    const share = 'else' in rule ? 1 : (rule.share ?? 1);
    if (targetOf(rule) === id) taken += left * share;
    left *= 1 - share;
    if (left === 0) break;
  }
  return taken;
}

/** Whether a rule is about the row at all. */
export function matches(rule: Rule, row: UsageRow, edges: StrategyContext['edges']): boolean {
  if ('else' in rule) return true;
  const from_tokens = row.band === 0 ? 0 : (edges[row.model]?.[row.band - 1] ?? 0);
  const { from = 0, below = Number.POSITIVE_INFINITY } = rule.prompt_tokens ?? {};
  return (
    (rule.model === undefined || rule.model === row.model) &&
    (rule.feature === undefined || rule.feature === row.feature) &&
    from_tokens >= from &&
    from_tokens < below
  );
}
