/** A managed gateway: one integration, its fees on top of tokens, its hop in between, its capabilities for free. */
import { withVariant } from '../pricing/fee-variant.ts';
import { defaults } from '../scenario/defaults.ts';
import { broughtBy } from './brought-by.ts';
import type { Strategy } from './strategy.ts';

export const managedGateway: Strategy<'managed_gateway'> = {
  kind: 'managed_gateway',
  title: 'Managed gateway',
  serve: (spec, { gateway: find }) => {
    const gateway = withVariant(find(spec.gateway), spec.fee_variant);
    const planId = spec.plan ?? gateway.fees.default_plan;
    return {
      channels: [
        {
          via: spec.gateway,
          gateway,
          plan: gateway.fees.plans.find((plan) => plan.id === planId),
          top_up: spec.top_up,
          payment_method: spec.payment_method,
          fee_variant: spec.fee_variant,
          own_keys: (spec.billing ?? gateway.billing) === 'own_keys',
          hop: spec.hop_latency ?? gateway.hop_latency ?? defaults.managedHop(spec.gateway),
          takes: () => 1,
        },
      ],
      brings: broughtBy(gateway),
      fallback: spec.policy?.kind === 'fallback' ? spec.policy.to : [],
    };
  },
};
