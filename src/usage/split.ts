/**
 * Cuts a usage table, or a bill, in two at an instant. Rows are kept by the hour and bills by the day, so the instant has to
 * be the start of an hour, or of a day where there is a bill: anything else throws.
 */
import { MS_PER_DAY, MS_PER_HOUR } from '../units.ts';
import type { Bill } from './bill.ts';
import { splitLabels } from './label-tables.ts';
import type { UsageTable } from './table.ts';

/**
 * Before the instant, and from it on. Failed requests and labels are not dated: each part gets its share, by the requests'
 * minutes and by the usage of the same kind. */
export function splitUsage(table: UsageTable, at_ms: number): readonly [UsageTable, UsageTable] {
  if (at_ms % MS_PER_HOUR !== 0) throw new Error(`${at_ms} is not the start of an hour`);
  const isFirst = (ms: number): boolean => ms < at_ms;
  const part = (keeps: (ms: number) => boolean, from_ms: number, until_ms: number): UsageTable => {
    const minutes = [...table.requests_per_minute].filter(([minute]) => keeps(minute * 60_000));
    const rows = table.rows.filter(({ hour }) => keeps(hour * MS_PER_HOUR));
    const arrived = minutes.reduce((total, [, requests]) => total + requests, 0);
    const used = rows.reduce((total, { requests }) => total + requests, 0);
    return {
      ...table,
      rows,
      window: { from_ms, until_ms },
      failed_requests: table.buckets === undefined ? arrived - used : 0,
      requests_per_minute: new Map(minutes),
    };
  };
  const { window } = table;
  if (window === undefined) return [table, table];
  const first = part(isFirst, window.from_ms, Math.min(at_ms, window.until_ms));
  const rest = part((ms) => !isFirst(ms), Math.max(at_ms, window.from_ms), window.until_ms);
  if (table.labels === undefined) return [first, rest];
  const [ofFirst, ofRest] = splitLabels(table.labels, first.rows, table.rows);
  return [
    { ...first, labels: ofFirst },
    { ...rest, labels: ofRest },
  ];
}

/** The part of a bill from an instant on. */
export function billFrom(bill: Bill, at_ms: number): Bill {
  if (at_ms % MS_PER_DAY !== 0) throw new Error(`${at_ms} is not the start of a day`);
  const day = at_ms / MS_PER_DAY;
  return {
    with_cost: splitUsage(bill.with_cost, at_ms)[1],
    without_cost: splitUsage(bill.without_cost, at_ms)[1],
    of_rows: bill.of_rows.filter((one) => one.day >= day),
    of_statements: bill.of_statements.filter((one) => one.day >= day),
  };
}
