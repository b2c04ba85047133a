import { describe, expect, it } from 'vitest';
import { bothDown, leastHelpfulGateway } from '../../src/conditions/availability.ts';
import {
  ACCESS_FAILING_FORMULA,
  accessFailing,
  attemptFailing,
  meanFailing,
  splitCommonCause,
  timeAverage,
} from '../../src/conditions/outage-chain.ts';
import { plainRenewal, sampleOutages } from '../../src/conditions/outage-renewal.ts';
import { buildTimeline } from '../../src/conditions/outage-timeline.ts';
import { substream } from '../../src/random.ts';
import { MS_PER_HOUR } from '../../src/units.ts';
import { evaluateWithMathjs } from '../mathjs-reference.ts';
import { many, sampled } from './sample-statistics.ts';

const NAMES = ['common', 'gateway', 'first', 'second'];
const shape = { mean_hours_per_incident: 4, duration_sigma: 1.3, gap_cv: 1.2 };
const span = { from_ms: 0, until_ms: 2 * 8760 * MS_PER_HOUR };

/** Sampled worlds of independent components that are down these shares of the time. */
const worlds = (count: number, down: readonly number[], of: (failing: Float64Array) => number): number[] =>
  many(count, (seed) => {
    const outages = down.flatMap((share, c) =>
      sampleOutages(plainRenewal(share, shape), NAMES[c]!, span, substream(seed, `outages of ${NAMES[c]}`)),
    );
    return timeAverage(buildTimeline(NAMES, outages), span, of);
  });
const access = (f: Float64Array): number => accessFailing(f[0]!, f[1]!, f[2]!, f[3]!);

describe('failures of several components', () => {
  it('come to the availability of two sellers behind a gateway, with and without a common cause', () => {
    expect(1 - accessFailing(0, 0, 0.0029, 0.0037)).toBeCloseTo(0.99998927, 12);
    expect(1 - accessFailing(0, 0.001, 0.0029, 0.0037)).toBeCloseTo(0.99898928073, 12);
    const own = splitCommonCause(0.0029, 0.0037, 0.1);
    const with_beta = 1 - accessFailing(own.common, 0.001, own.seller, own.fallback);
    expect(with_beta).toBeCloseTo(0.9987016099093, 12);
    // The sum of both causes counts the moments twice in which both strike.
    const sum = 0.999 * (1 - bothDown(0.0029, 0.0037, 0.1));
    expect(sum).toBeCloseTo(0.9987016073913, 12);
    expect(with_beta - sum).toBeCloseTo(0.999 * own.common * own.seller * own.fallback, 15);
    expect(attemptFailing(0, 0.001, 0.0029, 0)).toBeCloseTo(1 - 0.999 * 0.9971, 14);
    expect(attemptFailing(0.1, 0.2, 0.3, 0.4)).toBeCloseTo(1 - 0.9 * 0.8 * 0.7 * 0.6, 14);
  });

  it('are the same in the formula text', () => {
    const inputs = { common_down: 0.1, gateway_down: 0.2, seller_down: 0.3, fallback_down: 0.4 };
    expect(evaluateWithMathjs(ACCESS_FAILING_FORMULA, inputs)).toBeCloseTo(accessFailing(0.1, 0.2, 0.3, 0.4), 15);
  });

  it.each([
    ['two sellers', [0, 0, 0.05, 0.08]],
    ['two sellers behind a gateway', [0, 0.01, 0.05, 0.08]],
    ['with a common cause', [0.005, 0.01, 0.045, 0.072]],
    ['at the availability of real sellers', [0.00029, 0.001, 0.0029 * 0.9, 0.0037 * 0.9]],
  ])('sampled, %s fail as the formula says', (_name, down) => {
    const failing = sampled(worlds(300, down, access));
    const expected = accessFailing(down[0]!, down[1]!, down[2]!, down[3]!);
    expect(failing.off(expected), `${failing.mean} against ${expected}`).toBeLessThan(3);
    expect(failing.standardError / expected, 'the test can tell').toBeLessThan(0.1);
  });

  it('show a gateway that helps exactly above its least availability', () => {
    const [u1, u2] = [0.05, 0.08];
    const least = leastHelpfulGateway(u1, u2);
    expect(least).toBeCloseTo((1 - u1) / (1 - u1 * u2), 15);
    const gain = (gateway: number) =>
      sampled(worlds(200, [0, gateway, u1, u2], (f) => attemptFailing(0, 0, f[2]!, 0) - access(f)));
    const at = gain(1 - least);
    expect(Math.abs(at.mean)).toBeLessThan(3 * at.standardError);
    const better = gain(1 - least - 0.02);
    expect(better.mean).toBeGreaterThan(3 * better.standardError);
    const worse = gain(1 - least + 0.02);
    expect(worse.mean).toBeLessThan(-3 * worse.standardError);
  });

  it('are averaged over time exactly', () => {
    const timeline = buildTimeline(
      ['a', 'b'],
      [
        { component: 'a', from_ms: -5, until_ms: 4, failing_fraction: 1, severity: 'full' },
        { component: 'b', from_ms: 2, until_ms: 7, failing_fraction: 0.3, severity: 'partial' },
        { component: 'a', from_ms: 9, until_ms: 99, failing_fraction: 0.5, severity: 'partial' },
      ],
    );
    const ten = { from_ms: 0, until_ms: 10 };
    expect(meanFailing(timeline, 0, ten)).toBeCloseTo((4 + 0.5) / 10, 15);
    expect(meanFailing(timeline, 1, ten)).toBeCloseTo((0.3 * 5) / 10, 15);
    expect(timeAverage(timeline, ten, (f) => f[0]! * f[1]!)).toBeCloseTo((2 * 0.3) / 10, 15);
    expect(timeAverage(timeline, ten, () => 1)).toBe(1);
  });
});
