/** Traps of bytes: what a gateway that decodes, splits, holds back or unpacks does to an answer. */
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { ANSWER, ANSWER_USD, ask, CHAT, content, DONE, ROLE, STOP, STREAM, USAGE_CHUNK } from '../setting.ts';
import { useStage, type Views } from '../three-views.ts';
import { type Behaviour, pause } from '../upstream.ts';

const stage = useStage();
const { alpha } = stage;

/** Answered by alpha, at the price of the usage that it reported. */
function isExact({ rows, moved, calls }: Views): void {
  expect(calls).toEqual([1, 0, 0]);
  expect(rows).toMatchObject([{ outcome: 'answered', cost_usd: ANSWER_USD, cost_status: 'exact' }]);
  expect(moved('tollgate_requests_total', { outcome: 'answered' })).toBe(1);
}

describe('trap 19, characters split over chunks: bytes go through as they came', () => {
  test('a stream in single bytes', async () => {
    const router = await stage.open();
    const text = [ROLE, content('żółć 日本語 👩‍🚀'), STOP, USAGE_CHUNK, DONE].join('');
    const bytes = Buffer.from(text);
    alpha.script(async (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.socket?.setNoDelay(true);
      for (let i = 0; i < bytes.length; i++) {
        response.write(bytes.subarray(i, i + 1));
        if (i % 8 === 0) await pause(0);
      }
      response.end();
    });
    const views = await router.see(() => ask(router, STREAM));
    expect(views.client.bytes).toEqual(Buffer.from(text.replace(USAGE_CHUNK, '')));
    isExact(views);
    expect([views.rows.length, views.moved('tollgate_attempts_total'), views.calls[0]]).toEqual([1, 1, 1]);
  });
});

describe('trap 20, comments, CRLF and events of several lines: read by a parser, passed on as bytes', () => {
  test('a stream of all of them', async () => {
    const router = await stage.open();
    const several = `id: 1\r\nevent: message\r\ndata: {"choices":\r\ndata: [{"index":0,"delta":{"content":"a"}}]}\r\nfoo: bar\r\n\r\n`;
    const sent = [
      ': waiting\n\n',
      ': one\r\n',
      ROLE.replaceAll('\n', '\r\n'),
      several,
      STOP.replaceAll('\n', '\r'),
      'retry: 10\n\n',
      USAGE_CHUNK,
      DONE,
    ];
    alpha.script(alpha.events(sent));
    const views = await router.see(() => ask(router, STREAM));
    expect([views.client.end, views.client.text]).toEqual([
      'whole',
      sent.filter((one) => one !== USAGE_CHUNK).join(''),
    ]);
    isExact(views);
    expect([views.rows.length, views.moved('tollgate_attempts_total'), views.calls[0]]).toEqual([1, 1, 1]);
  });
});

describe('trap 23, added buffering: what the seller sent is with the client before the seller sends more', () => {
  test('each event and each comment arrives while the seller waits for it to be seen', async () => {
    const router = await stage.open();
    const parts = [content('a'), ': still here\n', content('b'), content('c'), STOP, USAGE_CHUNK];
    let seen = '';
    const waits: string[] = [];
    alpha.script(async (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(ROLE);
      for (const part of parts) {
        response.write(part);
        for (let i = 0; i < 200 && part !== USAGE_CHUNK && !seen.endsWith(part); i++) await pause(5);
        if (part !== USAGE_CHUNK && !seen.endsWith(part)) waits.push(part);
      }
      response.end(DONE);
    });
    const look = (text: string): boolean => {
      seen = text;
      return false;
    };
    const views = await router.see(() => ask(router, STREAM, { leaveAt: look }));
    expect(waits).toEqual([]);
    expect(views.client.headers).toMatchObject({ 'x-accel-buffering': 'no', 'cache-control': 'no-cache' });
    expect(views.client.headers).not.toHaveProperty('content-length');
    isExact(views);
    expect(Number(views.rows[0]?.ttft_ms)).toBeLessThan(Number(views.rows[0]?.latency_ms) + 1);
    expect(views.moved('gen_ai_server_time_to_first_token_seconds_count')).toBe(1);
    expect(views.calls[0]).toBe(1);
  });
});

describe('trap 24, compression that nobody asked for: it is not asked for, and undone where it comes', () => {
  const encodings: [string, Buffer][] = [
    ['gzip', gzipSync(JSON.stringify(ANSWER))],
    ['deflate', deflateSync(JSON.stringify(ANSWER))],
    ['br', brotliCompressSync(JSON.stringify(ANSWER))],
  ];
  test.each(encodings)('%s', async (encoding, bytes) => {
    const router = await stage.open();
    const compressed: Behaviour = (response) => {
      const hop = { connection: 'x-hop', 'x-hop': '1', 'content-length': bytes.length };
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': encoding, ...hop });
      response.end(bytes);
    };
    alpha.script(compressed);
    const views = await router.see(() => ask(router, CHAT, { headers: { 'accept-encoding': 'gzip, br' } }));
    const { client, rows, moved, calls } = views;
    expect(alpha.calls[0]?.headers['accept-encoding']).toBe('identity');
    expect([client.status, JSON.parse(client.text).choices]).toEqual([200, ANSWER.choices]);
    expect(Number(client.headers['content-length'])).toBe(client.bytes.length);
    for (const name of ['content-encoding', 'x-hop']) expect(client.headers).not.toHaveProperty(name);
    isExact(views);
    expect([rows.length, moved('tollgate_attempts_total'), calls[0]]).toEqual([1, 1, 1]);
  });
});
