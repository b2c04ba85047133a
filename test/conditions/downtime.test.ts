import { describe, expect, it } from 'vitest';
import { downtimeCdf, normalCdf, overlap, unseenFraction } from '../../src/conditions/downtime.ts';
import { erlangB, erlangC, meanWaitMs, servedWithin } from '../../src/conditions/erlang.ts';
import { timeAverage } from '../../src/conditions/outage-chain.ts';
import { plainRenewal, sampleOutages } from '../../src/conditions/outage-renewal.ts';
import { buildTimeline } from '../../src/conditions/outage-timeline.ts';
import { substream } from '../../src/random.ts';
import { MS_PER_HOUR } from '../../src/units.ts';
import { many, sampled } from './sample-statistics.ts';

describe('hours lost', () => {
  it('have the distribution of a compound Poisson process', () => {
    // Reference values recomputed with scipy: rate 3, exponential sizes of mean 100.
    expect(downtimeCdf(3, 100, 0)).toBeCloseTo(0.049787068367863944, 14);
    expect(downtimeCdf(3, 100, 300)).toBeCloseTo(0.5833287163199085, 12);
    expect(downtimeCdf(3, 100, 700)).toBeCloseTo(0.9277761354400846, 12);
    expect(downtimeCdf(3, 100, 772.8855690595865)).toBeCloseTo(0.95, 10);
    expect(downtimeCdf(3, 100, 1070.6375704583165)).toBeCloseTo(0.99, 10);
    expect(downtimeCdf(3, 100, -1)).toBe(0);
    expect(downtimeCdf(0, 100, 5)).toBe(1);
    expect(downtimeCdf(400, 1, 400)).toBeCloseTo(0.507, 2);
  });

  it('have it in samples too', () => {
    const random = substream(1, 'compound');
    const totals = many(20_000, () => {
      let total = 0;
      for (let t = random.exponential(); t < 3; t += random.exponential()) total += 100 * random.exponential();
      return total;
    });
    expect(sampled(totals).off(300)).toBeLessThan(3);
    expect(sampled(totals.map((x) => (x - 300) ** 2)).off(60_000)).toBeLessThan(3);
    for (const x of [300, 700])
      expect(sampled(totals.map((t) => (t <= x ? 1 : 0))).off(downtimeCdf(3, 100, x))).toBeLessThan(3);
  });

  it('of two components at once are as many and as long as two independent ones have', () => {
    const u = 4 / 1004;
    const both = overlap(8766, u, 4, u, 4);
    expect(both.times).toBeCloseTo(0.06957032428056698, 12);
    expect(both.mean_hours).toBe(2);
    expect(both.down_fraction * 8766).toBeCloseTo(both.times * both.mean_hours, 14);
    const shape = { mean_hours_per_incident: 4, duration_sigma: 1, gap_cv: 1 };
    const span = { from_ms: 0, until_ms: 8766 * MS_PER_HOUR };
    const expected = overlap(8766, 0.05, 4, 0.08, 4);
    const shares = many(300, (seed) => {
      const outages = [0.05, 0.08].flatMap((down, c) =>
        sampleOutages(plainRenewal(down, shape), 'ab'[c]!, span, substream(seed, `overlap ${c}`)),
      );
      const timeline = buildTimeline(['a', 'b'], outages);
      return timeAverage(timeline, span, (f) => f[0]! * f[1]!);
    });
    expect(sampled(shares).off(expected.down_fraction)).toBeLessThan(3);
  });
});

describe('detection', () => {
  it('misses the beginning of each outage', () => {
    expect(unseenFraction(4.59, 1.376, 0)).toBe(0);
    expect(unseenFraction(4.59, 1.376, 30 / 3600)).toBeCloseTo(0.0018, 4);
    const random = substream(3, 'durations');
    const delay = 0.5;
    const draws = many(40_000, () => 4.59 * Math.exp(-(1.376 ** 2) / 2 + 1.376 * random.normal()));
    const unseen = sampled(draws.map((hours) => Math.min(hours, delay) / 4.59));
    expect(unseen.off(unseenFraction(4.59, 1.376, delay))).toBeLessThan(3);
    expect(unseenFraction(4.59, 1.376, 1e6)).toBeCloseTo(1, 6);
  });

  it('rests on the normal distribution', () => {
    expect(normalCdf(0)).toBe(0.5);
    expect(normalCdf(1.6448536269514722)).toBeCloseTo(0.95, 13);
    expect(normalCdf(-1.6448536269514722)).toBeCloseTo(0.05, 13);
  });
});

describe('queueing', () => {
  it.each([
    // Call Centre Helper's example and its neighbours; recomputed with scipy.
    [10, 11, 20, 180, 0.16323233324443398, 0.6821182046893323, 0.38961381172915344, 122.78127684407981],
    [10, 12, 20, 180, 0.11973918844482516, 0.4493882242982711, 0.6401580403740064, 40.4449401868444],
    [10, 13, 20, 180, 0.0843388626723665, 0.28527045303649307, 0.795594788417783, 17.116227182189583],
    [10, 14, 20, 180, 0.056819143386520866, 0.17413193359504991, 0.8883500191794669, 7.835937011777246],
    // Westbay's example.
    [48, 55, 15, 240, 0.038374280687835945, 0.2387009363780092, 0.8458830921705803, 8.184032104388887],
  ])('of %d erlang at %d places', (load, places, wait_s, service_s, blocked, waits, within, mean_s) => {
    expect(erlangB(load, places)).toBeCloseTo(blocked, 13);
    expect(erlangC(load, places)).toBeCloseTo(waits, 13);
    expect(servedWithin(load, places, service_s * 1000, wait_s * 1000)).toBeCloseTo(within, 13);
    expect(meanWaitMs(load, places, service_s * 1000) / 1000).toBeCloseTo(mean_s, 10);
  });

  it('turns away as published and waits for ever where the load reaches the places', () => {
    expect(erlangB(5, 10)).toBeCloseTo(0.01838457033664814, 14);
    expect(erlangB(2, 3)).toBeCloseTo(4 / 19, 14);
    expect(erlangC(5, 5)).toBe(1);
    expect(servedWithin(5, 5, 1, 1)).toBe(0);
    expect(meanWaitMs(6, 5, 1)).toBe(Number.POSITIVE_INFINITY);
    // One place: M/M/1 at 80 %, 1 s of service, waits 4 s.
    expect(meanWaitMs(0.8, 1, 1000)).toBeCloseTo(4000, 9);
  });

  it('simulated, is as long as the formula says', () => {
    const [load, places] = [4, 6];
    const runs = many(60, (seed) => {
      const random = substream(seed, 'queue');
      const freeAt = new Float64Array(places);
      let [now, waited] = [0, 0];
      const requests = 5000;
      for (let i = 0; i < requests + 500; i++) {
        now += random.exponential() / load;
        let server = 0;
        for (let s = 1; s < places; s++) if (freeAt[s]! < freeAt[server]!) server = s;
        const start = Math.max(now, freeAt[server]!);
        if (i >= 500) waited += start - now;
        freeAt[server] = start + random.exponential();
      }
      return waited / requests;
    });
    expect(sampled(runs).off(meanWaitMs(load, places, 1))).toBeLessThan(3);
  });
});
