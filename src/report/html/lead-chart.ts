/**
 * The one chart of the first screen: what the recommended strategy has cost so far less what the baseline has, month by month,
 * with the band that holds 90 % of the draws and the month of break-even.
 *
 * Drawn here rather than by Vega, since it takes the page's colours in light and dark and comes in two sizes, for a desk and
 * for a phone, without shrinking its letters. The full charts follow further down. Takes the report, gives markup, or false
 * where there is no pair to compare.
 */
import { centralBreakEven } from '../break-even-words.ts';
import { shortName } from '../charts/chart.ts';
import { strategyColour, strategyDash } from '../charts/palette.ts';
import { linearScale, type Scale } from '../charts/scale.ts';
import { cumulativeDifferences } from '../charts/series.ts';
import { roomFor, textWidth } from '../charts/text-width.ts';
import type { Report } from '../contract.ts';
import { type Html, html, raw } from '../escape.ts';
import { calendarMonth } from '../format.ts';
import { roughDifference } from '../known-digits.ts';
import { differencesFromBaseline } from '../uncertainty-words.ts';

export interface LeadSeries {
  readonly strategy: string;
  readonly position: number;
  /** At the end of month 0, 1, …: the middle, and what 90 % of the draws lie between. */
  readonly middle: readonly number[];
  readonly band: { readonly low: readonly number[]; readonly high: readonly number[] } | null;
  /** Months whose end is the first with a lower cost so far: the middle, and 90 % of the draws; null: never. */
  readonly crossing: { readonly at: number; readonly from: number; readonly until: number | null } | null;
}

interface Size {
  readonly width: number;
  readonly height: number;
  readonly right: number;
  readonly className: string;
}

const WIDE: Size = { width: 680, height: 330, right: 138, className: 'wide' };
const NARROW: Size = { width: 340, height: 270, right: 32, className: 'narrow' };
const [TOP, BOTTOM] = [16, 44];
const [LEAST_LEFT, TICK_GAP, FONT_SIZE] = [54, 8, 12.5];
const HEADROOM = 22;
const LINE = 16;

/** The strategy that is held against the baseline: the recommended one, or what comes next where staying is recommended. */
export function leadSeries(report: Report): LeadSeries | null {
  const { recommendation, baseline } = report;
  const id = recommendation.strategy === baseline ? recommendation.versus : recommendation.strategy;
  if (id === null || id === baseline) return null;
  const position = report.strategies.findIndex((s) => s.id === id);
  const drawn = differencesFromBaseline(report).find(({ strategy }) => strategy === id)?.by_month;
  if (drawn !== undefined && drawn.p50.length > 0) {
    const first = centralBreakEven(report)?.first_crossing;
    const at = first?.p50_month ?? null;
    return {
      strategy: id,
      position,
      middle: [0, ...drawn.p50],
      band: { low: [0, ...drawn.p5], high: [0, ...drawn.p95] },
      crossing: at === null || at <= 1 ? null : { at, from: first?.p5_month ?? at, until: first?.p95_month ?? null },
    };
  }
  const series = cumulativeDifferences(report).find(({ strategy }) => strategy.id === id);
  if (series === undefined) return null;
  const found = report.break_even.find(
    ({ driver, a, b }) => driver === 'month' && [a, b].includes(id) && [a, b].includes(baseline),
  );
  const at = found?.crossings.find(({ cheaper_above }) => cheaper_above === id)?.value;
  return {
    strategy: id,
    position,
    middle: series.values,
    band: null,
    crossing: at === undefined ? null : { at, from: at, until: at },
  };
}

export function leadChart(report: Report): Html | false {
  const series = leadSeries(report);
  if (series === null) return false;
  return html`${[WIDE, NARROW].map((size) => drawing(report, series, size))}`;
}

const fixed = (value: number): string => String(Math.round(value * 10) / 10);

function drawing(report: Report, series: LeadSeries, size: Size): Html {
  const { middle, band, crossing, position } = series;
  const plotHeight = size.height - TOP - BOTTOM;
  const months = middle.length - 1;
  const scale = linearScale(
    [...middle, ...(band?.low ?? []), ...(band?.high ?? [])],
    plotHeight,
    crossing === null ? 0 : HEADROOM,
  );
  const left = Math.max(LEAST_LEFT, ...scale.ticks.map((tick) => roomFor(compactUsd(tick), FONT_SIZE) + TICK_GAP + 2));
  const plotWidth = size.width - left - size.right;
  const x = (month: number): number => left + (month / months) * plotWidth;
  const y = (usd: number): number => TOP + scale.pixel(usd);
  const path = (values: readonly number[]): string =>
    values.map((usd, i) => `${fixed(x(i))},${fixed(y(usd))}`).join(' ');
  const colour = strategyColour(position);
  const id = `lead-${size.className}`;
  const end = [
    ...(band === null ? [] : [band.high.at(-1)!]),
    middle.at(-1)!,
    ...(band === null ? [] : [band.low.at(-1)!]),
  ];
  return html`<svg class="lead-chart ${size.className}" viewBox="0 0 ${size.width} ${size.height}" role="img" aria-labelledby="${id}-title ${id}-desc">
<title id="${id}-title">Cost so far of ${series.strategy} less that of ${report.baseline}</title>
<desc id="${id}-desc">Over ${months} months. At the end ${roughDifference(middle.at(-1)!)}${
    band !== null &&
    html`, in 90% of draws between ${roughDifference(band.low.at(-1)!)} and ${roughDifference(band.high.at(-1)!)}`
  }. Below zero ${series.strategy} has cost less.</desc>
${scale.ticks.map(
  (
    tick,
  ) => html`<line class="grid" x1="${fixed(left)}" x2="${fixed(left + plotWidth)}" y1="${fixed(y(tick))}" y2="${fixed(y(tick))}"/><text class="tick" x="${fixed(left - TICK_GAP)}" y="${fixed(y(tick) + 4)}" text-anchor="end">${compactUsd(tick)}</text>
`,
)}${monthTicks(months, plotWidth).map(
  (
    month,
  ) => html`<text class="tick" x="${fixed(x(month))}" y="${fixed(TOP + plotHeight + 18)}" text-anchor="middle">${month}<tspan x="${fixed(x(month))}" dy="15">${calendarMonth(report.start, month)}</tspan></text>
`,
)}${
  band !== null &&
  raw(`<polygon fill="${colour}" fill-opacity=".2" points="${path(band.high)} ${path([...band.low])
    .split(' ')
    .reverse()
    .join(' ')}"/>
`)
}<line class="zero" x1="${fixed(left)}" x2="${fixed(left + plotWidth)}" y1="${fixed(y(0))}" y2="${fixed(y(0))}"/>
${sides(report, scale, left + 6, plotHeight, crossing === null ? 0 : HEADROOM)}${raw(
  `<polyline fill="none" stroke="${colour}" stroke-width="2.5" stroke-dasharray="${strategyDash(position).join(' ')}" points="${path(middle)}"/>\n`,
)}${crossing !== null && breakEvenMark(report, series.strategy, crossing, { x, zero: y(0), months, left, plotWidth, bottom: TOP + plotHeight })}${
  size.right > 100 && endLabels(end, scale, plotHeight, left + plotWidth + 8, size.right - 8)
}</svg>`;
}

/** Which side of zero is which, in the corners where lines seldom are. */
function sides({ baseline }: Report, { pixel }: Scale, x: number, plotHeight: number, headroom: number): Html {
  const zero = pixel(0);
  const name = shortName(baseline);
  return html`${zero > headroom + 2.5 * LINE && html`<text class="side" x="${fixed(x)}" y="${TOP + headroom + 12}">↑ dearer than ${name}</text>`}${
    plotHeight - zero > headroom + 2.5 * LINE &&
    html`<text class="side" x="${fixed(x)}" y="${fixed(TOP + plotHeight - 6)}">↓ cheaper than ${name}</text>`
  }
`;
}

function breakEvenMark(
  { start }: Report,
  strategy: string,
  { at, from, until }: NonNullable<LeadSeries['crossing']>,
  plot: {
    readonly x: (month: number) => number;
    readonly zero: number;
    readonly months: number;
    readonly left: number;
    readonly plotWidth: number;
    readonly bottom: number;
  },
): Html {
  const place = plot.x(at);
  const isLeft = place - plot.left < plot.plotWidth / 2;
  const zero = fixed(plot.zero);
  return html`<line class="mark" x1="${fixed(place)}" x2="${fixed(place)}" y1="${TOP}" y2="${fixed(plot.bottom)}"/>${
    from !== until &&
    html`<line class="span" x1="${fixed(plot.x(from))}" x2="${fixed(plot.x(until ?? plot.months))}" y1="${zero}" y2="${zero}"/>`
  }<circle class="ring" cx="${fixed(place)}" cy="${zero}" r="4.5"/>
<text class="label" x="${fixed(place + (isLeft ? 6 : -6))}" y="${TOP + 10}" text-anchor="${isLeft ? 'start' : 'end'}">${shortName(strategy)} ahead from month ${Math.ceil(at)} (${calendarMonth(start, Math.max(0, Math.ceil(at) - 1))})</text>
`;
}

function endLabels(values: readonly number[], { pixel }: Scale, plotHeight: number, x: number, width: number): Html {
  const names = values.length === 1 ? [''] : ['high end ', 'middle ', 'low end '];
  const inFull = values.map(roughDifference);
  const isStrong = (i: number): boolean => names[i] === 'middle ' || names[i] === '';
  const isWide = inFull.some(
    (amount, i) => textWidth(`${names[i]}${amount}`, FONT_SIZE, isStrong(i) ? 'bold' : 'normal') > width,
  );
  const words = isWide ? values.map((value) => `${value > 0 ? '+' : ''}${compactUsd(value)}`) : inFull;
  const places = spreadFrom(values.map(pixel), plotHeight);
  return html`${words.map(
    (
      amount,
      i,
    ) => html`<text class="${isStrong(i) ? 'label strong' : 'label'}" x="${fixed(x)}" y="${fixed(TOP + places[i]! + 4)}">${names[i]}${amount}</text>
`,
  )}`;
}

/** From the top down, a line apart, within the plot. */
function spreadFrom(wanted: readonly number[], height: number): number[] {
  const placed: number[] = [];
  for (const [i, at] of wanted.entries()) placed.push(i === 0 ? at : Math.max(at, placed[i - 1]! + LINE));
  const excess = Math.max(0, (placed.at(-1) ?? 0) - height);
  return placed.map((at) => at - excess);
}

/** `$20k`, `−$1.5M`. */
export function compactUsd(value: number): string {
  const [divisor, suffix] = (
    [
      [1e9, 'B'],
      [1e6, 'M'],
      [1e3, 'k'],
    ] as const
  ).find(([size]) => Math.abs(value) >= size) ?? [1, ''];
  const magnitude = String(Number((Math.abs(value) / divisor).toPrecision(3)));
  return `${value < 0 ? '\u2212' : ''}$${magnitude}${suffix}`;
}

const LABEL_WIDTH = 84;

function monthTicks(months: number, width: number): number[] {
  const step = [1, 2, 3, 6, 12, 24, 60].find((size) => (months / size) * LABEL_WIDTH <= width) ?? months;
  return Array.from({ length: Math.floor(months / step) + 1 }, (_, i) => i * step);
}
