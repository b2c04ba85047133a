/**
 * The live outcome: the recommendation in the report's own words, what it costs now and in the report, the table of
 * strategies and two charts. Takes what was recomputed and draws it; it recomputes nothing.
 */
/// <reference lib="dom" />
import { answerSentence } from '../report/answer.ts';
import type { LiveReport } from '../report/html/what-if.ts';
import { roughDifference, roughUsd } from '../report/known-digits.ts';
import { reasonsOf } from '../report/recommendation-words.ts';
import type { Outcome } from '../whatif/what-if.ts';
import { compositionChart } from './chart-composition.ts';
import { cumulativeChart } from './chart-cumulative.ts';
import { element, say } from './element.ts';
import { differenceLines } from './live-chart-lines.ts';
import { difference, figureOf, outcomeTable } from './outcome-table.ts';

/** Of the charts' boxes, as in what-if-style. */
const PADDING = 8;

export interface OutcomeView {
  readonly node: HTMLElement;
  show(outcome: Outcome, changed: number): void;
}

/** The report's sentence for another outcome of the same question. */
export function sentenceOf({ what_if, unpriced, horizon_months }: LiveReport, { recommendation }: Outcome): string {
  return answerSentence({
    recommendation: {
      strategy: recommendation?.strategy ?? null,
      saving_usd: recommendation?.saving_usd ?? null,
      versus: recommendation?.versus ?? null,
    },
    baseline: what_if.baseline,
    unpriced,
    horizon_months,
  });
}

export function outcomeView(live: LiveReport, reported: Outcome): OutcomeView {
  const { what_if } = live;
  const sentence = element('p', {
    class: 'what',
    role: 'status',
    'aria-live': 'polite',
    'data-figure': 'recommendation',
  });
  const beside = element('p', { class: 'beside' });
  const why = element('ul', { class: 'why', 'data-figure': 'why', 'aria-label': 'Why' });
  const table = element('div', { class: 'scroll', role: 'region', tabindex: 0, 'aria-label': 'Strategies, live' });
  const lines = element('div', { class: 'live-chart' });
  const bars = element('div', { class: 'live-chart' });
  const node = element(
    'div',
    { class: 'outcome' },
    element('div', { class: 'lead' }, sentence, beside),
    why,
    table,
    element('h3', {}, `Cost so far against ${what_if.baseline}`),
    element(
      'p',
      { class: 'hint' },
      `Below zero a strategy has cost less so far than ${what_if.baseline}. Dots: the same.`,
    ),
    lines,
    element('h3', {}, 'What the cost is made of'),
    element('p', { class: 'hint' }, `Undiscounted sums over ${live.horizon_months} months.`),
    bars,
  );
  let latest: Outcome | undefined;
  let width = 640;
  const draw = (): void => {
    if (latest === undefined) return;
    const series = differenceLines(latest, what_if.baseline);
    lines.replaceChildren(
      series.length < 2
        ? element('p', { class: 'note' }, 'No chart: it needs the totals of the baseline and of another strategy.')
        : cumulativeChart({ lines: series, baseline: what_if.baseline, start: what_if.start, width }),
    );
    bars.replaceChildren(compositionChart(latest.alternatives, width));
  };
  // Measured when the box changes and never within a step: asking for it then would lay out the whole page.
  new ResizeObserver(() => {
    const there = Math.max(300, Math.min(760, Math.floor(lines.clientWidth) - 2 * PADDING));
    if (there === width) return;
    width = there;
    draw();
  }).observe(lines);
  return {
    node,
    show(outcome, changed) {
      latest = outcome;
      say(sentence, sentenceOf(live, outcome));
      sentence.dataset.strategy = outcome.recommendation?.strategy ?? '';
      beside.replaceChildren(...against(outcome, reported, changed));
      why.replaceChildren(...reasons(live, outcome).map((reason) => element('li', {}, reason)));
      table.replaceChildren(outcomeTable({ outcome, reported, baseline: what_if.baseline }));
      draw();
    },
  };
}

/** As the report words them. */
const reasons = ({ what_if: { materiality } }: LiveReport, { alternatives, recommendation }: Outcome): string[] =>
  recommendation === undefined ? [] : reasonsOf(recommendation, alternatives, materiality);

/** What the recommended one costs, and how far that is from what the report says of it and of its own choice. */
function against(outcome: Outcome, reported: Outcome, changed: number): (HTMLElement | string)[] {
  const chosen = costOf(outcome, outcome.recommendation?.strategy);
  const before = costOf(reported, reported.recommendation?.strategy);
  if (chosen === null) return [];
  const total = ['It costs ', figureOf(chosen, 'chosen-npv', roughUsd), ' (net present cost, value lost included)'];
  if (changed === 0) return [...total, ': the report’s own figure. Nothing is changed yet.'];
  const same = outcome.recommendation?.strategy === reported.recommendation?.strategy;
  return [
    ...total,
    ', ',
    figureOf(difference(chosen, before), 'chosen-change', roughDifference),
    same
      ? ' to the report’s own figure. The recommendation is the report’s.'
      : ` to what the report’s choice, ${reported.recommendation?.strategy ?? 'none'}, costs there.`,
  ];
}

const costOf = ({ alternatives }: Outcome, id: string | undefined): number | null =>
  alternatives.find((one) => one.id === id)?.npv_usd ?? null;
