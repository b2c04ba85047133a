/**
 * The tables of costs on the comparison: net present cost by strategy, and the components of each, undiscounted. Strategies
 * stand in the rank order of the newest report, then those that only earlier ones have.
 */
import { inRankOrder, marks } from '../report/answer.ts';
import { COMPONENTS, type ReportStrategy } from '../report/contract.ts';
import { type Html, html } from '../report/escape.ts';
import { folded, table } from '../report/html/table.ts';
import { roughDifference } from '../report/known-digits.ts';
import { COMPONENT_WORDS, kindWords } from '../report/words.ts';
import { isSame } from '../results/changes.ts';
import { LETTERS } from './addresses.ts';
import { type ComparedReport, columnsOf } from './compared-report.ts';
import { amountCell } from './side-cells.ts';

const idsOf = (sides: readonly ComparedReport[]): string[] => [
  ...new Set([...sides].reverse().flatMap(({ report }) => inRankOrder(report).map(({ id }) => id))),
];
const strategyOf = ({ report }: ComparedReport, id: string): ReportStrategy | undefined =>
  report.strategies.find((one) => one.id === id);

export function totalsTable(sides: readonly ComparedReport[]): Html {
  return table(
    'Net present cost by strategy',
    columnsOf('Strategy', sides, true),
    idsOf(sides).map((id) => {
      const found = sides.map((side) => strategyOf(side, id));
      return [
        html`${id}<small>${kindWords(found.findLast((one) => one !== undefined)!.kind)}</small>`,
        ...found.map((one, i) => {
          if (one === undefined) return amountCell(undefined, undefined, true);
          const said = marks(sides[i]!.report, one);
          return html`${amountCell(one.npv_usd, found[0]?.npv_usd, i === 0)}<small>cash ${amountCell(one.cash_npv_usd, null, true)}</small>${said.length > 0 && html`<small>${said.join('; ')}</small>`}`;
        }),
      ];
    }),
  );
}

export function componentTables(sides: readonly ComparedReport[]): Html {
  const recommended = new Set(sides.map(({ report }) => report.recommendation.strategy));
  return html`${idsOf(sides).map((id) => {
    const found = sides.map((side) => strategyOf(side, id));
    const total = found.map((one) => one?.total_usd);
    const rows = COMPONENTS.filter((component) =>
      found.some((one) => (one?.by_component[component] ?? 0) !== 0 || one?.by_component[component] === null),
    ).map((component) => {
      const amounts = found.map((one) => (one === undefined ? undefined : amountOf(one, component)));
      return [COMPONENT_WORDS[component], ...amounts.map((amount, i) => amountCell(amount, amounts[0], i === 0))];
    });
    const content = table(`What ${id} is made of`, columnsOf('Component', sides, true), [
      ...rows,
      [html`<strong>Total</strong>`, ...total.map((amount, i) => amountCell(amount, total[0], i === 0))],
    ]);
    return recommended.has(id)
      ? html`<h3>${id}</h3>
${content}`
      : folded(html`<b>${id}</b>${totalWords(total)}`, content);
  })}`;
}

/** A component that a strategy does not have costs nothing; an unpriced one is not known. */
function amountOf({ by_component }: ReportStrategy, component: (typeof COMPONENTS)[number]): number | null {
  const amount = by_component[component];
  return amount === undefined ? 0 : amount;
}

/** What follows a folded strategy's name: `· B +$1,200, C the same`. */
const totalWords = ([first, ...later]: readonly (number | null | undefined)[]): string => {
  if (typeof first !== 'number') return '';
  const moves = later.flatMap((one, i) =>
    typeof one !== 'number'
      ? []
      : [`${LETTERS[i + 1]} ${isSame(one, first) ? 'the same' : roughDifference(one - first)}`],
  );
  return moves.length === 0 ? '' : ` · ${moves.join(', ')}`;
};
