/** Runs the whole suite over the network against upstreams with faults, and gives the verdict of each check. */
import type { CheckId, Measurements, Verdict } from '../../src/measurements/contract.ts';
import { priceBook } from '../../src/pricing/price-book.ts';
import { sellerFile } from '../../src/pricing/rate-card.ts';
import { ALL_CHECKS } from '../../src/smoke/checks.ts';
import type { Clock } from '../../src/smoke/clock.ts';
import { liveCaller } from '../../src/smoke/live-caller.ts';
import { dialectOf } from '../../src/smoke/prepare-run.ts';
import { ReadyTarget } from '../../src/smoke/probe.ts';
import { Spending } from '../../src/smoke/spending.ts';
import type { Target } from '../../src/smoke/target.ts';
import { outages } from '../pricing/small-book.ts';
import { type Api, type Fault, FaultUpstream, KEY, MODEL } from './fault-upstream.ts';
import { run, target } from './setting.ts';

const provenance = { source: 'test', as_of: '2026-01-01', confidence: 'high' };
const usd_per_mtok = { input: 3, cache_read: 0.3, output: 15 };
const card = (model: string, more: object = {}) => ({ model, ...provenance, periods: [{ usd_per_mtok, ...more }] });
const alpha = { seller: 'alpha', name: 'alpha', cards: [card('m'), card('e'), card('i', { usd_per_image: 0.04 })] };
export const faultBook = priceBook({
  sellers: [sellerFile.parse(alpha)],
  gateways: [],
  outages,
  digest: 'faults',
});

/** Real time, in which nobody waits for long. */
export const hasty: Clock = {
  now: () => Date.now(),
  wait: (ms) => new Promise((resolve) => setTimeout(resolve, Math.min(ms, 30))),
};

export interface Setting {
  readonly api: Api;
  readonly cost?: 'usage' | 'lookup' | undefined;
  /** What stands behind a gateway has a direct target without faults for a baseline. */
  readonly as?: 'direct' | 'gateway' | undefined;
  /** One without a known tokenizer is `m`. */
  readonly model?: string | undefined;
  readonly rounds?: number;
}

export interface Ran {
  readonly verdicts: Readonly<Record<CheckId, Verdict>>;
  readonly seen: Readonly<Record<CheckId, string>>;
  readonly found: Measurements;
  readonly targets: readonly Target[];
  readonly upstream: FaultUpstream;
}

export async function runFault(
  fault: Fault,
  { api, cost = 'usage', as = 'direct', model = MODEL, rounds = 3 }: Setting,
): Promise<Ran> {
  const upstream = await new FaultUpstream(api, fault).listen();
  const sound = as === 'gateway' ? await new FaultUpstream(api).listen() : undefined;
  const targets = [
    ...(sound === undefined ? [] : [targetOf(sound, cost, { id: 'direct', model })]),
    targetOf(upstream, cost, {
      id: 'tested',
      model,
      isBaseline: sound === undefined,
      ...(as === 'gateway' ? { kind: 'managed_gateway' as const } : {}),
    }),
  ];
  const callers = targets.map((one) => liveCaller(one, KEY));
  try {
    const ready = targets.map((one, i) => new ReadyTarget(one, callers[i]!, dialectOf(one)));
    const found = await run(ready, ALL_CHECKS, {
      book: faultBook,
      clock: hasty,
      spending: new Spending(100),
      secrets: [KEY],
      facts: {
        simulated: false,
        tollgate: '0',
        node: '0',
        seed: 1,
        rounds,
        cap_usd: 100,
        price_book_sha256: '',
      },
    });
    const own = found.findings.filter((one) => one.target === 'tested');
    const by = <T>(what: (finding: (typeof own)[number]) => T) =>
      Object.fromEntries(own.map((one) => [one.check, what(one)])) as Record<CheckId, T>;
    return { verdicts: by(({ verdict }) => verdict), seen: by(({ seen }) => seen), found, targets, upstream };
  } finally {
    await Promise.all(callers.map((one) => one.close()));
    await Promise.all([upstream.close(), sound?.close()]);
  }
}

const targetOf = ({ api, base_url }: FaultUpstream, cost: 'usage' | 'lookup', more: Partial<Target>): Target =>
  target({
    base_url,
    api,
    key_env: 'TEST_KEY',
    key_header: api === 'anthropic' ? 'x-api-key' : 'authorization',
    key_prefix: api === 'anthropic' ? '' : 'Bearer ',
    reports_cost:
      cost === 'usage'
        ? { in: 'usage', name: 'cost', unit: 'USD', usd_per_unit: 1 }
        : { in: 'lookup', name: 'data.total_cost', path: '/generation?id={id}', unit: 'USD', usd_per_unit: 1 },
    embeddings_model: api === 'openai' ? 'e' : undefined,
    images_model: api === 'openai' ? 'i' : undefined,
    timeout_ms: 10_000,
    ...more,
  });
