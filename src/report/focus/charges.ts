/**
 * Cash lines of one strategy and month -> charges in their order. Effective costs add up to the cash lines of the month; what is
 * paid before it is used stands as amortise.ts says. Value lost is on no invoice and in no row.
 *
 * Discounts are in the usage that they are on; credits are rows of their own. It reads report.json alone, reports without
 * routes too.
 */
import { byText } from '../../units.ts';
import { COMPONENTS, type Report, type ReportLineItem, type ReportStrategy } from '../contract.ts';
import { groupedBy } from '../grouped.ts';
import { nameInBrackets } from '../line-names.ts';
import { type Contract, fromCredit, underContract } from './amortise.ts';
import type { Charge } from './charge.ts';
import { CHARGE_CATEGORIES } from './columns.ts';
import { boughtOf, creditCharges, otherFees, ownCosts, usageFees } from './fee-charges.ts';
import { inputOf, type StrategyMonth, strategyMonth, usdOf } from './month.ts';
import { tokenCharges } from './usage-charges.ts';

export function chargesOf(report: Report, strategy: ReportStrategy, month: number): Charge[] {
  const of = strategyMonth(report, strategy, month);
  const charges = [
    ...withContracts(of, [...tokenCharges(of), ...usageFees(of)]),
    ...creditCharges(of),
    ...otherFees(of),
    ...ownCosts(of),
  ];
  return inOrder(withCredit(of, charges));
}

/** Each seller's usage under what was agreed with it; discounts of sellers without usage stand by themselves. */
function withContracts(of: StrategyMonth, usage: readonly Charge[]): Charge[] {
  const bySeller = groupedBy(of.linesOf('commitments'), ({ label }) => nameInBrackets(label) ?? '');
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

function contractOf({ report, month }: StrategyMonth, seller: string, lines: readonly ReportLineItem[]): Contract {
  const unused = lines.find(({ formula }) => formula.startsWith('max(0, commitment'));
  const byContract = lines.filter((line) => line !== unused && line.inputs.discount !== undefined);
  const off = (of: readonly ReportLineItem[]): number => 0 - usdOf(of, month);
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
function withCredit({ routes, month, linesOf }: StrategyMonth, charges: readonly Charge[]): Charge[] {
  const [fees, gifts] = [linesOf('gateway_fees'), linesOf('credits')];
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
          usdOf(
            gifts.filter(({ label }) => nameInBrackets(label) === gateway),
            month,
          ),
        bought_usd: boughtOf(fees, gateway, month),
      }),
    ),
  ];
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
