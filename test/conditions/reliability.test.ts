import { describe, expect, it } from 'vitest';
import {
  availability,
  availabilityAt,
  BOTH_DOWN_FORMULA,
  bothDown,
  inParallel,
  inSeries,
  leastHelpfulGateway,
} from '../../src/conditions/availability.ts';
import {
  crawfordTotal,
  crawfordUnit,
  WRIGHT_TOTAL_FORMULA,
  wrightAverage,
  wrightTotal,
} from '../../src/conditions/learning-curve.ts';
import {
  amplification,
  answered,
  BILLED_FAILURES_FORMULA,
  billedMultiple,
  expectedAttempts,
} from '../../src/conditions/retries.ts';
import { evaluateWithMathjs } from '../mathjs-reference.ts';

describe('availability', () => {
  it('follows from times between failures and to repair', () => {
    expect(availability(1000, 4)).toBeCloseTo(0.9960159362549801, 14);
    expect(availabilityAt(1000, 4, 2)).toBeCloseTo(0.9984275649826543, 12);
    expect((1 - availability(1000, 4)) * 8766).toBeCloseTo(34.92430278884462, 9);
    expect(8766 / (1000 + 4)).toBeCloseTo(8.731075697211155, 12);
  });

  it('multiplies in series and in parallel', () => {
    expect(inSeries([0.9999, 0.9999, 0.9999])).toBeCloseTo(0.999700029999, 12);
    expect(inParallel([0.999, 0.999])).toBeCloseTo(0.999999, 12);
  });

  it('of a gateway is a component in series with what it fails over to', () => {
    const [u1, u2, gateway] = [1 - 0.9971, 1 - 0.9963, 0.999];
    expect(1 - bothDown(u1, u2)).toBeCloseTo(0.99998927, 10);
    expect(gateway * (1 - bothDown(u1, u2))).toBeCloseTo(0.99898928073, 10);
    expect(1 - bothDown(u1, u2, 0.1)).toBeCloseTo(0.9997013087, 10);
    expect(gateway * (1 - bothDown(u1, u2, 0.1))).toBeCloseTo(0.9987016073913, 10);
    expect(leastHelpfulGateway(u1, u2)).toBeCloseTo(0.9971106989978001, 12);
  });

  it('is the same in the formula that the model runs', () => {
    const inputs = { common_cause: 0.1, seller_down: 0.0029, fallback_down: 0.0037 };
    expect(evaluateWithMathjs(BOTH_DOWN_FORMULA, inputs)).toBeCloseTo(bothDown(0.0029, 0.0037, 0.1), 16);
  });
});

describe('retries', () => {
  it.each([
    [0.1, 3, 1.11, 0.999],
    [0.5, 3, 1.75, 0.875],
    [0.01, 4, 1.010101, 0.99999999],
    [0.2, 5, 1.2496, 0.99968],
  ])('at p = %f and %i attempts take %f attempts and answer %f', (p, n, attempts, success) => {
    expect(expectedAttempts(p, n)).toBeCloseTo(attempts, 12);
    expect(answered(p, n)).toBeCloseTo(success, 12);
  });

  it('bill failed attempts in part', () => {
    expect(billedMultiple(0.1, 3, 0.5)).toBeCloseTo(1.0545, 12);
    const added = evaluateWithMathjs(BILLED_FAILURES_FORMULA, { error_rate: 0.1, attempts: 3, billed_share: 0.5 });
    expect(answered(0.1, 3) + added).toBeCloseTo(1.0545, 12);
  });

  it('multiply over layers', () => {
    expect(amplification(5, 3)).toBe(243);
  });
});

describe('learning curve', () => {
  it.each([
    [1, 100, 100],
    [2, 80, 160],
    [4, 64, 256],
    [8, 51.2, 409.6],
    [16, 40.96, 655.36],
  ])('after Wright: %i units average %f and total %f', (n, average, total) => {
    expect(wrightAverage(100, n, 0.8)).toBeCloseTo(average, 9);
    expect(wrightTotal(100, n, 0.8)).toBeCloseTo(total, 9);
    const inputs = { first_hours: 100, integrations: n, learning_rate: 0.8 };
    expect(evaluateWithMathjs(WRIGHT_TOTAL_FORMULA, inputs)).toBeCloseTo(total, 9);
  });

  it('after Crawford differs by some 30 %', () => {
    expect(crawfordUnit(100, 3, 0.8)).toBeCloseTo(70.21037027785601, 9);
    expect(crawfordTotal(100, 8, 0.8)).toBeCloseTo(534.5913533270312, 9);
  });
});
