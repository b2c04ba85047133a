/**
 * Two or three reports side by side: what each answers, what moved between them, totals, components, and what differs in
 * assumptions, prices, traffic and settings. The first is what the others are held against.
 */
import { answerSentence, cashSentence, horizonWords, inRankOrder, marks } from '../report/answer.ts';
import { COMPONENTS, type Report, type ReportStrategy } from '../report/contract.ts';
import { type Html, type HtmlValue, html, raw } from '../report/escape.ts';
import { listed, monthName, plural, share, usdDifference } from '../report/format.ts';
import { folded, list, table } from '../report/html/table.ts';
import { sureSentence } from '../report/uncertainty-words.ts';
import { COMPONENT_WORDS, kindWords } from '../report/words.ts';
import { isSame } from '../results/changes.ts';
import { LETTERS, reportAddress } from './addresses.ts';
import { instant, page } from './page.ts';
import { howSure } from './shelf.ts';
import { type SideBySide, type SideRow, sideBySide } from './side-by-side.ts';
import { amountCell, assumptionCell, rowCells } from './side-cells.ts';
import { movesOf } from './what-moved.ts';

export interface ComparedReport {
  readonly name: string;
  readonly written_ms: number;
  readonly has_html: boolean;
  readonly report: Report;
}

export function comparePage(sides: readonly ComparedReport[]): string {
  const reports = sides.map(({ report }) => report);
  const found = sideBySide(reports);
  const names = [...new Set(reports.map(({ scenario }) => scenario.name))];
  const title = names.length === 1 ? `${names[0]}: ${sides.length === 2 ? 'two' : 'three'} runs` : listed(names);
  return page(
    `${title}, compared`,
    html`<div><h1>${title}</h1><p>Side by side. ${sides.length === 2 ? 'B is' : 'B and C are'} held against A.</p></div><p><a href="/">All reports</a></p>`,
    html`<div class="sides">${sides.map(sideCard)}</div>
<section class="what-changed"><h2>What changed</h2>
${found.comparisons.map((_, i) => whatChanged(sides, found, i))}</section>
${part('Net present cost by strategy', 'Discounted to the start, money spent plus value lost: what the ranking uses. Below it how much of it is cash, and the difference from A.', totals(sides))}
${part('What the cost is made of', 'Undiscounted totals over the horizon of each report. Credits and the value of early access are negative.', components(sides))}
${differences('Needs', 'How a strategy meets a need in another way.', sides, found.needs)}
<section id="assumptions"><h2>Assumptions that differ</h2>
<p>${found.assumptions.length === 0 ? 'None.' : ''} ${plural(found.same_assumptions, 'assumption')} ${found.same_assumptions === 1 ? 'is' : 'are'} the same in all.</p>
${
  found.assumptions.length > 0 &&
  table(
    'Assumptions that differ',
    columns('Assumption', sides, false),
    found.assumptions.map(({ path, sides: values }) => [
      html`<code>${path}</code>`,
      ...values.map((one, i) => assumptionCell(one, values[0], i === 0)),
    ]),
  )
}</section>
${differences('Prices', 'Unit prices that were charged, and the entries of the price book that they come from. A price that changes within the horizon stands at the first month in which it differs.', sides, found.prices)}
${differences('Traffic', 'What was read, and what it was scaled to.', sides, found.traffic)}
${differences('Without a price', 'Requests whose model has no price. An unknown cost is not zero.', sides, found.unpriced, false)}
${differences('Claims', 'Statements of the scenario, put to the test.', sides, found.claims, false)}
${differences('Settings', 'Start, horizon, seed, price book, version.', sides, found.settings)}
`,
    'wide',
  );
}

const part = (title: string, said: string, content: HtmlValue): Html => html`<section><h2>${title}</h2>
<p>${said}</p>
${content}</section>
`;

/** A part of which nothing differs is a sentence, or nothing where it is rarely there at all. */
const differences = (
  title: string,
  said: string,
  sides: readonly ComparedReport[],
  rows: readonly SideRow[],
  isAlwaysTold = true,
): Html | false =>
  rows.length === 0
    ? isAlwaysTold &&
      html`<section><h2>${title}</h2><p>Nothing differs.</p></section>
`
    : part(
        title,
        said,
        table(
          title,
          columns('', sides, true),
          rows.map((row) => [row.name, ...rowCells(row)]),
        ),
      );

const columns = (first: string, sides: readonly ComparedReport[], numeric: boolean) => [
  { head: first },
  ...sides.map(({ name }, i) => ({ head: `${LETTERS[i]} · ${name}`, numeric: numeric && isShort(name) })),
];
/** A long name in a column of numbers pushes them away from each other. */
const isShort = (name: string): boolean => name.length <= 40;

function sideCard({ name, written_ms, has_html, report }: ComparedReport, i: number): Html {
  const title = `${LETTERS[i]} · ${report.scenario.name}`;
  const cash = cashSentence(report);
  const facts: readonly (readonly [string, HtmlValue])[] = [
    ['How sure', howSure(report)],
    ['Baseline', report.baseline],
    [
      'Horizon',
      `${horizonWords(report)} from ${monthName(report.start)}, discounted at ${share(report.discount_rate_per_year)} per year`,
    ],
    ['Written', instant(written_ms)],
    ['Folder', name],
  ];
  return html`<article><h2>${has_html ? html`<a href="${reportAddress(name)}">${title}</a>` : title}</h2>
<p class="muted">${report.scenario.question}</p>
<p class="answer-line">${answerSentence(report)}</p>
<p>${sureSentence(report)}</p>
<p>${cash}</p>
<dl>${facts.map(([term, value]) => html`<div><dt>${term}</dt><dd>${value}</dd></div>`)}</dl></article>
`;
}

/** Between the first and one of the later, in sentences. */
function whatChanged(sides: readonly ComparedReport[], { comparisons }: SideBySide, i: number): Html {
  const [first, later, found] = [sides[0]!.report, sides[i + 1]!.report, comparisons[i]!];
  const from = `From A to ${LETTERS[i + 1]}`;
  if (found.is_same)
    return html`<p><strong>${from}:</strong> nothing changed.</p>
`;
  const [was, is] = [first, later].map(({ recommendation }) => recommendation.strategy ?? 'nothing');
  const stands = was === is ? `the recommendation stands (${is})` : `the recommendation changes from ${was} to ${is}`;
  const counts = [
    [found.inputs.length, 'assumption'],
    [found.prices.length, 'price entry', 'price entries'],
    [found.traffic.length, 'figure of the traffic', 'figures of the traffic'],
    [found.settings.length, 'setting'],
  ] as const;
  const told = counts
    .filter(([count]) => count > 0)
    .map(([count, one, many]) => `${count} ${count === 1 ? one : (many ?? `${one}s`)}`);
  return html`<p><strong>${from}:</strong> ${stands}. ${told.length > 0 ? `What differs: ${listed(told)}.` : 'No assumption, price, traffic or setting differs.'}</p>
${list(movesOf(first, later))}`;
}

/** Strategies in the order of the newest, then those that only earlier ones have. */
const idsOf = (sides: readonly ComparedReport[]): string[] => [
  ...new Set([...sides].reverse().flatMap(({ report }) => inRankOrder(report).map(({ id }) => id))),
];
const strategyOf = ({ report }: ComparedReport, id: string): ReportStrategy | undefined =>
  report.strategies.find((one) => one.id === id);

function totals(sides: readonly ComparedReport[]): Html {
  return table(
    'Net present cost by strategy',
    columns('Strategy', sides, true),
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

function components(sides: readonly ComparedReport[]): Html {
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
    const content = table(`What ${id} is made of`, columns('Component', sides, true), [
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

const totalWords = (totals: readonly (number | null | undefined)[]): HtmlValue => {
  const [first, ...later] = totals;
  if (typeof first !== 'number') return raw('');
  const moves = later.map((one, i) =>
    typeof one !== 'number' ? '' : `${LETTERS[i + 1]} ${isSame(one, first) ? 'the same' : usdDifference(one - first)}`,
  );
  return ` · ${moves.filter((text) => text !== '').join(', ')}`;
};
