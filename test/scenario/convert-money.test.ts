import { describe, expect, it } from 'vitest';
import { readPriceBook } from '../../src/io/read-price-book.ts';
import { questionOf } from './question.ts';

const book = await readPriceBook();
const question = (own: object) => questionOf(own, book);

describe('an amount in EUR or CNY', () => {
  it('becomes dollars at the dated rate, and that is told', () => {
    const { scenario, converted } = question({ engineering: { loaded_rate: '90 EUR/hour' } });
    expect(scenario.engineering.loaded_rate?.central).toBeCloseTo(100, 12);
    expect(scenario.engineering.loaded_rate?.source).toMatch(/90 EUR\/work_hour at 0.9 EUR\/USD of 2026-11-01/);
    expect(converted).toMatchObject([
      { code: 'CURRENCY_CONVERTED', severity: 'info', path: 'engineering.loaded_rate' },
    ]);
  });

  it('keeps its range', () => {
    const { scenario } = question({ value: { per_request: { value: '7.1 to 14.2 CNY', source: 'a survey' } } });
    expect(scenario.value.per_request?.spec).toEqual({ is: 'lognormal', p5: 1, p95: 2 });
    expect(scenario.value.per_request?.source).toMatch(/^a survey; /);
  });

  it('is converted in a gateway of the scenario too', () => {
    const { gateways } = question({
      gateways: { own: { kind: 'managed', fees: { per_request: '0.009 EUR/request' } } },
    });
    expect(gateways.get('own')?.fees.per_request?.central).toBeCloseTo(0.01, 12);
  });

  it('is converted before formulas read it', () => {
    const { scenario, converted } = question({
      inputs: { a: '90 EUR/hour', b: { value: 9, unit: 'EUR/request' }, c: { formula: 'b * 2', unit: 'USD/request' } },
    });
    expect(scenario.inputs.a).toMatchObject({ unit: 'USD/hour' });
    expect(scenario.inputs.a!.central).toBeCloseTo(100, 12);
    expect(scenario.inputs.c!.central).toBeCloseTo(20, 12);
    expect(converted?.map(({ path }) => path)).toEqual(['inputs.a', 'inputs.b']);
  });

  it('is an error where no money is expected', () => {
    expect(() => question({ discount_rate: '3 EUR' })).toThrow(/"3 EUR" is in EUR/);
  });
});
