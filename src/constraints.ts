/**
 * Constraints: what no price outweighs. A strategy is excluded if any seller or managed gateway that its traffic passes is
 * known not to meet one; what is not known excludes nothing and is told.
 *
 * Data must be kept by all of them; signing up and paying is needed with whoever invoices; a feature of a seller is lost
 * behind a gateway that does not carry it. What one runs oneself meets all of them where one runs it.
 */
import { type Diagnostic, notice } from './errors.ts';
import type { AccessTerms } from './pricing/access-terms.ts';
import type { Question } from './scenario/resolve.ts';
import type { Scenario, StrategySpec } from './scenario/schema.ts';

export interface Constrained {
  /** Strategy id -> why it is excluded. */
  readonly excluded: ReadonlyMap<string, string>;
  readonly notices: readonly Diagnostic[];
}

/** A seller that a strategy's traffic reaches, and who invoices for it. */
export interface Passage {
  readonly seller: string;
  readonly own_keys: boolean;
}

export interface Parties {
  readonly passagesOf: (strategy: string) => readonly Passage[];
  readonly termsOf: (seller: string) => AccessTerms | undefined;
}

interface Party {
  readonly name: string;
  readonly is: 'gateway' | 'seller';
  readonly terms: AccessTerms;
  readonly invoices: boolean;
}

/** Met: true or false with what is known, undefined where nothing is known, null where it is not asked of this party. */
type Check = (party: Party) => { readonly met: boolean; readonly known: string } | undefined | null;

export function applyConstraints({ scenario, gateways }: Question, { passagesOf, termsOf }: Parties): Constrained {
  const excluded = new Map<string, string>();
  const notices = new Map<string, Diagnostic>();
  const checks = checksOf(scenario.constraints);
  if (checks.length === 0) return { excluded, notices: [] };
  for (const spec of scenario.strategies) {
    const managed = gatewayIds(spec, scenario.strategies);
    const sellers = new Map<string, boolean>();
    for (const { seller, own_keys } of passagesOf(spec.id))
      sellers.set(seller, own_keys || sellers.get(seller) === true);
    const parties: Party[] = [
      ...managed.map((name) => ({ name, is: 'gateway' as const, terms: gateways.get(name) ?? {}, invoices: true })),
      ...[...sellers].map(([name, invoices]) => ({
        name,
        is: 'seller' as const,
        terms: termsOf(name) ?? {},
        invoices,
      })),
    ];
    for (const { wanted, code, unknown, check } of checks) {
      for (const party of parties) {
        const found = check(party);
        if (found === undefined) {
          const told = notice(
            party.is === 'gateway' ? code : 'SELLER_TERMS_UNKNOWN',
            `strategies.${spec.id}`,
            `it is not known ${unknown(party.name)}; "${wanted}" excludes nothing here`,
          );
          notices.set(`${told.path} ${told.message}`, told);
        } else if (found?.met === false && !excluded.has(spec.id)) {
          excluded.set(spec.id, `${party.name} ${found.known}; the scenario requires ${wanted}`);
        }
      }
    }
  }
  return { excluded, notices: [...notices.values()] };
}

interface Constraint {
  readonly wanted: string;
  readonly code: string;
  readonly unknown: (name: string) => string;
  readonly check: Check;
}

function checksOf({ data_residency, signup_country, payment_method, features }: Scenario['constraints']): Constraint[] {
  const listed = (has: readonly string[] | undefined, met: (list: readonly string[]) => boolean, words: string) =>
    has && { met: met(has), known: `${words} ${has.join(', ') || 'none'}` };
  const checks: Constraint[] = [];
  if (data_residency !== undefined)
    checks.push({
      wanted: data_residency.join(', '),
      code: 'RESIDENCY_UNKNOWN',
      unknown: (name) => `where ${name} keeps data`,
      check: ({ terms }) =>
        listed(terms.data_residency, (has) => data_residency.some((region) => has.includes(region)), 'keeps data in'),
    });
  if (signup_country !== undefined)
    checks.push({
      wanted: `signing up from ${signup_country}`,
      code: 'SIGNUP_UNKNOWN',
      unknown: (name) => `from which countries one can sign up with ${name}`,
      check: ({ terms, invoices }) =>
        invoices
          ? listed(
              terms.signup_countries,
              (has) => has.includes(signup_country) || has.includes('any'),
              'can be signed up with from',
            )
          : null,
    });
  if (payment_method !== undefined)
    checks.push({
      wanted: `paying by ${payment_method}`,
      code: 'PAYMENT_UNKNOWN',
      unknown: (name) => `how ${name} can be paid`,
      check: ({ terms, invoices }) =>
        invoices ? listed(terms.payment_methods, (has) => has.includes(payment_method), 'is paid by') : null,
    });
  for (const feature of features ?? [])
    checks.push({
      wanted: feature,
      code: 'FEATURE_UNKNOWN',
      unknown: (name) => `whether ${feature} is had through ${name}`,
      check: ({ terms, is }) =>
        is === 'seller'
          ? null
          : listed(terms.provider_only_features, (has) => !has.includes(feature), 'does not carry'),
    });
  return checks;
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
  return [
    ...new Set(
      [...new Set(parts)].flatMap((id) =>
        all.filter((other) => other.id === id).flatMap((other) => gatewayIds(other, all)),
      ),
    ),
  ];
}
