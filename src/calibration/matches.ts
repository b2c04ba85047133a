/**
 * Which measured targets a scenario knows, and as what: a gateway that strategies go through, or a seller that traffic
 * reaches. A hybrid or phased strategy goes where its parts go.
 */
import { InputError, inputError, problem } from '../errors.ts';
import type { Evaluation } from '../evaluate.ts';
import type { MeasuredTarget, Measurements } from '../measurements/contract.ts';
import { didYouMean } from '../nearest.ts';
import { listed } from '../report/format.ts';

export interface Match {
  readonly target: MeasuredTarget;
  readonly is: 'gateway' | 'seller';
  /** Of the gateway or seller, as the scenario has it. */
  readonly id: string;
  readonly strategies: readonly string[];
}

export interface Uses {
  /** Id -> strategies that go through it. */
  readonly gateways: ReadonlyMap<string, readonly string[]>;
  /** Id -> strategies whose traffic reaches it without a gateway in between. */
  readonly sellers: ReadonlyMap<string, readonly string[]>;
}

export interface Matches {
  readonly matched: readonly Match[];
  /** Targets that no strategy uses. */
  readonly others: readonly MeasuredTarget[];
  readonly uses: Uses;
}

export function usesOf({ question, prepared }: Pick<Evaluation, 'question' | 'prepared'>): Uses {
  const { strategies } = question.scenario;
  const gateways = new Map<string, string[]>();
  const sellers = new Map<string, string[]>();
  const add = (map: Map<string, string[]>, key: string, strategy: string): void => {
    const known = map.get(key) ?? [];
    if (!known.includes(strategy)) map.set(key, [...known, strategy]);
  };
  const visit = (id: string, strategy: string): void => {
    const spec = strategies.find((one) => one.id === id);
    if (spec === undefined) return;
    if (spec.kind === 'direct')
      for (const { seller } of prepared.passages.get(id) ?? []) add(sellers, seller, strategy);
    else if (spec.kind === 'hybrid')
      for (const rule of spec.rules) visit('else' in rule ? rule.else : rule.via, strategy);
    else if (spec.kind === 'phased') for (const { via } of spec.phases) visit(via, strategy);
    else add(gateways, spec.gateway, strategy);
  };
  for (const { id } of strategies) visit(id, id);
  return { gateways, sellers };
}

/**
 * Throws an InputError where the scenario knows none of the targets.
 * @param taken_as target or system -> gateway or seller of the scenario that it stands for
 */
export function matchesOf(
  evaluation: Pick<Evaluation, 'question' | 'prepared'>,
  measurements: Measurements,
  taken_as: ReadonlyMap<string, string>,
  file: string,
): Matches {
  const uses = usesOf(evaluation);
  checkTakenAs(taken_as, measurements, uses);
  const matched: Match[] = [];
  const others: MeasuredTarget[] = [];
  for (const target of measurements.targets) {
    const id = taken_as.get(target.id) ?? taken_as.get(target.system) ?? target.system;
    const isSeller = uses.sellers.has(id) && (target.kind === 'direct' || !uses.gateways.has(id));
    const strategies = (isSeller ? uses.sellers : uses.gateways).get(id);
    if (strategies === undefined) others.push(target);
    else matched.push({ target, is: isSeller ? 'seller' : 'gateway', id, strategies });
  }
  if (matched.length > 0) return { matched, others, uses };
  const systems = [...new Set(measurements.targets.map(({ system }) => system))];
  const other = measurements.targets.find((one) => !one.is_baseline) ?? measurements.targets[0];
  throw inputError(
    'CALIBRATE_TARGETS',
    file,
    `speaks of nothing that the scenario uses: measured were ${systems.length === 0 ? 'none' : listed(systems)}; the scenario's strategies use ${listed([...knownTo(uses)])}. One is taken as another with --as "${other?.system ?? 'target'}=${knownTo(uses)[0] ?? 'gateway'}"`,
  );
}

const knownTo = ({ gateways, sellers }: Uses): readonly string[] => [
  ...new Set([...gateways.keys(), ...sellers.keys()]),
];

function checkTakenAs(taken_as: ReadonlyMap<string, string>, { targets }: Measurements, uses: Uses): void {
  const measured = [...new Set(targets.flatMap(({ id, system }) => [id, system]))];
  const known = knownTo(uses);
  const wrong = (name: string, what: string, right: readonly string[]): string =>
    `there is no ${what} "${name}"${didYouMean(name, right)}; there are ${listed(right)}`;
  const found = [...taken_as].flatMap(([target, id]) => [
    ...(measured.includes(target) ? [] : [wrong(target, 'target or measured system', measured)]),
    ...(known.includes(id) ? [] : [wrong(id, 'gateway or seller in the scenario', known)]),
  ]);
  if (found.length > 0) throw new InputError(found.map((message) => problem('CALIBRATE_AS', '--as', message)));
}

/** Without the maker's name in front, which gateways write and sellers do not. */
export const modelOf = ({ model, priced_as }: MeasuredTarget): string =>
  (priced_as?.model ?? model.slice(model.lastIndexOf('/') + 1)).toLowerCase();

/** Whether a strategy pays this gateway for tokens, and not the sellers on own keys. */
export function isOnCredit({ question }: Pick<Evaluation, 'question'>, gateway: string): boolean {
  const billing = question.gateways.get(gateway)?.billing;
  return question.scenario.strategies.some(
    (one) => one.kind === 'managed_gateway' && one.gateway === gateway && (one.billing ?? billing) === 'credits',
  );
}
