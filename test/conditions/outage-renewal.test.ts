import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { meanFailing, timeAverage } from '../../src/conditions/outage-chain.ts';
import {
  cycleHours,
  downFraction,
  expectedFailing,
  freshStartExcessHours,
  inScope,
  plainRenewal,
  renewalOf,
  sampleOutages,
  upVariation,
} from '../../src/conditions/outage-renewal.ts';
import { buildTimeline, type OutageInterval } from '../../src/conditions/outage-timeline.ts';
import { outageHistory } from '../../src/pricing/outage-history.ts';
import { substream } from '../../src/random.ts';
import { HOURS_PER_MONTH, MS_PER_HOUR } from '../../src/units.ts';
import { openai } from './openai-outages.ts';
import { many, sampled } from './sample-statistics.ts';

const history = outageHistory.parse(
  parse(readFileSync(new URL('../../pricing/outages.yaml', import.meta.url), 'utf8')),
);
const month = { from_ms: 0, until_ms: HOURS_PER_MONTH * MS_PER_HOUR };
const hoursOf = (outages: readonly OutageInterval[]): number =>
  outages.reduce((total, { from_ms, until_ms }) => total + (until_ms - from_ms), 0) / MS_PER_HOUR;
const world = (name: string, seed: number, begins?: 'fresh') =>
  sampleOutages(openai, 'openai', month, substream(seed, name), begins);

describe('outages as a renewal process', () => {
  it('have the expectation that the costs are priced with', () => {
    expect(downFraction(openai)).toBeCloseTo(0.035, 10);
    expect(cycleHours(openai)).toBeCloseTo(131.142857, 5);
    expect(upVariation(openai)).toBeCloseTo(1.38593, 5);
    expect(expectedFailing(openai) * HOURS_PER_MONTH).toBeCloseTo(
      0.482 + 3.3034 * 0.3 * 0.5 + 21.7646 * 0.01 * 0.5,
      12,
    );
  });

  it('follow from the history of every seller, and from the pooled record, with what is sampled', () => {
    for (const record of [...history.services, history.pooled]) {
      const renewal = renewalOf(record, history.severity, history.scope_match);
      const { full, partial, degraded } = record.hours_per_month;
      const expected = (full + 0.3 * 0.5 * partial + 0.01 * 0.5 * degraded) / HOURS_PER_MONTH;
      expect(expectedFailing(renewal)).toBeCloseTo(expected, 14);
      // Long spans: the rare full outages make single months too uneven for a standard error.
      const years = { from_ms: 0, until_ms: 60 * month.until_ms };
      const found = sampled(
        many(600, (seed) => {
          const world = sampleOutages(renewal, 's', years, substream(seed, `history ${record.source}`));
          const felt = inScope(world, renewal, 'm', substream(seed, `scope ${record.source}`));
          return meanFailing(buildTimeline(['m'], felt), 0, years);
        }),
      );
      expect(found.off(expected), `${found.mean} against ${expected}`).toBeLessThan(3);
    }
    const openaiApi = history.services.find(({ seller }) => seller === 'openai')!;
    expect(renewalOf(openaiApi, history.severity, history.scope_match)).toEqual(openai);
  });

  it('are down as often as expected, in every class, from the first hour on', () => {
    const worlds = many(20_000, (seed) => world('equilibrium', seed));
    for (const { severity, hours_per_month } of openai.classes) {
      const hours = sampled(worlds.map((outages) => hoursOf(outages.filter((o) => o.severity === severity))));
      expect(hours.off(hours_per_month), `${severity}: ${hours.mean}`).toBeLessThan(3);
    }
    const firstHour = sampled(
      worlds.map((outages) =>
        Math.min(
          1,
          hoursOf(
            outages
              .filter((o) => o.from_ms < MS_PER_HOUR)
              .map((o) => ({ ...o, until_ms: Math.min(o.until_ms, MS_PER_HOUR) })),
          ),
        ),
      ),
    );
    expect(firstHour.off(0.035), `first hour: ${firstHour.mean}`).toBeLessThan(3);
  });

  it('begun just after a repair would be down about 5 % too long, as the closed form says', () => {
    const fresh = sampled(many(20_000, (seed) => hoursOf(world('fresh', seed, 'fresh'))));
    const excess = freshStartExcessHours(openai);
    expect(excess).toBeCloseTo(1.45305, 5);
    expect(excess / 25.55).toBeCloseTo(0.057, 3);
    expect(fresh.off(25.55 + excess), `${fresh.mean}`).toBeLessThan(3);
    expect(fresh.off(25.55), 'the bias is far outside of chance').toBeGreaterThan(5);
  });

  it('stand in order without overlap, within the span', () => {
    for (const seed of [1, 2, 3]) {
      const outages = sampleOutages(
        openai,
        'openai',
        { from_ms: 0, until_ms: 36 * month.until_ms },
        substream(seed, 'x'),
      );
      expect(outages.length).toBeGreaterThan(100);
      outages.forEach((outage, i) => {
        expect(outage.from_ms).toBeGreaterThanOrEqual(i === 0 ? 0 : outages[i - 1]!.until_ms);
        expect(outage.until_ms).toBeLessThanOrEqual(36 * month.until_ms);
      });
    }
  });

  it('vary as said: durations by sigma, starts by the variation of gaps', () => {
    const outages = sampleOutages(openai, 'o', { from_ms: 0, until_ms: 40_000 * month.until_ms }, substream(7, 'long'));
    const logs = sampled(outages.map((o) => Math.log((o.until_ms - o.from_ms) / MS_PER_HOUR)));
    expect(logs.off(Math.log(4.59) - 1.376 ** 2 / 2)).toBeLessThan(3);
    expect(logs.standardError * Math.sqrt(outages.length)).toBeCloseTo(1.376, 1);
    const gaps = sampled(outages.slice(1).map((o, i) => (o.from_ms - outages[i]!.from_ms) / MS_PER_HOUR));
    expect(gaps.off(cycleHours(openai))).toBeLessThan(3);
    const cv = (gaps.standardError * Math.sqrt(outages.length - 1)) / gaps.mean;
    expect(Math.abs(cv - 1.34)).toBeLessThan(0.02);
  });

  it('fail as many requests of one model as expected, once those out of scope are left out', () => {
    const failing = many(20_000, (seed) => {
      const outages = inScope(world('scope', seed), openai, 'openai/m', substream(seed, 'scope of openai/m'));
      const timeline = buildTimeline(['openai/m'], outages);
      return timeAverage(timeline, month, (f) => f[0]!);
    });
    expect(sampled(failing).off(expectedFailing(openai))).toBeLessThan(3);
  });

  it('are the same for a seed and a stream, and none where nothing is expected', () => {
    expect(world('same', 1)).toEqual(world('same', 1));
    expect(world('same', 1)).not.toEqual(world('same', 2));
    expect(sampleOutages(plainRenewal(0, openai), 'x', month, substream(1, 'x'))).toEqual([]);
    expect(() => sampleOutages(plainRenewal(1, openai), 'x', month, substream(1, 'x'))).toThrow('allowed is below 1');
  });
});
