/** Colours and dashes by target, the same in all charts, and how a target is named in them. */
import { shortName } from '../../report/charts/chart.ts';
import { INK, strategyColour, strategyDash } from '../../report/charts/palette.ts';
import type { Comparison } from '../compare.ts';

export function targetScales({ targets }: Comparison) {
  const domain = targets.map(({ id }) => id);
  return {
    color: { domain, range: domain.map((_, i) => strategyColour(i)) },
    dash: { domain, range: domain.map((_, i) => strategyDash(i)) },
  };
}

export const nameOf = ({ baseline }: Comparison, id: string): string =>
  id === baseline?.id ? `${shortName(id)} (baseline)` : shortName(id);

/** An axis that names targets in the given order. */
export const targetAxis = (found: Comparison, order: readonly string[]) => ({
  field: 'target',
  type: 'nominal',
  scale: { domain: order },
  axis: {
    title: null,
    labelExpr: `${JSON.stringify(Object.fromEntries(order.map((id) => [id, nameOf(found, id)])))}[datum.value]`,
    labelFontSize: 13,
    labelColor: INK,
    labelPadding: 10,
    domain: false,
    ticks: false,
  },
});
