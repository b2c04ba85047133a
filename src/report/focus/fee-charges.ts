/**
 * All charges of a month beside tokens and contracts: fees of gateways, credits, infrastructure and work of one's own.
 *
 * Fees that follow what is sent are usage, plans and purchases of credit are purchases, gifts are credits. One charge per
 * gateway and category; the line items with their formulas stand in line-items.csv.
 */
import type { ReportLineItem, ReportStrategy } from '../contract.ts';
import { plural } from '../format.ts';
import { groupedBy } from '../grouped.ts';
import { nameInBrackets } from '../line-names.ts';
import { COMPONENT_WORDS } from '../words.ts';
import { type Charge, OWN, plain } from './charge.ts';
import type { ChargeCategory, ChargeFrequency } from './columns.ts';
import { inputOf, type StrategyMonth, totalUsage, usdOf } from './month.ts';

/** The label of one line, or how many of what there are. */
const told = ([first, ...others]: readonly ReportLineItem[]): string =>
  first === undefined || others.length === 0
    ? (first?.label ?? '')
    : `${COMPONENT_WORDS[first.component]}: ${plural(others.length + 1, 'line item')}, ${first.label} first`;

/** Fees that follow what is sent are usage; plans and purchases are paid for themselves. */
const FOLLOWS_USAGE = ['token_spend', 'list_spend', 'requests'] as const;
const isUsageFee = ({ inputs }: ReportLineItem): boolean => FOLLOWS_USAGE.some((name) => inputs[name] !== undefined);
const expires = ({ inputs }: ReportLineItem): boolean => inputs.life !== undefined && inputs.top_ups === undefined;
const isMarkup = ({ inputs }: ReportLineItem): boolean => inputs.token_markup !== undefined;

export const usageFees = (of: StrategyMonth): Charge[] => {
  const lines = of.linesOf('gateway_fees');
  return [
    ...fees(of, lines.filter(isMarkup), 'Usage', 'Usage-Based'),
    ...fees(
      of,
      lines.filter((line) => isUsageFee(line) && !isMarkup(line)),
      'Usage',
      'Usage-Based',
    ),
  ];
};

export const otherFees = (of: StrategyMonth): Charge[] => {
  const lines = of.linesOf('gateway_fees');
  const others = lines.filter((line) => !isUsageFee(line) && !expires(line));
  const start = others.filter(({ timing }) => timing === 'start');
  return [
    ...fees(of, start, 'Purchase', 'One-Time'),
    ...fees(
      of,
      others.filter((line) => !start.includes(line)),
      'Purchase',
      'Recurring',
    ),
    ...fees(of, lines.filter(expires), 'Usage', 'Usage-Based').map((charge) => ({
      ...charge,
      billed: boughtOf(lines, charge.issuer, of.month) === undefined ? charge.billed : 0,
    })),
  ];
};

/** Fees of a category, one charge per gateway; the traffic through it counts once. */
function fees(
  { routes, month, strategy }: StrategyMonth,
  lines: readonly ReportLineItem[],
  category: ChargeCategory,
  frequency: ChargeFrequency,
): Charge[] {
  const gateways = groupedBy(lines, ({ label }) => gatewayOf(label, routes, strategy));
  return [...gateways].map(([gateway, own]) => ({
    ...plain(usdOf(own, month)),
    component: 'gateway_fees',
    category,
    frequency,
    issuer: gateway,
    provider: gateway,
    publisher: gateway,
    via: gateway,
    model: null,
    description: told(own),
    usage:
      category === 'Usage'
        ? totalUsage(routes.filter(({ via, isUsed }) => isUsed && via === gateway).map(({ usage }) => usage))
        : null,
    commitment: null,
    unpriced: openWith(strategy),
  }));
}

/** Fees on what has no price leave it out. */
const openWith = ({ cash_usd }: ReportStrategy): Charge['unpriced'] =>
  cash_usd === null ? { isWhole: false, why: 'it is counted on what has a price' } : null;

/** The gateway in a label's brackets, else the only one that is used, else the strategy. */
function gatewayOf(label: string, routes: StrategyMonth['routes'], { id }: ReportStrategy): string {
  const name = nameInBrackets(label);
  if (name !== undefined) return name;
  const gateways = [...new Set(routes.filter(({ via }) => via !== 'direct').map(({ via }) => via))];
  return gateways.length === 1 ? gateways[0]! : id;
}

export const creditCharges = (of: StrategyMonth): Charge[] =>
  of.linesOf('credits').map((line) => creditCharge(of, line));

function creditCharge({ month, strategy }: StrategyMonth, line: ReportLineItem): Charge {
  const giver = nameInBrackets(line.label) ?? strategy.id;
  return {
    ...plain(usdOf([line], month)),
    component: 'credits',
    category: 'Credit',
    frequency: 'One-Time',
    issuer: giver,
    provider: giver,
    publisher: giver,
    via: null,
    model: null,
    description: line.label,
    usage: null,
    commitment: null,
    unpriced: openWith(strategy),
  };
}

/** Work and machines of one's own: bought, not metered. */
export const ownCosts = ({ month, linesOf }: StrategyMonth): Charge[] =>
  [
    ...groupedBy(
      linesOf('infrastructure', 'engineering'),
      ({ component, timing }) => `${component} ${timing}`,
    ).values(),
  ].map((own): Charge => {
    const component = own[0]!.component as keyof typeof OWN;
    return {
      ...plain(usdOf(own, month)),
      component,
      category: 'Purchase',
      frequency: own[0]!.timing === 'start' ? 'One-Time' : 'Recurring',
      issuer: OWN[component],
      provider: OWN[component],
      publisher: OWN[component],
      via: null,
      model: null,
      description: told(own),
      usage: null,
      commitment: null,
      unpriced: null,
    };
  });

/** Credit bought by fixed top-ups in a month; undefined: each month's spend is bought in it. */
export function boughtOf(lines: readonly ReportLineItem[], gateway: string, month: number): number | undefined {
  const line = lines.find(({ label, inputs }) => inputs.top_ups !== undefined && nameInBrackets(label) === gateway);
  return line && (inputOf(line, 'top_ups', month) ?? 0) * (inputOf(line, 'top_up', month) ?? 0);
}
