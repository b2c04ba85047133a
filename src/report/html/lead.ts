/**
 * The first screen: which one, how sure, why, and what would change it; the difference over time; all strategies.
 *
 * Takes the report, gives markup. Terms stand beside plain words the first time; the glossary at the end of the page has all.
 */
import { answerSentence, cashSentence, horizonWords } from '../answer.ts';
import { breakEvenSentence, centralBreakEven } from '../break-even-words.ts';
import type { Report } from '../contract.ts';
import { type Html, html, linkedText } from '../escape.ts';
import { NOT_DRAWN } from '../first-screen.ts';
import { monthName, plural, share } from '../format.ts';
import { roughUsd, usdMargin } from '../known-digits.ts';
import { sureSentence } from '../uncertainty-words.ts';
import { crossingsWords } from '../words.ts';
import { drawnMoney, roughCount, sentenceWith } from './amounts.ts';
import { compositionBars } from './composition-bars.ts';
import { glosses } from './glossary.ts';
import { leadChart, leadSeries } from './lead-chart.ts';
import { list } from './table.ts';

export const pageHeader = (report: Report): Html => html`<header>
<h1>${report.scenario.name}</h1>
<p>${report.scenario.question}</p>
<p class="meta">${horizonWords(report)} from ${monthName(report.start)} · compared with <b>${report.baseline}</b>, the baseline · ${plural(report.traffic.requests, 'request')} read, ${roughCount(Math.round(report.traffic.monthly_requests[0] ?? 0))} expected in the first month</p>
</header>
`;

/** @param isLive whether the page can be asked "what if" */
export function answerCard(report: Report, isLive: boolean): Html {
  const { strategy, reasons, would_change_if, saving_usd } = report.recommendation;
  return html`<section id="answer" class="answer${strategy === null && ' open'}" aria-labelledby="answer-heading">
<h2 class="what" id="answer-heading">${sentenceWith(answerSentence(report), saving_usd === null ? '' : roughUsd(saving_usd), saving_usd)}</h2>
<div class="cols">
${strategy !== null && html`<div><h3>How sure?</h3>${sure(report)}</div>`}
${reasons.length > 0 && html`<div><h3>Why?</h3>${list(reasons.map((one) => linkedText(upperFirst(one))))}</div>`}
${
  would_change_if.length > 0 &&
  html`<div><h3>What would change it?</h3>${list(would_change_if.map(upperFirst))}${
    isLive && html`<p class="more"><a href="#what-if">What if? Change the numbers yourself</a></p>`
  }</div>`
}
</div>
${strategy !== null && html`<p class="basis">${basis(report)}${glosses(would_change_if.join(' '))}</p>`}
</section>
`;
}

const upperFirst = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** What the amount counts, in plain words. */
const basis = (report: Report): Html =>
  html`Net present cost at ${share(report.discount_rate_per_year)} per year: the money spent plus the value lost in outages and to slower answers, in US dollars; what is due later counts for less. ${cashSentence(report)}`;

function sure(report: Report): Html {
  const { uncertainty: found, recommendation } = report;
  const drawn = found?.strategies.find(({ id }) => id === recommendation.strategy);
  if (found === undefined || drawn === undefined) return html`<p>${NOT_DRAWN}</p>`;
  const isAlone = found.strategies.length === 1;
  return html`${!isAlone && meter(drawn.cheapest_fraction)}<p>${sureSentence(report)}</p>
<p>A draw is one possible course of the world.${!isAlone && html` ${stake(report, drawn)}`} <a href="#how-sure">How sure, in full</a></p>`;
}

/** How often it is right, as a bar for the eye; the sentence under it says the number. */
const meter = (fraction: number): Html =>
  html`<svg class="meter" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true"><rect class="rest" width="100" height="4"/><rect class="share" width="${(fraction * 100).toFixed(1)}" height="4"/></svg>
`;

/** Money at stake if the choice is wrong. */
function stake({ recommendation }: Report, drawn: { readonly regret_usd: number; readonly regret_se: number }): Html {
  if (drawn.regret_usd === 0) return html`In no draw would another choice have been cheaper.`;
  return html`Over all draws ${recommendation.strategy} costs on average ${drawnMoney(drawn.regret_usd, drawn.regret_se)} more than the cheapest of each (${usdMargin(drawn.regret_se)}; the expected regret).`;
}

/** The difference over time beside all strategies. */
export function firstFigures(report: Report): Html {
  const chart = leadChart(report);
  const series = leadSeries(report);
  const subject = series === null ? '' : ` of ${series.strategy}`;
  return html`<div class="first${chart === false && ' alone'}">
${
  chart !== false &&
  html`<figure id="over-time-first"><h2>Cost so far${subject}, against ${report.baseline}</h2>
<p class="when">${when(report)}</p>
${chart}<figcaption>${
    series?.band === null
      ? 'The line is what it has cost so far less what the baseline has, undiscounted.'
      : 'Line: middle of the draws. Band: 90% of them lie in it. Undiscounted: it ends a little off the net present figures.'
  } <a href="#over-time">All strategies over time</a></figcaption></figure>
`
}<div id="at-a-glance"><h2>All strategies</h2>
${compositionBars(report)}</div>
</div>
`;
}

/** When it pays back, in a sentence. */
function when(report: Report): string {
  const drawn = centralBreakEven(report);
  if (drawn !== undefined && report.uncertainty !== undefined)
    return breakEvenSentence(drawn, report.uncertainty.draws);
  const { strategy, versus } = report.recommendation;
  const entry = report.break_even.find(
    ({ driver, a, b }) => driver === 'month' && [a, b].includes(strategy ?? '') && [a, b].includes(versus ?? ''),
  );
  return entry === undefined ? '' : upperFirst(`${crossingsWords(report, entry).join('; ')}.`);
}
