/** What the suite measures of a stand-in is what a calibration finds: figures go by the same names on both sides. */
import { beforeAll, describe, expect, it } from 'vitest';
import { calibrate } from '../../src/calibration/calibrate.ts';
import type { CalibratedQuantity, Row } from '../../src/calibration/row.ts';
import { readPriceBook } from '../../src/io/read-price-book.ts';
import { measurements } from '../../src/measurements/contract.ts';
import type { PriceBook } from '../../src/pricing/price-book.ts';
import { substream } from '../../src/random.ts';
import { resolveScenario } from '../../src/scenario/resolve.ts';
import { costReported } from '../../src/smoke/checks/cost-reported.ts';
import { latency } from '../../src/smoke/checks/latency.ts';
import { promptCache } from '../../src/smoke/checks/prompt-cache.ts';
import { reachable } from '../../src/smoke/checks/reachable.ts';
import { usageAccounting } from '../../src/smoke/checks/usage-accounting.ts';
import { dialectOf } from '../../src/smoke/prepare-run.ts';
import { ReadyTarget } from '../../src/smoke/probe.ts';
import { runSmoke } from '../../src/smoke/run-smoke.ts';
import { Spending } from '../../src/smoke/spending.ts';
import { type StandInInput, standInSpec } from '../../src/smoke/stand-in/spec.ts';
import { standInTarget } from '../../src/smoke/stand-in/stand-in-targets.ts';
import { virtualCaller } from '../../src/smoke/stand-in/virtual-caller.ts';
import { VirtualClock } from '../smoke/setting.ts';

let book: PriceBook;
beforeAll(async () => {
  book = await readPriceBook();
});

async function measured(input: StandInInput, rounds = 40) {
  const spec = standInSpec.parse(input);
  const clock = new VirtualClock();
  const ready = (['direct', 'gateway'] as const).map((name) => {
    const target = standInTarget(spec, name, 'http://127.0.0.1');
    return new ReadyTarget(target, virtualCaller(spec, name, clock, substream(7, name)), dialectOf(target));
  });
  const checks = [reachable, latency, usageAccounting, promptCache, costReported];
  const facts = { simulated: true, tollgate: '0', node: '0', seed: 7, rounds, cap_usd: 1, price_book_sha256: '' };
  const run = { ready, skipped: [], checks, facts, spending: new Spending(1), book, clock, secrets: [] };
  return measurements.parse(await runSmoke(run));
}

async function rows(input: StandInInput): Promise<(quantity: CalibratedQuantity) => Row | undefined> {
  const question = resolveScenario(
    {
      name: 'Mine',
      start: '2026-12',
      horizon: 12,
      traffic: { trace: 'mine.csv' },
      baseline: 'direct',
      outages: { error_rate: '0.1 % to 1 %' },
      strategies: [
        { id: 'direct', kind: 'direct' },
        { id: 'margin', kind: 'managed_gateway', gateway: 'margin' },
      ],
      gateways: {
        margin: { kind: 'managed', fees: { token_markup: '10 %' }, passes_through: { cache_read: true } },
      },
    },
    book,
  );
  const prepared = { passages: new Map([['direct', [{ seller: 'openai', own_keys: true }]]]) } as never;
  const found = calibrate({ question, prepared }, await measured(input), {
    sha256: 'a'.repeat(64),
    file: 'measurements.json',
    taken_as: new Map([
      ['stand-in', 'openai'],
      ['stand-in gateway', 'margin'],
    ]),
  });
  expect(found.edits.every((edit) => JSON.stringify(edit).includes('simulated by tollgate smoke'))).toBe(true);
  return (quantity) => found.rows.find((row) => row.quantity === quantity);
}

const holds = (row: Row | undefined, truth: number): boolean =>
  row?.measured != null && row.measured.low - 1e-9 <= truth && truth <= row.measured.high + 1e-9;

describe('a run of the suite, calibrated', () => {
  it('finds the hop, the markup, the billed tokens and the cached price that the stand-in declares', async () => {
    const of = await rows({});
    expect(of('hop_latency')).toMatchObject({ path: 'gateways.margin.hop_latency', verdict: 'within' });
    expect(holds(of('hop_latency'), 40)).toBe(true);
    expect(of('token_markup')).toMatchObject({ verdict: 'outside', edits: [{}] });
    expect(of('token_markup')!.measured!.value).toBeCloseTo(0.055, 3);
    expect(of('error_share')!.measured).toMatchObject({ value: 0, samples: 80 });
    expect(of('token_ratio')).toMatchObject({ verdict: 'within', measured: { value: 1 } });
    expect(of('cached_price')).toMatchObject({ verdict: 'within', measured: { value: 1 } });
  });

  it('finds a dropped discount, tokens that are inflated, and errors', async () => {
    const faults = { drops_cache_discount: true, inflated_percent: 10, error_fraction: 0.2 };
    const of = await rows({ gateway: { faults }, direct: { faults: { error_fraction: 0.2 } } });
    expect(of('error_share')).toMatchObject({ verdict: 'outside' });
    expect(holds(of('error_share'), 0.2)).toBe(true);
    const sound = await rows({ gateway: { faults: { drops_cache_discount: true, inflated_percent: 10 } } });
    expect(sound('cached_price')).toMatchObject({
      verdict: 'outside',
      measured: { value: 0 },
      edits: [{ value: false }],
    });
    expect(sound('token_ratio')).toMatchObject({ verdict: 'outside', edits: [] });
    expect(sound('token_ratio')!.measured!.value).toBeCloseTo(1.1, 1);
  });
});
