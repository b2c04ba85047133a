/** Every crossing of every pair along every driver that was searched, or "never". */
import type { Report } from '../contract.ts';
import { type Html, html } from '../escape.ts';
import { crossingsWords, DRIVER_WORDS, driverValue } from '../words.ts';
import { section, table } from './table.ts';

export const breakEvenSection = (report: Report): Html =>
  section(
    'break-even',
    'Break-even points',
    html`<p>A break-even point is the value of one driver, all others held, at which two strategies cost the same. There can be none or several.</p>
`,
    report.break_even.length === 0
      ? html`<p class="note">No break-even could be searched.</p>`
      : table(
          'Break-even points',
          [
            { head: 'Between' },
            { head: 'Driver' },
            { head: 'They cost the same at' },
            { head: 'Here' },
            { head: 'In words' },
          ],
          report.break_even.map((entry) => [
            html`${entry.a} and ${entry.b}`,
            DRIVER_WORDS[entry.driver],
            html`${crossingsWords(report, entry).map((words) => html`<div>${words}</div>`)}${
              !entry.complete && html`<small>The search stopped at its limit; there may be more.</small>`
            }`,
            driverValue(report, entry.driver, entry.unit, entry.at),
            entry.verdict,
          ]),
        ),
  );
