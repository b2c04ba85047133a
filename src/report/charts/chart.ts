/** What all charts share: the form of a spec, its type and look, and how names fit into it. Draws nothing itself. */
import type { Report, ReportStrategy } from '../contract.ts';
import { plainText } from '../escape.ts';
import { GRID, INK, MUTED, strategyColour, strategyDash } from './palette.ts';
import { linesOf, shortened } from './text-width.ts';

export const CHART_IDS = [
  'cumulative-cost',
  'difference-band',
  'cost-distribution',
  'tornado',
  'driver-map',
  'ranking',
  'composition',
  'cost-against-volume',
] as const;
export type ChartId = (typeof CHART_IDS)[number];
/** A chart of `tollgate sweep`, which is no part of a report; its map is. */
export type SweepChartId = 'driver-line';
/** Charts of `tollgate smoke`. */
export const SMOKE_CHART_IDS = ['differences', 'first-token', 'total-time', 'over-time'] as const;
export type SmokeChartId = (typeof SMOKE_CHART_IDS)[number];
/** Boundaries of claims, by place in the ledger. */
export type ClaimChartId = `claim-${number}`;
export type AnyChartId = ChartId | SweepChartId | SmokeChartId | ClaimChartId;

/** A Vega-Lite spec: plain JSON. `usermeta` is ours; Vega-Lite carries it along unread. */
export interface ChartSpec {
  readonly $schema: string;
  readonly usermeta: { readonly id: AnyChartId };
  readonly title: { readonly text: string; readonly subtitle: readonly string[] };
  readonly description: string;
  readonly [property: string]: unknown;
}

/** Axis labels `20k`, `1.5B`, `0.5`: never `500m`, which is half of one to some and millions to others. */
export const amountLabels = (prefix: '' | '$'): string =>
  `abs(datum.value) < 1000 ? format(datum.value, '${prefix}~r') : replace(format(datum.value, '${prefix}~s'), 'G', 'B')`;
export const DOLLARS = amountLabels('$');

export const WIDTH = 660;
/** DejaVu Sans is what texts are measured in; Verdana, of nearly the same widths, is where it is missing. */
const FONT = "'DejaVu Sans', Verdana, sans-serif";
export const TITLE_SIZE = 16;
const [SUBTITLE_SIZE, SUBTITLE_WIDTH] = [12, 820];

const CONFIG = {
  aria: false,
  font: FONT,
  view: { stroke: null },
  title: {
    anchor: 'start',
    frame: 'group',
    color: INK,
    fontSize: TITLE_SIZE,
    fontWeight: 'bold',
    subtitleColor: MUTED,
    subtitleFontSize: SUBTITLE_SIZE,
    subtitleLineHeight: 17,
    subtitlePadding: 6,
    offset: 18,
  },
  axis: {
    labelColor: MUTED,
    labelFontSize: 12,
    labelLimit: 0,
    labelPadding: 6,
    labelFlush: false,
    titleColor: MUTED,
    titleFontSize: 12,
    titleFontWeight: 'normal',
    titlePadding: 12,
    gridColor: GRID,
    domainColor: GRID,
    tickColor: GRID,
  },
  legend: {
    labelColor: INK,
    labelFontSize: 12,
    labelLimit: 0,
    titleColor: MUTED,
    titleFontSize: 12,
    titleFontWeight: 'normal',
    symbolType: 'square',
    symbolSize: 140,
  },
  text: { color: INK, fontSize: 12, font: FONT },
};

export const chartSpec = (
  id: AnyChartId,
  text: string,
  subtitle: readonly string[],
  description: string,
  body: Readonly<Record<string, unknown>>,
): ChartSpec => ({
  $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
  usermeta: { id },
  title: { text, subtitle: subtitle.flatMap((line) => linesOf(line, SUBTITLE_WIDTH, SUBTITLE_SIZE)) },
  description,
  background: '#ffffff',
  padding: 16,
  config: CONFIG,
  ...body,
});

const [NAME_WIDTH, NAME_SIZE] = [200, 12];

/** A name that fits into a label; invisible characters made visible. */
export const shortName = (name: string): string => shortened(plainText(name), NAME_WIDTH, NAME_SIZE);

/** What the constraints rule out is drawn and says so; so are parts, where parts are drawn. */
export const strategyLabel = ({ id, excluded, unranked }: ReportStrategy): string =>
  excluded !== undefined
    ? `${shortName(id)} (excluded)`
    : unranked !== undefined
      ? `${shortName(id)} (not ranked)`
      : shortName(id);

/** Colours and dashes by id, for all strategies of the report, so that all charts agree. */
export const strategyScales = (report: Report) => {
  const domain = report.strategies.map(({ id }) => id);
  return {
    color: { domain, range: domain.map((_, i) => strategyColour(i)) },
    dash: { domain, range: domain.map((_, i) => strategyDash(i)) },
  };
};

/** One sentence on what could not be drawn, for the description. */
export function notDrawn(missing: readonly string[]): string {
  return missing.length === 0 ? '' : ` Not drawn, since unpriced: ${missing.map(shortName).join(', ')}.`;
}
