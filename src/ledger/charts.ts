/** Which claims of a ledger have a chart of their boundary, and that chart: a strip along one input, a map over two. */
import type { ChartSpec } from '../report/charts/chart.ts';
import { claimMapChart } from '../report/charts/claim-map.ts';
import { claimStripChart } from '../report/charts/claim-strip.ts';
import type { Ledger, LedgerClaim } from './contract.ts';
import { inputHead } from './words.ts';

/** By place in `claims`. */
export function claimCharts({ claims }: Ledger): Map<number, ChartSpec> {
  return new Map(
    claims.flatMap((claim, place): [number, ChartSpec][] => {
      const [x, y] = claim.over;
      if (x === undefined || claim.boundary.length === 0) return [];
      const about = { id: `claim-${place}` as const, title: titleOf(claim), description: claim.words };
      const across = { ...x, name: inputHead(x.path) };
      if (y === undefined) return [[place, claimStripChart(about, across, claim.stretches)]];
      return [[place, claimMapChart(about, across, { ...y, name: inputHead(y.path) }, claim.rows)]];
    }),
  );
}

const titleOf = ({ of, id }: LedgerClaim): string => `Where ${of ?? id} holds`;

/** Coordinates to a hundredth of a pixel: half the markup, the same picture. */
export const lighterSvg = (svg: string): string =>
  svg.replace(/ d="[^"]*"/g, (path) =>
    path.replace(/\d+\.\d{3,}/g, (digits) => String(Number(Number(digits).toFixed(2)))),
  );
