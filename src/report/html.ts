/**
 * report.html: the whole report on one page that needs nothing else: no script, no font, no network.
 *
 * Takes the report and its drawn charts. What matters to the decision comes first, what proves it after. Whatever was read
 * goes through the escaping template of escape.ts; only the charts' SVG, which is ours, is taken as markup.
 */
import { horizonWords } from './answer.ts';
import type { Report } from './contract.ts';
import { type Html, html } from './escape.ts';
import { monthName } from './format.ts';
import { billedSection } from './html/billed.ts';
import { breakEvenSection } from './html/break-even.ts';
import { caveatsSection } from './html/caveats.ts';
import { claimsSection } from './html/claims.ts';
import { driversSection, hasDrivers, hasMeasurements, measurementsSection } from './html/drivers.ts';
import { factsSection } from './html/facts.ts';
import { type DrawnChart, figure } from './html/figures.ts';
import { answerCard, headlineNumbers } from './html/lead.ts';
import { lineItemsSection } from './html/line-items.ts';
import { replaysSection } from './html/replays.ts';
import { assumptionsSection, pricesSection, reproductionSection } from './html/sources.ts';
import { choicesSection, strategiesSection } from './html/strategies.ts';
import { STYLE } from './html/style.ts';
import { section } from './html/table.ts';
import { trafficSection } from './html/traffic.ts';
import { uncertaintySection } from './html/uncertainty.ts';
import { type LivePart, livePolicy, liveScripts, whatIfSection, whatIfStyle } from './html/what-if.ts';

export type { DrawnChart } from './html/figures.ts';

export const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

const CONTENTS: readonly (readonly [string, string])[] = [
  ['what-if', 'What if?'],
  ['over-time', 'Over time'],
  ['how-sure', 'How sure'],
  ['drivers', 'What drives it'],
  ['measure-next', 'What to measure next'],
  ['strategies', 'Strategies'],
  ['composition', 'Composition'],
  ['volume', 'Volume'],
  ['break-even', 'Break-even'],
  ['claims', 'Claims'],
  ['choices', 'Needs'],
  ['line-items', 'Line items'],
  ['traffic', 'Traffic'],
  ['replays', 'Replays'],
  ['billed', 'Billed'],
  ['caveats', 'Caveats'],
  ['assumptions', 'Assumptions'],
  ['prices', 'Prices'],
  ['facts', 'Facts'],
  ['reproduce', 'Reproduce'],
];

/** @param live what makes the page live: model and scripts; none: the page without them */
export function renderHtml(report: Report, charts: readonly DrawnChart[], live?: LivePart): string {
  const { scenario, provenance } = report;
  return `<!DOCTYPE html>\n${html`<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${live === undefined ? POLICY : POLICY + livePolicy(live)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${scenario.name}: cost of access strategies</title>
<style>${STYLE}${live !== undefined && whatIfStyle}</style>
</head>
<body>
<header>
<h1>${scenario.name}</h1>
<p>${scenario.question} · ${horizonWords(report)} from ${monthName(report.start)}, compared with ${report.baseline}</p>
</header>
<main>
${answerCard(report)}${headlineNumbers(report)}<nav aria-label="Contents"><ul>${CONTENTS.filter(
    ([id]) =>
      (id !== 'what-if' || live !== undefined) &&
      (id !== 'facts' || (report.facts ?? []).length > 0) &&
      (id !== 'how-sure' || report.uncertainty !== undefined) &&
      (id !== 'drivers' || hasDrivers(report)) &&
      (id !== 'measure-next' || hasMeasurements(report)) &&
      (id !== 'claims' || report.claims !== undefined) &&
      (id !== 'replays' || report.replays !== undefined) &&
      (id !== 'billed' || report.traffic.billed !== undefined),
  ).map(([id, name]) => html`<li><a href="#${id}">${name}</a></li>`)}</ul></nav>
${live !== undefined && whatIfSection()}${overTime(report, charts)}${uncertaintySection(report, charts)}${driversSection(report, charts)}${measurementsSection(report)}${strategiesSection(report)}${compositionSection(report, charts)}${volumeSection(report, charts)}${breakEvenSection(report)}${claimsSection(report)}${choicesSection(report)}${lineItemsSection(report)}${trafficSection(report)}${replaysSection(report)}${billedSection(report)}${caveatsSection(report)}${assumptionsSection(report)}${pricesSection(report)}${factsSection(report)}${reproductionSection(report)}</main>
<footer>Made by Tollgate ${provenance.version}. report.json beside this page holds the same content for programs, unrounded.</footer>
${live !== undefined && liveScripts(live)}</body>
</html>
`}`;
}

const overTime = (report: Report, charts: readonly DrawnChart[]): Html =>
  section(
    'over-time',
    'Cost over time',
    figure(
      report,
      charts,
      'cumulative-cost',
      `What each strategy has cost so far, less what ${report.baseline} has cost so far. Where a line crosses zero, both have cost the same. A line that falls to the right gets cheaper month by month.`,
    ),
  );

const compositionSection = (report: Report, charts: readonly DrawnChart[]): Html =>
  section(
    'composition',
    'What the cost is made of',
    figure(
      report,
      charts,
      'ranking',
      'The ranking uses the wide bars. Where the thin bar is much shorter, much of the cost is value lost, which no invoice shows.',
    ),
    figure(
      report,
      charts,
      'composition',
      'Undiscounted totals over the horizon. Credits and the value of early access count against the cost and stand left of zero.',
    ),
  );

const volumeSection = (report: Report, charts: readonly DrawnChart[]): Html =>
  section(
    'volume',
    'Cost against volume',
    figure(
      report,
      charts,
      'cost-against-volume',
      `The same comparison at other volumes of traffic, everything else held. Dots: where a strategy and ${report.baseline} cost the same. Rings: where two others do.`,
    ),
  );
