/**
 * Four worlds that can be counted out: two volumes and two hourly rates, each combination evaluated by itself. What draws say
 * is held against the sums over these four.
 */
import { describe, expect, it } from 'vitest';
import { sum } from '../../src/units.ts';
import { direct, type Input, managed, of, run } from '../costs/fixture.ts';
import { sure } from './drawn.ts';

const VOLUME = [
  { value: 100_000, weight: 0.75 },
  { value: 1_000_000, weight: 0.25 },
];
const RATE = [
  { value: 50, weight: 0.5 },
  { value: 150, weight: 0.5 },
];
const IDS = ['direct', 'markup'];
const asked = (requests_per_month: unknown, loaded_rate: unknown): Input => ({
  traffic: { trace: 'none.csv', volume: { requests_per_month, growth: 0 } },
  engineering: { loaded_rate, adapter: { build: 8, upkeep: 0 }, gateway_integration: 0 },
  strategies: [direct, managed('markup')],
});

const worlds = VOLUME.flatMap((volume) =>
  RATE.map((rate) => {
    const found = run(asked(volume.value, rate.value));
    return {
      volume: volume.value,
      rate: rate.value,
      weight: volume.weight * rate.weight,
      costs: IDS.map((id) => of(found, id).npv_usd),
    };
  }),
);
type World = (typeof worlds)[number];
const mean = (of_world: (world: World) => number, among: readonly World[] = worlds): number =>
  sum(among.map((world) => world.weight * of_world(world))) / sum(among.map(({ weight }) => weight));
const least = (among: readonly World[]): number =>
  Math.min(...IDS.map((_, i) => mean(({ costs }) => costs[i]!, among)));
/** What knowing `of_world` before deciding saves: the least of the means within each of its values against the least mean. */
const worthKnowing = (of_world: (world: World) => number): number => {
  const values = [...new Set(worlds.map(of_world))];
  const parts = values.map((value) => worlds.filter((world) => of_world(world) === value));
  return least(worlds) - sum(parts.map((part) => sum(part.map(({ weight }) => weight)) * least(part)));
};

const dist = (points: readonly object[]) => ({ dist: 'discrete', points });
const found = sure(asked(dist(VOLUME), dist(RATE)), { draws: 4000 });

describe('four worlds that can be counted out', () => {
  it('are such that each strategy is the cheapest in some', () => {
    expect(new Set(worlds.map(({ costs }) => costs.indexOf(Math.min(...costs)))).size).toBe(2);
    expect(worlds[2]!.costs[0]).toBeLessThan(worlds[2]!.costs[1]!);
    expect(worlds[3]!.costs[0]).toBeGreaterThan(worlds[3]!.costs[1]!);
  });

  it('give the means of the draws, which are those of the central values where costs are linear', () => {
    found.strategies.forEach(({ id, npv }) => {
      const expected = mean(({ costs }) => costs[IDS.indexOf(id)]!);
      expect(Math.abs(npv.mean / expected - 1)).toBeLessThan(0.01);
    });
    const central = run(asked(dist(VOLUME), dist(RATE)));
    for (const [i, id] of IDS.entries())
      expect(of(central, id).npv_usd).toBeCloseTo(
        mean(({ costs }) => costs[i]!),
        6,
      );
  });

  it('give how often each strategy is the cheapest', () => {
    for (const { id, standing } of found.strategies) {
      const expected = mean(({ costs }) => Number(costs[IDS.indexOf(id)] === Math.min(...costs)));
      expect(Math.abs(standing.sole_fraction - expected)).toBeLessThan(0.025);
    }
  });

  it('give what perfect information is worth', () => {
    const expected = least(worlds) - mean(({ costs }) => Math.min(...costs));
    expect(expected).toBeGreaterThan(1);
    expect(Math.abs(found.perfect_information!.value - expected)).toBeLessThan(0.1 * expected);
  });

  it('give what knowing one of the two is worth, by brute force', () => {
    const by: Record<string, (world: World) => number> = {
      'traffic.volume.requests_per_month': ({ volume }) => volume,
      'engineering.loaded_rate': ({ rate }) => rate,
    };
    expect(found.partial_information).toHaveLength(2);
    for (const { id, value } of found.partial_information) {
      const expected = worthKnowing(by[id]!);
      expect(Math.abs(value - expected), `${id}: ${value} against ${expected}`).toBeLessThan(
        0.1 * Math.max(expected, 10),
      );
    }
  });
});
