/** Every crossing of every pair along every driver that was searched, or "never". */
import type { Report, ReportBreakEven } from '../contract.ts';
import { type Html, html } from '../escape.ts';
import { plural } from '../format.ts';
import { crossingsWords, driverValue, driverWords } from '../words.ts';
import { folded, section, table } from './table.ts';

/** Pairs of the baseline and of the recommended strategy stand open, all others one click away. */
export function breakEvenSection(report: Report): Html {
  const central = [report.baseline, report.recommendation.strategy];
  const isCentral = ({ a, b }: ReportBreakEven): boolean => central.includes(a) || central.includes(b);
  const first = report.break_even.filter(isCentral);
  const others = report.break_even.filter((entry) => !isCentral(entry));
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
      { head: 'They cost the same at' },
      { head: 'Here' },
      { head: 'In words' },
    ],
    entries.map((entry) => [
      html`${entry.a} and ${entry.b}`,
      driverWords(entry),
      html`${crossingsWords(report, entry).map((words) => html`<div>${words}</div>`)}${
        !entry.complete && html`<small>The search stopped at its limit; there may be more.</small>`
      }`,
      driverValue(report.start, entry.driver, entry.unit, entry.at),
      entry.verdict,
    ]),
  );
