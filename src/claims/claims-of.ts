/**
 * What a scenario claims, put to the test: each claim is a condition over figures, judged where the scenario stands and, where
 * it names inputs to vary, over their whole range.
 *
 * holds, fails: so everywhere in the range; holds_where: in part of it; unknown: a figure it needs is not known. The model is
 * appraised anew at every value, optional needs are decided anew, what was searched is held. No more than two inputs vary.
 */
import { type Diagnostic, InputError, problem } from '../errors.ts';
import { type Condition, parseCondition, type Verdict } from '../formula/condition.ts';
import { nameProblems } from '../formula/condition-names.ts';
import type { Scenario } from '../scenario/schema.ts';
import { type Axis, axisOf } from './axes.ts';
import { figureNames, figureOf, INPUT, type Subjects } from './figure-names.ts';
import { type Judgeable, ModelFigures } from './model-figures.ts';
import { type Region, regionAlong, regionOver } from './region.ts';

export interface Evidence {
  readonly name: string;
  readonly unit: string;
  readonly value: number | string | null;
}

/** One comparison of the condition, with what its sides come to where the scenario stands. */
export interface JudgedComparison {
  readonly sides: readonly [string, string];
  readonly operator: string;
  readonly values: readonly [number | string | null, number | string | null];
  readonly verdict: Verdict;
}

type Told = 'text' | 'source' | 'of' | 'as' | 'restated' | 'because' | 'wrong' | 'published';

export interface JudgedClaim extends Pick<Claim, Told> {
  readonly id: string;
  readonly expression: string;
  readonly verdict: Verdict | 'holds_where';
  /** Where the scenario stands. */
  readonly here: Verdict;
  readonly over: readonly Axis[];
  /** Of the range of `over`; undefined where nothing varies. */
  readonly region: Region | undefined;
  /** Figures that it names, where the scenario stands. */
  readonly evidence: readonly Evidence[];
  readonly comparisons: readonly JudgedComparison[];
}

type Claim = Scenario['claims'][number];

const idOf = (claim: Claim, position: number): string => claim.id ?? `claim-${position + 1}`;
const pathOf = (claim: Claim, position: number): string =>
  claim.id === undefined ? `claims[${position}]` : `claims.${claim.id}`;

/** Throws an InputError with every name that no figure has. Paths of inputs are looked at once the model is known. */
export function checkClaims({ claims, strategies }: Scenario, components: readonly string[], file = ''): void {
  const subjects = { strategies: strategies.map(({ id }) => id), components, inputs: undefined };
  const place = file === '' ? '' : `${file} `;
  const ids = claims.map(idOf);
  const twice = claims.flatMap((claim, i) =>
    ids.indexOf(ids[i]!) === i
      ? []
      : [problem('CLAIM', `${place}${pathOf(claim, i)}`, `the id "${ids[i]}" is used twice`)],
  );
  throwAll([
    ...twice,
    ...claims.flatMap((claim, i) => wrongNames(claim, `${place}${pathOf(claim, i)}.claim`, subjects)),
  ]);
}

function wrongNames({ claim }: Claim, where: string, subjects: Subjects): Diagnostic[] {
  const condition = parseCondition(claim);
  const late = condition.names.filter((name) => (figureOf(name, subjects)?.head.from ?? 'model') !== 'model');
  if (late.length > 0)
    return late.map((name) =>
      problem(
        'CLAIM',
        where,
        `"${name}" is known of a finished report alone; a claim is judged by the model. Use it with --fail-if`,
      ),
    );
  return nameProblems(condition, figureNames(subjects, ['model'])).map((found) => problem('CLAIM', where, found));
}

function throwAll(problems: readonly Diagnostic[]): void {
  if (problems.length > 0) throw new InputError(problems);
}

export function claimsOf(evaluation: Judgeable, components: readonly string[]): JudgedClaim[] {
  const { claims } = evaluation.question.scenario;
  if (claims.length === 0) return [];
  const { model } = evaluation.prepared;
  const strategies = evaluation.alternatives.map(({ id }) => id);
  const subjects = { strategies, components, inputs: model.inputs.map(({ path }) => path) };
  const problems = claims.flatMap((claim, i) => wrongNames(claim, `${pathOf(claim, i)}.claim`, subjects));
  const axes = claims.map((claim, i) =>
    claim.over.flatMap((one, k): Axis[] => {
      const { path, from, to } = typeof one === 'string' ? { path: one } : one;
      try {
        return [axisOf(model, path, { from, to }, `${pathOf(claim, i)}.over[${k}]`)];
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        problems.push(...error.diagnostics);
        return [];
      }
    }),
  );
  throwAll(problems);
  return claims.map((claim, i): JudgedClaim => {
    const condition = parseCondition(claim.claim);
    const over = axes[i]!;
    const figures = new ModelFigures(
      evaluation,
      components,
      over.map(({ slot }) => slot),
    );
    figures.settle(new Map());
    const here = condition.verdict(figures.lookup);
    const comparisons = condition.comparisons.map(
      ({ sides, operator, values, verdict }): JudgedComparison => ({
        sides,
        operator,
        values: values(figures.lookup),
        verdict: verdict(figures.lookup),
      }),
    );
    const evidence = evidenceOf(
      condition,
      figures,
      subjects,
      (path) => model.inputs.find((one) => one.path === path)!.unit,
    );
    const region = regionOf(condition, figures, over);
    return {
      ...claim,
      id: idOf(claim, i),
      expression: condition.text,
      verdict: region === undefined ? here : overall(region),
      here,
      over,
      region,
      evidence,
      comparisons,
    };
  });
}

function regionOf(condition: Condition, figures: ModelFigures, [x, y]: readonly Axis[]): Region | undefined {
  if (x === undefined) return undefined;
  const judge = (...values: readonly (readonly [number, number])[]): Verdict => {
    figures.settle(new Map(values));
    return condition.verdict(figures.lookup);
  };
  if (y === undefined) return regionAlong((value) => judge([x.slot, value]), x);
  return regionOver((across, up) => judge([x.slot, across], [y.slot, up]), x, y);
}

function overall({ share_fraction, unknown_fraction }: Region): JudgedClaim['verdict'] {
  if (share_fraction === 1) return 'holds';
  if (share_fraction > 0) return 'holds_where';
  return unknown_fraction > 0 ? 'unknown' : 'fails';
}

/** Words that stand for themselves (`recommended == direct`) are no evidence. */
function evidenceOf(
  { names }: Condition,
  { lookup }: ModelFigures,
  subjects: Subjects,
  unitOf: (path: string) => string,
): Evidence[] {
  return names.flatMap((name) => {
    const value = lookup(name);
    if (value === undefined) return [];
    const unit = name.startsWith(INPUT) ? unitOf(name.slice(INPUT.length)) : figureOf(name, subjects)!.head.unit;
    return [{ name, unit, value }];
  });
}
