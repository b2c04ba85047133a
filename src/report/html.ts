/**
 * report.html: the whole report on one page that needs nothing else: no font, no network, and one script of ours for the live
 * part, search and order, without which it stands there in full.
 *
 * Takes the report and its drawn charts. What matters to the decision comes first, what proves it after. Whatever was read
 * goes through the escaping template of escape.ts; only the charts' SVG, which is ours, is taken as markup.
 */
import type { Report } from './contract.ts';
import { type Html, html } from './escape.ts';
import { attributionSection } from './html/attribution.ts';
import { bestMapSection } from './html/best-map.ts';
import { billedSection } from './html/billed.ts';
import { breakEvenSection } from './html/break-even.ts';
import { claimsSection } from './html/claims.ts';
import { contents } from './html/contents.ts';
import { dataQualitySection } from './html/data-quality.ts';
import { driversSection, measurementsSection } from './html/drivers.ts';
import { factsSection } from './html/facts.ts';
import { type DrawnChart, figure } from './html/figures.ts';
import { glossarySection } from './html/glossary.ts';
import { answerCard, firstFigures, pageHeader } from './html/lead.ts';
import { lineItemsSection } from './html/line-items.ts';
import { reliabilitySection } from './html/reliability.ts';
import { replaysSection } from './html/replays.ts';
import { assumptionsSection, pricesSection, reproductionSection } from './html/sources.ts';
import { choicesSection, strategiesSection } from './html/strategies.ts';
import { STYLE } from './html/style.ts';
import { PAPER_NOTE, section } from './html/table.ts';
import { trafficSection } from './html/traffic.ts';
import { uncertaintySection } from './html/uncertainty.ts';
import { type LivePart, livePolicy, liveScripts, whatIfSection, whatIfStyle } from './html/what-if.ts';

export type { DrawnChart } from './html/figures.ts';

export const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

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
<a class="skip" href="#answer">Skip to the answer</a>
${pageHeader(report)}<main>
${answerCard(report, live !== undefined)}${firstFigures(report)}${contents(report, live === undefined ? [] : [['what-if', 'What if?']])}
${live !== undefined && whatIfSection()}${SECTIONS.map((of) => of(report, charts))}</main>
<footer>Made by Tollgate ${provenance.version}. Amounts are rounded to the digits that are known; the exact ones stand on hover and, unrounded, in report.json beside this page.${PAPER_NOTE}</footer>
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

/** In the order in which they are read: what bears on the decision, where it comes from, how good that is. */
const SECTIONS: readonly ((report: Report, charts: readonly DrawnChart[]) => Html | false)[] = [
  uncertaintySection,
  driversSection,
  bestMapSection,
  measurementsSection,
  overTime,
  volumeSection,
  breakEvenSection,
  claimsSection,
  attributionSection,
  strategiesSection,
  compositionSection,
  choicesSection,
  reliabilitySection,
  replaysSection,
  lineItemsSection,
  assumptionsSection,
  pricesSection,
  factsSection,
  trafficSection,
  billedSection,
  dataQualitySection,
  reproductionSection,
  glossarySection,
];
