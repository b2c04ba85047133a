/**
 * Dimensions of quantities, as exponents: USD/hour is {USD: 1, hour: -1}. Multiplied, divided, compared and put into words.
 * Rates of growth are dimensions of their own, since 12 %/year is not 1 %/month: nothing converts them by a factor.
 */

export type Dimension =
  | 'USD'
  | 'EUR'
  | 'CNY'
  | 'token'
  | 'request'
  | 'hour'
  | 'work_hour'
  | 'byte'
  | 'kWh'
  | 'fraction/month'
  | 'fraction/year';
export type Dimensions = Partial<Record<Dimension, number>>;

/** What one of a unit is in the base units of its dimensions: a year is 8,760 of hour. */
export interface Measure {
  readonly factor: number;
  readonly dimensions: Dimensions;
}

/** Exponents of a product (times 1) or a quotient (times -1); of a power, combine({}, a, power). */
export function combine(a: Dimensions, b: Dimensions, times: number): Dimensions {
  const out: Dimensions = { ...a };
  for (const [dimension, power] of Object.entries(b) as [Dimension, number][]) {
    const total = (out[dimension] ?? 0) + times * power;
    if (total === 0) delete out[dimension];
    else out[dimension] = total;
  }
  return out;
}

export const sameDimensions = (a: Dimensions, b: Dimensions): boolean => nameOf(a) === nameOf(b);

/** `USD/hour`, `1/month`: dimensions in words, in a fixed order. */
export function nameOf(dimensions: Dimensions): string {
  const powers = (Object.entries(dimensions) as [Dimension, number][]).sort(([a], [b]) => (a < b ? -1 : 1));
  const side = (wanted: (power: number) => boolean): string =>
    powers
      .filter(([, power]) => wanted(power))
      .map(([name, power]) => (Math.abs(power) === 1 ? name : `${name}^${Math.abs(power)}`))
      .join('*');
  const above = side((power) => power > 0);
  const below = side((power) => power < 0);
  if (above === '' && below === '') return 'a plain number';
  return below === '' ? above : `${above === '' ? '1' : above}/${below}`;
}
