/** The map of a scenario is what runs with both values set say, and takes the inputs that matter. */
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type Evaluation, evaluate } from '../../src/evaluate.ts';
import { readPriceBook } from '../../src/io/read-price-book.ts';
import { readScenario } from '../../src/io/read-scenario.ts';
import { readTraffic } from '../../src/io/read-traffic.ts';
import { mapDrivers } from '../../src/uncertainty/map-drivers.ts';

const book = await readPriceBook();

async function evaluated(name: string, sets: readonly string[] = [], draws = 0): Promise<Evaluation> {
  const file = fileURLToPath(new URL(`../../scenarios/${name}.yaml`, import.meta.url));
  const question = await readScenario(file, sets, book);
  const traffic = await readTraffic(question.scenario, file, book);
  return evaluate(question, traffic.usage, book, traffic.replays, { draws, map: true });
}

const drawn = await evaluated('mvp-team-of-three', [], 200);
const chatbot = await evaluated('support-chatbot');

describe('the map of the best strategy', () => {
  it('takes inputs that flip the answer by themselves first, the widest of them first', () => {
    const { x, y, chosen_for } = drawn.best_map!;
    const { bars } = drawn.uncertainty!.tornado!.found;
    const flips = bars.filter(({ low, high }) => low.flip !== null || high.flip !== null);
    expect(flips.length).toBeGreaterThan(0);
    expect(chosen_for).toBe('flips');
    expect([x.path, y.path]).toEqual([...new Set([...flips, ...bars])].slice(0, 2).map(({ id }) => id));
  });

  it('takes volume and hourly rate where nothing is drawn, over the ranges of break-even', () => {
    const { x, y, chosen_for } = chatbot.best_map!;
    expect([x.path, y.path, chosen_for]).toEqual([
      'traffic.volume.requests_per_month',
      'engineering.loaded_rate',
      'usual',
    ]);
    expect([x.scale, y.scale]).toEqual(['logarithmic', 'linear']);
    expect(x.values.at(-1)! / x.values[0]!).toBeCloseTo(10_000, 6);
  });

  it('has the scenario itself among its nodes, with the cheapest ranked strategy there', () => {
    for (const { best_map: map, alternatives } of [drawn, chatbot]) {
      const here = map!.best[map!.y.values.indexOf(map!.y.at)]![map!.x.values.indexOf(map!.x.at)];
      const ranked = alternatives.filter(({ id }) => map!.strategies.includes(id));
      expect(here).toBe(ranked.reduce((least, one) => (one.npv_usd < least.npv_usd ? one : least)).id);
    }
  });

  it('says in its corners and on its borders what a run with both values set says', async () => {
    const { x, y, best, boundary } = chatbot.best_map!;
    const at = (a: number, b: number) => evaluated('support-chatbot', [`${x.path}=${a}`, `${y.path}=${b}`]);
    for (const [i, j] of [
      [0, 0],
      [x.values.length - 1, 1],
      [3, y.values.length - 1],
    ] as const) {
      const found = await at(x.values[i]!, y.values[j]!);
      const ranked = found.alternatives.filter(
        ({ excluded, comes_to }) => excluded === undefined && comes_to === undefined,
      );
      expect(best[j]![i]).toBe(ranked.reduce((least, one) => (one.npv_usd < least.npv_usd ? one : least)).id);
    }
    const border = boundary.at(-1)!;
    const { alternatives } = await at(border.x, border.y);
    const [below, above] = [border.below, border.above].map((id) => alternatives.find((one) => one.id === id)!.npv_usd);
    expect(Math.abs(below! / above! - 1)).toBeLessThan(1e-4);
  });

  it('is not made where nobody asks, and needs two inputs', () => {
    expect(mapDrivers({ ...chatbot.prepared.model, inputs: [] }, undefined, Number.POSITIVE_INFINITY)).toBeUndefined();
    const { question, usage, replays } = chatbot;
    expect(evaluate(question, usage, book, replays).best_map).toBeUndefined();
  });
});
