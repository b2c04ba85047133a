/**
 * A gateway run by oneself: own keys, no fee on tokens; infrastructure, set-up, upgrades and on-call instead. Machines that serve
 * models themselves, with a gateway before them or without, are one too.
 */
import { standsBetween } from '../costs/access.ts';
import { defaults } from '../scenario/defaults.ts';
import { broughtBy } from './brought-by.ts';
import type { Strategy } from './strategy.ts';

export const selfHostedGateway: Strategy<'self_hosted_gateway'> = {
  kind: 'self_hosted_gateway',
  title: 'Self-hosted gateway',
  serve: (spec, { gateway: find }) => {
    const gateway = find(spec.gateway);
    return {
      channels: [
        {
          via: spec.gateway,
          gateway,
          plan: undefined,
          top_up: undefined,
          payment_method: undefined,
          fee_variant: undefined,
          own_keys: true,
          hop:
            spec.hop_latency ??
            gateway.hop_latency ??
            (standsBetween(gateway) ? defaults.selfHostedHop(spec.gateway) : undefined),
          takes: () => 1,
        },
      ],
      brings: broughtBy(gateway),
      fallback: spec.policy?.kind === 'fallback' ? spec.policy.to : [],
    };
  },
};
