/**
 * Markup: the share that a gateway adds to token prices, beside what its answers report as cost over what the same tokens cost
 * at the price book.
 *
 * Shares on both sides. Fees on buying credit, subscriptions and fees per request are in no answer, so no call measures them; a
 * measured markup that equals the fee on credit is not written, since it would be paid twice. Of sellers and of gateways on own
 * keys it is the price book that stands beside the reported cost, and no input takes the difference: prices are edited there.
 */

import { markupPath } from '../input-paths.ts';
import { share } from '../report/format.ts';
import type { Calibrating } from './calibrating.ts';
import { type Edit, normalText, pathText, sourceText } from './edit.ts';
import { type Found, isMeasured, measuredFigure } from './figures.ts';
import { isOnCredit, type Match } from './matches.ts';
import { assumedOf, exactly, type Row, verdictOf } from './row.ts';

/** Of cost: reported costs are rounded, often to a millionth of a dollar for a call of some thousandths. */
const ROUNDING = 0.0005;

export const markupRows = (x: Calibrating): Row[] =>
  x.matches.matched.flatMap((match) => {
    const found = measuredFigure(x.measurements, match.target, 'cost_reported', ['markup_fraction']);
    if (match.is === 'gateway' && isOnCredit(x.evaluation, match.id)) return [gatewayRow(x, match, found)];
    return isMeasured(found) ? [priceRow(x, match, found)] : [];
  });

function gatewayRow(x: Calibrating, { id, strategies }: Match, found: Found): Row {
  const { gateways, stated, scenario } = x.evaluation.question;
  const schedule = gateways.get(id)!;
  const keys = ['gateways', id, 'fees', 'token_markup'];
  const own = schedule.fees.token_markup;
  const source = "no markup on tokens stands in the gateway's schedule";
  const isOwn = own !== undefined && stated.has(own.path);
  const as_of = isOwn ? undefined : schedule.as_of;
  const assumed =
    own === undefined
      ? exactly(0, { source, as_of: schedule.as_of, given: false })
      : assumedOf(own, source, as_of, stated);
  const row = { quantity: 'token_markup', path: markupPath(id), unit: 'fraction', strategies, assumed } as const;
  if (!isMeasured(found)) return { ...row, measured: null, verdict: 'not_measured', why: [found.missing], edits: [] };
  const { measured } = found;
  const verdict = verdictOf(assumed, measured, ROUNDING);
  const credit = schedule.fees.credit_purchase?.fee.central ?? 0;
  const isCreditFee =
    verdict === 'outside' && verdictOf({ low: credit, high: credit }, measured, ROUNDING) === 'within';
  const variants = scenario.strategies.flatMap((one) =>
    one.kind === 'managed_gateway' && one.gateway === id ? (one.fee_variant ?? []) : [],
  );
  const replaced = schedule.variants.some((one) => variants.includes(one.id) && one.fees.token_markup !== undefined);
  const why = [
    ...(isCreditFee
      ? [
          `it equals the fee on buying credit (${share(credit)}), which the scenario counts already: not written, since it would be paid twice`,
        ]
      : credit > 0
        ? [`the fee on buying credit (${share(credit)}) comes on top; no answer shows it`]
        : []),
    ...(replaced ? ['a fee_variant of the scenario states a markup of its own: not written'] : []),
  ];
  const edit: Edit = {
    keys,
    value: {
      value: normalText(measured, 'fraction'),
      source: sourceText(x.origin, measured.targets),
      as_of: x.origin.on,
    },
  };
  return { ...row, path: pathText(keys), measured, verdict, why, edits: isCreditFee || replaced ? [] : [edit] };
}

function priceRow(
  x: Calibrating,
  { id, strategies, target }: Match,
  { measured }: Extract<Found, { measured: unknown }>,
): Row {
  const model = target.priced_as === null ? id : `${target.priced_as.seller}/${target.priced_as.model}`;
  const assumed = exactly(0, {
    source: `price book: the price of ${model}`,
    as_of: null,
    given: Object.hasOwn(x.evaluation.question.scenario.prices, model),
  });
  const verdict = verdictOf(assumed, measured, ROUNDING);
  const why =
    verdict === 'outside'
      ? [`which of its prices differs is not told by a sum: state prices["${model}"] or correct the price book`]
      : [];
  return { quantity: 'price', path: null, unit: 'fraction', strategies, assumed, measured, verdict, why, edits: [] };
}
