/** All kinds of strategy that serve traffic themselves. A phased strategy splices others and has no access of its own. */
import type { Access } from '../costs/access.ts';
import type { StrategyKind, StrategySpec } from '../scenario/schema.ts';
import { direct } from './direct.ts';
import { hybrid } from './hybrid.ts';
import { managedGateway } from './managed-gateway.ts';
import { selfHostedGateway } from './self-hosted-gateway.ts';
import type { Strategy, StrategyContext } from './strategy.ts';

export type ServingKind = Exclude<StrategyKind, 'phased'>;
export type ServingSpec = Exclude<StrategySpec, { kind: 'phased' }>;

export const STRATEGIES: { readonly [K in ServingKind]: Strategy<K> } = {
  direct,
  managed_gateway: managedGateway,
  self_hosted_gateway: selfHostedGateway,
  hybrid,
};

export const KIND_TITLES: Readonly<Record<StrategyKind, string>> = {
  direct: direct.title,
  managed_gateway: managedGateway.title,
  self_hosted_gateway: selfHostedGateway.title,
  hybrid: hybrid.title,
  phased: 'Phased',
};

export function serve(spec: ServingSpec, context: StrategyContext): Access {
  const strategy = STRATEGIES[spec.kind] as Strategy<ServingKind>;
  return strategy.serve(spec, context);
}
