/** Traffic and health that a parity run goes through, drawn from a seed: two clients, repeats, outages, limits, resets. */

import { type Random, substream } from '../../src/random.ts';
import { CONNECTION, OK } from '../../src/replay/outcomes.ts';
import type { RecordedAttempt } from '../../src/replay/recorded-health.ts';

export const START_MS = Date.parse('2026-03-02T08:00:00Z');
/** After which an attempt is given up, live and replayed. */
export const TIMEOUT_MS = 10_000;
export const TEAMS = ['shop', 'lab'] as const;

export interface Demand {
  /** Not before. */
  readonly at_ms: number;
  readonly team: (typeof TEAMS)[number];
  readonly user: string;
  readonly feature: string;
  readonly route: 'a' | 'b';
  /** Equal numbers are equal prompts. */
  readonly prompt: number;
  readonly prompt_tokens: number;
  readonly cached_tokens: number;
  readonly output_tokens: number;
}

const one = <T>(random: Random, of: readonly T[]): T => of[random.integer(of.length)] as T;

/** @param mean_gap_ms between two requests */
export function drawTraffic(
  seed: number,
  count: number,
  mean_gap_ms: number,
  hasCached: boolean,
  from_ms: number,
): Demand[] {
  const random = substream(seed, 'traffic');
  const all: Demand[] = [];
  let at_ms = from_ms;
  for (let i = 0; i < count; i++) {
    at_ms += Math.round(mean_gap_ms * random.exponential());
    const repeats = i > 10 && random.uniform() < 0.25 ? one(random, all.slice(-40)) : undefined;
    const prompt_tokens = 50 + random.integer(3000);
    const fresh: Omit<Demand, 'at_ms'> = {
      team: one(random, TEAMS),
      user: `u${random.integer(4)}`,
      feature: one(random, ['chat', 'search', 'digest']),
      route: random.uniform() < 0.8 ? 'a' : 'b',
      prompt: i,
      prompt_tokens,
      cached_tokens: hasCached ? random.integer(prompt_tokens) : 0,
      output_tokens: 1 + random.integer(400),
    };
    // Now and then the other team asks what this one asked.
    const team = repeats !== undefined && random.uniform() < 0.2 ? fresh.team : repeats?.team;
    all.push({ ...fresh, ...repeats, ...(team && { team }), at_ms });
  }
  return all;
}

/** Spans of some seconds to minutes, in each of which a route does one thing; now and then both are out. */
export function drawHealth(seed: number, from_ms: number, until_ms: number): RecordedAttempt[] {
  const random = substream(seed, 'health');
  const spanOf = (route: string, base_ms: number): RecordedAttempt[] => {
    const spans: RecordedAttempt[] = [];
    let n = random.integer(14);
    for (let at_ms = from_ms; at_ms < until_ms; ) {
      spans.push({ route, at_ms, ...weather(random, n++, base_ms) });
      at_ms += 15_000 + Math.round(25_000 * random.exponential());
    }
    return spans;
  };
  const [a, b] = [spanOf('a', 400), spanOf('b', 700)];
  const [out_ms, back_ms] = [0.6, 0.65].map((share) => Math.round(from_ms + share * (until_ms - from_ms))) as [
    number,
    number,
  ];
  const isKept = ({ at_ms }: RecordedAttempt): boolean => at_ms < out_ms || at_ms > back_ms;
  const out = ['a', 'b'].flatMap((route) => [
    { route, at_ms: out_ms, status: 503, latency_ms: 40 },
    { route, at_ms: back_ms, status: OK, latency_ms: 500, first_token_ms: 500 },
  ]);
  return [...[...a, ...b].filter(isKept), ...out];
}

/** The n-th span of a route: good weather and each kind of bad in turn. */
function weather(random: Random, n: number, base_ms: number): Omit<RecordedAttempt, 'route' | 'at_ms'> {
  const failure_ms = random.integer(200);
  const latency_ms = base_ms + random.integer(1500);
  const good = { status: OK, latency_ms, first_token_ms: latency_ms };
  const bad = [
    { status: 503, latency_ms: failure_ms },
    { status: 429, latency_ms: failure_ms, retry_after_ms: 1000 * (1 + random.integer(40)) },
    { status: OK, latency_ms: TIMEOUT_MS + 5000 },
    // Later than a router takes for a kept connection that was closed, which a replay does not know of.
    { status: CONNECTION, latency_ms: 600 + failure_ms },
    { status: 500, latency_ms: failure_ms },
    { status: 502, latency_ms: failure_ms },
    { status: 400, latency_ms: failure_ms },
  ] as const;
  return n % 2 === 0 ? good : bad[((n - 1) / 2) % bad.length]!;
}
