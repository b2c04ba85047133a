/**
 * Token charges of a month: one charge for each route, with what it carries; what is for no single route (differences of
 * fallbacks, failed attempts, caches with an assumed share) by its label, divided among those who invoice what it names in
 * proportion to their charges. A route without a price is a charge without costs, never 0.
 */
import { sum } from '../../units.ts';
import type { ReportLineItem } from '../contract.ts';
import { namesInBrackets, sellerOf } from '../line-names.ts';
import { type Charge, OWN, partOf, plain } from './charge.ts';
import { type StrategyMonth, totalUsage, usdOf } from './month.ts';

const OF_TOKENS = {
  component: 'token_charges',
  category: 'Usage',
  frequency: 'Usage-Based',
  commitment: null,
} as const;

export function tokenCharges(of: StrategyMonth): Charge[] {
  const lines = of.linesOf('token_charges');
  const routed = of.routes.flatMap((route, i): Charge[] => {
    if (!route.isUsed) return [];
    const own = lines.filter((line) => line.route === i);
    return [
      {
        ...OF_TOKENS,
        ...plain(usdOf(own, of.month)),
        issuer: route.on_own_machines ? OWN.infrastructure : route.invoiced_by,
        provider: route.on_own_machines ? OWN.infrastructure : sellerOf(route.model),
        publisher: route.on_own_machines ? OWN.infrastructure : sellerOf(route.model),
        via: route.via,
        model: route.model,
        description: `Tokens of ${route.model} (${route.via})`,
        usage: route.usage,
        unpriced: route.unpriced === undefined ? null : { isWhole: own.length === 0, why: route.unpriced },
      },
    ];
  });
  const rest = lines.filter((line) => line.route === undefined);
  return [...routed, ...rest.flatMap((line) => unrouted(of, line, routed))];
}

/** A line for no single route, divided among the invoices of the routes that its label names, else of all. */
function unrouted({ month, strategy }: StrategyMonth, line: ReportLineItem, routed: readonly Charge[]): Charge[] {
  const names = namesInBrackets(line.label);
  const [name] = names;
  const through = orAll(routed, ({ via }) => via !== null && names.includes(via));
  const among = orAll(through, ({ publisher }) => names.includes(publisher));
  const whole: Charge = {
    ...OF_TOKENS,
    ...plain(usdOf([line], month)),
    issuer: name?.split('/')[0] ?? strategy.id,
    provider: name?.split('/')[0] ?? strategy.id,
    publisher: name?.split('/')[0] ?? strategy.id,
    via: null,
    model: null,
    description: line.label,
    usage: totalUsage(among.flatMap(({ usage }) => usage ?? [])),
    unpriced: null,
  };
  const keys = [...new Map(among.map((one) => [`${one.issuer} ${one.publisher} ${one.via}`, one])).values()];
  if (keys.length === 0) return [whole];
  const charged = (of: readonly Charge[]): number => sum(of.map(({ list }) => list));
  return keys.flatMap(({ issuer, provider, publisher, via }, i) => {
    const same = among.filter((one) => one.issuer === issuer && one.publisher === publisher && one.via === via);
    const share = charged(among) > 0 ? charged(same) / charged(among) : Number(i === 0);
    return share === 0 ? [] : [{ ...partOf(whole, share), issuer, provider, publisher, via }];
  });
}

const orAll = (all: readonly Charge[], isMeant: (one: Charge) => boolean): readonly Charge[] => {
  const meant = all.filter(isMeant);
  return meant.length > 0 ? meant : all;
};
