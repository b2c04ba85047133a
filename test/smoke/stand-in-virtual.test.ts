import { afterEach, describe, expect, it } from 'vitest';
import { substream } from '../../src/random.ts';
import type { Call, Exchange } from '../../src/smoke/exchange.ts';
import { liveCaller } from '../../src/smoke/live-caller.ts';
import type { BillEntry } from '../../src/smoke/stand-in/bill.ts';
import { type StandInInput, standInSpec } from '../../src/smoke/stand-in/spec.ts';
import { startStandIn } from '../../src/smoke/stand-in/start-stand-in.ts';
import { virtualCaller } from '../../src/smoke/stand-in/virtual-caller.ts';
import { callOf, START_MS, VirtualClock } from './setting.ts';

const FIXED: StandInInput = { first_token: 100, per_token: 10, answer_tokens: 8 };
const BODY = { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Name a river.' }] };
const WHOLE = callOf({ body: BODY });
const STREAM = callOf({
  body: { ...BODY, stream: true, stream_options: { include_usage: true } },
  isStream: true,
});

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

let bills: readonly (readonly BillEntry[])[] = [];
/** Frozen, so that both sides see the same moment. */
const frozen = { now: () => START_MS, wait: async () => undefined };

async function both(input: StandInInput, calls: readonly Call[]): Promise<readonly [Exchange[], Exchange[]]> {
  const spec = standInSpec.parse({ ...FIXED, ...input });
  const standIn = await startStandIn(spec, { seed: 1, clock: frozen });
  const live = liveCaller(standIn.targets[0]!, undefined);
  open.push(live.close, standIn.close);
  const virtual = virtualCaller(spec, 'direct', frozen, substream(1, 'virtual'));
  const seen: [Exchange[], Exchange[]] = [[], []];
  for (const call of calls) {
    seen[0].push(await live.call(call));
    seen[1].push(await virtual.call(call));
  }
  expect(virtual.bill().map(({ state }) => state)).toEqual(standIn.bill().map(({ state }) => state));
  bills = [standIn.bill(), virtual.bill()];
  return seen;
}

describe('the stand-in on a virtual clock', () => {
  it('answers what the server answers, and charges the same', async () => {
    const wrong = callOf({ body: '{', key: 'own' });
    const [live, virtual] = await both({}, [WHOLE, STREAM, wrong, { ...WHOLE, key: 'wrong' }]);
    expect(virtual.map(({ status, end }) => [status, end])).toEqual(live.map(({ status, end }) => [status, end]));
    expect(virtual.map(({ text }) => text)).toEqual(live.map(({ text }) => text));
    expect(virtual.map(({ events }) => events.map(({ data, event }) => [event, data]))).toEqual(
      live.map(({ events }) => events.map(({ data, event }) => [event, data])),
    );
    const without = ({
      headers: { date, connection, 'keep-alive': keep, 'transfer-encoding': how, ...rest },
    }: Exchange) => rest;
    expect(virtual.map(without)).toEqual(live.map(without));
    expect(bills[1]).toEqual(bills[0]);
  });

  it('breaks as the server breaks', async () => {
    for (const fault of ['reset_fraction', 'stall_fraction'] as const) {
      const [live, virtual] = await both({ direct: { faults: { [fault]: 1 } } }, [{ ...STREAM, timeout_ms: 200 }]);
      expect(virtual[0]).toMatchObject({ end: live[0]!.end, status: live[0]!.status });
    }
  });

  it('takes the time that is declared, on the clock of the run', async () => {
    const clock = new VirtualClock();
    const caller = virtualCaller(standInSpec.parse(FIXED), 'direct', clock, substream(1, 'x'));
    const { events, first_byte_ms, total_ms } = await caller.call(STREAM);
    expect(first_byte_ms).toBe(100);
    expect(events.map(({ at_ms }) => at_ms)).toEqual([100, 100, 110, 120, 130, 140, 150, 160, 170, 170, 170, 170]);
    expect(total_ms).toBe(170);
    expect(clock.now()).toBe(START_MS + 170);
    const gateway = virtualCaller(
      standInSpec.parse({ ...FIXED, gateway: { added: 40 } }),
      'gateway',
      clock,
      substream(1, 'x'),
    );
    expect((await gateway.call(WHOLE)).total_ms).toBe(210);
  });

  it('gives up at the time-out, and leaves when it is told to', async () => {
    const caller = virtualCaller(standInSpec.parse(FIXED), 'direct', new VirtualClock(), substream(1, 'x'));
    expect(await caller.call({ ...STREAM, timeout_ms: 50 })).toMatchObject({ end: 'timeout', status: 0, total_ms: 50 });
    const late = await caller.call({ ...STREAM, timeout_ms: 125 });
    expect(late).toMatchObject({ end: 'timeout', status: 200 });
    expect(late.events).toHaveLength(4);
    const left = await caller.call({ ...STREAM, leave_after_events: 3 });
    expect(left).toMatchObject({ end: 'cancelled', status: 200, total_ms: 110 });
    expect(left.events).toHaveLength(3);
    expect(caller.bill().map(({ state, counts }) => [state, counts.output_tokens])).toEqual([
      ['cancelled', 0],
      ['cancelled', 3],
      ['cancelled', 2],
    ]);
  });
});
