/** A drawn chart with what to read from it; nothing where it was not drawn. */

import type { SmokeChartId } from '../../report/charts/chart.ts';
import { type Html, html, raw } from '../../report/escape.ts';
import type { DrawnChart } from '../../report/html/figures.ts';

export function chartFigure(drawn: readonly DrawnChart[], id: SmokeChartId, caption: string): Html | false {
  const chart = drawn.find((one) => one.id === id);
  return (
    chart !== undefined &&
    html`<figure><div class="chart scroll" role="region" aria-label="Chart: ${chart.title}" tabindex="0">${raw(chart.svg)}</div>
<figcaption>${caption}</figcaption></figure>
`
  );
}
