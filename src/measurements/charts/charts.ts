/** All charts that measurements allow, in reading order. What can't be drawn (no rounds, no baseline) is left out. */
import type { ChartSpec } from '../../report/charts/chart.ts';
import { plainText } from '../../report/escape.ts';
import type { Comparison } from '../compare.ts';
import { differencesChart } from './differences.ts';
import { latencyChart } from './latency.ts';
import { overTimeChart } from './over-time.ts';

/** @param isSimulated is said in every chart's own title, since charts travel alone */
export function charts(comparison: Comparison, isSimulated: boolean): ChartSpec[] {
  const found = withVisibleNames(comparison);
  const specs = [
    differencesChart(found),
    latencyChart(found, 'first_token_ms'),
    latencyChart(found, 'total_ms'),
    overTimeChart(found),
  ].filter((spec) => spec !== null);
  return isSimulated ? specs.map(simulated) : specs;
}

const simulated = (spec: ChartSpec): ChartSpec => ({
  ...spec,
  title: { ...spec.title, text: `SIMULATED: ${spec.title.text}` },
  description: `Simulated by a stand-in. ${spec.description}`,
});

/** Names get into Vega's expressions, whose texts take no line separators and other invisible characters. */
function withVisibleNames(found: Comparison): Comparison {
  const named = <T extends { readonly target: string }>(one: T): T => ({ ...one, target: plainText(one.target) });
  const targets = found.targets.map((one) => ({ ...one, id: plainText(one.id) }));
  return {
    ...found,
    targets,
    baseline: targets.find(({ is_baseline }) => is_baseline),
    latencies: found.latencies.map(named),
    differences: found.differences.map(named),
  };
}
