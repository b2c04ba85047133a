/** All charts that measurements allow, in reading order. What can't be drawn (no rounds, no baseline) is left out. */
import type { ChartSpec } from '../../report/charts/chart.ts';
import type { Comparison } from '../compare.ts';
import { differencesChart } from './differences.ts';
import { latencyChart } from './latency.ts';
import { overTimeChart } from './over-time.ts';

/** @param isSimulated is said in every chart's own title, since charts travel alone */
export const charts = (found: Comparison, isSimulated: boolean): ChartSpec[] =>
  [
    differencesChart(found),
    latencyChart(found, 'first_token_ms'),
    latencyChart(found, 'total_ms'),
    overTimeChart(found),
  ]
    .filter((spec) => spec !== null)
    .map((spec) =>
      isSimulated
        ? {
            ...spec,
            title: { ...spec.title, text: `SIMULATED: ${spec.title.text}` },
            description: `Simulated by a stand-in. ${spec.description}`,
          }
        : spec,
    );
