/**
 * What is measured, each a process of its own before the same seller: nothing at all (`direct`), nginx, a bare proxy, this
 * project's router with log, metrics, one client's key and known prices, and Portkey, which listens on all interfaces since
 * it has no option for a host. What can't be had here says why.
 */
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startNginx } from '../../test/peers/gateways/nginx.mjs';
import { startPortkey } from '../../test/peers/gateways/portkey.mjs';
import { startRouter } from '../../test/peers/gateways/router.mjs';
import { startChild } from './children.mjs';
import { MODELS } from './measures.mjs';

const KEY = 'client-key-of-the-benchmark';
const SELLERS_KEY = 'sellers-key-of-the-benchmark';
const OUTAGES = path.resolve(import.meta.dirname, '../../pricing/outages.yaml');

/** A book of one seller, in which every model has a price. */
function priceBook() {
  const folder = mkdtempSync(path.join(tmpdir(), 'tollgate-bench-prices-'));
  for (const part of ['sellers', 'gateways']) mkdirSync(path.join(folder, part));
  copyFileSync(OUTAGES, path.join(folder, 'outages.yaml'));
  const card = { source: 'benchmark', as_of: '2026-01-01', confidence: 'high' };
  const periods = [{ usd_per_mtok: { input: 0.4, cache_read: 0.1, output: 1.6 } }];
  const cards = MODELS.map((model) => ({ model, ...card, periods }));
  writeFileSync(path.join(folder, 'sellers/bench.yaml'), JSON.stringify({ seller: 'bench', name: 'Bench', cards }));
  return folder;
}

async function router({ upstream_url }) {
  const prices = priceBook();
  const config = {
    routes: Object.fromEntries(MODELS.map((model) => [model, { seller: 'bench', model }])),
    routing: { policy: { kind: 'single' }, retries: { per_route: 1 }, breaker: { failures: 50 } },
    upstreams: { bench: { base_url: `${upstream_url}/v1`, key_env: 'BENCH_SELLERS_KEY' } },
    clients: [{ name: 'bench', team: 'bench', key_sha256: createHash('sha256').update(KEY).digest('hex') }],
    log: { dir: 'log', format: 'csv' },
  };
  const started = await startRouter({ upstream_url, config, prices, env: { BENCH_SELLERS_KEY: SELLERS_KEY } });
  const stop = async () => {
    await started.stop();
    rmSync(prices, { recursive: true, force: true });
  };
  return { ...started, stop };
}

async function bare({ upstream_url }) {
  const { pid, ready, stop } = await startChild(path.join(import.meta.dirname, 'bare-proxy.mjs'), [upstream_url]);
  return { pid, url: `http://127.0.0.1:${ready.port}`, stop };
}

const direct = async ({ upstream_url }) => ({ url: upstream_url, pid: undefined, stop: async () => {} });

/** Name -> how it is started, and what it is. */
export const TARGETS = {
  direct: { start: direct, words: 'no proxy' },
  nginx: { start: startNginx, words: 'proxy_pass, keep-alive, one worker' },
  bare: { start: bare, words: 'Hono and undici, no policy' },
  router: { start: router, words: 'this project: log, metrics, keys, prices' },
  portkey: { start: startPortkey, words: 'Portkey gateway, open source' },
};

export const headersFor = ({ headers = {} }) => ({
  'content-type': 'application/json',
  authorization: `Bearer ${KEY}`,
  ...headers,
});
