/**
 * The live bars: what each strategy's total is made of. Parts that cost stand right of zero, credits and gains left. Takes
 * sums by component, gives an SVG; the legend names only what occurs.
 */
/// <reference lib="dom" />
import { COMPONENT_COLOURS, GRID, INK } from '../report/charts/palette.ts';
import type { Component } from '../report/contract.ts';
import { roughUsd } from '../report/known-digits.ts';
import { COMPONENT_WORDS } from '../report/words.ts';
import type { OutcomeAlternative } from '../whatif/what-if.ts';
import { fitted, frame, label, shortUsd, widthOf } from './chart-frame.ts';
import { drawn } from './element.ts';

const BAR = 18;
const ROW = 44;
const LEGEND_ROW = 20;
const PARTS = Object.keys(COMPONENT_WORDS) as Component[];

export function compositionChart(alternatives: readonly OutcomeAlternative[], width: number): SVGSVGElement {
  const used = PARTS.filter((part) => alternatives.some((one) => Math.abs(one.by_component[part] ?? 0) > 0));
  const legend = legendOf(used, width);
  const height = legend.height + alternatives.length * ROW + 8;
  const sides = alternatives.map((one) => ({ cost: sideOf(one, 1), gain: sideOf(one, -1) }));
  const most = Math.max(1e-9, ...sides.map(({ cost }) => cost));
  const gain = Math.max(0, ...sides.map(({ gain: value }) => value));
  const room = width - 90;
  const pixels = (value: number): number => (room * value) / (most + gain);
  const zero = pixels(gain);
  const chart = frame('live-composition', { width, height }, 'What the cost is made of, live', told());
  for (const { part, x, y } of legend.places)
    chart.append(
      drawn('rect', { x, y: y - 6, width: 12, height: 12, fill: COMPONENT_COLOURS[part] }),
      label(x + 18, y, COMPONENT_WORDS[part], { fill: INK }),
    );
  alternatives.forEach((one, i) => {
    const y = legend.height + i * ROW;
    chart.append(
      drawn(
        'text',
        { x: 0, y: y + 10, fill: INK, 'font-weight': 600 },
        drawn('title', {}, one.id),
        fitted(one.id, width - 8),
      ),
    );
    let [left, right] = [zero, zero];
    for (const part of used) {
      const value = one.by_component[part] ?? 0;
      const length = pixels(Math.abs(value));
      if (length === 0) continue;
      const x = value > 0 ? right : left - length;
      if (value > 0) right += length;
      else left -= length;
      chart.append(
        drawn(
          'rect',
          { x: x.toFixed(1), y: y + 18, width: length.toFixed(1), height: BAR, fill: COMPONENT_COLOURS[part] },
          drawn('title', {}, `${COMPONENT_WORDS[part]}: ${roughUsd(value)}`),
        ),
      );
    }
    const total = Object.values(one.by_component).reduce((all, value) => all + value, 0);
    chart.append(
      label(right + 8, y + 18 + BAR / 2, one.npv_usd === null ? 'unpriced' : shortUsd(total), { fill: INK }),
    );
  });
  chart.append(
    drawn('line', { x1: zero, x2: zero, y1: legend.height + 14, y2: height - 6, stroke: gain > 0 ? INK : GRID }),
  );
  return chart;

  function told(): string {
    return alternatives
      .map(
        (one) =>
          `${one.id}: ${used.map((part) => `${COMPONENT_WORDS[part]} ${roughUsd(one.by_component[part] ?? 0)}`).join(', ')}.`,
      )
      .join(' ');
  }
}

const sideOf = ({ by_component }: OutcomeAlternative, sign: 1 | -1): number =>
  Object.values(by_component).reduce((all, value) => all + Math.max(0, sign * value), 0);

/** Entries in rows, as many in a row as fit. */
function legendOf(used: readonly Component[], width: number) {
  let [x, y] = [0, 10];
  const places = used.map((part) => {
    const length = 18 + widthOf(COMPONENT_WORDS[part]) + 14;
    if (x > 0 && x + length > width) [x, y] = [0, y + LEGEND_ROW];
    const place = { part, x, y };
    x += length;
    return place;
  });
  return { places, height: y + LEGEND_ROW };
}
