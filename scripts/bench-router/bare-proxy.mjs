/**
 * What the router is held against: Hono before undici's Pool as somebody writes it in 40 lines and no more. It parses nothing,
 * pipes body and answer as they come, leaves the seller when the client leaves, and knows no keys, prices, logs or retries.
 * Of the ways to write it the cheapest, so that the comparison is strict: an AbortController per request, a Response over a
 * web stream, or bodies gathered first took 1.1 to 1.8 times the processor time.
 * Takes the seller's address; tells its port.
 */
import { EventEmitter } from 'node:events';
import { serve } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { Hono } from 'hono';
import { Pool } from 'undici';

const pool = new Pool(process.argv[2]);
const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'host', 'expect']);

function passing(headers) {
  const found = {};
  for (const name in headers) if (!HOP_BY_HOP.has(name)) found[name] = headers[name];
  return found;
}

const app = new Hono();
app.post('/v1/*', async ({ env: { incoming, outgoing } }) => {
  const gone = new EventEmitter();
  outgoing.on('close', () => outgoing.writableFinished || gone.emit('abort'));
  try {
    const { statusCode, headers, body } = await pool.request({
      method: 'POST',
      path: incoming.url,
      headers: passing(incoming.headers),
      body: incoming,
      signal: gone,
    });
    outgoing.writeHead(statusCode, passing(headers));
    body.on('error', () => outgoing.destroy());
    body.pipe(outgoing);
  } catch {
    if (!outgoing.headersSent) outgoing.writeHead(502);
    outgoing.end();
  }
  return RESPONSE_ALREADY_SENT;
});

serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, ({ port }) => process.send({ port }));
process.on('disconnect', () => process.exit(0));
