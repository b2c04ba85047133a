/**
 * Policies: conditions over a report that have to fail for a build to pass, such as `saving_usd < 1000` or
 * `recommended != direct`. `before.` in front of a name is the same figure of an earlier report, where there is one.
 *
 * What can't be judged is told and fails the build too: a gate that is not known to be shut is not shut.
 */

import { sourceOf } from '../claims/figure-names.ts';
import { type Diagnostic, InputError, problem } from '../errors.ts';
import { type Condition, type Lookup, parseCondition, type Verdict } from '../formula/condition.ts';
import { type NamedFigures, nameProblems } from '../formula/condition-names.ts';
import { FormulaError } from '../formula/parse.ts';
import { figureWords } from '../report/claim-words.ts';
import type { Report } from '../report/contract.ts';
import { namesBeforeRun, type ReportFigures, reportFigures } from './report-figures.ts';

const BEFORE = 'before.';

/** Throws an InputError with every expression that can't be read. */
export function readPolicies(texts: readonly string[]): Condition[] {
  const problems: Diagnostic[] = [];
  const conditions = texts.flatMap((text) => {
    try {
      return [parseCondition(text)];
    } catch (error) {
      if (!(error instanceof FormulaError)) throw error;
      problems.push(problem('FAIL_IF', `--fail-if '${text.slice(0, 80)}'`, error.message));
      return [];
    }
  });
  if (problems.length > 0) throw new InputError(problems);
  return conditions;
}

/** Names that no figure has, told before a scenario is run; inputs are looked at afterwards. */
export const checkPolicies = (conditions: readonly Condition[], strategies: readonly string[]): void =>
  check(conditions, namesBeforeRun(strategies));

function check(conditions: readonly Condition[], named: NamedFigures): void {
  const problems = conditions.flatMap((condition) =>
    nameProblems(condition, named).map((found) => problem('FAIL_IF', `--fail-if '${condition.text}'`, found)),
  );
  if (problems.length > 0) throw new InputError(problems);
}

export interface Judged {
  readonly condition: Condition;
  readonly verdict: Verdict;
  /** One line: the expression and the figures found. */
  readonly told: string;
}

/** Throws an InputError where a name has no figure. */
export function judgePolicies(conditions: readonly Condition[], report: Report, before?: Report): Judged[] {
  const figures = before === undefined ? reportFigures(report) : both(reportFigures(report), reportFigures(before));
  check(conditions, figures.named);
  return conditions.map((condition) => {
    const verdict = condition.verdict(figures.lookup);
    const found = foundWords(condition, figures);
    const why = verdict === 'unknown' && lacksDraws(condition, report) ? NO_DRAWS : '';
    return { condition, verdict, told: `${VERDICTS[verdict]} ${condition.text} (${found}${why})` };
  });
}

const VERDICTS: Readonly<Record<Verdict, string>> = {
  holds: 'fails since this holds:',
  fails: 'passes:',
  unknown: 'fails since this can’t be said:',
};

const NO_DRAWS = '; the report has no draws: none were asked for, or nothing is uncertain';

const lacksDraws = ({ names }: Condition, { uncertainty }: Report): boolean =>
  uncertainty === undefined && names.some((name) => sourceOf(name) === 'draws');

const foundWords = ({ names }: Condition, { lookup, unitOf }: ReportFigures): string =>
  names
    .flatMap((name) => {
      const value = lookup(name);
      return value === undefined ? [] : [`${name} ${figureWords(value, unitOf(name))}`];
    })
    .join(', ');

function both(after: ReportFigures, before: ReportFigures): ReportFigures {
  const split = (name: string): [ReportFigures, string] =>
    name.startsWith(BEFORE) ? [before, name.slice(BEFORE.length)] : [after, name];
  const lookup: Lookup = (name) => {
    const [figures, own] = split(name);
    return figures.lookup(own);
  };
  return {
    lookup,
    unitOf: (name) => {
      const [figures, own] = split(name);
      return figures.unitOf(own);
    },
    named: {
      kindOf: (name) => {
        const [figures, own] = split(name);
        return figures.named.kindOf(own);
      },
      names: () => [...after.named.names(), ...[...before.named.names()].map((name) => `${BEFORE}${name}`)],
      words: [...new Set([...after.named.words, ...before.named.words])],
    },
  };
}
