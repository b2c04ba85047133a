/**
 * What each strategy's total is made of: one bar per strategy, stacked by component, credits and gains to the left of zero.
 *
 * Undiscounted totals over the horizon, in the order of the report. Components that are zero everywhere are left out; those
 * too small to see are named in words. Where every other is named on a bar there is no legend. Where token charges are most
 * of every total, a second panel shows the rest at its own scale: an axis that did not start at zero would show it too, but
 * would lie about the proportions.
 */
import { COMPONENTS, type Component, type Report, type ReportStrategy } from '../contract.ts';
import { listed } from '../format.ts';
import { roughUsd } from '../known-digits.ts';
import { COMPONENT_WORDS } from '../words.ts';
import { type ChartSpec, chartSpec, DOLLARS, notDrawn, strategyLabel, WIDTH } from './chart.ts';
import { COMPONENT_COLOURS, INK, inkOn } from './palette.ts';
import { namedOn, piecesOf, textsOn } from './stacks.ts';

const ROW = 42;
const MOSTLY_TOKENS = 0.6;
const LEAST_VISIBLE = 3;

export function composition(report: Report): ChartSpec | null {
  const priced = report.strategies.filter((s) => s.total_usd !== null);
  if (priced.length === 0) return null;
  const used = COMPONENTS.filter((c) => priced.some((s) => part(s, c) !== 0));
  const rest = used.filter((c) => c !== 'token_charges');
  const split =
    rest.length > 0 && priced.every((s) => part(s, 'token_charges') > MOSTLY_TOKENS * Math.abs(s.total_usd!));
  const missing = report.strategies.filter((s) => s.total_usd === null).map(({ id }) => id);
  const panels = (split ? [used, rest] : [used]).map((shown) => panelOf(priced, shown));
  const seen = used.filter((c) => panels.some(({ pieces }) => pieces.some((p) => p.component === c && isVisible(p))));
  const named = new Map(panels.map((panel) => [panel, namedOn(panel.pieces)]));
  const isNamed = seen.every((c) => [...named.values()].some((places) => places.has(c)));
  const small = used.filter((c) => !seen.includes(c));
  const draw = (panel: Panel, title: string | null) =>
    drawn(panel, {
      title,
      components: used,
      legend: isNamed ? [] : seen,
      texts: textsOn(panel.pieces, isNamed ? named.get(panel)! : null),
    });
  return chartSpec(
    'composition',
    'What the total is made of',
    [
      'Money spent and value lost to the right, credits and value gained to the left; the number is the sum.',
      ...(small.length === 0
        ? []
        : [`Too small to see: ${listed(small.map((c) => COMPONENT_WORDS[c].toLowerCase()))}.`]),
    ],
    `Stacked bars per strategy. ${priced
      .map(
        (s) =>
          `${strategyLabel(s)} ${roughUsd(s.total_usd!)}: ${used
            .filter((c) => part(s, c) !== 0)
            .map((c) => `${COMPONENT_WORDS[c].toLowerCase()} ${roughUsd(part(s, c))}`)
            .join(', ')}`,
      )
      .join('; ')}.${notDrawn(missing)}`,
    split
      ? {
          vconcat: [draw(panels[0]!, 'All of it'), draw(panels[1]!, 'All but token charges, at its own scale')],
          spacing: 34,
        }
      : draw(panels[0]!, null),
  );
}

const part = (strategy: ReportStrategy, component: Component): number => strategy.by_component[component] ?? 0;
const isVisible = ({ width }: { readonly width: number }): boolean => width >= LEAST_VISIBLE;

type Panel = ReturnType<typeof panelOf>;

/** Where the bars of the `shown` components run, in dollars and in pixels. */
function panelOf(strategies: readonly ReportStrategy[], shown: readonly Component[]) {
  const ends = strategies.map((s) => ({
    strategy: s.id,
    low: shown.reduce((low, c) => low + Math.min(0, part(s, c)), 0),
    end: shown.reduce((end, c) => end + Math.max(0, part(s, c)), 0),
    text: roughUsd(shown.reduce((sum, c) => sum + part(s, c), 0)),
  }));
  const low = Math.min(...ends.map((e) => e.low));
  const high = Math.max(low + 1, ...ends.map(({ end }) => end));
  const pieces = strategies.flatMap((s) =>
    piecesOf(
      s.id,
      shown.map((component) => ({ component, usd: part(s, component) })),
      WIDTH / (high - low),
    ),
  );
  return { names: Object.fromEntries(strategies.map((s) => [s.id, strategyLabel(s)])), ends, pieces, low, high };
}

interface Look {
  readonly title: string | null;
  /** Of all panels: they share one scale of colours. */
  readonly components: readonly Component[];
  /** Components that the legend names; none of them: no legend. */
  readonly legend: readonly Component[];
  readonly texts: ReturnType<typeof textsOn>;
}

function drawn(
  { names, ends, pieces, low, high }: Panel,
  { title, components, legend, texts }: Look,
): Record<string, unknown> {
  const plain = { domain: false, ticks: false };
  const y = {
    field: 'strategy',
    type: 'nominal',
    scale: { domain: Object.keys(names) },
    axis: {
      ...plain,
      title: null,
      labelExpr: `${JSON.stringify(names)}[datum.value]`,
      labelFontSize: 13,
      labelColor: INK,
      labelPadding: 10,
    },
  };
  const x = (field: string) => ({
    field,
    type: 'quantitative',
    scale: { domain: [low, high], nice: false },
    axis: { ...plain, title: 'Over the horizon, undiscounted, USD', labelExpr: DOLLARS, tickCount: 6 },
  });
  const color = {
    field: 'component',
    type: 'nominal',
    scale: {
      domain: components.map((c) => COMPONENT_WORDS[c]),
      range: components.map((c) => COMPONENT_COLOURS[c]),
    },
    legend:
      legend.length === 0
        ? null
        : { title: null, orient: 'bottom', columns: 4, offset: 18, values: legend.map((c) => COMPONENT_WORDS[c]) },
  };
  const textsIn = (ink: string) => ({
    data: { values: texts.filter(({ component }) => inkOn(COMPONENT_COLOURS[component]) === ink) },
    mark: { type: 'text', align: 'center', baseline: 'middle', fontSize: 11, color: ink },
    encoding: { y, x: x('middle_usd'), text: { field: 'text', type: 'nominal' } },
  });
  return {
    ...(title === null ? {} : { title: { text: title, fontSize: 12, offset: 8 } }),
    width: WIDTH,
    height: { step: ROW },
    layer: [
      {
        data: { values: pieces.map((piece) => ({ ...piece, component: COMPONENT_WORDS[piece.component] })) },
        mark: { type: 'bar', height: 24, stroke: '#ffffff', strokeWidth: 0.75 },
        encoding: { y, x: x('from_usd'), x2: { field: 'until_usd' }, color },
      },
      {
        data: { values: [{ usd: 0 }] },
        mark: { type: 'rule', color: INK },
        encoding: { x: x('usd') },
      },
      ...['#000000', '#ffffff'].map(textsIn),
      {
        data: { values: ends },
        mark: { type: 'text', align: 'left', dx: 8, baseline: 'middle' },
        encoding: { y, x: x('end'), text: { field: 'text', type: 'nominal' } },
      },
    ],
  };
}
