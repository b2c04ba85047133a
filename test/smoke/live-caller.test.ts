import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LiveCaller, liveCaller } from '../../src/smoke/live-caller.ts';
import { ANSWER, content, DONE, ROLE, STOP } from '../router/setting.ts';
import { html, json, reset, silent, TestUpstream } from '../router/upstream.ts';
import { callOf, target } from './setting.ts';

const upstream = new TestUpstream();
let caller: LiveCaller;

beforeAll(async () => {
  await upstream.listen();
  caller = liveCaller(target({ base_url: upstream.base_url, headers: { 'x-own': '1' } }), 'the-key');
});
afterAll(async () => {
  await caller.close();
  await upstream.close();
});

const STREAM = callOf({ isStream: true });

describe('a call over the network', () => {
  it('sends key and headers and gives what came, with its times', async () => {
    upstream.script(json(ANSWER, 200, { 'x-request-id': 'r1' }));
    const found = await caller.call(callOf({ headers: { 'x-mine': '2' } }));
    expect(found).toMatchObject({ end: 'whole', status: 200, failure: undefined });
    expect(JSON.parse(found.text)).toEqual(ANSWER);
    expect(found.headers['x-request-id']).toBe('r1');
    expect(found.total_ms).toBeGreaterThanOrEqual(found.first_byte_ms!);
    expect(upstream.calls[0]).toMatchObject({
      path: '/v1/chat/completions',
      headers: { authorization: 'Bearer the-key', 'x-own': '1', 'x-mine': '2' },
    });
  });

  it('sends a wrong key, or none, where that is asked', async () => {
    upstream.script(json(ANSWER));
    await caller.call(callOf({ key: 'wrong' }));
    await caller.call(callOf({ key: 'none' }));
    expect(upstream.calls.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer tollgate-smoke-wrong-key',
      undefined,
    ]);
  });

  it('gives the events of a stream with the time of each', async () => {
    upstream.script(upstream.events([ROLE, 60, content('Hi'), STOP, DONE]));
    const { events, end } = await caller.call(STREAM);
    expect(end).toBe('whole');
    expect(events.map(({ data }) => data).at(-1)).toBe('[DONE]');
    expect(events[1]!.at_ms - events[0]!.at_ms).toBeGreaterThan(30);
  });

  it('leaves a stream after so many events, and the seller notices', async () => {
    upstream.script(
      upstream.events([ROLE, ...Array.from({ length: 50 }, () => [20, content('x')]).flat()] as string[]),
    );
    const found = await caller.call({ ...STREAM, leave_after_events: 3 });
    expect(found).toMatchObject({ end: 'cancelled', status: 200 });
    expect(found.events.length).toBeGreaterThanOrEqual(3);
    for (let i = 0; upstream.brokenOff === 0 && i < 100; i++) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(upstream.brokenOff).toBe(1);
    expect(upstream.chunks).toBeLessThan(40);
  });

  it('tells a cut stream from a whole one', async () => {
    upstream.script(upstream.events([ROLE, content('Hi')], 'cut'));
    const found = await caller.call(STREAM);
    expect(found).toMatchObject({ end: 'cut', status: 200 });
    expect(found.events).toHaveLength(2);
  });

  it('gives refusals as they are', async () => {
    upstream.script(html(503));
    expect(await caller.call(callOf())).toMatchObject({ end: 'whole', status: 503, text: '<html>out of order</html>' });
  });

  it('says that nothing came: reset, time-out, nobody there', async () => {
    upstream.script(reset, silent);
    expect(await caller.call(callOf())).toMatchObject({ end: 'unreachable', status: 0 });
    const late = await caller.call(callOf({ timeout_ms: 80 }));
    expect(late).toMatchObject({ end: 'timeout', status: 0, failure: 'there was no answer in time' });
    const nobody = liveCaller(target({ base_url: 'http://127.0.0.1:1/v1' }), undefined);
    const found = await nobody.call(callOf());
    expect(found).toMatchObject({ end: 'unreachable', failure: 'the connection failed (ECONNREFUSED)' });
    await nobody.close();
  });
});
