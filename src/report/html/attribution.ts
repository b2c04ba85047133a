/**
 * What each model and each feature costs, under the baseline and under the strategy to use, side by side with bars.
 *
 * Takes the report, gives a section, or nothing where the report attributes nothing. Bars of a table share one scale.
 */
import type { AttributedCost } from '../attribution-contract.ts';
import {
  type AttributionRow,
  attributedUsd,
  attributionRows,
  comparedStrategies,
  costUnder,
  DIMENSION_WORDS,
  toldDimensions,
} from '../attribution-words.ts';
import type { Report } from '../contract.ts';
import { type Html, type HtmlValue, html } from '../escape.ts';
import { roughly, UNKNOWN } from '../format.ts';
import { money } from './amounts.ts';
import { folded, list, section, table } from './table.ts';

export const hasAttribution = ({ attribution }: Report): boolean => attribution !== undefined;

export function attributionSection(report: Report): Html | false {
  const { attribution } = report;
  if (attribution === undefined) return false;
  const strategies = comparedStrategies(report);
  return section(
    'by-model',
    'What each model and feature costs',
    html`<p>Tokens with their share of gateway fees, contracts and credits, over the whole horizon, in US dollars. Engineering, infrastructure and value lost are not shared out.</p>
`,
    toldDimensions(attribution).map((dimension) => {
      const rows = attributionRows(dimension);
      const most = Math.max(0, ...rows.flatMap((row) => strategies.map((id) => Math.abs(usdOf(row, id) ?? 0))));
      const title = `${DIMENSION_WORDS[dimension.dimension]}: ${strategies.join(' and ')}`;
      return html`<h3>${DIMENSION_WORDS[dimension.dimension]}</h3>
${table(
  title,
  [
    { head: dimension.dimension === 'model' ? 'Model' : 'Feature' },
    { head: 'Requests', numeric: true },
    ...strategies.flatMap((id) => [
      { head: `${id}: tokens and fees`, numeric: true },
      { head: `${id}: per 1,000 requests`, numeric: true },
    ]),
  ],
  rows.map((row) => [
    row.name,
    row.requests === null ? '–' : roughly(row.requests),
    ...strategies.flatMap((id) => cells(costUnder(row, id), most)),
  ]),
)}`;
    }),
    folded('How costs are attributed', list(attribution.how)),
  );
}

const usdOf = (row: AttributionRow, strategy: string): number | null => {
  const cost = costUnder(row, strategy);
  return cost === undefined ? null : attributedUsd(cost);
};

/** Amount with its bar, and unit cost; a strategy that does not use it has a dash. */
function cells(cost: AttributedCost | undefined, most: number): HtmlValue[] {
  if (cost === undefined) return ['–', '–'];
  const usd = attributedUsd(cost);
  if (usd === null) return [UNKNOWN, '–'];
  return [
    html`${cost.unpriced && 'at least '}${money(usd)}${
      cost.fees_usd !== 0 && html`<small>fees ${money(cost.fees_usd)}</small>`
    }${bar(usd, most)}`,
    cost.usd_per_1000_requests === null ? '–' : money(cost.usd_per_1000_requests),
  ];
}

const WIDTH = 100;
const HEIGHT = 8;

/** Its length is told by the amount beside it. */
const bar = (usd: number, most: number): HtmlValue =>
  usd > 0 &&
  html`<small><svg width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" aria-hidden="true"><rect width="${(
    (usd / most) * WIDTH
  ).toFixed(1)}" height="${HEIGHT}" fill="currentColor" fill-opacity="0.45"/></svg></small>`;
