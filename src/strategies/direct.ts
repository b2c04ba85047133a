/** Direct access: one adapter per seller, own keys, everything else built or done without; a client library brings two things. */
import type { Capability } from '../capabilities.ts';
import type { Channel } from '../costs/access.ts';
import type { Strategy } from './strategy.ts';

const LIBRARY_BRINGS: readonly Capability[] = ['fallback', 'rate_limit_handling'];

export const direct: Strategy<'direct'> = {
  kind: 'direct',
  title: 'Direct access',
  serve: (spec) => {
    const channel: Channel = {
      via: 'direct',
      gateway: undefined,
      plan: undefined,
      top_up: undefined,
      payment_method: undefined,
      fee_variant: undefined,
      own_keys: true,
      hop: spec.hop_latency,
      takes: () => 1,
    };
    const { library } = spec;
    return {
      channels: [channel],
      brings: new Map(library === undefined ? [] : LIBRARY_BRINGS.map((capability) => [capability, library])),
      fallback: spec.policy?.kind === 'fallback' ? spec.policy.to : [],
    };
  },
};
