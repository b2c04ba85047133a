/** Constraints: what no price outweighs. They exclude a strategy and say so; what is not known excludes nothing. */
import { type Diagnostic, notice } from './errors.ts';
import type { Question } from './scenario/resolve.ts';
import type { StrategySpec } from './scenario/schema.ts';

export interface Constrained {
  /** Strategy id -> why it is excluded. */
  readonly excluded: ReadonlyMap<string, string>;
  readonly notices: readonly Diagnostic[];
}

export function applyConstraints({ scenario, gateways }: Question): Constrained {
  const wanted = scenario.constraints.data_residency;
  const excluded = new Map<string, string>();
  const notices: Diagnostic[] = [];
  if (wanted === undefined) return { excluded, notices };
  for (const spec of scenario.strategies) {
    for (const id of gatewayIds(spec, scenario.strategies)) {
      const regions = gateways.get(id)?.data_residency;
      if (regions === undefined) {
        notices.push(
          notice(
            'RESIDENCY_UNKNOWN',
            `strategies.${spec.id}`,
            `it is not known where ${id} keeps data; "${wanted.join(', ')}" excludes nothing here`,
          ),
        );
      } else if (!wanted.some((region) => regions.includes(region))) {
        excluded.set(spec.id, `${id} keeps data in ${regions.join(', ')}; the scenario requires ${wanted.join(', ')}`);
      }
    }
  }
  return { excluded, notices };
}

/** Managed gateways that a strategy's traffic passes; what one runs oneself keeps data where one runs it. */
export function gatewayIds(spec: StrategySpec, all: readonly StrategySpec[]): string[] {
  if (spec.kind === 'managed_gateway') return [spec.gateway];
  const parts =
    spec.kind === 'hybrid'
      ? spec.rules.map((rule) => ('else' in rule ? rule.else : rule.via))
      : spec.kind === 'phased'
        ? spec.phases.map((phase) => phase.via)
        : [];
  return [...new Set(parts)].flatMap((id) =>
    all.filter((other) => other.id === id).flatMap((other) => gatewayIds(other, all)),
  );
}
