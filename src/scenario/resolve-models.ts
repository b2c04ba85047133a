/** Puts the price book's own names in place of the names of models that a scenario writes, and tells those that it does not know. */
import { resolveModel, ruleInWords, unknownInWords } from '../pricing/resolve.ts';
import type { Check } from './check.ts';
import type { Scenario } from './schema.ts';

/** @returns names that are not the price book's own: what each was taken for and by which rule, in words */
export function resolveModels({ scenario, gateways, book, report }: Check): Record<string, string> {
  const names: Record<string, string> = {};
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
  /** What own machines answer may be in no book: nobody has to know a price of it. */
  const served = (text: string): string =>
    'unknown' in resolveModel(book, text, on) ? text : known(text, ['gateways']);
  for (const { serving } of gateways.values()) if (serving !== undefined) serving.models = serving.models.map(served);
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
  return names;
}
