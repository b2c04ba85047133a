/** How sure the answer is: costs over the draws, differences against the baseline, months of break-even, dominance. */
import { breakEvensWithBaseline, monthOrNever, monthsBetween } from '../break-even-words.ts';
import type { Report } from '../contract.ts';
import { type Html, html } from '../escape.ts';
import { plural } from '../format.ts';
import { knownShare, shareMargin, usdMargin } from '../known-digits.ts';
import type { Uncertainty } from '../uncertainty-contract.ts';
import {
  differencesFromBaseline,
  dominanceSentence,
  dominanceWith,
  methodSentence,
  regretSentence,
  sureSentence,
} from '../uncertainty-words.ts';
import { drawnDifference, drawnMoney } from './amounts.ts';
import { type DrawnChart, figure } from './figures.ts';
import { folded, list, section, table } from './table.ts';

const numeric = true;
/** Least mean first. */
const byMean = <T extends { readonly npv_usd: { readonly mean: number } }>(rows: readonly T[]): T[] =>
  [...rows].sort((a, b) => a.npv_usd.mean - b.npv_usd.mean);
const margin = (text: string): Html | false => text !== '' && html`<small>${text}</small>`;

export function uncertaintySection(report: Report, charts: readonly DrawnChart[]): Html | false {
  const found = report.uncertainty;
  if (found === undefined) return false;
  const has = (id: DrawnChart['id']): boolean => charts.some((chart) => chart.id === id);
  return section(
    'how-sure',
    'How sure this is',
    html`<p>${sureSentence(report)} ${regretSentence(found, report.recommendation.strategy)}</p>
<p>${methodSentence(found)} Figures after ± are two standard errors: what more draws could still change. The ranges are what the world could still change, and more draws do not narrow them.</p>
`,
    has('difference-band') &&
      figure(
        report,
        charts,
        'difference-band',
        `A band wholly below zero means that the strategy is cheaper than ${report.baseline} in nearly all draws, one wholly above that it is dearer; across zero it depends on how things turn out.`,
      ),
    differences(report, found),
    breakEvenMonths(report, found),
    dominance(report, found),
    html`<h3>Cost of each strategy</h3>
`,
    has('cost-distribution') &&
      figure(
        report,
        charts,
        'cost-distribution',
        'How much money each strategy may take in all. Much of the width is common: what makes one strategy dear in a draw mostly makes the others dear as well.',
      ),
    costs(found),
  );
}

const costs = ({ strategies, draws }: Uncertainty): Html =>
  table(
    'Net present cost over the draws',
    [
      { head: 'Strategy' },
      { head: 'Mean', numeric },
      { head: 'P5', numeric },
      { head: 'Median', numeric },
      { head: 'P95', numeric },
      { head: 'Mean of the dearest 5%', numeric },
      { head: 'Is the cheapest', numeric },
      { head: 'Expected regret', numeric },
    ],
    byMean(strategies).map(({ id, npv_usd: cost, ...s }) => [
      id,
      html`${drawnMoney(cost.mean, cost.se)}${margin(usdMargin(cost.se))}`,
      ...[cost.p5, cost.p50, cost.p95, cost.cvar95].map((amount) => drawnMoney(amount, cost.se)),
      html`${knownShare(s.cheapest_fraction, draws)}${margin(shareMargin(s.cheapest_se))}${
        s.tied_fraction > 0 && html`<small>ties in ${knownShare(s.tied_fraction, draws)}</small>`
      }`,
      html`${drawnMoney(s.regret_usd, s.regret_se)}${margin(usdMargin(s.regret_se))}`,
    ]),
  );

const differences = (report: Report, { draws }: Uncertainty): Html | false => {
  const { baseline } = report;
  const found = differencesFromBaseline(report);
  return (
    found.length > 0 &&
    html`<h3>Difference against ${baseline}</h3>
<p>Net present cost of the strategy less that of ${baseline} in the same draw. Below zero the strategy is cheaper.</p>
${table(
  'Difference against the baseline over the draws',
  [
    { head: 'Strategy' },
    { head: 'Mean', numeric },
    { head: 'P5', numeric },
    { head: 'Median', numeric },
    { head: 'P95', numeric },
    { head: `Cheaper than ${baseline}`, numeric },
  ],
  byMean(found).map(({ strategy, npv_usd: d, ...s }) => [
    strategy,
    html`${drawnDifference(d.mean, d.se)}${margin(usdMargin(d.se))}${
      d.se > 0 && Math.abs(d.mean) < 2 * d.se && html`<small>not to be told from $0</small>`
    }`,
    ...[d.p5, d.p50, d.p95].map((amount) => drawnDifference(amount, d.se)),
    html`${knownShare(s.cheaper_fraction, draws)}${margin(shareMargin(s.cheaper_se))}${
      s.tie_fraction > 0 && html`<small>the same in ${knownShare(s.tie_fraction, draws)}</small>`
    }`,
  ]),
)}`
  );
};

const breakEvenMonths = (report: Report, { draws }: Uncertainty): Html | false => {
  const found = breakEvensWithBaseline(report);
  return (
    found.length > 0 &&
    html`<h3>When it pays back</h3>
<p>The month at whose end a strategy has cost less so far, undiscounted. Months count from 1. A lead can be lost again, so the month from which on it stays cheaper is told as well.</p>
${table(
  'Months of break-even over the draws',
  [
    { head: 'Strategy' },
    { head: 'First cheaper: median month', numeric },
    { head: '90% of draws', numeric },
    { head: 'From the start', numeric },
    { head: 'Never', numeric },
    { head: 'Cheaper for good: median month', numeric },
    { head: '90% of draws', numeric },
    { head: 'Lead lost again', numeric },
  ],
  found.map(({ strategy, versus, first_crossing: first, for_good, lost_again_fraction }) => [
    html`${strategy}<small>against ${versus}</small>`,
    monthOrNever(first.p50_month),
    monthsBetween(first),
    knownShare(first.from_start_fraction, draws),
    html`${knownShare(first.never_fraction, draws)}${margin(shareMargin(first.never_se))}`,
    monthOrNever(for_good.p50_month),
    monthsBetween(for_good),
    knownShare(lost_again_fraction, draws),
  ]),
)}`
  );
};

/** Pairs of the recommended strategy stand open, the others one click away. */
function dominance(report: Report, found: Uncertainty): Html | false {
  if (found.dominance.length === 0) return false;
  const open = dominanceWith(found, report.recommendation.strategy ?? report.baseline);
  const others = found.dominance.filter((pair) => !open.includes(pair));
  const sentences = (pairs: typeof open): Html => list(pairs.map((pair) => dominanceSentence(pair, found.draws)));
  return html`<h3>Better whatever happens?</h3>
<p>Cheaper in most draws is not the same as safer: the few others may be dear. One strategy dominates another if, ordered from the cheapest draw to the dearest, its costs are nowhere the higher ones.</p>
${open.length > 0 && sentences(open)}${
  others.length > 0 && folded(`Between the other strategies: ${plural(others.length, 'pair')}`, sentences(others))
}`;
}
