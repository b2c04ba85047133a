/** Every crossing of every pair along every driver that was searched, or "never". */
import type { Report, ReportBreakEven } from '../contract.ts';
import { type Html, html } from '../escape.ts';
import { plural } from '../format.ts';
import { crossingValues, driverValue, driverWords, isCentral } from '../words.ts';
import { folded, section, table } from './table.ts';

/** Pairs of the recommended strategy stand open, all others one click away. */
export function breakEvenSection(report: Report): Html {
  const first = report.break_even.filter((entry) => isCentral(report, entry));
  const others = report.break_even.filter((entry) => !isCentral(report, entry));
  return section(
    'break-even',
    'Break-even points',
    html`<p>A break-even point is the value of one driver, all others held, at which two strategies cost the same. There can be none or several.</p>
`,
    report.break_even.length === 0 && html`<p class="note">No break-even could be searched.</p>`,
    first.length > 0 && pairs(report, 'Break-even points', first),
    others.length > 0 &&
      folded(
        `Between the other strategies: ${plural(others.length, 'row')}`,
        pairs(report, 'Other break-even points', others),
      ),
  );
}

const pairs = (report: Report, label: string, entries: readonly ReportBreakEven[]): Html =>
  table(
    label,
    [
      { head: 'Between' },
      { head: 'Driver' },
      { head: 'Here' },
      { head: 'They cost the same at' },
      { head: 'In words' },
    ],
    entries.map((entry) => [
      html`${entry.a} and ${entry.b}`,
      driverWords(entry),
      driverValue(report.start, entry.driver, entry.unit, entry.at),
      html`${crossingValues(report, entry).map((words) => html`<div>${words}</div>`)}${
        !entry.complete && html`<small>The search stopped at its limit; there may be more.</small>`
      }`,
      entry.verdict,
    ]),
  );
