/**
 * What is wrong with the strategies of a scenario as a set: ids used twice, a baseline that is none of them, parts that can't
 * be named, rules and phases that leave something out. What a strategy says by itself of its gateway or its split is checked in
 * check-gateway.ts and check-split.ts.
 */
import { didYouMean } from '../nearest.ts';
import type { Size } from '../routing/policy.ts';
import type { Check, ReportProblem } from './check.ts';
import { checkGateway } from './check-gateway.ts';
import { checkSplit } from './check-split.ts';
import type { StrategySpec } from './schema.ts';

export function checkStrategies({ scenario, gateways, report }: Check): void {
  const { strategies, baseline } = scenario;
  const ids = strategies.map((strategy) => strategy.id);
  const unknown = (id: string, allowed: readonly string[]): string => {
    const named = strategies.find((strategy) => strategy.id === id);
    const choice = allowed.length === 0 ? 'there is none that can be named here' : `allowed are ${allowed.join(', ')}`;
    return named === undefined
      ? `there is no strategy "${id}"${didYouMean(id, allowed)}; ${choice}`
      : `"${id}" is ${named.kind} and can't be part of this one; ${choice}`;
  };
  strategies.forEach((strategy, i) => {
    if (ids.indexOf(strategy.id) !== i) report(['strategies', i, 'id'], `the id "${strategy.id}" is used twice`);
  });
  if (!ids.includes(baseline)) report(['baseline'], unknown(baseline, ids));
  checkRanked(strategies, baseline, report);

  const parts = (own: StrategySpec): string[] =>
    strategies
      .filter(
        (other) => other.id !== own.id && other.kind !== 'phased' && (own.kind === 'phased' || other.kind !== 'hybrid'),
      )
      .map((other) => other.id);
  const startOf = (id: string): string => {
    const named = strategies.find((strategy) => strategy.id === id);
    return named?.kind === 'phased' ? named.phases[0]!.via : id;
  };
  strategies.forEach((strategy, i) => {
    const path = ['strategies', i] as const;
    if (strategy.kind === 'managed_gateway' || strategy.kind === 'self_hosted_gateway') {
      checkGateway(strategy, gateways, path, report);
    }
    if (strategy.kind === 'hybrid') {
      checkSplit(strategy, startOf(baseline), path, report);
      strategy.split?.between.forEach((target, k) => {
        if (!parts(strategy).includes(target))
          report([...path, 'split', 'between', k], unknown(target, parts(strategy)));
      });
      strategy.rules.forEach((rule, k) => {
        const target = 'else' in rule ? rule.else : rule.via;
        if (!parts(strategy).includes(target)) report([...path, 'rules', k], unknown(target, parts(strategy)));
        if (
          'via' in rule &&
          [rule.model, rule.feature, rule.prompt_tokens, rule.share].every((one) => one === undefined)
        )
          report(
            [...path, 'rules', k],
            'needs a condition: model, feature, prompt_tokens or share; for all the rest write `else`',
          );
        if ('via' in rule) checkSize(rule.prompt_tokens, [...path, 'rules', k, 'prompt_tokens'], report);
        const isLast = k === strategy.rules.length - 1;
        if (isLast !== 'else' in rule)
          report([...path, 'rules', k], isLast ? 'the last rule is `else`' : '`else` comes last');
      });
    }
    if (strategy.kind === 'phased') {
      strategy.phases.forEach((phase, k) => {
        if (!parts(strategy).includes(phase.via))
          report([...path, 'phases', k, 'via'], unknown(phase.via, parts(strategy)));
        const isLast = k === strategy.phases.length - 1;
        if (isLast && phase.for !== undefined)
          report([...path, 'phases', k, 'for'], 'the last phase runs until the end and has no `for`');
        if (!isLast && phase.for === undefined)
          report([...path, 'phases', k], 'says not how long it runs; add `for: 12 months`');
      });
    }
  });
}

/** The others are counted against the baseline, and an answer needs one that may be it. */
function checkRanked(strategies: readonly StrategySpec[], baseline: string, report: ReportProblem): void {
  strategies.forEach(({ id, ranked }, i) => {
    if (ranked === false && id === baseline)
      report(['strategies', i, 'ranked'], `"${id}" is the baseline, which the others are held against; it is ranked`);
  });
  if (strategies.every(({ ranked }) => ranked === false))
    report(
      ['strategies'],
      'are all kept out of the ranking; leave out `ranked: false` where a strategy may be the answer',
    );
}

function checkSize(size: Size | undefined, path: readonly PropertyKey[], report: ReportProblem): void {
  if (size === undefined) return;
  const { from, below } = size;
  if (from === undefined && below === undefined) report(path, 'needs `from`, `below` or both');
  if (from !== undefined && below !== undefined && from >= below)
    report(path, `goes from ${from} to below ${below}: no prompt is of such a size`);
}
