/** Probes of clients and connections: who leaves, who does not read, what passes and what must not. */

import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { gunzipSync, gzipSync } from 'node:zlib';
import { ask, chat, plural, stream } from '../client.mjs';
import { after, answer, content, DONE, events, json, ROLE, STOP, whole } from '../seller.mjs';
import { seen, until } from '../verdict.mjs';

const FLOOD_MB = 64;
const MOST_MB = 32;
const PIECE = content('x'.repeat(16_000));
const STALE_MS = 4500;
const DELAY_MS = 15;
const TRIES = 9;
const CHUNKS = 300;

/** As much as is taken, up to FLOOD_MB. */
const flood = async (response, _, counts) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(ROLE);
  for (let i = 0; i < (FLOOD_MB * 2 ** 20) / PIECE.length && !response.destroyed; i++) {
    const isTaken = response.write(PIECE);
    counts.chunks++;
    if (isTaken) await pause(0);
    else
      await new Promise((resolve) => {
        response.once('drain', resolve);
        response.once('close', resolve);
      });
  }
  response.end();
};

/** Resets a connection that was idle for too long when the next request comes, as a seller does that has just closed it. */
const answered = new WeakMap();
const stale = (response, { socket }, counts) => {
  if (Date.now() - (answered.get(socket) ?? Date.now()) >= STALE_MS) {
    counts.resets = (counts.resets ?? 0) + 1;
    socket.resetAndDestroy();
    return;
  }
  response.on('finish', () => answered.set(socket, Date.now()));
  // Said outright, so that no Keep-Alive header tells how long.
  response.writeHead(200, { 'content-type': 'application/json', connection: 'keep-alive' });
  response.end(JSON.stringify(answer()));
};

const packed = (response) => {
  const bytes = gzipSync(JSON.stringify(answer('packed')));
  response.writeHead(200, {
    'content-type': 'application/json',
    'content-encoding': 'gzip',
    'content-length': bytes.length,
  });
  response.end(bytes);
};

const left = (id, body, options, stopped) => async (t) => {
  await t.ask(body, options);
  const counts = t.seller.of(id);
  const isCancelled = await until(() => counts.brokenOff === 1, 3500);
  const [row] = (await t.log(id)) ?? [{ outcome: 'cancelled' }];
  return seen(isCancelled ? 'the seller is cancelled' : 'the seller runs to its end', {
    'cancelled at the seller': isCancelled && stopped(counts),
    '1 call': counts.calls.length === 1,
    // What is sent and never heard of is of unknown cost; what was seen is estimated.
    'logged as cancelled, and not as free': row.outcome === 'cancelled' && row.cost_usd !== 0,
  });
};

export default [
  {
    id: 'leaves-before-headers',
    trap: 13,
    title: 'The client of a request without a stream leaves',
    requires: 'the seller is cancelled; logged as cancelled, cost not 0',
    models: { 'leaves-before-headers': after(4000, json(answer())) },
    run: left('leaves-before-headers', chat('leaves-before-headers'), { leaveAfter_ms: 300 }, () => true),
  },
  {
    id: 'leaves-before-token',
    trap: 13,
    title: 'The client leaves before the first token',
    requires: 'the seller is cancelled; logged as cancelled, cost not 0',
    models: { 'leaves-before-token': events([ROLE, 4000, content('x'), STOP, DONE]) },
    run: left('leaves-before-token', stream('leaves-before-token'), { leaveAfter_ms: 300 }, () => true),
  },
  {
    id: 'leaves-mid-stream',
    trap: 13,
    title: `The client leaves after some of ${CHUNKS} chunks`,
    requires: 'the seller is cancelled; logged as cancelled, cost not 0',
    models: {
      'leaves-mid-stream': events([
        ROLE,
        ...Array.from({ length: CHUNKS }, () => [content('four'), 10]).flat(),
        STOP,
        DONE,
      ]),
    },
    run: left(
      'leaves-mid-stream',
      stream('leaves-mid-stream'),
      { leaveAt: (text) => text.split('four').length > 3 },
      ({ chunks }) => chunks < CHUNKS - 50,
    ),
  },
  {
    id: 'never-reads',
    trap: 22,
    title: `The client of a stream of ${FLOOD_MB} MB never reads`,
    requires: `the seller is held back, and the gateway’s memory grows by less than ${MOST_MB} MB`,
    gateway: true,
    alone: true,
    models: { 'never-reads': flood },
    async run(t) {
      const { url, headers, pid } = await t.reach();
      const before_mb = memoryMb(pid);
      const { hostname, port } = new URL(url);
      const socket = connect(Number(port), hostname);
      socket.on('error', () => {});
      const body = JSON.stringify(stream('never-reads'));
      const lines = Object.entries({
        host: 'gateway',
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        ...headers,
      }).map(([name, value]) => `${name}: ${value}\r\n`);
      socket.write(`POST /v1/chat/completions HTTP/1.1\r\n${lines.join('')}\r\n${body}`);
      const counts = t.seller.of('never-reads');
      await until(() => counts.chunks > 0);
      for (let last = -1; counts.chunks !== last; await pause(700)) last = counts.chunks;
      const grown_mb = memoryMb(pid) - before_mb;
      const sent_mb = (counts.chunks * PIECE.length) / 2 ** 20;
      socket.destroy();
      await t.closed('never-reads');
      const isBounded = sent_mb > 0 && sent_mb < FLOOD_MB - 1 && grown_mb < MOST_MB;
      return seen(isBounded ? 'held back, memory bounded' : 'not held back', { bounded: isBounded });
    },
  },
  {
    id: 'first-token',
    trap: 23,
    title: 'Time to the first token, and from token to token',
    requires: `less than ${DELAY_MS} ms added to the first (best of ${TRIES}), each passed on before the next is made`,
    gateway: true,
    alone: true,
    models: { 'first-token': events([ROLE, content('one'), 120, content('two'), 120, content('three'), STOP, DONE]) },
    async run(t) {
      const { url, headers } = await t.reach();
      const counts = t.seller.of('first-token');
      let inStep = true;
      const timed = async (at, more) => {
        const from = performance.now();
        const chunks = counts.chunks;
        let first_ms;
        const answer = await ask(at, stream('first-token'), {
          headers: more,
          onText: (text) => {
            if (!text.includes('one')) return;
            if (first_ms === undefined && counts.chunks - chunks > 2) inStep = false;
            first_ms ??= performance.now() - from;
          },
        });
        return answer.end === 'whole' && first_ms !== undefined ? first_ms : Number.POSITIVE_INFINITY;
      };
      const direct = [];
      const through = [];
      for (let i = 0; i < TRIES; i++) {
        direct.push(await timed(t.seller.url, {}));
        through.push(await timed(url, headers));
      }
      t.askedBeside('first-token', TRIES);
      const added_ms = Math.min(...through) - Math.min(...direct);
      const isQuick = added_ms < DELAY_MS;
      return seen(`${isQuick ? 'less than' : 'more than'} ${DELAY_MS} ms added${inStep ? '' : ', tokens gathered'}`, {
        'little added': isQuick,
        'as they come': inStep,
      });
    },
  },
  {
    id: 'stale-connection',
    trap: 21,
    title: `A seller resets connections that were idle for ${STALE_MS / 1000} s when they are used again`,
    requires: 'the second request is answered all the same',
    gateway: true,
    alone: true,
    models: { 'stale-connection': stale },
    async run(t) {
      const first = await t.ask(chat('stale-connection'));
      await pause(STALE_MS + 300);
      const second = await t.ask(chat('stale-connection'));
      const { resets = 0 } = t.seller.of('stale-connection');
      const how = resets === 0 ? 'on a new connection' : `after ${plural(resets, 'reset')}`;
      return seen(`${first.status}, then ${second.status === 0 ? 'broken off' : second.status} ${how}`, {
        'both answered': first.status === 200 && second.status === 200,
      });
    },
  },
  {
    id: 'gzip',
    trap: 24,
    title: 'The seller answers in gzip',
    requires: 'content-encoding, content-length and body agree',
    models: { gzip: packed },
    async run(t) {
      const { status, headers, bytes } = await t.ask(chat('gzip'), { headers: { 'accept-encoding': 'gzip' } });
      const encoding = headers['content-encoding'];
      const text = textOf(bytes, encoding);
      const length = headers['content-length'];
      return seen(
        `${status}, ${encoding ?? 'not encoded'}, ${text?.includes('packed') ? 'readable' : 'not readable'}`,
        {
          readable: status === 200 && text?.includes('packed') === true,
          'length of the body': length === undefined || Number(length) === bytes.length,
        },
      );
    },
  },
  {
    id: 'hop-by-hop',
    trap: 24,
    title: 'Headers of one connection, named by Connection, on both sides',
    requires: 'pass in neither direction',
    gateway: true,
    models: {
      'hop-by-hop': (response) => {
        response.writeHead(200, { 'content-type': 'application/json', connection: 'keep-alive, x-hop', 'x-hop': '1' });
        response.end(JSON.stringify(answer()));
      },
    },
    async run(t) {
      const { status, headers } = await t.ask(chat('hop-by-hop'), {
        headers: { connection: 'keep-alive, x-mine', 'x-mine': '1', te: 'trailers' },
      });
      const [call] = t.seller.of('hop-by-hop').calls;
      const passed = [
        ...(headers['x-hop'] === undefined ? [] : ['the seller’s reached the client']),
        ...(call?.headers['x-mine'] === undefined ? [] : ['the client’s reached the seller']),
      ];
      return seen(passed.length === 0 ? 'none passed' : passed.join(', '), {
        'none passed': passed.length === 0,
        answered: status === 200,
      });
    },
  },
  {
    id: 'private-headers',
    trap: 16,
    title: 'The client’s cookie and a header that nobody knows',
    requires: 'do not reach the seller',
    gateway: true,
    models: { 'private-headers': whole('Hi') },
    async run(t) {
      await t.ask(chat('private-headers'), { headers: { cookie: 'session=1', 'x-private': '1' } });
      const [call] = t.seller.of('private-headers').calls;
      const passed = ['cookie', 'x-private'].filter((name) => call?.headers[name] !== undefined);
      return seen(passed.length === 0 ? 'neither passed' : `passed: ${passed.join(', ')}`, {
        asked: call !== undefined,
        'neither passed': passed.length === 0,
      });
    },
  },
  {
    id: 'chosen-address',
    trap: 16,
    title: 'The client names another address on this machine, in headers and in the body',
    requires: 'nothing goes there',
    gateway: true,
    models: { 'chosen-address': whole('Hi') },
    async run(t) {
      const base_url = `${t.elsewhere.url}/v1`;
      const names = ['x-base-url', 'x-portkey-custom-host', 'x-upstream-url'];
      await t.ask(chat('chosen-address', { base_url, api_base: base_url }), {
        headers: Object.fromEntries(names.map((name) => [name, base_url])),
      });
      const { length } = t.elsewhere.of('chosen-address').calls;
      return seen(length === 0 ? 'nothing went there' : `${plural(length, 'call')} went there`, {
        'nothing went there': length === 0,
      });
    },
  },
];

function memoryMb(pid) {
  if (pid === undefined) return 0;
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

function textOf(bytes, encoding) {
  try {
    return (encoding === 'gzip' ? gunzipSync(bytes) : bytes).toString('utf8');
  } catch {
    return undefined;
  }
}
