/** Differences against the baseline: chart and table. */
import { type Html, html } from '../../report/escape.ts';
import type { DrawnChart } from '../../report/html/figures.ts';
import { section, table } from '../../report/html/table.ts';
import type { Comparison } from '../compare.ts';
import { sideOf } from '../compare-differences.ts';
import { differenceValue, intervalWords, levelWords, QUANTITY_WORDS } from '../words.ts';
import { chartFigure } from './chart-figure.ts';

const numeric = true;
const MOST_ROWS = 120;

export function differencesSection({ differences, baseline }: Comparison, charts: readonly DrawnChart[]): Html | false {
  if (differences.length === 0) return false;
  const against = baseline?.id ?? 'the baseline';
  return section(
    'differences',
    `Differences against ${against}`,
    html`<p>Times are compared within a round, so that a slow minute counts on both sides. An interval holds the values that the calls do not contradict; where it includes no difference, the table says that they can’t be told apart. A price told is held against the price book, not against ${against}.</p>
`,
    chartFigure(
      charts,
      'differences',
      'Right of the zero line: slower, more errors, more tokens, dearer. More read from cache lies right as well, and is the better.',
    ),
    table(
      'Differences against the baseline',
      [
        { head: 'What' },
        { head: 'Route' },
        { head: 'Difference', numeric },
        { head: '95% interval', numeric },
        { head: 'Route’s own', numeric },
        { head: `That of ${against}`, numeric },
        { head: 'Samples', numeric },
      ],
      differences
        .slice(0, MOST_ROWS)
        .map((one) => [
          html`${QUANTITY_WORDS[one.quantity]}<small>${one.how}</small>`,
          one.target,
          html`${differenceValue(one)}${sideOf(one) === 'open' && html`<small>can’t be told apart</small>`}`,
          intervalWords(one),
          levelWords(one.quantity, one.own),
          levelWords(one.quantity, one.baseline),
          String(one.samples),
        ]),
    ),
    differences.length > MOST_ROWS &&
      html`<p>The first ${MOST_ROWS} of ${differences.length} rows; measurements.json has what they are taken from.</p>
`,
  );
}
