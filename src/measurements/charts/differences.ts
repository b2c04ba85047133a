/**
 * Differences against the baseline: a point with its interval for each route, a panel for each quantity, the zero line in
 * each. Where an interval meets the zero line the calls can't tell the route from the baseline.
 *
 * Panels have scales of their own: milliseconds and per cent don't compare. Of very many routes those that differ most are
 * drawn, and the subtitle says so.
 */
import { type ChartSpec, chartSpec, shortName } from '../../report/charts/chart.ts';
import { INK } from '../../report/charts/palette.ts';
import type { Comparison } from '../compare.ts';
import { type Difference, neutralOf, QUANTITIES, type QuantityId } from '../compare-differences.ts';
import { differenceValue, differenceWithin, QUANTITY_WORDS } from '../words.ts';
import { nameOf, targetAxis, targetScales } from './target-scale.ts';

const [WIDTH, ROW] = [440, 34];
const MOST_ROWS = 10;
const UNIT: Record<QuantityId, string> = {
  added_first_token_ms: 'milliseconds added',
  added_total_ms: 'milliseconds added',
  error_fraction: 'share of calls, percentage points',
  billed_tokens_ratio: 'more than the baseline, %',
  markup_fraction: 'more than the price book, %',
  cache_read_fraction: 'share of the prompt, percentage points',
};

const isTime = (quantity: QuantityId): boolean => quantity.endsWith('_ms');
const scaled = (quantity: QuantityId, value: number): number =>
  isTime(quantity) ? value : (value - neutralOf(quantity)) * 100;

export function differencesChart(found: Comparison): ChartSpec | null {
  const { baseline, differences } = found;
  const all = QUANTITIES.map((quantity) => differences.filter((one) => one.quantity === quantity)).filter(
    (own) => own.length > 0,
  );
  const drawn = all.map(furthest);
  if (all.length === 0) return null;
  const against = baseline === undefined ? 'the baseline' : shortName(baseline.id);
  return chartSpec(
    'differences',
    `Differences against ${against}`,
    [
      'Point: what was measured. Line: what the calls leave open, at 95%. Without a line there are too few samples for one.',
      'Where a line meets zero the calls can’t tell the route from the baseline.',
      ...(all.some(({ length }) => length > MOST_ROWS)
        ? [`In each panel the ${MOST_ROWS} routes that differ most; measurements.json has all.`]
        : []),
    ],
    `Point and interval plot. ${drawn
      .map(
        (own) =>
          `${QUANTITY_WORDS[own[0]!.quantity]}: ${own
            .map((one) => `${nameOf(found, one.target)} ${differenceWithin(one)}`)
            .join('; ')}`,
      )
      .join('. ')}.`,
    { vconcat: drawn.map((own) => panel(found, own)), spacing: 22 },
  );
}

/** In the order in which they came. */
function furthest(own: readonly Difference[]): readonly Difference[] {
  const distance = ({ quantity, value }: Difference): number => Math.abs(value - neutralOf(quantity));
  const kept = new Set([...own].sort((a, b) => distance(b) - distance(a)).slice(0, MOST_ROWS));
  return own.filter((one) => kept.has(one));
}

function panel(found: Comparison, own: readonly Difference[]): Record<string, unknown> {
  const { quantity } = own[0]!;
  const rows = own.map((one) => {
    const { target, value, interval } = one;
    const at = scaled(quantity, value);
    return {
      target,
      value: at,
      low: interval === null ? at : scaled(quantity, interval.low),
      high: interval === null ? at : scaled(quantity, interval.high),
      text: interval === null ? differenceValue(one) : differenceWithin(one),
    };
  });
  const [least, most] = [Math.min(0, ...rows.map(({ low }) => low)), Math.max(0, ...rows.map(({ high }) => high))];
  const air = most === least ? 1 : (most - least) * 0.05;
  const x = (field: string, title: string | null) => ({
    field,
    type: 'quantitative',
    scale: { domain: [least - air, most + air], nice: false, zero: false },
    axis: { title, tickCount: 5, domain: false, ticks: false },
  });
  const y = targetAxis(
    found,
    own.map(({ target }) => target),
  );
  const color = { field: 'target', type: 'nominal', scale: targetScales(found).color, legend: null };
  const title = UNIT[quantity];
  return {
    title: { text: QUANTITY_WORDS[quantity], fontSize: 13, offset: 6 },
    width: WIDTH,
    height: { step: ROW },
    data: { values: rows },
    layer: [
      {
        data: { values: [{ zero: 0 }] },
        mark: { type: 'rule', color: INK, strokeWidth: 1.25 },
        encoding: { x: x('zero', title) },
      },
      {
        mark: { type: 'rule', strokeWidth: 3, opacity: 0.55 },
        encoding: { x: x('low', title), x2: { field: 'high' }, y, color },
      },
      { mark: { type: 'point', filled: true, size: 90, opacity: 1 }, encoding: { x: x('value', title), y, color } },
      {
        mark: { type: 'text', align: 'left', dx: 14, baseline: 'middle' },
        encoding: { x: { value: WIDTH }, y, text: { field: 'text', type: 'nominal' } },
      },
    ],
  };
}
