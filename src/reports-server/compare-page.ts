/**
 * Two or three reports side by side: what each answers, what moved between them, totals, components, and what differs in
 * assumptions, prices, traffic and settings. The first is what the others are held against.
 */
import { answerSentence, cashSentence, horizonWords } from '../report/answer.ts';
import { type Html, type HtmlValue, html } from '../report/escape.ts';
import { listed, monthName, share } from '../report/format.ts';
import { list } from '../report/html/table.ts';
import { sureSentence } from '../report/uncertainty-words.ts';
import type { Comparison } from '../results/compare.ts';
import { LETTERS, reportAddress } from './addresses.ts';
import { componentTables, totalsTable } from './compare-costs.ts';
import { assumptionsPart, differences, part, pricesPart } from './compare-differences.ts';
import type { ComparedReport } from './compared-report.ts';
import { instant, page } from './page.ts';
import { howSure } from './shelf.ts';
import { type SideBySide, sideBySide } from './side-by-side.ts';
import { valueWords } from './side-cells.ts';
import { movesOf } from './what-moved.ts';

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
${part('Net present cost by strategy', 'Discounted to the start, money spent plus value lost: what the ranking uses. Below it how much of it is cash, and the difference from A.', totalsTable(sides))}
${part('What the cost is made of', 'Undiscounted totals over the horizon of each report. Credits and the value of early access are negative.', componentTables(sides))}
${differences('Needs', 'How a strategy meets a need in another way.', sides, found.needs)}
${assumptionsPart(sides, found)}
${pricesPart(sides, found.prices)}
${differences('Traffic', 'What was read, and what it was scaled to.', sides, found.traffic)}
${differences('Without a price', 'Requests whose model has no price. An unknown cost is not zero.', sides, found.unpriced, false)}
${differences('Claims', 'Statements of the scenario, put to the test.', sides, found.claims, false)}
${differences('Settings', 'Start, horizon, seed, price book, version.', sides, found.settings)}
`,
    'wide',
  );
}

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
  const told = differing(found);
  return html`<p><strong>${from}:</strong> ${stands}. ${told.length > 0 ? `What differs: ${listed(told)}.` : 'No assumption, price, traffic or setting differs.'}</p>
${list(movesOf(first, later))}`;
}

const MOST_NAMED = 3;

/** Assumptions by name where they are few; what the prices, the traffic and the settings add, in numbers. */
function differing({ inputs, prices, traffic, settings }: Comparison): string[] {
  const counted = (count: number, one: string, many: string): string[] =>
    count === 0 ? [] : [`${count} ${count === 1 ? one : many}`];
  const named = inputs.map(({ name, unit, before, after }) =>
    before === undefined
      ? `${name} is new`
      : after === undefined
        ? `${name} is gone`
        : before === after
          ? `${name} by range or source`
          : `${name} from ${valueWords(before, unit)} to ${valueWords(after, unit)}`,
  );
  return [
    ...(named.length <= MOST_NAMED ? named : counted(named.length, 'assumption', 'assumptions')),
    ...counted(prices.length, 'price entry', 'price entries'),
    ...counted(traffic.length, 'figure of the traffic', 'figures of the traffic'),
    ...counted(settings.length, 'setting', 'settings'),
  ];
}
