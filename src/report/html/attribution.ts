/**
 * What each model, feature, team, user and agent costs, under the baseline and under the strategy to use, side by side with
 * bars: a table each for what the traffic states.
 *
 * Takes the report, gives a section, or nothing where the report attributes nothing. Bars of a table share one scale.
 */
import type { AttributedCost, ReportAttribution } from '../attribution-contract.ts';
import {
  ATTRIBUTION_LEAD,
  type AttributionRow,
  attributedUsd,
  attributionRows,
  attributionTitle,
  comparedStrategies,
  costUnder,
  DIMENSION_WORDS,
  lacksInWords,
  toldDimensions,
} from '../attribution-words.ts';
import type { Report } from '../contract.ts';
import { type Html, type HtmlValue, html } from '../escape.ts';
import { roughly, share, UNKNOWN } from '../format.ts';
import { money } from './amounts.ts';
import { folded, list, section, table } from './table.ts';

export const hasAttribution = ({ attribution }: Report): boolean => attribution !== undefined;

export function attributionSection(report: Report): Html | false {
  const { attribution } = report;
  if (attribution === undefined) return false;
  const strategies = comparedStrategies(report);
  const lacks = lacksInWords(attribution);
  return section(
    'by-model',
    attributionTitle(attribution),
    html`<p>${ATTRIBUTION_LEAD}</p>
`,
    toldDimensions(attribution).map((dimension) => {
      const rows = attributionRows(dimension);
      const most = Math.max(0, ...rows.flatMap((row) => strategies.map((id) => Math.abs(usdOf(row, id) ?? 0))));
      // Reports of earlier versions do not tell tokens.
      const hasTokens = rows.some(({ tokens }) => tokens != null);
      const title = `${DIMENSION_WORDS[dimension.dimension]}: ${strategies.join(' and ')}`;
      return html`<h3>${DIMENSION_WORDS[dimension.dimension]}</h3>
${table(
  title,
  [
    { head: DIMENSION_HEADS[dimension.dimension] },
    { head: 'Requests', numeric: true },
    ...(hasTokens ? [{ head: 'Tokens', numeric: true }] : []),
    ...strategies.flatMap((id) => [
      { head: `${id}: tokens and fees`, numeric: true },
      { head: `${id}: per 1,000 requests`, numeric: true },
    ]),
  ],
  rows.map((row) => [
    row.name,
    count(row.requests),
    ...(hasTokens ? [count(row.tokens)] : []),
    ...strategies.flatMap((id) => cells(costUnder(row, id), most)),
  ]),
)}`;
    }),
    lacks !== undefined &&
      html`<p>${lacks}</p>
`,
    folded('How costs are attributed', list(attribution.how)),
  );
}

const DIMENSION_HEADS = {
  model: 'Model',
  feature: 'Feature',
  team: 'Team',
  user: 'User',
  agent: 'Agent',
} as const satisfies Record<ReportAttribution['by'][number]['dimension'], string>;

const count = (value: number | null | undefined): string => (value == null ? '–' : roughly(value));

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
      cost.share_fraction != null && html`<small>${roughShare(cost.share_fraction)} of all</small>`
    }${cost.fees_usd !== 0 && html`<small>fees ${money(cost.fees_usd)}</small>`}${bar(usd, most)}`,
    cost.usd_per_1000_requests === null ? '–' : money(cost.usd_per_1000_requests),
  ];
}

/** `12.3%`; what is less than a thousandth is told as that. */
const roughShare = (fraction: number): string =>
  fraction > 0 && fraction < 0.001 ? '<0.1%' : share(Math.round(fraction * 1000) / 1000);

const WIDTH = 100;
const HEIGHT = 8;

/** Its length is told by the amount beside it. */
const bar = (usd: number, most: number): HtmlValue =>
  usd > 0 &&
  html`<small><svg width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" aria-hidden="true"><rect width="${(
    (usd / most) * WIDTH
  ).toFixed(1)}" height="${HEIGHT}" fill="currentColor" fill-opacity="0.45"/></svg></small>`;
