/** What is wrong with the split of a hybrid that is to be searched; a sound one is given a rule to start from. */
import type { ReportProblem } from './check.ts';
import type { StrategySpec } from './schema.ts';

/** A split stands in place of rules; until it is settled, all goes over the first that it names. */
export function checkSplit(
  strategy: Extract<StrategySpec, { kind: 'hybrid' }>,
  baseline: string,
  path: readonly PropertyKey[],
  report: ReportProblem,
): void {
  const { split, rules } = strategy;
  if (split === undefined) {
    if (rules.length === 0)
      report(
        [...path, 'rules'],
        'is missing; add rules that end with `else`, or `split: {between: [...]}` to search them',
      );
    return;
  }
  if (rules.length > 0) report([...path, 'split'], "can't stand beside rules: it finds them");
  if (new Set(split.between).size < split.between.length)
    report([...path, 'split', 'between'], 'names a strategy twice');
  if (strategy.id === baseline)
    report([...path, 'split'], "can't be searched in the baseline, which the others are counted against");
  checkSplitBy(split, path, report);
  strategy.rules = rules.length > 0 ? rules : [{ else: split.between[0]! }];
}

function checkSplitBy(
  { by, at, only }: NonNullable<Extract<StrategySpec, { kind: 'hybrid' }>['split']>,
  path: readonly PropertyKey[],
  report: ReportProblem,
): void {
  if (by === 'prompt_size' && at === undefined)
    report([...path, 'split', 'at'], 'is missing; name the sizes in tokens, such as [1000, 4000, 16000]');
  if (by !== 'prompt_size' && at !== undefined) report([...path, 'split', 'at'], `has no meaning by ${by}`);
  if (at?.some((size, i) => i > 0 && size <= at[i - 1]!)) report([...path, 'split', 'at'], 'does not rise throughout');
  if (only !== undefined && (by === 'model' || by === 'feature'))
    report([...path, 'split', 'only'], `has no meaning by ${by}; allowed by prompt_size and share`);
  if (only !== undefined && only.model === undefined && only.feature === undefined)
    report([...path, 'split', 'only'], 'needs model, feature or both');
}
