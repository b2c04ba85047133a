/**
 * Formulas over named inputs: finds what each reads, checks its unit and its limits, and computes it at the inputs' means.
 *
 *   value = formula(value_i x factor_i) x factor, where factor_i converts an input into base units and factor back into
 *   the amount's unit
 *
 * Example: salary 140,000 USD/year, overhead 1.42, work_hours 2,080 work_hour/year: salary * overhead / work_hours is
 * 95.5769 USD/work_hour. The mean of draws is another number where a formula is not linear: 1 / x of x = 1 or 3, as likely,
 * is 0.5 at the mean of x and 0.6667 in the mean.
 *
 * Takes amounts in dollars. All that is wrong is reported: unknown names, cycles, units, values out of range. What
 * depends on an input that is wrong stays unresolved and is not told again.
 */
import type { Amount, AmountFormula, FormulaInput } from '../amount.ts';
import { combine, type Dimensions, nameOf, sameDimensions } from '../formula/dimensions.ts';
import { evaluatorOf } from '../formula/evaluate.ts';
import { symbolsOf } from '../formula/expr.ts';
import { dimensionsOf } from '../formula/formula-units.ts';
import { checkLimits } from '../formula/limits.ts';
import { FormulaError } from '../formula/parse.ts';
import { measureOfUnit } from '../formula/quantity.ts';
import { didYouMean } from '../nearest.ts';
import type { ReportProblem } from './check.ts';
import { mapAmounts } from './paths.ts';

export interface ResolvedFormulas {
  readonly inputs: Readonly<Record<string, Amount>>;
  /** The same value with its formulas resolved. @param path where it stands in the scenario */
  readonly within: <T>(value: T, path: readonly PropertyKey[]) => T;
}

/** @param named the inputs of the scenario; report is called for each problem */
export function resolveFormulas(named: Readonly<Record<string, Amount>>, report: ReportProblem): ResolvedFormulas {
  const done = new Map<string, Amount | undefined>();
  const trail: string[] = [];

  const inputNamed = (name: string): Amount | undefined => {
    if (done.has(name)) return done.get(name);
    const begin = trail.indexOf(name);
    if (begin >= 0) {
      const cycle = [...trail.slice(begin), name].map((one) => `inputs.${one}`);
      report(['inputs', name], `is computed from itself: ${cycle.join(' -> ')}`);
      return undefined;
    }
    trail.push(name);
    const found = resolved(named[name]!, ['inputs', name]);
    trail.pop();
    done.set(name, found);
    return found;
  };

  const resolved = (amount: Amount, path: readonly PropertyKey[]): Amount | undefined => {
    const { formula } = amount;
    if (formula === undefined) return amount;
    const names = symbolsOf(formula.expr);
    const unknown = names.filter((name) => !Object.hasOwn(named, name));
    for (const name of unknown) report(path, unknownName(name, Object.keys(named)));
    const known = names.filter((name) => !unknown.includes(name)).map((name) => [name, inputNamed(name)] as const);
    if (unknown.length > 0 || known.some(([, input]) => input === undefined)) return undefined;
    try {
      return computed(amount, formula, known as [string, Amount][]);
    } catch (error) {
      if (!(error instanceof FormulaError)) throw error;
      report(path, error.message);
      return undefined;
    }
  };

  const inputs = Object.fromEntries(Object.keys(named).map((name) => [name, inputNamed(name) ?? named[name]!]));
  const within = <T>(value: T, path: readonly PropertyKey[]): T =>
    mapAmounts(value, (amount, at) => resolved(amount, at) ?? amount, path);
  return { inputs, within };
}

function unknownName(name: string, known: readonly string[]): string {
  if (known.length === 0) return `there is no input "${name}": the scenario has no \`inputs\``;
  return `there is no input "${name}"${didYouMean(name, known)}; inputs are ${known.join(', ')}`;
}

function computed(amount: Amount, formula: AmountFormula, named: readonly (readonly [string, Amount])[]): Amount {
  const { text, expr, limits } = formula;
  const target = measureOfUnit(amount.unit);
  const measures = new Map(named.map(([name, input]) => [name, measureOfUnit(input.unit)]));
  const found = unitsOf(formula, named, (name) => measures.get(name)!);
  const isRate = amount.unit.startsWith('fraction/') && sameDimensions(found, {});
  if (!isRate && !sameDimensions(found, target.dimensions))
    throw new FormulaError(
      `"= ${text}" is in ${nameOf(found)}${inUnits(named)}, expected ${expected(amount.unit)}${effortHint(found, target.dimensions)}`,
    );
  const inputs: Record<string, FormulaInput> = Object.fromEntries(
    named.map(([name, input]) => [name, { amount: input, factor: measures.get(name)!.factor }]),
  );
  const factor = 1 / target.factor;
  const names = Object.keys(inputs);
  const values = names.map((name) => inputs[name]!.amount.central * inputs[name]!.factor);
  const central = evaluatorOf(expr, (name) => names.indexOf(name))(values) * factor;
  if (!Number.isFinite(central)) {
    const at = named.map(([name, input]) => `${name} ${input.central}`).join(', ');
    throw new FormulaError(`"= ${text}" has no value at the means of its inputs${at === '' ? '' : `: ${at}`}`);
  }
  const spec = { is: 'point', value: central } as const;
  checkLimits(spec, central, amount.unit, limits, `"= ${text}", ${Number(central.toPrecision(6))} at the means,`);
  const said = amount.source === undefined || amount.source === 'scenario' ? '' : `; ${amount.source}`;
  return { ...amount, spec, central, source: `= ${text}${said}`, formula: { ...formula, inputs, factor } };
}

function unitsOf(
  { text, expr }: AmountFormula,
  named: readonly (readonly [string, Amount])[],
  measureOf: Parameters<typeof dimensionsOf>[1],
): Dimensions {
  try {
    return dimensionsOf(expr, measureOf);
  } catch (error) {
    if (!(error instanceof FormulaError)) throw error;
    throw new FormulaError(`"= ${text}" ${error.message}${inUnits(named)}`);
  }
}

const inUnits = (named: readonly (readonly [string, Amount])[]): string => {
  const told = named.filter(([, { unit }]) => unit !== '1').map(([name, { unit }]) => `${name} in ${unit}`);
  return told.length === 0 ? '' : ` (${told.join(', ')})`;
};

const expected = (unit: string): string => (unit === '1' ? 'a plain number' : unit);

/** Hours of work are no hours of time: only who states an input knows which it is. */
function effortHint(found: Dimensions, wanted: Dimensions): string {
  const asTime = (dimensions: Dimensions): Dimensions => {
    const { work_hour = 0, ...rest } = dimensions;
    return combine(rest, { hour: 1 }, work_hour);
  };
  if (nameOf(asTime(found)) !== nameOf(asTime(wanted))) return '';
  return '; hours of work have the unit work_hour, hours of time the unit hour';
}
