/** All charts that a report can draw, in reading order. What can't be drawn (no sweep, no priced baseline) is left out. */
import type { Report } from '../contract.ts';
import type { ChartSpec } from './chart.ts';
import { composition } from './composition.ts';
import { costAgainstVolume } from './cost-against-volume.ts';
import { cumulativeCost } from './cumulative-cost.ts';
import { ranking } from './ranking.ts';

export const charts = (report: Report): ChartSpec[] =>
  [cumulativeCost(report), ranking(report), composition(report), costAgainstVolume(report)].filter((s) => s !== null);
