/**
 * What is wrong with the rank correlations that a scenario states.
 *
 * A pair names two amounts by their paths: what the scenario states, its named inputs, what the price book states of a
 * gateway or an outage record, and defaults. Each has to have a spread, since a single number follows nothing. All pairs
 * have to be able to hold together (sampling/read-correlations.ts).
 */
import type { Amount } from '../amount.ts';
import { InputError } from '../errors.ts';
import { symbolsOf } from '../formula/expr.ts';
import { didYouMean } from '../nearest.ts';
import { readCorrelations } from '../sampling/read-correlations.ts';
import type { Check, ReportProblem } from './check.ts';
import { defaultAmounts } from './defaults.ts';
import { amountsIn } from './paths.ts';
import type { Scenario } from './schema.ts';

type Pairs = NonNullable<Scenario['correlations']>['pairs'];

export function checkCorrelations({ scenario, gateways, book, report }: Check): void {
  const pairs = scenario.correlations?.pairs ?? [];
  if (pairs.length === 0) return;
  const known = new Map(
    [
      ...defaultAmounts(scenario.strategies, gateways),
      ...amountsIn(book.outages),
      ...amountsIn(gateways),
      ...amountsIn(scenario),
    ].map((amount) => [amount.path, amount]),
  );
  const key = (between: readonly string[]): string => JSON.stringify([...between].sort());
  let isSound = true;
  const tell: ReportProblem = (path, message) => {
    isSound = false;
    report(path, message);
  };
  pairs.forEach(({ between }, i) => {
    const at = ['correlations', 'pairs', i, 'between'] as const;
    const first = pairs.findIndex((other) => key(other.between) === key(between));
    if (between[0] === between[1]) tell(at, `"${between[0]}" is correlated with itself; expected two inputs`);
    else if (first < i) tell(at, `${between.join(' and ')} are correlated twice; see correlations.pairs[${first}]`);
    between.forEach((one, k) => {
      const message = wrongWith(one, known);
      if (message !== undefined && (k === 0 || one !== between[0])) tell([...at, k], message);
    });
  });
  if (isSound) checkTogether(pairs, report);
}

function checkTogether(pairs: Pairs, report: ReportProblem): void {
  try {
    readCorrelations(
      pairs.map(({ between, rank }) => ({ between, rank_correlation: rank })),
      pairs.flatMap(({ between }) => between),
      (place) => String(place),
    );
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    for (const { path, message } of error.diagnostics) report(['correlations', 'pairs', Number(path)], message);
  }
}

function wrongWith(path: string, known: ReadonlyMap<string, Amount>): string | undefined {
  const amount = known.get(path);
  if (amount === undefined) {
    const spread = [...known.values()].filter(({ spec }) => spec.is !== 'point').map((one) => one.path);
    return `there is no input "${path}"${didYouMean(path, spread)}; allowed are paths of amounts with a spread, such as ${spread.slice(0, 3).join(', ')}`;
  }
  if (amount.formula !== undefined) {
    const read = symbolsOf(amount.formula.expr).map((name) => `inputs.${name}`);
    return `"${path}" is computed${read.length === 0 ? '' : ` from ${read.join(', ')}; correlate those`}`;
  }
  if (amount.spec.is !== 'point') return undefined;
  return `"${path}" is a single number, ${amount.central} ${amount.unit === '1' ? '' : amount.unit}`
    .trimEnd()
    .concat('; it has no spread to correlate, write an interval such as 2 to 5');
}
