/**
 * How sure each strategy's running cost against the baseline is: a panel per strategy with the median, the band that holds
 * 90 % of the draws, and the zero line; on that line, from which month to which the break-even lies.
 *
 * Takes the report; null without draws or without a strategy besides the baseline. The pair of the recommendation comes
 * first. Panels rather than overlapping bands, which could not be told apart. All have one scale, so that they compare,
 * unless one strategy's spread would flatten another's: then each has its own and the subtitle says so. The median of each
 * month is not one draw's course.
 */
import { breakEvensWithBaseline } from '../break-even-words.ts';
import type { Report } from '../contract.ts';
import { roughDifference } from '../known-digits.ts';
import type { Uncertainty } from '../uncertainty-contract.ts';
import { differencesFromBaseline } from '../uncertainty-words.ts';
import { type ChartSpec, chartSpec, shortName, WIDTH } from './chart.ts';
import { breakEvenLines, differencePanel, isMarked } from './difference-panel.ts';
import { linearScale } from './scale.ts';

type Difference = Uncertainty['differences'][number];

const [HEIGHT, SMALL_HEIGHT, SMALL_WIDTH] = [300, 190, 270];
const FLATTENED = 8;
const HEADROOM = 10;

export function differenceBand(report: Report): ChartSpec | null {
  const { strategy: chosen, versus } = report.recommendation;
  const isFirst = ({ strategy }: Difference): boolean => strategy === chosen || strategy === versus;
  const differences = differencesFromBaseline(report)
    .filter(({ by_month }) => by_month.p50.length > 0)
    .sort((a, b) => Number(isFirst(b)) - Number(isFirst(a)));
  if (differences.length === 0) return null;
  const isAlone = differences.length === 1;
  const height = isAlone ? HEIGHT : SMALL_HEIGHT;
  const ends = ({ by_month: { p5, p50, p95 } }: Difference): number[] => [...p5, ...p50, ...p95];
  const spans = differences.map((one) => Math.max(0, ...ends(one)) - Math.min(0, ...ends(one)));
  const isShared = Math.max(...spans) <= FLATTENED * Math.min(...spans);
  const shared = linearScale(differences.flatMap(ends), height, HEADROOM);
  const baseline = shortName(report.baseline);
  const lines = differences.map(({ strategy }) => breakEvenLines(report, strategy));
  const most = Math.max(...lines.map(({ length }) => length));
  const hasMarks = breakEvensWithBaseline(report).some(({ first_crossing }) => isMarked(first_crossing));
  const panels = differences.map((one, i) => ({
    ...(isAlone ? {} : { title: panelTitle(one, lines[i]!, most) }),
    ...differencePanel(report, one, {
      width: isAlone ? WIDTH : SMALL_WIDTH,
      height,
      scale: isShared ? shared : linearScale(ends(one), height, HEADROOM),
    }),
  }));
  return chartSpec(
    'difference-band',
    isAlone
      ? `How sure the difference between ${shortName(differences[0]!.strategy)} and ${baseline} is`
      : `How sure the difference to ${baseline} is`,
    [
      `Cost so far less that of ${baseline}, undiscounted, USD. Below the zero line the strategy has cost less.`,
      `Line: median of the draws. Band: 90% of them.${
        hasMarks ? ' Thick bar and ring on the zero line: when it breaks even, 90% and median.' : ''
      }`,
      ...(isShared || isAlone ? [] : ['Each panel has its own scale.']),
      ...(isAlone ? [`${lines[0]!.join(', ')}.`] : []),
    ],
    `Line chart with a band, one panel per strategy. At the end: ${differences
      .map(
        ({ strategy, by_month: { p5, p50, p95 } }, i) =>
          `${shortName(strategy)} median ${roughDifference(p50.at(-1)!)}, 90% of draws ${roughDifference(p5.at(-1)!)} to ${roughDifference(p95.at(-1)!)}; ${lines[i]!.join(', ')}`,
      )
      .join('. ')}.`,
    isAlone ? panels[0]! : { concat: panels, columns: 2, spacing: { column: 44, row: 36 } },
  );
}

/** As many lines above every panel, so that they stand level. */
const panelTitle = ({ strategy }: Difference, lines: readonly string[], most: number) => ({
  text: shortName(strategy),
  subtitle: [...lines, ...Array.from({ length: most - lines.length }, () => ' ')],
  fontSize: 13,
  subtitleFontSize: 11,
  subtitleLineHeight: 15,
  subtitlePadding: 4,
  offset: 8,
});
