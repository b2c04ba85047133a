import { describe, expect, it } from 'vitest';
import { readPriceBook } from '../../src/io/read-price-book.ts';
import { readScenario } from '../../src/io/read-scenario.ts';
import { rangeOf } from '../../src/whatif/driver-range.ts';

const FILE = 'scenarios/starters/rag-long-context.yaml';
const book = await readPriceBook();
const takes = (path: string, value: string): Promise<boolean> =>
  readScenario(FILE, [`${path}=${value}`], book).then(
    () => true,
    () => false,
  );

describe('where the field of a driver ends', () => {
  it.each([
    ['gateways.openrouter.fees.token_markup', 0, '', 1],
    ['strategies.openrouter.top_up', 100, ' USD', -1],
  ])('%s: what it can hold a scenario can, and no more', async (path, central, unit, beyond) => {
    const { lowest, highest } = rangeOf(path, { is: 'point', value: central }, central, false);
    expect(lowest).toBeLessThan(highest);
    for (const end of [lowest, highest]) expect(await takes(path, `${end}${unit}`)).toBe(true);
    const outside = beyond > 0 ? highest + 0.01 : lowest / 2;
    expect(await takes(path, `${outside}${unit}`)).toBe(false);
  });
});
