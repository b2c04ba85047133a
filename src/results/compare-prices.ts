/**
 * Unit prices that two reports charged, and what changed: read off the line items of token charges, so that a price is what
 * was multiplied. A price that changes within the horizon is told at the first month in which the two differ. Sources and
 * dates come from the price book's entries.
 */
import type { Report } from '../report/contract.ts';
import { type Change, changesOf, type Known } from './changes.ts';

export function priceChanges(before: Report, after: Report): Change[] {
  const [earlier, later] = [chargedPrices(before), chargedPrices(after)];
  const at = (prices: Prices, other: Prices): Map<string, Known> =>
    new Map(
      [...prices].map(([name, { values, unit }]) => {
        const month = firstDifference(other.get(name)?.values, values);
        const when = month === 0 ? '' : `, month ${month + 1}`;
        return [`${name}${when}`, { value: values[month]!, unit }];
      }),
    );
  return [...changesOf(at(earlier, later), at(later, earlier)), ...changesOf(sourcesOf(before), sourcesOf(after))];
}

/** First month in which two differ; 0 where they never do or one is missing. */
function firstDifference(a: readonly number[] | undefined, b: readonly number[]): number {
  if (a === undefined) return 0;
  const month = b.findIndex((value, i) => value !== (a[i] ?? a.at(-1)));
  return Math.max(0, month);
}

type Prices = ReadonlyMap<string, ChargedPrice>;

interface ChargedPrice {
  readonly unit: string;
  readonly values: readonly number[];
}

/** Label and unit, with the strategy where it is charged another price than the first that has the line. */
function chargedPrices({ strategies }: Report): Map<string, ChargedPrice> {
  const prices = new Map<string, ChargedPrice>();
  for (const { id, line_items } of strategies)
    for (const { component, label, inputs } of line_items) {
      if (component !== 'token_charges') continue;
      for (const { unit, value, values } of Object.values(inputs)) {
        if (!unit.startsWith('USD/')) continue;
        const price = { unit, values: values ?? (value === undefined ? [] : [value]) };
        const first = prices.get(label);
        if (price.values.length === 0) continue;
        if (first === undefined) prices.set(label, price);
        else if (!isSame(first, price)) prices.set(`${label}, ${id}`, price);
      }
    }
  return prices;
}

const isSame = (a: ChargedPrice, b: ChargedPrice): boolean =>
  a.unit === b.unit &&
  Array.from({ length: Math.max(a.values.length, b.values.length) }).every(
    (_, i) => (a.values[i] ?? a.values.at(-1)) === (b.values[i] ?? b.values.at(-1)),
  );

const sourcesOf = ({ provenance }: Report): Map<string, Known> =>
  new Map(
    provenance.price_book.prices.map(({ model, source, as_of }) => [
      `source of ${model}`,
      { value: `${source}, ${as_of}`, unit: '' },
    ]),
  );
