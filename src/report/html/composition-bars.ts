/**
 * All strategies on the first screen: rank, net present cost, difference, chance of being the cheapest, and under each name
 * a bar of what its cost is made of. Takes the report, gives a table; the drawn chart with axes stands further down.
 */
import { againstBaseline, horizonWords, inRankOrder } from '../answer.ts';
import { COMPONENT_COLOURS } from '../charts/palette.ts';
import { COMPONENTS, type Component, type Report, type ReportStrategy } from '../contract.ts';
import { type Html, type HtmlValue, html, raw } from '../escape.ts';
import { knownShare, roughUsd } from '../known-digits.ts';
import { COMPONENT_WORDS } from '../words.ts';
import { money, moneyDifference } from './amounts.ts';
import { table } from './table.ts';

const WIDTH = 1000;
const LEAST = 1.5;

interface Part {
  readonly component: Component;
  readonly usd: number;
}

/** Parts in the order of the contract, those of an unpriced strategy left out. */
const partsOf = ({ by_component }: ReportStrategy): Part[] =>
  COMPONENTS.flatMap((component) => {
    const usd = by_component[component];
    return usd === undefined || usd === null || usd === 0 ? [] : [{ component, usd }];
  });

export function compositionBars(report: Report): Html {
  const ordered = inRankOrder(report);
  const sides = ordered.map((one) => partsOf(one).map(({ usd }) => usd));
  const left = Math.max(0, ...sides.map((amounts) => -below(amounts)));
  const right = Math.max(0, ...sides.map(above));
  const drawn = report.uncertainty;
  const used = COMPONENTS.filter((c) =>
    ordered.some((one) => one.npv_usd !== null && partsOf(one).some(({ component }) => component === c)),
  );
  return html`${table(
    'Strategies, cheapest first, and what their cost is made of',
    [
      { head: 'Strategy, cheapest first' },
      { head: 'Net present cost', numeric: true },
      { head: `Against ${report.baseline}`, numeric: true },
      ...(drawn === undefined ? [] : [{ head: 'Cheapest in', numeric: true }]),
    ],
    ordered.map((one) => [
      html`<span class="name">${one.id}</span>${mark(report, one)}${bar(one, left, right)}`,
      money(one.npv_usd),
      one.id === report.baseline ? html`<small>baseline</small>` : moneyDifference(againstBaseline(report, one)),
      ...(drawn === undefined ? [] : [chance(report, one.id)]),
    ]),
  )}${
    used.length > 0 &&
    html`<p class="legend">${used.map(
      (component) =>
        html`<span><svg width="10" height="10" aria-hidden="true"><rect width="10" height="10" fill="${COMPONENT_COLOURS[component]}"/></svg>${COMPONENT_WORDS[component]}</span> `,
    )}</p>
`
  }<p class="more">${
    used.length > 0
      ? html`Bars: total over ${horizonWords(report)}, undiscounted. <a href="#strategies">Totals and cash</a>`
      : html`No bars: no total is known. <a href="#strategies">What is known of each</a>`
  }</p>`;
}

const above = (amounts: readonly number[]): number => amounts.reduce((sum, usd) => sum + Math.max(0, usd), 0);
const below = (amounts: readonly number[]): number => amounts.reduce((sum, usd) => sum + Math.min(0, usd), 0);

function chance({ uncertainty: found }: Report, id: string): HtmlValue {
  const drawn = found?.strategies.find((s) => s.id === id);
  return found === undefined || drawn === undefined ? '–' : knownShare(drawn.cheapest_fraction, found.draws);
}

const mark = ({ recommendation }: Report, one: ReportStrategy): Html =>
  html`${one.id === recommendation.strategy && html` <span class="tag yes">recommended</span>`}${
    one.excluded !== undefined && html` <span class="tag no">excluded</span>`
  }${one.comes_to !== undefined && html` <span class="tag">comes to ${one.comes_to}</span>`}${
    one.unranked !== undefined && html` <span class="tag">${one.unranked}</span>`
  }`;

/** Costs to the right of zero, what counts against them to the left. */
function bar(one: ReportStrategy, left: number, right: number): Html | false {
  const parts = partsOf(one);
  if (one.npv_usd === null || parts.length === 0 || left + right === 0) return false;
  const scale = WIDTH / (left + right);
  let minus = left;
  let plus = left;
  const rects = parts.map(({ component, usd }) => {
    if (usd < 0) minus += usd;
    const from = usd < 0 ? minus : plus;
    if (usd > 0) plus += usd;
    const width = Math.max(LEAST, Math.abs(usd) * scale);
    return html`<rect x="${(from * scale).toFixed(1)}" width="${width.toFixed(1)}" height="10" fill="${COMPONENT_COLOURS[component]}"><title>${words({ component, usd })}</title></rect>`;
  });
  return html`<svg class="bar" viewBox="0 0 ${WIDTH} 10" preserveAspectRatio="none" role="img" aria-label="${one.id}: ${parts.map(words).join(', ')}">${rects}${
    left > 0 &&
    raw(`<line class="zero" x1="${(left * scale).toFixed(1)}" x2="${(left * scale).toFixed(1)}" y1="0" y2="10"/>`)
  }</svg>`;
}

const words = ({ component, usd }: Part): string => `${COMPONENT_WORDS[component]} ${roughUsd(usd)}`;
