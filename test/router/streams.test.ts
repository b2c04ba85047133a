import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  ANSWER_USD,
  ask,
  content,
  DONE,
  KEY,
  ROLE,
  ROUTES,
  STOP,
  STREAM,
  sha256,
  startRouter,
  type TestRouter,
  USAGE_CHUNK,
} from './setting.ts';
import { TestUpstream } from './upstream.ts';

let alpha: TestUpstream;
let router: TestRouter;

beforeAll(async () => {
  alpha = await new TestUpstream().listen();
  router = await startRouter({
    routes: { a: ROUTES.a },
    routing: { policy: 'a' },
    upstreams: { alpha: { base_url: alpha.base_url } },
    clients: [{ name: 'web', key_sha256: sha256(KEY) }],
  });
});

beforeEach(() => {
  alpha.script();
  router.entries.length = 0;
  router.bugs.length = 0;
});

afterAll(async () => {
  await router.router.close();
  await alpha.close();
});

const WHOLE = [ROLE, content('Hel'), content('lo'), STOP, USAGE_CHUNK, DONE];
const without = (text: string): string => WHOLE.filter((one) => one !== text).join('');

describe('a stream', () => {
  test('reaches the client byte for byte, less the usage chunk that it did not ask for', async () => {
    alpha.script(alpha.events(WHOLE));
    const { status, headers, text, end } = await ask(router, STREAM);
    expect([status, end, text]).toEqual([200, 'whole', without(USAGE_CHUNK)]);
    expect(headers).toMatchObject({
      'content-type': 'text/event-stream',
      'x-tollgate-route': 'a',
      'x-accel-buffering': 'no',
    });
    expect(alpha.calls[0]?.body).toMatchObject({ stream: true, stream_options: { include_usage: true } });
    const { outcome, attempts, ttft_ms } = await router.entry();
    expect(outcome).toBe('answered');
    expect(attempts[0]).toMatchObject({ cost: { usd: ANSWER_USD, status: 'exact' }, billing: 'billed' });
    expect(ttft_ms).toBeGreaterThan(0);
  });

  test('keeps other options of the stream when it asks for usage', async () => {
    alpha.script(alpha.events(WHOLE));
    await ask(router, { ...STREAM, stream_options: { include_obfuscation: false } });
    expect(alpha.calls[0]?.body.stream_options).toEqual({ include_obfuscation: false, include_usage: true });
  });

  test('lets comments through while it waits for an event', async () => {
    const sent = [ROLE, content('a'), ': still here\n', 120, ': still here\n', 120, content('b'), STOP, DONE];
    alpha.script(alpha.events(sent));
    const seen: number[] = [];
    const from = Date.now();
    await ask(router, STREAM, {
      leaveAt: (text) => {
        if (text.endsWith('here\n')) seen.push(Date.now() - from);
        return false;
      },
    });
    expect(seen).toHaveLength(2);
  });

  test('whose last event has no empty line behind it is whole', async () => {
    alpha.script(alpha.events([ROLE, content('a'), STOP, 'data: [DONE]']));
    const { text, end } = await ask(router, STREAM);
    expect([text.endsWith('data: [DONE]'), end]).toEqual([true, 'whole']);
    expect((await router.entry()).outcome).toBe('answered');
  });
});
