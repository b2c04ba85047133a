/**
 * report.json: the report as the contract orders it, so that the same report is the same bytes and a change is a short diff.
 *
 * Objects are indented, one property a line; lists of numbers or texts and small flat objects stand on one line. Numbers
 * are not rounded. What breaks the contract (NaN among it) is a bug and throws.
 */
import { COMPONENTS, type Report, reportContract } from './contract.ts';

const LINE = 120;

/** The contract's parse puts properties into its own order; components by name follow the contract's list. */
export function renderJson(report: Report): string {
  const ordered = reportContract.parse(report);
  for (const strategy of ordered.strategies)
    strategy.by_component = Object.fromEntries(
      COMPONENTS.flatMap((c) => (strategy.by_component[c] === undefined ? [] : [[c, strategy.by_component[c]]])),
    );
  return laidOut(ordered);
}

/** Plain values as report.json lays them out. */
export const laidOut = (value: unknown): string => `${written(value, '')}\n`;

const isFlat = (value: unknown): boolean => value === null || typeof value !== 'object';

function written(value: unknown, indent: string): string {
  if (isFlat(value)) return JSON.stringify(value);
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    if (value.every(isFlat)) return `[${value.map((v) => JSON.stringify(v)).join(', ')}]`;
    return `[\n${value.map((v) => inner + written(v, inner)).join(',\n')}\n${indent}]`;
  }
  const entries = Object.entries(value as object).filter(([, v]) => v !== undefined);
  if (entries.every(([, v]) => isFlat(v))) {
    const line = `{ ${entries.map(([k, v]) => `${JSON.stringify(k)}: ${JSON.stringify(v)}`).join(', ')} }`;
    if (line.length <= LINE) return entries.length === 0 ? '{}' : line;
  }
  return `{\n${entries.map(([k, v]) => `${inner}${JSON.stringify(k)}: ${written(v, inner)}`).join(',\n')}\n${indent}}`;
}
