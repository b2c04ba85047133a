/** Traps of ends that do nothing: sellers that stall, clients that do not read. */
import { type AddressInfo, connect, createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import { type Answer, ask, CHAT, content, DONE, KEY, ROLE, STOP, STREAM, type TestRouter } from '../setting.ts';
import { eventually, useStage } from '../three-views.ts';
import { type Behaviour, json, silent } from '../upstream.ts';

const stage = useStage();
const { alpha, beta } = stage;

describe('trap 15, a stall without a close: each phase has its clock', () => {
  const stalls: [string, () => Behaviour, object, string, number][] = [
    ['before the first byte', () => silent, CHAT, 'timeout', 504],
    ['between two chunks', () => alpha.events([ROLE, content('a')], 'stall'), STREAM, 'truncated', 200],
    ['by dripping, past the time of the whole', () => alpha.events(dripping), STREAM, 'truncated', 200],
  ];
  const dripping = [ROLE, ...Array.from({ length: 100 }, () => [content('x'), 60]).flat(), STOP, DONE];
  test.each(stalls)('%s', async (_, behaviour, body, result, status) => {
    const timeouts = { connect: '500 ms', first_byte: '500 ms', idle: '500 ms', total: '1200 ms' };
    const router = await stage.open({ policy: 'a' }, { timeouts });
    alpha.script(behaviour());
    const from = Date.now();
    const { client, rows, moved, calls } = await router.see(() => ask(router, body));
    expect(Date.now() - from).toBeLessThan(4000);
    expect([client.status, calls]).toEqual([status, [1, 0, 0]]);
    await eventually(() => alpha.brokenOff === 1);
    expect(rows).toMatchObject([{ outcome: result }]);
    expect(moved('tollgate_attempts_total', { result })).toBe(1);
  });

  test('while a connection is made, of which nothing was sent and nothing is billed', async () => {
    // Takes connections and says nothing, so that the handshake never ends.
    const mute = createServer((socket) => void socket.on('error', () => undefined));
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    const base_url = `https://127.0.0.1:${(mute.address() as AddressInfo).port}/v1`;
    const upstreams = { alpha: { base_url }, beta: { base_url: beta.base_url }, gamma: { base_url: beta.base_url } };
    const timeouts = { connect: '500 ms', first_byte: '10 s', total: '10 s' };
    const router = await stage.open({}, { upstreams, timeouts });
    beta.script(json({ choices: [], usage: { prompt_tokens: 1, completion_tokens: 1 } }));
    const { client, rows, moved, calls } = await router.see(() => ask(router, CHAT));
    mute.close();
    expect([client.status, client.headers['x-tollgate-route'], calls]).toEqual([200, 'b', [0, 1, 0]]);
    expect(rows[0]).toMatchObject({ route: 'a', outcome: 'connection', billing: 'not_sent', cost_usd: 0 });
    expect(moved('tollgate_attempts_total', { route: 'a', billing: 'not_sent' })).toBe(1);
  });
});

describe('trap 22, a client that does not read: the seller is held back instead of the memory filled', () => {
  test('and the client is left after its time', async () => {
    const timeouts = { first_byte: '1 s', idle: '5 s', client_idle: '600 ms' };
    const router = await stage.open({}, { timeouts });
    const block = content('x'.repeat(65_000));
    let written = 0;
    alpha.script(async (response) => {
      response.setMaxListeners(0).writeHead(200, { 'content-type': 'text/event-stream' });
      for (response.write(ROLE); written < 1000 && !response.destroyed; written++)
        if (!response.write(block))
          await new Promise((resolve) => response.once('drain', resolve).once('close', resolve));
      response.end();
    });
    const rss = process.memoryUsage.rss();
    let most = rss;
    const watch = setInterval(() => {
      most = Math.max(most, process.memoryUsage.rss());
    }, 20);
    const { client, entry, rows, moved, calls } = await router.see(() => neverReads(router));
    clearInterval(watch);
    expect([client.text, entry.outcome, calls]).toEqual(['', 'cancelled', [1, 0, 0]]);
    // Of 65 MB the sockets of the system hold some; the router itself one event and what node holds of a stream.
    expect(written).toBeLessThan(400);
    expect((most - rss) / 1e6).toBeLessThan(100);
    await eventually(() => alpha.brokenOff === 1);
    expect(rows).toMatchObject([{ outcome: 'cancelled', billing: 'billed', cost_status: 'estimated' }]);
    expect(moved('tollgate_requests_total', { outcome: 'cancelled' })).toBe(1);
  });
});

/** Asks for a stream and takes nothing of it until it is left. */
function neverReads({ port, entries }: TestRouter): Promise<Answer> {
  const body = JSON.stringify(STREAM);
  const socket = connect(port, '127.0.0.1').pause();
  socket.on('error', () => undefined);
  socket.write(
    `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${KEY}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );
  const left: Answer = { status: 0, headers: {}, bytes: Buffer.alloc(0), text: '', end: 'broken' };
  return eventually(() => entries.length > 0, 8000).then(() => {
    socket.destroy();
    return left;
  });
}
