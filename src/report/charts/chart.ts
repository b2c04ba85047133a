/** What all charts share: the form of a spec, its type and look, and how names fit into it. Draws nothing itself. */
import type { Report, ReportStrategy } from '../contract.ts';
import { plainText } from '../escape.ts';
import { GRID, INK, MUTED, strategyColour, strategyDash } from './palette.ts';

export const CHART_IDS = [
  'cumulative-cost',
  'difference-band',
  'cost-distribution',
  'tornado',
  'ranking',
  'composition',
  'cost-against-volume',
] as const;
export type ChartId = (typeof CHART_IDS)[number];
/** Charts of `tollgate sweep`, which are no part of a report. */
export type SweepChartId = 'driver-map' | 'driver-line';
/** Charts of `tollgate smoke`. */
export const SMOKE_CHART_IDS = ['differences', 'first-token', 'total-time', 'over-time'] as const;
export type SmokeChartId = (typeof SMOKE_CHART_IDS)[number];
export type AnyChartId = ChartId | SweepChartId | SmokeChartId;

/** A Vega-Lite spec: plain JSON. `usermeta` is ours; Vega-Lite carries it along unread. */
export interface ChartSpec {
  readonly $schema: string;
  readonly usermeta: { readonly id: AnyChartId };
  readonly title: { readonly text: string; readonly subtitle: readonly string[] };
  readonly description: string;
  readonly [property: string]: unknown;
}

/** Axis labels in dollars, `$20k`; zero without a prefix. */
export const DOLLARS = "datum.value === 0 ? '$0' : format(datum.value, '$~s')";

export const WIDTH = 660;
const FONT = "'DejaVu Sans', sans-serif";

const CONFIG = {
  aria: false,
  font: FONT,
  view: { stroke: null },
  title: {
    anchor: 'start',
    frame: 'group',
    color: INK,
    fontSize: 16,
    fontWeight: 'bold',
    subtitleColor: MUTED,
    subtitleFontSize: 12,
    subtitleLineHeight: 17,
    subtitlePadding: 6,
    offset: 18,
  },
  axis: {
    labelColor: MUTED,
    labelFontSize: 12,
    labelLimit: 0,
    labelPadding: 6,
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
  title: { text, subtitle },
  description,
  background: '#ffffff',
  padding: 16,
  config: CONFIG,
  ...body,
});

const LONGEST_NAME = 26;

/** A name that fits into a label; invisible characters made visible. */
export function shortName(name: string): string {
  const characters = [...plainText(name)];
  return characters.length <= LONGEST_NAME ? characters.join('') : `${characters.slice(0, LONGEST_NAME - 1).join('')}…`;
}

/** What the constraints rule out is drawn and says so. */
export const strategyLabel = (strategy: ReportStrategy): string =>
  strategy.excluded === undefined ? shortName(strategy.id) : `${shortName(strategy.id)} (excluded)`;

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
