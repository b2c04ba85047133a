/**
 * Billed tokens: how many tokens a target bills for the prompts of the baseline, over those that the baseline bills.
 *
 * The model bills the same tokens on every route to a model: one that differs is told, and no input takes it. Between two
 * models it stands beside `replay.token_ratios`, tokens of the other model for one of the baseline's; that is a plain number,
 * so its source becomes a comment.
 */
import type { Calibrating } from './calibrating.ts';
import { pathText, sourceText, written } from './edit.ts';
import { isMeasured, measuredFigure } from './figures.ts';
import { type Match, modelOf } from './matches.ts';
import { exactly, type Row, verdictOf } from './row.ts';

const ROUNDING = 1e-9;

export function tokenRatioRows(x: Calibrating): Row[] {
  const baseline = x.measurements.targets.find((one) => one.is_baseline);
  if (baseline === undefined) return [];
  return x.matches.matched.flatMap((match) => {
    if (match.target.id === baseline.id) return [];
    return modelOf(match.target) === modelOf(baseline) ? [sameModel(x, match)] : otherModel(x, match, baseline);
  });
}

const figureOf = ({ measurements }: Calibrating, { target }: Match) =>
  measuredFigure(measurements, target, 'usage_accounting', ['billed_tokens_ratio']);

function sameModel(x: Calibrating, match: Match): Row {
  const found = figureOf(x, match);
  const assumed = exactly(1, {
    source: 'the model bills the same tokens on every route',
    as_of: null,
    given: false,
  });
  const row = { quantity: 'token_ratio', path: null, unit: '1', strategies: match.strategies, assumed } as const;
  if (!isMeasured(found)) return { ...row, measured: null, verdict: 'not_measured', why: [found.missing], edits: [] };
  const verdict = verdictOf(assumed, found.measured, ROUNDING);
  const why =
    verdict === 'outside'
      ? ['no input takes it: the costs of this route are off by as much as its tokens, which no markup on cost shows']
      : [];
  return { ...row, measured: found.measured, verdict, why, edits: [] };
}

function otherModel(x: Calibrating, match: Match, baseline: Match['target']): Row[] {
  const { replay } = x.evaluation.question.scenario;
  const [own, other] = [nameOf(baseline), nameOf(match.target)];
  const found = figureOf(x, match);
  if (own === undefined || other === undefined || (replay === undefined && !isMeasured(found))) return [];
  const keys = ['replay', 'token_ratios', own, other];
  const row = { quantity: 'token_ratio', unit: '1', strategies: match.strategies } as const;
  const measured = isMeasured(found) ? found.measured : null;
  if (replay === undefined) {
    const why = [`the scenario replays nothing: ${other} never takes the place of ${own} in it`];
    return [{ ...row, path: null, assumed: null, measured, verdict: 'not_modelled', why, edits: [] }];
  }
  const stated = replay.token_ratios[own]?.[other];
  const assumed = exactly(stated ?? 1, {
    source: stated === undefined ? 'default: as many' : 'scenario',
    as_of: null,
    given: stated !== undefined,
  });
  if (!isMeasured(found))
    return [
      { ...row, path: pathText(keys), assumed, measured, verdict: 'not_measured', why: [found.missing], edits: [] },
    ];
  const comment = sourceText(x.origin, found.measured.targets);
  return [
    {
      ...row,
      path: pathText(keys),
      assumed,
      measured,
      verdict: verdictOf(assumed, found.measured, ROUNDING),
      why: [],
      edits: [{ keys, value: written(found.measured.value), comment }],
    },
  ];
}

const nameOf = ({ priced_as }: Match['target']): string | undefined =>
  priced_as === null ? undefined : `${priced_as.seller}/${priced_as.model}`;
