/**
 * What answers that stay open cost in memory: many streams at a time until all have ended, and clients that ask for a big
 * stream and read nothing of it. Gives the most resident memory over that before, in MiB.
 */
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { Pool } from 'undici';
import { rss_mb } from './process-usage.mjs';
import { ask } from './question.mjs';

const SAMPLE_MS = 200;
const END_MS = 60_000;

/** So many streams, opened over a second; all are to end within a minute. */
export async function manyStreams(job) {
  const { url, pids, streams } = job;
  const pool = new Pool(url, { pipelining: 1, connections: null });
  const before_mb = rss_mb(pids);
  let most_mb = before_mb;
  const sampling = setInterval(() => {
    most_mb = Math.max(most_mb, rss_mb(pids));
  }, SAMPLE_MS);
  try {
    const asked = Array.from({ length: streams }, async (_, i) => {
      await pause((i * 1000) / streams);
      await ask(pool, job);
    });
    const late = pause(END_MS, 'late', { ref: false });
    await Promise.race([Promise.allSettled(asked), late]);
    let ended = 0;
    for (const one of asked)
      one.then(
        () => ended++,
        () => undefined,
      );
    await pause(0);
    return { before_mb, grew_mb: most_mb - before_mb, streams, ended };
  } finally {
    clearInterval(sampling);
    await pool.destroy();
  }
}

/** One client that takes the kernel's buffers' worth and then nothing. */
export async function stalledClient({ url, pids, headers, body, stall_ms }) {
  const { hostname, port } = new URL(url);
  const before_mb = rss_mb(pids);
  const socket = connect(Number(port), hostname);
  socket.pause();
  socket.on('error', () => undefined);
  const lines = Object.entries({ host: `${hostname}:${port}`, ...headers, 'content-length': Buffer.byteLength(body) });
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  socket.write(`POST /v1/chat/completions HTTP/1.1\r\n${head}\r\n${body}`);
  let most_mb = before_mb;
  for (let waited = 0; waited < stall_ms; waited += SAMPLE_MS) {
    await pause(SAMPLE_MS);
    most_mb = Math.max(most_mb, rss_mb(pids));
  }
  socket.destroy();
  return { before_mb, grew_mb: most_mb - before_mb };
}
