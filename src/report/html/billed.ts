/** What the log says was billed beside what the price book says, model by model, and the days that differ most. */
import type { Report } from '../contract.ts';
import { type Html, html } from '../escape.ts';
import { number } from '../format.ts';
import { BILLED_WORDS, relativeDifference, unbilledWords } from '../words.ts';
import { money, moneyDifference } from './amounts.ts';
import { folded, section, table } from './table.ts';

export function billedSection({ traffic: { billed } }: Report): Html | false {
  if (billed === undefined) return false;
  const amounts = [
    { head: 'Billed', numeric: true },
    { head: 'At list prices', numeric: true },
    { head: 'Difference', numeric: true },
    { head: 'In percent', numeric: true },
  ];
  return section(
    'billed',
    'Billed against computed',
    html`<p>${BILLED_WORDS[billed.basis]}${billed.unbilled_models.length > 0 && html` ${unbilledWords(billed)}`}</p>
`,
    table(
      'Billed against computed',
      [{ head: 'Model' }, { head: 'Requests', numeric: true }, ...amounts, { head: 'What would explain it' }],
      billed.models.map((m) => [
        m.model,
        m.requests === null ? 'not counted' : number(m.requests),
        money(m.billed_usd),
        money(m.computed_usd),
        moneyDifference(m.difference_usd),
        relativeDifference(m.billed_usd, m.computed_usd),
        m.explanation ?? '',
      ]),
    ),
    billed.gap_days.length > 0 &&
      folded(
        'Days that differ most',
        table(
          'Days that differ most',
          [{ head: 'Model' }, { head: 'Day' }, ...amounts],
          billed.gap_days.map((d) => [
            d.model,
            d.date,
            money(d.billed_usd),
            money(d.computed_usd),
            moneyDifference(d.difference_usd),
            relativeDifference(d.billed_usd, d.computed_usd),
          ]),
        ),
      ),
    billed.gap_rows.length > 0 &&
      folded(
        'Rows that differ most',
        table(
          'Rows that differ most',
          [{ head: 'Row' }, { head: 'Model' }, ...amounts],
          billed.gap_rows.map((row) => [
            `${row.file}:${row.line}`,
            row.model,
            money(row.billed_usd),
            money(row.computed_usd),
            moneyDifference(row.billed_usd - row.computed_usd),
            relativeDifference(row.billed_usd, row.computed_usd),
          ]),
        ),
      ),
  );
}
