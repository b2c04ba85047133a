/** The least that a gateway in Node can be: Hono takes a request, undici sends it on, the answer is piped back. No policy. */
import { createRequire } from 'node:module';
import { pipeline } from 'node:stream/promises';

// The router's own packages, not those that clients and gateways brought along into test/peers.
const { resolve } = createRequire(new URL('../../../package.json', import.meta.url));
const { serve } = await import(resolve('@hono/node-server'));
const { RESPONSE_ALREADY_SENT } = await import(resolve('@hono/node-server/utils/response'));
const { Hono } = await import(resolve('hono'));
const { Pool } = await import(resolve('undici'));

const pool = new Pool(process.env.UPSTREAM_URL);
const app = new Hono();
app.get('/', (context) => context.text('ok'));
app.post('/v1/*', async ({ env: { incoming, outgoing } }) => {
  const gone = new AbortController();
  outgoing.on('close', () => gone.abort());
  try {
    const parts = [];
    for await (const part of incoming) parts.push(part);
    const { statusCode, headers, body } = await pool.request({
      method: 'POST',
      path: incoming.url,
      headers: { 'content-type': 'application/json', accept: incoming.headers.accept ?? '*/*' },
      body: Buffer.concat(parts),
      signal: gone.signal,
    });
    outgoing.writeHead(statusCode, { 'content-type': headers['content-type'] });
    await pipeline(body, outgoing);
  } catch {
    if (outgoing.headersSent) outgoing.destroy();
    else outgoing.writeHead(502).end();
  }
  return RESPONSE_ALREADY_SENT;
});

serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, ({ port }) =>
  console.log(`listening on http://127.0.0.1:${port}`),
);
