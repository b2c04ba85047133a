/** What is wrong with the gateway that a strategy names: not known, not to be run oneself, no such plan, variant or method of paying. */
import { didYouMean } from '../nearest.ts';
import { type FeeSchedule, selfHosting } from '../pricing/fee-schedule.ts';
import { withVariant } from '../pricing/fee-variant.ts';
import type { ReportProblem } from './check.ts';
import { unknownGateway } from './misspelt-gateways.ts';
import type { StrategySpec } from './schema.ts';

export function checkGateway(
  strategy: Extract<StrategySpec, { kind: 'managed_gateway' | 'self_hosted_gateway' }>,
  gateways: ReadonlyMap<string, FeeSchedule>,
  path: readonly PropertyKey[],
  report: ReportProblem,
): void {
  const gateway = gateways.get(strategy.gateway);
  if (gateway === undefined) {
    report([...path, 'gateway'], unknownGateway(strategy.gateway, [...gateways.keys()]));
    return;
  }
  const checkChoice = (key: 'fee_variant' | 'payment_method', known: readonly string[]): void => {
    const found = strategy.kind === 'managed_gateway' ? strategy[key] : undefined;
    if (found === undefined || known.includes(found)) return;
    const allowed = known.length > 0 ? known.join(', ') : 'none';
    report([...path, key], `${gateway.name} has no ${key} "${found}"${didYouMean(found, known)}; it has ${allowed}`);
  };
  const { self_hosting, serving } = gateway;
  if (serving !== undefined && (strategy.kind === 'managed_gateway' || gateway.kind === 'managed'))
    report(
      [...path, 'gateway'],
      `${gateway.name} answers models on own machines (gateways.${strategy.gateway}.serving); it needs kind: self_hosted there and kind: self_hosted_gateway here`,
    );
  if (strategy.kind === 'self_hosted_gateway' && self_hosting === undefined && serving === undefined) {
    report(
      [...path, 'gateway'],
      `${gateway.name} says nothing of running it oneself; add gateways.${strategy.gateway}.self_hosting, or .serving where own machines answer models`,
    );
  }
  const lacking = Object.keys(selfHosting.shape).filter((key) => !(key in (self_hosting ?? selfHosting.shape)));
  if (strategy.kind === 'self_hosted_gateway' && lacking.length > 0)
    report(
      [...path, 'gateway'],
      `${gateway.name} is run by oneself, and nothing says its ${lacking.join(', ')}; add gateways.${strategy.gateway}.self_hosting.${lacking[0]}`,
    );
  if (strategy.kind === 'managed_gateway') {
    checkChoice(
      'fee_variant',
      gateway.variants.map((one) => one.id),
    );
    checkChoice(
      'payment_method',
      Object.keys(withVariant(gateway, strategy.fee_variant).fees.credit_purchase?.methods ?? {}),
    );
  }
  if (strategy.kind === 'managed_gateway' && strategy.plan !== undefined) {
    const plans = gateway.fees.plans.map((plan) => plan.id);
    if (!plans.includes(strategy.plan)) {
      report(
        [...path, 'plan'],
        `${gateway.name} has no plan "${strategy.plan}"; it has ${plans.length > 0 ? plans.join(', ') : 'none'}`,
      );
    }
  }
}
