/**
 * From what stands in a file to a question that can be evaluated: checked against the contract, names resolved against the
 * price book, amounts named by their path. All problems are collected and thrown at once as an InputError.
 */
import { diagnose, dotted } from '../diagnose.ts';
import { type Diagnostic, InputError, problem } from '../errors.ts';
import type { FeeSchedule } from '../pricing/fee-schedule.ts';
import type { PriceBook } from '../pricing/price-book.ts';
import type { Check, ReportProblem } from './check.ts';
import { checkContracts, checkSellers } from './check-contracts.ts';
import { checkStrategies } from './check-strategies.ts';
import { inUsDollars } from './convert-money.ts';
import { checkCorrelations } from './correlations.ts';
import { gatewaysOf } from './gateways.ts';
import { misspeltGateways } from './misspelt-gateways.ts';
import { nameAmounts, statedPaths } from './paths.ts';
import { resolveFormulas } from './resolve-formulas.ts';
import { resolveModels } from './resolve-models.ts';
import { type Scenario, scenario as scenarioContract } from './schema.ts';
import { variantProblems } from './variants.ts';

export interface Question {
  readonly scenario: Scenario;
  /** Gateways of the price book, with the scenario's own put over them. */
  readonly gateways: ReadonlyMap<string, FeeSchedule>;
  /** Names of the scenario that are not the price book's own: what they were taken for and by which rule, in words. */
  readonly resolved_names?: Readonly<Record<string, string>>;
  /** Amounts that were written in EUR or CNY, with the rate at which they became dollars. */
  readonly converted?: readonly Diagnostic[];
  /** Paths that the scenario states itself. */
  readonly stated: ReadonlySet<string>;
}

/** How a path is shown in a message: `file.yaml:12 traffic.volume`. */
export type Where = (path: readonly PropertyKey[]) => string;

/** @param variant whose overrides have been put over `raw`: of the claims, those of this variant are kept */
export function resolveScenario(
  raw: unknown,
  book: PriceBook,
  where: Where = dotted,
  variant: string | undefined = undefined,
): Question {
  const parsed = scenarioContract.safeParse(raw);
  if (!parsed.success) {
    const unknown = misspeltGateways(raw, book).map((one) => problem('SCENARIO', where(one.path), one.message));
    throw new InputError([...diagnose('SCENARIO', parsed.error, scenarioContract, raw, where), ...unknown]);
  }
  nameAmounts(parsed.data, '', 'scenario');
  const converted: Diagnostic[] = [];
  const dollars = <T>(value: T): T =>
    inUsDollars(value, book.exchange_rates, `${parsed.data.start}-01`, (found) => converted.push(found));
  const written = gatewaysOf(parsed.data, raw, book);
  for (const [id, gateway] of written) nameAmounts(gateway, `gateways.${id}`, `pricing/gateways/${id}.yaml`);
  nameAmounts(book.outages, 'outages', 'pricing/outages.yaml');

  const problems: Diagnostic[] = [];
  const report: ReportProblem = (path, message) => {
    problems.push(problem('SCENARIO', where(path), message));
  };
  const { inputs, ...stated } = dollars({ ...parsed.data, gateways: {} });
  const formulas = resolveFormulas(inputs, report);
  const claims = stated.claims.filter((claim) => claim.variant === variant);
  const scenario = { ...formulas.within(stated, []), claims, inputs: formulas.inputs };
  const gateways = new Map(
    [...written].map(([id, gateway]) => [id, formulas.within(dollars(gateway), ['gateways', id])]),
  );
  const check: Check = { scenario, gateways, book, report };
  checkStrategies(check);
  checkSellers(check);
  const names = resolveModels(check);
  checkContracts(check);
  checkCorrelations(check);
  problems.push(...variantProblems(parsed.data, where));
  const { error_rate } = scenario.outages;
  if (error_rate !== undefined && error_rate.central >= 1)
    report(['outages', 'error_rate'], 'says that every attempt fails; allowed is less than 100 %');
  if (problems.length > 0) throw new InputError(problems);
  return { scenario, gateways, stated: statedPaths(raw), resolved_names: names, converted };
}
