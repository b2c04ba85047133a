/**
 * From what stands in a file to a question that can be evaluated: checked against the contract, names resolved against the
 * price book, amounts named by their path. All problems are collected and thrown at once as an InputError.
 */
import { diagnose, dotted } from '../diagnose.ts';
import { type Diagnostic, InputError, problem } from '../errors.ts';
import { didYouMean } from '../nearest.ts';
import { type FeeSchedule, selfHosting } from '../pricing/fee-schedule.ts';
import { withVariant } from '../pricing/fee-variant.ts';
import type { PriceBook } from '../pricing/price-book.ts';
import { resolveModel, ruleInWords, unknownInWords } from '../pricing/resolve.ts';
import type { Size } from '../routing/policy.ts';
import { inUsDollars } from './convert-money.ts';
import { checkCorrelations } from './correlations.ts';
import { gatewaysOf } from './gateways.ts';
import { misspeltGateways, unknownGateway } from './misspelt-gateways.ts';
import { nameAmounts, statedPaths } from './paths.ts';
import { resolveFormulas } from './resolve-formulas.ts';
import { type Scenario, type StrategySpec, scenario as scenarioContract } from './schema.ts';
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
  const report = (path: readonly PropertyKey[], message: string): void => {
    problems.push(problem('SCENARIO', where(path), message));
  };
  const { inputs, ...stated } = dollars({ ...parsed.data, gateways: {} });
  const formulas = resolveFormulas(inputs, report);
  const claims = stated.claims.filter((claim) => claim.variant === variant);
  const scenario = { ...formulas.within(stated, []), claims, inputs: formulas.inputs };
  const gateways = new Map(
    [...written].map(([id, gateway]) => [id, formulas.within(dollars(gateway), ['gateways', id])]),
  );
  const names: Record<string, string> = {};
  const check: Check = { scenario, gateways, book, names, report };
  checkStrategies(check);
  checkModels(check);
  checkContracts(check);
  checkCorrelations(check);
  problems.push(...variantProblems(parsed.data, where));
  const { error_rate } = scenario.outages;
  if (error_rate !== undefined && error_rate.central >= 1)
    report(['outages', 'error_rate'], 'says that every attempt fails; allowed is less than 100 %');
  if (problems.length > 0) throw new InputError(problems);
  return { scenario, gateways, stated: statedPaths(raw), resolved_names: names, converted };
}

interface Check extends Omit<Question, 'stated'> {
  readonly book: PriceBook;
  readonly names: Record<string, string>;
  readonly report: (path: readonly PropertyKey[], message: string) => void;
}

function checkStrategies({ scenario, gateways, report }: Check): void {
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

/** A split stands in place of rules; until it is settled, all goes over the first that it names. */
function checkSplit(
  strategy: Extract<StrategySpec, { kind: 'hybrid' }>,
  baseline: string,
  path: readonly PropertyKey[],
  report: Check['report'],
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
  report: Check['report'],
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

function checkSize(size: Size | undefined, path: readonly PropertyKey[], report: Check['report']): void {
  if (size === undefined) return;
  const { from, below } = size;
  if (from === undefined && below === undefined) report(path, 'needs `from`, `below` or both');
  if (from !== undefined && below !== undefined && from >= below)
    report(path, `goes from ${from} to below ${below}: no prompt is of such a size`);
}

function checkGateway(
  strategy: Extract<StrategySpec, { kind: 'managed_gateway' | 'self_hosted_gateway' }>,
  gateways: ReadonlyMap<string, FeeSchedule>,
  path: readonly PropertyKey[],
  report: Check['report'],
): void {
  const gateway = gateways.get(strategy.gateway);
  if (gateway === undefined) {
    report([...path, 'gateway'], unknownGateway(strategy.gateway, [...gateways.keys()]));
    return;
  }
  const checkChoice = (key: 'fee_variant' | 'payment_method', known: readonly string[]): void => {
    const found = strategy.kind === 'managed_gateway' ? strategy[key] : undefined;
    if (found === undefined || known.includes(found)) return;
    const allowed = known.length > 0 ? known.join(', ') : 'none';
    report([...path, key], `${gateway.name} has no ${key} "${found}"${didYouMean(found, known)}; it has ${allowed}`);
  };
  if (strategy.kind === 'self_hosted_gateway' && gateway.self_hosting === undefined) {
    report(
      [...path, 'gateway'],
      `${gateway.name} says nothing of running it oneself; add gateways.${strategy.gateway}.self_hosting`,
    );
  }
  const lacking = Object.keys(selfHosting.shape).filter((key) => !(key in (gateway.self_hosting ?? selfHosting.shape)));
  if (strategy.kind === 'self_hosted_gateway' && lacking.length > 0)
    report(
      [...path, 'gateway'],
      `${gateway.name} is run by oneself, and nothing says its ${lacking.join(', ')}; add gateways.${strategy.gateway}.self_hosting.${lacking[0]}`,
    );
  if (strategy.kind === 'managed_gateway') {
    checkChoice(
      'fee_variant',
      gateway.variants.map((one) => one.id),
    );
    checkChoice(
      'payment_method',
      Object.keys(withVariant(gateway, strategy.fee_variant).fees.credit_purchase?.methods ?? {}),
    );
  }
  if (strategy.kind === 'managed_gateway' && strategy.plan !== undefined) {
    const plans = gateway.fees.plans.map((plan) => plan.id);
    if (!plans.includes(strategy.plan)) {
      report(
        [...path, 'plan'],
        `${gateway.name} has no plan "${strategy.plan}"; it has ${plans.length > 0 ? plans.join(', ') : 'none'}`,
      );
    }
  }
}

/** What a search for the best level needs to know, and what would leave it nothing to search. */
function checkContracts({ scenario, report }: Check): void {
  for (const [seller, own] of Object.entries(scenario.contracts)) {
    const path = ['contracts', seller] as const;
    if (own.commitment_usd_per_month !== 'best') {
      if (own.step_usd !== undefined)
        report(
          [...path, 'step_usd'],
          'has no effect: the level is not searched; write `commitment_usd_per_month: best`',
        );
      continue;
    }
    const level = [...path, 'commitment_usd_per_month'];
    if (own.discount === undefined)
      report(level, 'best needs the discount that the commitment earns; add `discount: 15 %`');
    else if (own.discount.central >= 1)
      report([...path, 'discount'], 'leaves nothing to pay; the best commitment needs a discount of less than 100 %');
    if (own.discount_on === 'all')
      report(
        [...path, 'discount_on'],
        'gives the discount at any level, so the least is always best; state the level, or write `discount_on: committed`',
      );
    if (own.signed) report(level, 'a signed contract has its level; state it instead of best, or leave out `signed`');
  }
}

function checkModels({ scenario, book, names, report }: Check): void {
  const on = `${scenario.start}-01`;
  const known = (text: string, path: readonly PropertyKey[]): string => {
    const found = resolveModel(book, text, on);
    const rule = 'seller' in found ? ruleInWords(found) : undefined;
    if (rule !== undefined) names[text] = rule;
    if ('seller' in found) return `${found.seller}/${found.model}`;
    const near = found.nearest.length === 0 ? '' : `; the nearest are ${found.nearest.join(', ')}`;
    report(
      path,
      found.isAmbiguous ? `"${text}": ${unknownInWords(found)}` : `"${text}" is not in the price book${near}`,
    );
    return text;
  };
  const sellers = [...book.sellers.keys()];
  for (const seller of Object.keys(scenario.contracts))
    if (!sellers.includes(seller))
      report(
        ['contracts', seller],
        `there is no seller "${seller}"${didYouMean(seller, sellers)}; known are ${sellers.join(', ')}`,
      );
  const { models } = scenario.traffic;
  if (models.default !== undefined) models.default = known(models.default, ['traffic', 'models', 'default']);
  models.when.forEach((rule, i) => {
    rule.use = known(rule.use, ['traffic', 'models', 'when', i, 'use']);
  });
  const prices: Scenario['prices'] = {};
  for (const [name, own] of Object.entries(scenario.prices)) {
    const model = known(name, ['prices', name]);
    if (Object.hasOwn(prices, model))
      report(['prices', name], `is another name of "${model}", whose prices are given too`);
    prices[model] = own;
  }
  scenario.prices = prices;
  for (const [name, route] of Object.entries(scenario.routes))
    known(`${route.seller}/${route.model}`, ['routes', name]);
  scenario.strategies.forEach((strategy, i) => {
    if ('policy' in strategy && strategy.policy?.kind === 'fallback') {
      const { policy } = strategy;
      policy.to = policy.to.map((text, k) => {
        const route = scenario.routes[text];
        return known(route === undefined ? text : `${route.seller}/${route.model}`, [
          'strategies',
          i,
          'policy',
          'to',
          k,
        ]);
      });
    }
    if (strategy.kind === 'hybrid') {
      strategy.rules.forEach((rule, k) => {
        if ('via' in rule && rule.model !== undefined)
          rule.model = known(rule.model, ['strategies', i, 'rules', k, 'model']);
      });
    }
  });
}
