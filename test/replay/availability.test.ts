import { describe, expect, test } from 'vitest';
import { bothDown, inSeries } from '../../src/conditions/availability.ts';
import { splitCommonCause } from '../../src/conditions/outage-chain.ts';
import { plainRenewal, sampleOutages } from '../../src/conditions/outage-renewal.ts';
import { substream } from '../../src/random.ts';
import { batchesOf } from '../../src/replay/build-batches.ts';
import { replay } from '../../src/replay/replay.ts';
import type { RoutingInput } from '../../src/routing/routing.ts';
import { FALLBACK, HOUR_MS, MINUTE_MS, plan, request, START_MS } from './setting.ts';

const WORLDS = 300;
const DAYS = 30;
const REQUESTS = DAYS * 48;
const SHAPE = { mean_hours_per_incident: 2, duration_sigma: 1, gap_cv: 1.2 };
const span = { from_ms: START_MS, until_ms: START_MS + DAYS * 24 * HOUR_MS };
const batches = batchesOf(
  Array.from({ length: REQUESTS }, (_, i) => request({ time_ms: START_MS + i * 30 * MINUTE_MS })),
);

/** Share of requests that were served over many worlds, and its standard error. */
function served(routing: RoutingInput, down: Readonly<Record<string, number>>): { mean: number; error: number } {
  const shares = Array.from({ length: WORLDS }, (_, world) => {
    const outages = Object.entries(down).flatMap(([component, share]) =>
      sampleOutages(plainRenewal(share, SHAPE), component, span, substream(world, component)),
    );
    const around = ['gateway', 'both'];
    const found = replay(batches, plan(routing, { outages, components: { first: around, second: around } }), world);
    return found.outcomes.served / REQUESTS;
  });
  const mean = shares.reduce((total, share) => total + share, 0) / WORLDS;
  const variance = shares.reduce((total, share) => total + (share - mean) ** 2, 0) / (WORLDS - 1);
  return { mean, error: Math.sqrt(variance / WORLDS) };
}

describe('sampled outages in a replay come to the availability that is expected', () => {
  const [u1, u2, gateway] = [0.04, 0.03, 0.005];

  test('of a seller alone', () => {
    const { mean, error } = served({ policy: 'first' }, { openai: u1 });
    expect(Math.abs(mean - (1 - u1))).toBeLessThan(3 * error);
    expect(error).toBeLessThan(0.005);
  });

  test('of two sellers with a fallback', () => {
    const { mean, error } = served(FALLBACK, { openai: u1, mistral: u2 });
    expect(Math.abs(mean - (1 - bothDown(u1, u2)))).toBeLessThan(3 * error);
    expect(error).toBeLessThan(0.0005);
  });

  test('of both behind a gateway in series', () => {
    const { mean, error } = served(FALLBACK, { openai: u1, mistral: u2, gateway });
    expect(Math.abs(mean - inSeries([1 - gateway, 1 - bothDown(u1, u2)]))).toBeLessThan(3 * error);
  });

  test('of both with a common cause', () => {
    const own = splitCommonCause(u1, u2, 0.2);
    const { mean, error } = served(FALLBACK, { openai: own.seller, mistral: own.fallback, both: own.common });
    expect(Math.abs(mean - (1 - bothDown(u1, u2, 0.2)))).toBeLessThan(3 * error);
  });
});
