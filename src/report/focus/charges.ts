/**
 * Cash lines of one strategy and month -> charges: token charges by route, fees, credits, contracts, infrastructure and
 * engineering by kind. Effective costs add up to the cash lines of the month; what is paid before it is used stands as
 * amortise.ts says. Value lost is on no invoice and in no row.
 *
 * Discounts are in the usage that they are on; credits are rows of their own. Lines of one route, and fees of one gateway and
 * category, are one charge. It reads report.json alone, reports without routes too.
 */
import { byText, sum } from '../../units.ts';
import type { ReportRoute } from '../attribution-contract.ts';
import { COMPONENTS, type Report, type ReportLineItem, type ReportStrategy } from '../contract.ts';
import { listed } from '../format.ts';
import { groupedBy } from '../grouped.ts';
import { nameInBrackets, sellerOf } from '../line-names.ts';
import { type Contract, fromCredit, underContract } from './amortise.ts';
import { type Charge, plain, type Usage } from './charge.ts';
import { CHARGE_CATEGORIES, type ChargeCategory, type ChargeFrequency } from './columns.ts';

const OWN = { infrastructure: 'Own infrastructure', engineering: 'Own team' } as const;

export function chargesOf(report: Report, strategy: ReportStrategy, month: number): Charge[] {
  const routes = (strategy.routes ?? []).map((route) => ({
    ...route,
    isUsed: route.months.from <= month && month < route.months.until,
    usage: usageOf(report, route, month),
  }));
  const month_of: MonthOf = { report, strategy, month, routes };
  const lines = strategy.line_items.filter((line) => line.cash && appliesIn(line, month));
  const of = (component: string) => lines.filter((line) => line.component === component);
  const usage = [...tokenCharges(month_of, of('token_charges')), ...usageFees(month_of, of('gateway_fees'))];
  const gifts = of('credits');
  const paid = [
    ...withContracts(month_of, usage, of('commitments')),
    ...gifts.map((line) => creditCharge(month_of, line)),
    ...otherFees(month_of, of('gateway_fees')),
    ...ownCosts(month_of, [...of('infrastructure'), ...of('engineering')]),
  ];
  return inOrder(withCredit(month_of, paid, of('gateway_fees'), gifts));
}

interface MonthOf {
  readonly report: Report;
  readonly strategy: ReportStrategy;
  readonly month: number;
  readonly routes: readonly (ReportRoute & { readonly isUsed: boolean; readonly usage: Usage })[];
}

const appliesIn = ({ timing, months, amounts_usd }: ReportLineItem, month: number): boolean =>
  amounts_usd[month] !== 0 || (timing === 'monthly' && months.from <= month && month < months.until);

const inputOf = ({ inputs }: ReportLineItem, name: string, month: number): number | undefined =>
  inputs[name]?.values?.[month] ?? inputs[name]?.value;

/** What a route carries in a month: its part of the measured window, as often as the month holds it. */
function usageOf({ traffic }: Report, { window_requests, window_tokens }: ReportRoute, month: number): Usage {
  const windows = traffic.requests === 0 ? 0 : (traffic.monthly_requests[month] ?? 0) / traffic.requests;
  return {
    requests: window_requests * windows,
    tokens: {
      input: window_tokens.input * windows,
      cache_read: window_tokens.cache_read * windows,
      cache_write: window_tokens.cache_write * windows,
      output: window_tokens.output * windows,
    },
  };
}

const total = (usages: readonly Usage[]): Usage => {
  const tokens = (side: keyof Usage['tokens']): number => sum(usages.map((one) => one.tokens[side]));
  return {
    requests: sum(usages.map((one) => one.requests)),
    tokens: {
      input: tokens('input'),
      cache_read: tokens('cache_read'),
      cache_write: tokens('cache_write'),
      output: tokens('output'),
    },
  };
};

const of_usage = { component: 'token_charges', category: 'Usage', frequency: 'Usage-Based', commitment: null } as const;

/** One charge per route; what is for no route stands by its label, with whoever it names. */
function tokenCharges({ month, routes, strategy }: MonthOf, lines: readonly ReportLineItem[]): Charge[] {
  const routed = routes.flatMap((route, i): Charge[] => {
    if (!route.isUsed) return [];
    const own = lines.filter((line) => line.route === i);
    return [
      {
        ...of_usage,
        ...plain(sum(own.map((line) => line.amounts_usd[month]!))),
        issuer: route.invoiced_by,
        provider: sellerOf(route.model),
        publisher: sellerOf(route.model),
        via: route.via,
        model: route.model,
        description: `Tokens of ${route.model} (${route.via})`,
        usage: route.usage,
        unpriced: route.unpriced === undefined ? null : { isWhole: own.length === 0, why: route.unpriced },
      },
    ];
  });
  const used = routes.filter((route) => route.isUsed);
  const rest = lines.filter((line) => line.route === undefined);
  const named = rest.map((line): Charge => {
    const name = nameInBrackets(line.label);
    const through = used.filter((route) => route.via === name || sellerOf(route.model) === name);
    const issuers = [...new Set(through.map((route) => route.invoiced_by))];
    const issuer = issuers.length > 0 ? listed(issuers) : (sellerIn(name) ?? strategy.id);
    const sellers = [...new Set(through.map(({ model }) => sellerOf(model)))];
    const publisher = sellers.length > 0 ? listed(sellers) : issuer;
    return {
      ...of_usage,
      ...plain(line.amounts_usd[month]!),
      issuer,
      provider: publisher,
      publisher,
      via: through.every(({ via }) => via === through[0]?.via) ? (through[0]?.via ?? null) : null,
      model: null,
      description: line.label,
      usage: total((through.length > 0 ? through : used).map(({ usage }) => usage)),
      unpriced: null,
    };
  });
  return [...routed, ...named];
}

const sellerIn = (name: string | undefined): string | undefined => name?.split('/')[0];

/** Fees that follow what is sent are usage; plans and purchases are paid for themselves. */
const FOLLOWS_USAGE = ['token_spend', 'list_spend', 'requests'] as const;
const isUsageFee = ({ inputs }: ReportLineItem): boolean => FOLLOWS_USAGE.some((name) => inputs[name] !== undefined);
const expires = ({ inputs }: ReportLineItem): boolean => inputs.life !== undefined && inputs.top_ups === undefined;
const isMarkup = ({ inputs }: ReportLineItem): boolean => inputs.token_markup !== undefined;

const usageFees = (of: MonthOf, lines: readonly ReportLineItem[]): Charge[] => [
  ...fees(of, lines.filter(isMarkup), 'Usage', 'Usage-Based'),
  ...fees(
    of,
    lines.filter((line) => isUsageFee(line) && !isMarkup(line)),
    'Usage',
    'Usage-Based',
  ),
];

const otherFees = (of: MonthOf, lines: readonly ReportLineItem[]): Charge[] => {
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
  { routes, month, strategy }: MonthOf,
  lines: readonly ReportLineItem[],
  category: ChargeCategory,
  frequency: ChargeFrequency,
): Charge[] {
  const gateways = groupedBy(lines, ({ label }) => gatewayOf(label, routes, strategy));
  return [...gateways].map(([gateway, own]) => ({
    ...plain(sum(own.map((line) => line.amounts_usd[month]!))),
    component: 'gateway_fees',
    category,
    frequency,
    issuer: gateway,
    provider: gateway,
    publisher: gateway,
    via: gateway,
    model: null,
    description: own.map(({ label }) => label).join('; '),
    usage:
      category === 'Usage'
        ? total(routes.filter(({ via, isUsed }) => isUsed && via === gateway).map(({ usage }) => usage))
        : null,
    commitment: null,
    unpriced: openWith(strategy),
  }));
}

/** Fees on what has no price leave it out. */
const openWith = ({ cash_usd }: ReportStrategy): Charge['unpriced'] =>
  cash_usd === null ? { isWhole: false, why: 'it is counted on what has a price' } : null;

/** The gateway in a label's brackets, else the only one that is used, else the strategy. */
function gatewayOf(label: string, routes: MonthOf['routes'], { id }: ReportStrategy): string {
  const name = nameInBrackets(label);
  if (name !== undefined) return name;
  const gateways = [...new Set(routes.filter(({ via }) => via !== 'direct').map(({ via }) => via))];
  return gateways.length === 1 ? gateways[0]! : id;
}

function creditCharge({ month, strategy }: MonthOf, line: ReportLineItem): Charge {
  const giver = nameInBrackets(line.label) ?? strategy.id;
  return {
    ...plain(line.amounts_usd[month]!),
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
const ownCosts = ({ month }: MonthOf, lines: readonly ReportLineItem[]): Charge[] =>
  [...groupedBy(lines, ({ component, timing }) => `${component} ${timing}`).values()].map((own): Charge => {
    const component = own[0]!.component as keyof typeof OWN;
    return {
      ...plain(sum(own.map((line) => line.amounts_usd[month]!))),
      component,
      category: 'Purchase',
      frequency: own[0]!.timing === 'start' ? 'One-Time' : 'Recurring',
      issuer: OWN[component],
      provider: OWN[component],
      publisher: OWN[component],
      via: null,
      model: null,
      description: own.map(({ label }) => label).join('; '),
      usage: null,
      commitment: null,
      unpriced: null,
    };
  });

/** Each seller's usage under what was agreed with it; discounts of sellers without usage stand by themselves. */
function withContracts(of: MonthOf, usage: readonly Charge[], lines: readonly ReportLineItem[]): Charge[] {
  const bySeller = groupedBy(lines, ({ label }) => nameInBrackets(label) ?? '');
  const invoiced = (seller: string) => (charge: Charge) =>
    charge.issuer === seller && charge.component === 'token_charges';
  const untouched = usage.filter((charge) => ![...bySeller.keys()].some((seller) => invoiced(seller)(charge)));
  return [
    ...untouched,
    ...[...bySeller].flatMap(([seller, own]) =>
      underContract(usage.filter(invoiced(seller)), contractOf(of, seller, own)),
    ),
  ];
}

function contractOf({ report, month }: MonthOf, seller: string, lines: readonly ReportLineItem[]): Contract {
  const unused = lines.find(({ formula }) => formula.startsWith('max(0, commitment'));
  const byContract = lines.filter((line) => line !== unused && line.inputs.discount !== undefined);
  const off = (of: readonly ReportLineItem[]): number => 0 - sum(of.map((line) => line.amounts_usd[month]!));
  // A line that is 0 throughout is not shown: of a commitment that is always used up the assumption tells.
  const [line] = [...(unused === undefined ? [] : [unused]), ...byContract];
  const stated = report.assumptions.find(({ path }) => path === `contracts.${seller}.commitment_usd_per_month`)?.value;
  const committed = line && (inputOf(line, 'commitment', month) ?? stated);
  return {
    seller,
    negotiated_usd: off(lines.filter((line) => line !== unused && !byContract.includes(line))),
    committed_off_usd: off(byContract),
    onCommittedAlone: byContract.some(({ inputs }) => inputs.commitment !== undefined),
    committed_usd: committed && committed * (inputOf(line!, 'in_term', month) ?? 1),
    label: unused?.label ?? `Unused part of the commitment (${seller})`,
  };
}

/** Usage through gateways that sell credit. */
function withCredit(
  { routes, month }: MonthOf,
  charges: readonly Charge[],
  fee_lines: readonly ReportLineItem[],
  gifts: readonly ReportLineItem[],
): Charge[] {
  const gateways = [
    ...new Set(routes.filter(({ from_credit, isUsed }) => from_credit && isUsed).map(({ via }) => via)),
  ];
  const isDrawn = (gateway: string) => (charge: Charge) =>
    charge.issuer === gateway &&
    charge.category === 'Usage' &&
    (charge.component === 'token_charges' || charge.description === `Markup on tokens (${gateway})`);
  const others = charges.filter((charge) => !gateways.some((gateway) => isDrawn(gateway)(charge)));
  return [
    ...others,
    ...gateways.flatMap((gateway) =>
      fromCredit(charges.filter(isDrawn(gateway)), {
        gateway,
        gifts_usd:
          0 -
          sum(gifts.filter(({ label }) => nameInBrackets(label) === gateway).map((line) => line.amounts_usd[month]!)),
        bought_usd: boughtOf(fee_lines, gateway, month),
      }),
    ),
  ];
}

/** Credit bought by fixed top-ups in a month; undefined: each month's spend is bought in it. */
function boughtOf(lines: readonly ReportLineItem[], gateway: string, month: number): number | undefined {
  const line = lines.find(({ label, inputs }) => inputs.top_ups !== undefined && nameInBrackets(label) === gateway);
  return line && (inputOf(line, 'top_ups', month) ?? 0) * (inputOf(line, 'top_up', month) ?? 0);
}

const inOrder = (charges: readonly Charge[]): Charge[] =>
  [...charges].sort(
    (a, b) =>
      COMPONENTS.indexOf(a.component) - COMPONENTS.indexOf(b.component) ||
      byText(a.issuer, b.issuer) ||
      CHARGE_CATEGORIES.indexOf(a.category) - CHARGE_CATEGORIES.indexOf(b.category) ||
      byText(a.via ?? '', b.via ?? '') ||
      byText(a.model ?? '', b.model ?? '') ||
      byText(a.frequency, b.frequency) ||
      byText(a.commitment?.status ?? '', b.commitment?.status ?? '') ||
      byText(a.description, b.description),
  );
