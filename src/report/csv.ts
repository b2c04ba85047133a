/**
 * line-items.csv: one row per line item and month, RFC 4180.
 *
 * Months outside an item's window and the empty months of a one-time item are left out; the sum of `amount_usd` is the
 * economic total of a strategy, unless usage is unpriced. A text that a spreadsheet would run as a formula gets an apostrophe.
 */
import { addMonths } from '../units.ts';
import type { Report, ReportLineItem } from './contract.ts';

const HEADER = ['strategy', 'component', 'label', 'timing', 'month', 'calendar_month', 'amount_usd', 'cash', 'formula'];

/** A text cell: neutralised where it would be a formula, quoted where RFC 4180 asks for it. */
export function csvCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const applies = (item: ReportLineItem, month: number): boolean =>
  item.timing === 'monthly' && month >= item.months.from && month < item.months.until;

export function lineItemsCsv(report: Report): string {
  const rows = [HEADER.join(',')];
  for (const strategy of report.strategies)
    for (const item of strategy.line_items)
      for (const [month, amount] of item.amounts_usd.entries()) {
        if (amount === 0 && !applies(item, month)) continue;
        rows.push(
          [
            csvCell(strategy.id),
            item.component,
            csvCell(item.label),
            item.timing,
            month,
            addMonths(report.start, month),
            amount,
            item.cash,
            csvCell(item.formula),
          ].join(','),
        );
      }
  return `${rows.join('\r\n')}\r\n`;
}
