/** All charts that a report can draw, in reading order. What can't be drawn (no sweep, no priced baseline, no draws) is left out. */
import type { Report } from '../contract.ts';
import type { ChartSpec } from './chart.ts';
import { composition } from './composition.ts';
import { costAgainstVolume } from './cost-against-volume.ts';
import { costDistribution } from './cost-distribution.ts';
import { cumulativeCost } from './cumulative-cost.ts';
import { differenceBand } from './difference-band.ts';
import { driverMapChart } from './driver-map.ts';
import { ranking } from './ranking.ts';
import { tornadoChart } from './tornado.ts';

export const charts = (report: Report): ChartSpec[] =>
  [
    cumulativeCost(report),
    differenceBand(report),
    costDistribution(report),
    tornadoChart(report),
    bestMapChart(report),
    ranking(report),
    composition(report),
    costAgainstVolume(report),
  ].filter((s) => s !== null);

const bestMapChart = (report: Report): ChartSpec | null =>
  report.best_map === undefined
    ? null
    : driverMapChart(
        report.best_map,
        report.strategies.map(({ id }) => id),
      );
